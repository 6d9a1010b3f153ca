"""Events as they stand: corrected values in place of the original's, what was voided or undone left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from typing import Final

from domain.calendar.moment import instant
from projections.engine.projection import Seen

UNDOES: Final = {
    "customer.leads_unmerged": ("customer.leads_merged", "duplicate"),
    "customer.unmerged_from": ("customer.merged_into", "survivor"),
}
"""What undoes what, and the field that says which."""

CHANGES: Final = frozenset(("event.corrected", "event.voided", *UNDOES))


def effective(events: Sequence[Seen], zone: tzinfo) -> list[Seen]:
    """Return `events` (in recorded order) with corrections, voids and undoings applied; those kinds are left out."""
    if not any(seen.name in CHANGES for seen in events):
        return list(events)
    standing: dict[int, Seen] = {}
    for seen in events:
        if seen.name not in CHANGES:
            standing[seen.position] = seen
            continue
        if seen.name in UNDOES:
            undo(seen, standing)
            continue
        original = standing.get(seen.data["at"])
        if original is None:
            continue
        if seen.name == "event.voided":
            del standing[original.position]
        else:
            standing[original.position] = corrected(original, seen, zone)
    return list(standing.values())


def undo(seen: Seen, standing: dict[int, Seen]) -> None:
    """Take out the merge that `seen` undoes, the last of its kind."""
    name, field = UNDOES[seen.name]
    undone = [
        each.position
        for each in standing.values()
        if (each.stream, each.name, each.data.get(field)) == (seen.stream, name, seen.data[field])
    ]
    if undone:
        del standing[undone[-1]]


TURNS: Final = ("opportunity.lost", "opportunity.reopened", "opportunity.won")
"""What ends an opportunity and what takes it up again: a reopening follows its loss, and the next end the reopening."""


class EffectiveTimes:
    """From when what an act builds on has been there, so that no act is reckoned before it.

    A day without a time begins with the day, and so may lie before the time of what was done on it first.
    """

    __slots__ = ("_since",)

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], int] = {}

    def join(self, other: EffectiveTimes) -> None:
        """Know also what another one knows, of other streams."""
        self._since.update(other._since)

    def lifted(self, seen: Seen) -> Seen:
        """Return the next event in recorded order at its own moment, or that of what it builds on where it is later."""
        stream = seen.stream
        if not stream.startswith(("cus_", "opp_")) or seen.name == "customer.followed_up":
            return seen
        floor = self._since.setdefault((stream, ""), seen.moment)
        item = seen.data.get("item")
        if item:
            floor = self._since.setdefault((stream, item), max(floor, seen.moment))
        if seen.name in TURNS:
            floor = self._turned(seen, floor)
        if seen.name == "opportunity.won":
            return seen._replace(moment=max(floor, seen.moment), floor=floor)
        return seen._replace(moment=floor) if floor > seen.moment else seen

    def _turned(self, seen: Seen, floor: int) -> int:
        """Return from when a turn of an opportunity counts at the earliest."""
        reopens = seen.name == "opportunity.reopened"
        lost, reopened = (seen.stream, "opportunity.lost"), (seen.stream, "opportunity.reopened")
        floor = max(floor, self._since.get(lost if reopens else reopened, floor))
        self._since[seen.stream, seen.name] = max(floor, seen.moment)
        return floor


def corrected(original: Seen, correction: Seen, zone: tzinfo) -> Seen:
    """Return `original` with the correction's values; a corrected date moves its business time if it was that.

    Its moment is never before that of what it builds on.
    """
    values = correction.data["values"]
    changed = original._replace(data={**original.data, **values})
    moved, told = values.get("date"), original.data.get("date")
    if original.name == "opportunity.won":  # the first ones did not name the day of the signing, which was theirs
        told = told or original.day.isoformat()
    if isinstance(moved, str) and told == original.day.isoformat():
        moment = max(instant(moved, zone), original.floor)
        changed = changed._replace(occurred=moved, moment=moment, day=date.fromisoformat(moved))
    return changed


def in_business_order(events: Iterable[Seen]) -> list[Seen]:
    """Return `events` sorted by business time, then position."""
    return sorted(events, key=lambda seen: (seen.moment, seen.position))
