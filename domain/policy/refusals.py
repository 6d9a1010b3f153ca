"""Refusals about what the house agrees on: calendars, policies, periods."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "calendar.not_the_year": Text(
        "rule", "{day} is not a day of {year}.", "Give days of that year only, as 2024-02-10 or 2024-02-10..2024-02-17."
    ),
    "policy.unknown": Text("missing", "There is no policy {name}.", "Known are: {known}."),
    "policy.bad_value": Text("rule", "{name} has no such value: {value}.", "{expected}"),
    "period.closed": Text(
        "rule",
        "{period} was closed already, at position {position}.",
        "A closed period stays closed; its figures: sales period show {period} --as-closed",
    ),
    "period.running": Text(
        "rule", "{period} is not over: its last day is {last}.", "Close it from the day after {last} on."
    ),
}
