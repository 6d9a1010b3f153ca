"""What each key of a closed period and of differences means, for the page of the views."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

AROUND: Final = {
    "shows": "period: the view whose rows these are; they have that view's keys.",
    "as_closed": "period: whether these are the figures as they were closed.",
    "closed": "period, period-diff: the closing's `position`, `event`, `recorded` and `actor`, the last event `known` to "
    "its figures, and their `digests` by view; null for a period that is not closed.",
    "differs": "period: the views whose figures are known otherwise since the closing.",
    "axis": "diff: as-of or known-at, whichever goes from one moment to the other.",
}
SAME: Final[Rows] = (
    ("view", "text", "The view in which something differs."),
    ("row", "text", "The row: the values of its key, joined by slashes; a dash for null."),
    ("key", "object", "The same, by column."),
    (
        "label",
        "text",
        "The company's name, of tracking and pipeline; the contract's number, of contracts and receivables.",
    ),
    ("field", "text", "The column that differs; of an event in audit its name, where it is new."),
)
EVENTS: Final = ("events", "list", "The events that make the difference, as below.")
DIFF: Final[Rows] = (
    *SAME,
    ("from", "as in the view", "What stood there at the earlier moment; null where there was no row."),
    ("to", "as in the view", "What stood there at the later one."),
    ("difference", "number", "Of numbers: to minus from."),
    EVENTS,
)
PERIOD_DIFF: Final[Rows] = (
    *SAME,
    ("closed", "as in the view", "The figure as it was closed."),
    ("restated", "as in the view", "The figure as of the period's end, as it is known now."),
    ("difference", "number", "Of numbers: restated minus closed; of kind afterwards what later acts add."),
    ("kind", "text", "restated: known otherwise since; afterwards: undone or changed by acts of later days."),
    EVENTS,
)
BEHIND: Final[Rows] = (
    ("fields", "list of text", "tracking: the columns of the row on which it bears."),
    ("occurred", "date or time", "diff, period-diff: when it happened."),
    ("recorded", "time", "diff, period-diff: when the log learned it."),
    ("actor", "login", "diff, period-diff: whose act it is."),
    ("reason", "text", "diff, period-diff: why."),
)
VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    "diff": (
        "A row for each field that differs between two moments.",
        "sales diff --from 2024-02-01 --to 2024-02-29 --axis known-at --json",
        DIFF,
    ),
    "period-diff": (
        "A row for each figure that differs from what was closed.",
        "sales period diff 2024Q1 --json",
        PERIOD_DIFF,
    ),
}
