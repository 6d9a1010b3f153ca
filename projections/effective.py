"""Events as they stand: corrected values in place of the original's, voided events left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

from domain.moment import instant
from projections.projection import Seen

CHANGES = ("event.corrected", "event.voided")


def effective(events: Sequence[Seen], zone: tzinfo) -> list[Seen]:
    """Return `events` (in recorded order) with corrections and voids applied; those two kinds are left out."""
    if not any(seen.name in CHANGES for seen in events):
        return list(events)
    standing: dict[int, Seen] = {}
    for seen in events:
        if seen.name not in CHANGES:
            standing[seen.position] = seen
            continue
        original = standing.get(seen.data["at"])
        if original is None:
            continue
        if seen.name == "event.voided":
            del standing[original.position]
        else:
            standing[original.position] = corrected(original, seen, zone)
    return list(standing.values())


def corrected(original: Seen, correction: Seen, zone: tzinfo) -> Seen:
    """Return `original` with the correction's values; a corrected date moves its business time if it was that."""
    values = correction.data["values"]
    changed = original._replace(data={**original.data, **values})
    moved = values.get("date")
    if isinstance(moved, str) and original.data.get("date") == original.day.isoformat():
        changed = changed._replace(occurred=moved, moment=instant(moved, zone), day=date.fromisoformat(moved))
    return changed


def in_business_order(events: Sequence[Seen]) -> list[Seen]:
    """Return `events` sorted by business time, then position."""
    return sorted(events, key=lambda seen: (seen.moment, seen.position))
