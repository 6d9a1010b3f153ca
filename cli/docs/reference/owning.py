"""What each key of the views of ownership means: the pool, who is due for it, disputes, duplicates, grades."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

AROUND: Final = {"groups": "duplicates: how many groups of customers that may be one company there are."}
DUPLICATES: Final[Rows] = (
    ("group", "count", "Number of the group of customers that may be one company, the surest first; no team."),
    ("members", "count", "How many customers are in the group."),
    ("customer", "text", "One of them; the first row of a group is the one captured first."),
    ("company", "text", "Its name."),
    ("owner", "login", "Its owner."),
    ("other", "text", "The one of the group that it is surest, then likest, to be; of several the one captured first."),
    ("other_company", "text", "The other's name."),
    ("other_owner", "login", "The other's owner."),
    (
        "how",
        "text",
        "credit-code: of one registration number; name: of one normalised name; near: names like each other.",
    ),
    (
        "likeness",
        "ratio",
        "How like the names are: 0.85 of it for what is left without legal suffixes and words for places, 0.15 for the whole.",
    ),
    ("distinct", "true or false", "Whether one of them was said to be distinct since (only with --all)."),
)
GRADES: Final[Rows] = (
    ("customer", "text", "The customer's id."),
    ("company", "text", "Name of the company."),
    ("grade", "text", "initial, high or key."),
    ("from", "date", "First day of the grade."),
    ("to", "date", "Last day; null for the grade that it has."),
    ("days", "count", "Days in it, up to the as-of day."),
    ("working_days", "count", "Working days in it."),
    ("need_fit", "text", "As it was known last in the interval."),
    ("budget", "text", "As it was known last in the interval."),
    ("decision_chain", "text", "As it was known last in the interval."),
    ("override", "true or false", "Whether it was given although a criterion was not met."),
    ("unmet", "list of text", "Those criteria."),
    ("by", "login", "Who gave it."),
    ("reason", "text", "Why."),
)
VIEWS: Final[dict[str, tuple[str, str, Rows]]] = {
    "duplicates": (
        "A row for each customer that may be one company with others, group by group, the surest first.",
        "sales duplicates --json",
        DUPLICATES,
    ),
    "grades": ("A row for each interval in which a customer had a grade.", "sales grades --json", GRADES),
}
