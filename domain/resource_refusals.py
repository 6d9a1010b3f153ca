"""Refusals about resource requests."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "resource.past": Text(
        "rule", "It is needed by {day}, which lies before the request of {asked}.", "Name a day from {asked} on."
    ),
    "resource.count": Text(
        "rule", "{count} of something can't be asked for.", "Ask for 1 or more, or leave the count out."
    ),
    "resource.own_request": Text(
        "rule",
        "{actor} made this request and can't decide it too.",
        "Let the department or a manager grant or decline it.",
    ),
    "resource.wrong_state": Text(
        "rule", "The request is {state}; {action} needs it {needed}.", "Its history: sales audit {resource}"
    ),
}
