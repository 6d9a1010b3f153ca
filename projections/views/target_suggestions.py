"""What a person's move between groups suggests for the groups' targets; only an event moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import shown
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.organisation_events import of_memberships
from projections.queries.targets import targets
from projections.views.column import Column
from projections.views.parameters import PeriodName, Target
from projections.views.progress.events import of_target
from projections.views.spec import Query, View, view


def suggestions(ask: Ask, period: Period, moments: AsOf, organisation: Organisation) -> list[dict[str, Any]]:
    """Return for each target of a person who changed group inside the period how much of it goes along.

    That is the value in force times the share of the period's working days from the move on: `value`, half-up to 0.01.
    """
    calendar = organisation.calendar()
    days = calendar.working_days(period.first, period.last)
    rows: list[dict[str, Any]] = []
    for target in targets(ask, moments):
        if target.state == "withdrawn" or target.period != period.name:
            continue
        if target.value is None or target.owner is None or not days:
            continue
        for day, left, joined in moves(organisation, target.owner, period):
            if day > moments.day:
                continue
            rest = calendar.working_days(day, period.last)
            rows.append(
                {
                    "target": target.target,
                    "owner": target.owner,
                    "metric": target.metric,
                    "day": day.isoformat(),
                    "from": left,
                    "to": joined,
                    "target_value": format(target.value, "f"),
                    "working_days_left": rest,
                    "working_days": days,
                    "value": format(shown(target.value * rest / days), "f"),
                    "currency": target.currency,
                }
            )
    return rows


def behind(ask: Ask, rows: Sequence[dict[str, Any]], moments: AsOf) -> list[dict[str, Any]]:
    """Return the suggestions, each with `events`: what set the target, and what moved the person."""
    moved = of_memberships(ask, moments.position)
    return [
        {
            **row,
            "events": of_target(ask, row["target"], moments)
            + moved.get((row["owner"], date.fromisoformat(row["day"]).toordinal()), []),
        }
        for row in rows
    ]


def moves(organisation: Organisation, login: str, period: Period) -> list[tuple[date, str | None, str]]:
    """Return (first day, group left, group joined) of each move of a person inside a period."""
    found: list[tuple[date, str | None, str]] = []
    before: tuple[int, str] | None = None
    for first, last, group in organisation.memberships().get(login, ()):
        day = date.fromordinal(first)
        left = before[1] if before and before[0] == first - 1 else None
        if left != group and left is not None and period.first < day <= period.last:
            found.append((day, left, group))
        before = (last, group)
    return found


@view(
    "target-suggest",
    title="",
    about="A row for each target of a person who changed group in the period.",
    asked="sales target suggest --period 2024Q1 --json",
    example="sales target suggest --period 2024Q1",
    command="target suggest",
    needs=("progress", "records", "organisation"),
    key=("target", "day"),
    period="present",
)
class TargetSuggestions(View):
    """Suggest what part of a target goes along when a person changes group, or of one target which share each member takes.

    `sales target reallocate` and `sales target allocate` decide it.
    """

    target: Target | None = given(
        "A target to be shared out: suggest shares for its members.", default=None, positional=True
    )
    past: PeriodName | None = given("The period whose results count; the one before unless given.", default=None)

    COLUMNS = (
        Column("owner", "Owner", form="login", meaning="Who moved."),
        Column("metric", "Metric", meaning="The target's metric."),
        Column("day", "Moved on", "date", meaning="First day in the new group."),
        Column("from", "From", form="group code", meaning="The group left."),
        Column("to", "To", form="group code", meaning="The group joined."),
        Column("target_value", "Target", "amount", form="number", meaning="The target's value in force."),
        Column(
            "working_days_left", "Days left", "count", meaning="Working days of the period from that day on."
        ),
        Column("working_days", "Days", "count", meaning="Working days of the period."),
        Column(
            "value", "Suggested", "amount", form="number",
            meaning="The part that goes along: target_value x working_days_left / working_days, half-up to 0.01.",
        ),
        Column("currency", "Currency", missing="", meaning="Of the amounts."),
        Column("target", "Id", meaning="The target's id."),
    )  # fmt: skip

    @classmethod
    def meant(cls, parameters: Mapping[str, Any]) -> type[View]:
        if parameters.get("target") is None:
            return cls
        from projections.views.targets.share_suggestions import TargetShares

        return TargetShares

    def rows(self, q: Query) -> list[dict[str, Any]]:
        found = suggestions(q.ask, q.in_period, q.moments, q.organisation)
        return behind(q.ask, found, q.moments) if q.explain else found
