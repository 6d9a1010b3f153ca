"""Who was in which group, what was worked, and which policy was in force, as it was believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.calendar.work_calendar import WorkCalendar, shipped
from tests.slow.fold import Belief


def persons(belief: Belief) -> list[str]:
    """Return the logins that are registered."""
    return [entry.data["login"] for entry in belief.named("person.registered")]


def groups(belief: Belief) -> dict[str, str | None]:
    """Return each group's code with that of the group above it."""
    return {entry.data["code"]: entry.data.get("parent") for entry in belief.named("group.formed")}


def group_of(belief: Belief, login: str | None, day: date) -> str | None:
    """Return the group of a person on a day: what the last change up to it says, the last recorded of one day."""
    group, since = None, ""
    for entry in belief.named("person.joined_group", "person.left_group"):
        if entry.stream == f"per_{login}" and since <= entry.data["from"] <= day.isoformat():
            since = entry.data["from"]
            group = entry.data["group"] if entry.name == "person.joined_group" else None
    return group


def groups_of(belief: Belief, login: str | None, day: date) -> list[str]:
    """Return the group of a person on a day and those above it."""
    above = groups(belief)
    found: list[str] = []
    group = group_of(belief, login, day)
    while group is not None and group not in found:
        found.append(group)
        group = above.get(group)
    return found


def calendar(belief: Belief) -> WorkCalendar:
    """Return the calendar: each year as it was published last, else as it ships."""
    made = shipped("cn")
    for entry in belief.named("calendar.published"):
        days = ([date.fromisoformat(day) for day in entry.data.get(name, ())] for name in ("holidays", "make_up_days"))
        made = made.with_year(entry.data["year"], *days)
    return made


def policy(belief: Belief, name: str, day: date) -> Mapping[str, Any] | None:
    """Return the values in force on a day: of what was adopted from a day up to it the latest, the last recorded of one."""
    values, since = None, ""
    for entry in belief.named("policy.adopted"):
        if entry.data["name"] == name and since <= entry.data["from"] <= day.isoformat():
            since, values = entry.data["from"], entry.data["values"]
    return values


def window(belief: Belief, day: date) -> int:
    """Return how many months without a contract make a customer new again, on a day."""
    return int((policy(belief, "new-customer-window", day) or {"months": 12})["months"])
