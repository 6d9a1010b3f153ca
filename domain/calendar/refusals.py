"""What a due day may be refused for."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "due.when": Text(
        "rule",
        "It needs a due date or a number of working days, not both.",
        "Give --due 2024-02-18 or --working-days 3.",
    ),
    "due.days": Text(
        "rule",
        "The number of working days is from 0 to {most}.",
        "Give --working-days 3, or the day: --due 2024-02-18.",
    ),
}
