"""Whose period is replayed: the company's, a group's or a person's, as was known at each frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.membership import COMPANY, MembersAt, Membership


class Scope:
    """Says what belongs to the replay; everything does where neither a person nor a group is named."""

    def __init__(self, ask: Ask, frames: Sequence[AsOf], *, owner: str | None, group: str | None) -> None:
        self.owner, self.group = owner, group
        self._members: MembersAt | None = None
        self._ever: frozenset[str] = frozenset()
        if group is not None:
            membership = Membership(ask, group)
            self._members = membership.at([frame.position for frame in frames])
            self._ever = frozenset(membership.everybody())

    @property
    def place(self) -> str:
        """Whose target it is measured by: company, a group's code or a login."""
        return self.owner or self.group or COMPANY

    def holds(self, login: str | None, day: date, frame: int) -> bool:
        """Say whether what is that person's on that day belongs to it, as known at the frame of that number."""
        if self.owner is not None:
            return login == self.owner
        if self._members is None:
            return True
        return bool(login) and any(start <= frame < end for start, end in self._members.spans(login or "", day))

    def steady(self, login: str) -> bool:
        """Say whether what is that person's belongs to it on all days alike, or on none."""
        return self._members is None or login not in self._ever

    def holds_target(self, owner: str | None, day: date, frame: int) -> bool:
        """Say whether a target of that owner belongs to it."""
        return owner == self.place or self.holds(owner, day, frame)
