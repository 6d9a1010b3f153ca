"""What each key of the views of plans, of capacity, of suggested shares and of resource requests means."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

AROUND: Final = {
    "key_actions": "progress: the key actions of the period's plans, each with its `level`, `owner`, `plan`, the plan's `state`, "
    "`kind`, `channel`, `count`, `per`, in how many steps it was `met` and `missed`, and its `steps`: `step`, "
    "`demanded`, `done` and `result` as in plans.",
    "week": "resources: the week of the form, null without one.",
    "departments": "resources: for each `department` how many of the rows were `requested`, `granted`, `declined` and "
    "`delivered` (in the week, else ever), are `open` and `overdue`.",
}
EVENTS: Final = ("events", "list", "With --explain: the events behind the row, as below.")
SHARES: Final[Rows] = (
    ("target", "text", "The target that is shared out."),
    ("level", "text", "group or person."),
    ("owner", "text", "The member right below the target's owner: a group, or a rep of the group."),
    ("metric", "text", "The target's metric."),
    ("past_period", "text", "The period whose results count."),
    ("past", "number", "What the member reached in it; of a group what its people did."),
    ("past_share", "ratio", "Its part of what all members reached; null where nobody reached anything."),
    ("weight", "number", "The person's capability weight by the policy capability, 1 unless named; null for a group."),
    (
        "newcomer",
        "true or false",
        "Whether the person was in no group yet by the end of that period, and is taken for the average; null for a group.",
    ),
    (
        "share",
        "ratio",
        "The part suggested: weight x past (of a newcomer the average), over the sum; the weights alone where all reached nothing.",
    ),
    ("proposed", "number", "That part of the target's value, by largest remainder: money to 0.01, else whole numbers."),
    ("allocated", "number", "What was given to the member so far; null for nothing."),
    ("currency", "text", "Of the amounts; null for what is no money."),
    EVENTS,
)
VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    "target-shares": (
        "A row for each member right below the owner of a target; a person decides with target.allocate.",
        "sales target suggest tgt_1 --past 2023Q4 --json",
        SHARES,
    ),
}
