"""Who owned a customer when, and to whom an act is credited: what several read models ask of one history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from domain.kernel.types import OWNING
from projections.engine.projection import Seen

NOBODY = ""
DATE = len("2024-02-18")


class Owners:
    """Who owned a customer: of the changes up to a moment, or to the end of a day, the latest by day, of one day the last recorded."""

    def __init__(self, events: Iterable[Seen]) -> None:
        self.changes = sorted(
            (seen.day, seen.position, seen.moment, seen.data.get("owner") or NOBODY)
            for seen in events
            if seen.name in OWNING
        )

    def on(self, day: date) -> str:
        """Return the last owner of a day."""
        owner = NOBODY
        for changed, _, _, name in self.changes:
            if changed > day:
                break
            owner = name
        return owner

    def at(self, moment: int) -> str:
        """Return the owner at a moment."""
        owner = NOBODY
        for _, _, since, name in self.changes:
            if since <= moment:
                owner = name
        return owner

    def of(self, seen: Seen) -> Credit:
        """Return to whom an act is credited: at its moment, or by its whole day where that is all it says."""
        by_day = self.on(seen.day)
        return Credit(by_day if dated(seen) else self.at(seen.moment), by_day)


class Credit(NamedTuple):
    """To whom something counts, and who was the last owner of its day: to that one it counted in older closings."""

    owner: str
    by_day: str

    @property
    def before(self) -> str | None:
        """The last owner of the day, where that is another."""
        return None if self.by_day == self.owner else self.by_day


def dated(seen: Seen) -> bool:
    """Say whether an event belongs to a whole day, because its business time is a plain date."""
    return len(seen.occurred) == DATE
