"""What each key of the views of ownership means: the pool, who is due for it, disputes, duplicates, grades."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.keys import Rows

AROUND: Final = {"groups": "duplicates: how many groups of customers that may be one company there are."}
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
    "grades": ("A row for each interval in which a customer had a grade.", "sales grades --json", GRADES),
}
