"""What each key of the tables of everyday selling means: proposals, quotes."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import CUSTOMER, WHOSE, Rows

ITEM: Final[Rows] = (
    *CUSTOMER,
    ("item", "text", "Its number there, as f1; after a merge with the lead's id before it."),
)
PROVISIONAL: Final = (
    "provisional",
    "true or false",
    "Whether it was counted through a year without a published calendar: it may still move.",
)
PROPOSALS: Final[Rows] = (
    *ITEM,
    ("what", "text", "What it is to be about."),
    ("departments", "list of text", "Of whom it was asked."),
    ("requested", "date", "When."),
    ("by", "login", "Who asked for it."),
    ("due", "date", "When it is due; counted in working days, it moves with the calendar until it is delivered."),
    PROVISIONAL,
    ("state", "text", "requested, overdue (after its due day) or delivered (in any version)."),
    ("delivered", "date", "When its first version went out."),
    ("late_days", "count", "Working days from the due day to that, or to the as-of day."),
    ("version", "count", "The last version; null before the first."),
    ("versions", "list", "Each with `version`, `day`, `by` and `parts`."),
    *WHOSE,
)
QUOTES: Final[Rows] = (
    *ITEM,
    ("number", "text", "Its number."),
    ("amount", "amount", "What is offered for how much."),
    ("currency", "text", "Of the amount."),
    ("issued", "date", "When it was issued."),
    ("by", "login", "Who issued it."),
    ("valid_until", "date", "Its last day."),
    ("days_left", "count", "Days until then; null when it no longer holds."),
    (
        "state",
        "text",
        (
            "superseded (a later one for its opportunity, or one that names it, replaces it), else valid up to its last day, "
            "then expired."
        ),
    ),
    ("superseded_by", "text", "The number of the quote that replaces it."),
    ("opportunity", "text", "The opportunity that it is for."),
    *WHOSE,
)
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
    "proposals": ("A row a proposal, the first asked for first.", "sales proposals --json", PROPOSALS),
    "quotes": ("A row a quote, the first issued first.", "sales quotes --json", QUOTES),
}
"""Views whose rows have `events` with --explain."""
