"""Questions about norms: which are in force, and who kept each in which week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio, text_of
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.column import Column, Note, Rows, only_json
from projections.views.norms.measures import NORMS
from projections.views.norms.parameters import ONE_NORM, WEEKS, Norm, policies_of
from projections.views.parameters import PEOPLE, PERSON
from projections.views.scorecard.inputs import Shared
from projections.views.scorecard.measures import Question
from projections.views.scorecard.view import within
from projections.views.spec import Query, View, by_policies, view

NEEDS: Final = ("progress", "tracking", "pipeline", "audit", "records", "organisation")


def weeks(period: Period, moments: AsOf) -> Iterator[Period]:
    """Yield the ISO weeks that begin in a period and have begun by the day asked about."""
    for day in period.days():
        if day.isoweekday() == 1 and day <= moments.day:
            yield Period.week_of(day)


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    currency: str = "",
    norm: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    broken: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return for each norm, week and person whom it concerned in how many cases it was kept, the earliest week first.

    A norm is kept in a week if it was kept in all its cases; of a week that is not over, those so far.
    """
    shown: list[dict[str, Any]] = []
    parts = [(week, within(moments, week)) for week in weeks(period, moments)]
    if not parts:
        return shown
    among = organisation.ever_in([group]) if group is not None else None
    shared = Shared(ask, organisation, parts, owner, among)
    shares: dict[tuple[Any, Any], str | None] = {}
    for week, until in parts:
        question = Question(ask, week, until, organisation, currency, explain, shared, owner)
        teams: dict[str, str | None] = {}
        for name, rule in NORMS.items():
            if norm not in (None, name):
                continue
            for login, measured in sorted(rule.kept(question).items()):
                if login not in teams:
                    teams[login] = organisation.group_of(login, until.day)
                kept = measured.numerator == measured.denominator
                if owner in (None, login) and group in (None, teams[login]) and not (broken and kept):
                    share = measured.numerator, measured.denominator
                    if share not in shares:
                        shares[share] = text_of(ratio(*share))
                    row = {
                        "norm": name,
                        "policy": rule.policy,
                        "week": week.name,
                        "owner": login,
                        "group": teams[login],
                        "numerator": measured.numerator,
                        "denominator": measured.denominator,
                        "ratio": shares[share],
                        "kept": kept,
                    }
                    shown.append({**row, "events": list(measured.events)} if explain else row)
    return shown


@view(
    "norms",
    title="Norms",
    about="A row for each norm, week and person, the earliest week first.",
    example="sales norms --period 2024-03 --broken",
    needs=NEEDS,
    key=("week", "norm", "owner"),
    period="present-week",
    period_help=WEEKS,
)
class Norms(View):
    """Show who kept each norm in which week: entry in time, cadence, complete files, weekly reviews, no recalls, hand-overs in time."""

    norm: Norm | None = ONE_NORM
    owner: Login | None = PERSON
    group: GroupCode | None = PEOPLE
    broken: bool = given("Only where it was not kept.", default=False)
    in_force: bool = given("The norms themselves instead: each with the policy that sets it.", default=False)

    COLUMNS = (
        Column("week", "Week", meaning="The ISO week."),
        Column("norm", "Norm", meaning="entry, cadence, file, report, pool or hand-over."),
        Column("owner", "Person", form="login", meaning="The person whom it concerned."),
        Column("group", "Group", form="group code", meaning="Their group at the week's end."),
        Column("numerator", "Kept in", "count", meaning="In how many cases it was kept."),
        Column(
            "denominator", "Cases", "count",
            meaning="Of how many: acts, customers, weeks to be reviewed, or hand-overs that were due, as the norm is.",
        ),
        Column("ratio", "Ratio", "ratio", meaning="numerator / denominator."),
        Column(
            "kept", "Norm kept", form="true or false", meaning="Whether it was kept in all of them.",
            text=lambda row: Note("yes") if row["kept"] else Note("no"),
        ),
        only_json("policy", "text", "The policy that sets it."),
    )  # fmt: skip
    OF_PERSONS = True

    @classmethod
    def meant(cls, parameters: Mapping[str, Any]) -> type[View]:
        if not parameters.get("in_force"):
            return cls
        from projections.views.norms.in_force import NormsInForce

        return NormsInForce

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"norm": self.norm, "owner": self.owner, "group": self.group, "broken": self.broken}
        return rows(q.ask, q.moments, q.organisation, q.in_period, currency=q.currency, **whose, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": policies_of(self.norm, q)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.said["policies"])
        if rows:
            kept = sum(1 for row in rows if row["kept"])
            facts = {"period": q.in_period.name, "kept": kept, "count": len(rows)}
            yield Note("{period}: kept in {kept} of {count} lines.", facts)
