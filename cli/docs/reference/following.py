"""What each key of the time in stage means."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

STAGES: Final[Rows] = (
    ("level", "text", "channel, campaign, owner or group, as --by says; `all` in the last rows."),
    ("name", "text", "Which of them; null for none, and in the rows of all."),
    ("period", "text", "The period, as 2024Q1."),
    ("stage", "text", "contacted, need-identified, proposed or negotiating; null for one that is open and no more."),
    ("entered", "count", "Stays of the period's opportunities in the stage."),
    ("here", "count", "Those that have not ended."),
    ("went_on", "count", "Those that ended in a later stage."),
    ("went_back", "count", "Those that ended in an earlier one."),
    ("won", "count", "Those that a signed contract ended."),
    ("lost", "count", "Those that the loss of the opportunity ended."),
    ("numerator", "count", "went_on + won."),
    ("denominator", "count", "Those that have ended."),
    ("conversion", "ratio", "numerator / denominator; null while none has ended."),
    ("median_days", "number", "Calendar days of those that have ended, the middle one; null while none has."),
)
TABLES: Final[dict[str, tuple[str, str, Rows]]] = {
    "stages": (
        "A row for each stage of each of what --by names, and of all.",
        "sales stages --period 2024Q1 --by channel --json",
        STAGES,
    ),
}
"""Views whose rows have `events` with --explain."""
