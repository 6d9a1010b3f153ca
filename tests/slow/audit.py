"""The rows of the audit, folded for one pair of moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from domain.calendar.moment import local_text
from domain.kernel.registry import event_class
from tests.slow.fold import Belief, Entry
from tests.slow.people import calendar

CORRECTING = ("event.corrected", "event.voided")


def rows(belief: Belief) -> list[dict[str, Any]]:
    """Return every event up to both moments, in recorded order."""
    found = []
    days = calendar(belief)
    for entry in belief.known:
        if entry.moment > belief.micros:
            continue
        by = [each.position for each in belief.known if each.name in CORRECTING and each.data["at"] == entry.position]
        entered = datetime.fromisoformat(entry.recorded).astimezone(belief.zone).date()
        found.append(
            {
                "position": entry.position,
                "event": entry.event_id,
                "name": entry.name,
                "subject": entry.stream,
                "occurred": local_text(entry.occurred, belief.zone),
                "recorded": local_text(entry.recorded, belief.zone),
                "actor": entry.actor,
                "recorder": entry.recorder,
                "source": entry.source,
                "key": entry.key,
                "reason": entry.reason,
                "changes": changes(belief, entry),
                "corrects": entry.data["at"] if entry.name in CORRECTING else None,
                "corrected_by": by[-1] if by else None,
                "late_days": days.late_days(entry.day, entered),
            }
        )
    return found


def changes(belief: Belief, entry: Entry) -> list[dict[str, Any]]:
    """Return what an event changed when it was recorded: each field's new value, and the one before it.

    A record of its own (a follow-up, a receipt) has no values before it. A correction changes its original's values.
    """
    before = standing_before(belief, entry)
    if entry.name in CORRECTING:
        old = before.get(entry.data["at"], ("", {}))[1]
        new = entry.data["values"] if entry.name == "event.corrected" else dict.fromkeys(old)
        return [{"field": field, "from": old.get(field), "to": value} for field, value in new.items()]
    told: list[dict[str, Any]] = []
    for field, value in entry.data.items():
        if event_class(entry.name).ADDS:
            told.append({"field": field, "from": None, "to": value})
        else:
            last = None if field in ("item", "child") else last_value(before, part(entry.data), field)
            if last != value:
                told.append({"field": field, "from": last, "to": value})
    if entry.name == "customer.objection_resolved":
        told += [
            {"field": "days_open", "from": None, "to": (entry.day - each.day).days}
            for each in belief.known
            if each.name == "customer.objection_logged" and each.stream == entry.stream
            if each.data["item"] == entry.data["item"]
        ]
    return told + in_force(belief, entry)


def in_force(belief: Belief, entry: Entry) -> list[dict[str, Any]]:
    """Return the days on which a grading was the customer's last, as of the moment asked."""
    graded = [e for e in belief.named("customer.graded") if e.stream == entry.stream and e.moment <= belief.micros]
    if entry.position not in [e.position for e in graded]:
        return []
    later = [e for e in graded if (e.day, e.position) > (entry.day, entry.position)]
    after = min(later, key=lambda e: (e.day, e.position)) if later else None
    if after and after.day == entry.day:
        return []
    last = (after.day - timedelta(days=1)).isoformat() if after else None
    return [{"field": "in_force", "from": entry.day.isoformat(), "to": last}]


def standing_before(belief: Belief, entry: Entry) -> dict[int, tuple[str, dict[str, Any]]]:
    """Return the events of the subject that stood just before an event: position -> (name, values)."""
    stand: dict[int, tuple[str, dict[str, Any]]] = {}
    for each in belief.known:
        if each.stream != entry.stream or each.position >= entry.position:
            continue
        if each.name == "event.voided":
            stand.pop(each.data["at"], None)
        elif each.name == "event.corrected":
            stand[each.data["at"]][1].update(each.data["values"])
        else:
            stand[each.position] = (each.name, dict(each.data))
    return stand


def last_value(before: dict[int, tuple[str, dict[str, Any]]], of_part: str, field: str) -> Any:
    """Return the value that a field of the subject, or of a part of it, had last."""
    values = [
        data[field]
        for name, data in before.values()
        if field in data and part(data) == of_part and (of_part or not event_class(name).ADDS)
    ]
    return values[-1] if values else None


def part(data: Any) -> str:
    """Return the part of its subject of which an event speaks: an item, or a child target; '' for the whole."""
    return str(data.get("item") or data.get("child") or "")
