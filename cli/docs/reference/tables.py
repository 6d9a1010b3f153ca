"""What each key of the tree of targets means."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

TARGETS: Final[Rows] = (
    ("id", "text", "The target's id; null for a member of the tree that has none."),
    ("depth", "count", "How far below the company: 0 for itself."),
    ("level", "text", "company, group, person or key-action."),
    ("owner", "text", "`company`, a group's code or a login."),
    ("metric", "text", "The target's metric; of a key action that of the target it serves."),
    ("basis", "text", "signed or collected, for sales; else null."),
    ("period", "text", "The period, as 2024Q1."),
    ("state", "text", "draft, submitted, approved, returned or filed; null without a target."),
    ("value", "number", "The value in force: the filed one, else the one set; null is not set."),
    ("original", "number", "The value before any revision."),
    ("currency", "text", "Of the amounts; null for what is no money."),
    ("parent", "text", "The target that this one is a part of."),
    ("share_of_parent", "ratio", "The part of the parent's value that was given to it."),
    ("allocated", "number", "What its parts hold together."),
    ("unallocated", "number", "value minus allocated; negative where more was given than there is."),
    ("over_allocated", "true or false", "Whether more was given than there is."),
    ("actual", "number", "What was reached by the as-of day."),
    ("attainment", "ratio", "actual / value."),
    ("revisions", "count", "How often it was revised; of a key action how often its plan was filed again."),
    (
        "key_action",
        "text",
        "Of a key action its kind, as in plans; its `value` is what the period demands, its `id` the plan's.",
    ),
    ("channel", "text", "Of a key action the channel that it is bound to."),
    ("count", "count", "Of a key action how many."),
    ("per", "text", "Of a key action day, week or month."),
    ("met", "count", "Of a key action in how many steps it was met."),
    ("missed", "count", "Of a key action in how many steps it was missed."),
)
TABLES: Final[dict[str, tuple[str, str, Rows]]] = {
    "targets": (
        "A row for each member of the tree and metric: the company, its groups, their people.",
        "sales targets --period 2024Q1 --json",
        TARGETS,
    ),
}
"""Views whose rows have `events` with --explain."""
