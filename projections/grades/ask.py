"""The question which grades customers have had: an interval for each, as it was known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from domain.calendar import WorkCalendar
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.ownership.acts import Act, acts
from projections.projection import Ask
from projections.tracking import ask as tracking

GRADED: Final = ("customer.graded",)
CRITERIA: Final = ("need_fit", "budget", "decision_chain")


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    customer: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    grade: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the intervals of each customer's grades, the first captured first; asks tracking, audit and the organisation.

    `from` and `to` are the first and the last day of the grade, `to` null for the one that it has; a grade that was given again
    goes on. `owner` and `group` are those of the as-of day.
    """
    wanted = {"owner": owner, "group": group}
    asked = {name: value for name, value in wanted.items() if value is not None}
    tracked = tracking.rows(ask, moments, organisation, currency="", wanted=asked, customer=customer)
    graded = acts(ask, moments, [row["id"] for row in tracked], GRADED)
    calendar = organisation.calendar()
    shown = []
    for row in {row["id"]: row for row in tracked}.values():
        for told in _intervals(graded.get(row["id"], ()), moments, calendar):
            if grade in (None, told["grade"]):
                events = told.pop("events")
                shown.append(
                    {"customer": row["id"], "company": row["company"], **told} | ({"events": events} if explain else {})
                )
    return shown


def in_force(ask: Ask, moments: Moments, customers: Iterable[str]) -> dict[int, list[dict[str, Any]]]:
    """Return by position of each grading that stands the days on which it was the last one, as a change of the audit."""
    found: dict[int, list[dict[str, Any]]] = {}
    for done in acts(ask, moments, customers, GRADED).values():
        for act, after in zip(done, [*done[1:], None], strict=True):
            if after is None or after.day > act.day:
                last = (after.day - timedelta(days=1)).isoformat() if after else None
                found[act.position] = [{"field": "in_force", "from": act.day.isoformat(), "to": last}]
    return found


def _intervals(done: Sequence[Act], moments: Moments, calendar: WorkCalendar) -> Iterator[dict[str, Any]]:
    """Yield the intervals of one customer; of two grades of one day the last one is its grade."""
    runs: list[list[Act]] = []
    for act in done:
        if runs and runs[-1][-1].values["grade"] == act.values["grade"]:
            runs[-1].append(act)
        elif runs and runs[-1][0].day == act.day:
            runs[-1] = [act]
        else:
            runs.append([act])
    for run, after in zip(runs, [*runs[1:], None], strict=False):
        first = run[0]
        last = after[0].day - timedelta(days=1) if after else None
        until = last or moments.day
        yield {
            "grade": first.values["grade"],
            "from": first.day.isoformat(),
            "to": last.isoformat() if last else None,
            "days": (until - first.day).days + 1,
            "working_days": calendar.working_days(first.day, until),
            **{name: run[-1].values.get(name) for name in CRITERIA},
            "override": bool(first.values.get("override")),
            "unmet": list(first.values.get("unmet") or ()),
            "by": first.actor,
            "reason": first.reason,
            "events": [event for act in run for event in act.events],
        }
