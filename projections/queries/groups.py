"""The groups of owners on a day, each looked up once: a table shows few owners many times."""

from __future__ import annotations

from datetime import date

from projections.queries.organisation import Organisation


class Groups(dict[str | None, str | None]):
    """The group of each owner on a day; None for nobody."""

    def __init__(self, organisation: Organisation, day: date) -> None:
        super().__init__({None: None})
        self._organisation, self._day = organisation, day

    def __missing__(self, owner: str | None) -> str | None:
        group = self[owner] = self._organisation.group_of(owner or "", self._day)
        return group
