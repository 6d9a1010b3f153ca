"""Refusals about recorded events: what can be corrected or voided."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "event.future": Text("rule", "{day} lies in the future; only plans may.", "Give a day up to today with --at."),
    "event.unknown": Text(
        "missing", "There is no event {event}.", "Name it by position, event id or key: sales audit SUBJECT"
    ),
    "event.gone": Text("rule", "The event {event} was voided at position {by}.", "Nothing is left to change."),
    "event.no_such_field": Text("rule", "{name} has no field {field}.", "Its fields: {known}."),
    "event.fixed_field": Text(
        "rule", "{field} says what the event is about and can't be corrected.", "Void the event and record it again."
    ),
    "event.bad_value": Text(
        "rule", "{field} can't be {value}: {why}.", "Give a value of the same form as the original."
    ),
    "event.second_person": Text(
        "rule",
        "{actor} made the original; a fact of {what} is corrected by a second person.",
        "Let a colleague record the correction: that is the confirmation.",
    ),
    "event.followed": Text(
        "rule", "{count} later events build on it: {events}.", "Void those first, or correct the values."
    ),
    "event.not_correctable": Text("rule", "{name} can't be {done}.", "Record what is right as a new act."),
    "event.nothing_changes": Text("rule", "The values are what they were.", "Give at least one value that differs."),
}
