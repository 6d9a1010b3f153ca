"""Questions about the scorecard: each person's measures, what each counts, and the score they make together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from domain.calendar.moment import end_of
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio
from domain.kernel.types import GroupCode, Login
from domain.policy.defaults import DEFAULTS
from domain.policy.metrics import known as metric_names
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.column import Column, Note, Rows, only_json
from projections.views.parameters import PEOPLE, PERSON
from projections.views.scorecard.inputs import Shared
from projections.views.scorecard.measures import MEASURES, OF_WORK, Found, Measured, Question, against_target
from projections.views.spec import Query, View, by_policies, view

NEEDS: Final = ("progress", "tracking", "pipeline", "audit", "records", "organisation")
POLICY: Final = "scorecard"
SCORE: Final = "score"
"""The measure of a person's row that holds the score itself."""
EXACT: Final = (Fraction, Decimal)
NOTHING: Final = Fraction(0)
Limit = tuple[str, Fraction]
"""Up to which ratio a measure counts, as the policy writes it and as a number."""
ALWAYS: Final = ("rep", "manager")
"""Whose scorecard is shown although nothing in it applies."""
WHY: Final = {"nothing-to-measure": Note("nothing-to-measure"), "not-measured": Note("not-measured")}


def within(moments: AsOf, period: Period) -> AsOf:
    """Return the moments of a scorecard: what came after the period's end does not count."""
    if moments.day <= period.last:
        return moments
    end = end_of(period.last, moments.zone)
    return moments._replace(as_of=end, day=period.last, micros=int(end.timestamp()) * 1_000_000 + end.microsecond)


def policy(organisation: Organisation, moments: AsOf) -> tuple[str | None, Mapping[str, Any]]:
    """Return the policy in force, and since when; None for the default."""
    return organisation.policy_since(POLICY, moments.day) or (None, DEFAULTS[POLICY])


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    currency: str,
    owner: str | None = None,
    group: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return for each person a row with the score and one for each measure that has a weight, the best score first.

    Those for whom less than half of the weight counts come after the others: their scores say little beside theirs.

    `counted` is the weight that a measure has in the score: all of it, or 0 where nothing applies, for the reason `why`.
    """
    moments = within(moments, period)
    among = organisation.ever_in([group]) if group is not None else None
    shared = Shared(ask, organisation, [(period, moments)], owner, among)
    question = Question(ask, period, moments, organisation, currency, explain, shared, owner)
    _, values = policy(organisation, moments)
    weights = {name: Fraction(weight) for name, weight in values["weights"].items()}
    caps = values.get("caps", {})
    limits = {name: None if (cap := caps.get(name, "1")) is None else (cap, Fraction(cap)) for name in weights}
    known = set(metric_names(values for _day, values in organisation.policies("metrics")))
    found = {
        name: MEASURES.get(name, against_target(name))(question)
        for name in weights
        if name in MEASURES or name in known
    }
    cards, teams = [], organisation.teams(moments.day)
    for login in _people(organisation, period, found):
        team = teams.get(login)
        if owner in (None, login) and group in (None, team):
            head = {"owner": login, "group": team, "period": period.name}
            lines = [_line(name, weights[name], limits[name], found, login, explain) for name in weights]
            cards.append([head | _score(lines, explain), *(head | line for line in lines)])
    cards.sort(
        key=lambda card: (2 * card[0]["counted"] < card[0]["weight"], -(card[0]["ratio"] or 0), card[0]["owner"])
    )
    texts: dict[tuple[int, int], str] = {}
    return [_written(row, texts) for card in cards for row in card]


def _people(organisation: Organisation, period: Period, found: Mapping[str, Found]) -> Iterator[str]:
    """Yield the reps and managers who had not left before the period, and who else has a target of their own."""
    targeted = {login for name in found if name not in OF_WORK for login in found[name]}
    for person in organisation.persons():
        gone = person.departed is not None and person.departed[:10] < period.first.isoformat()
        if person.login in targeted or (person.role in ALWAYS and not gone):
            yield person.login


def _line(
    name: str, weight: Fraction, limit: Limit | None, found: Mapping[str, Found], login: str, explain: bool
) -> dict[str, Any]:
    """Return what one measure says of a person; a ratio counts from 0 up to its cap."""
    measured = found[name].get(login) if name in found else None
    if measured is not None and not measured.denominator:
        measured = None
    share = _ratio(measured)
    counted = None if share is None else _within(share, limit)
    line = {
        "measure": name,
        "numerator": measured.numerator if measured else None,
        "denominator": measured.denominator if measured else None,
        "ratio": share,
        "cap": limit[0] if limit else None,
        "weight": weight,
        "counted": NOTHING if counted is None else weight,
        "points": None if counted is None else counted * weight,
        "why": None if counted is not None else "not-measured" if name not in found else "nothing-to-measure",
    }
    return {**line, "events": list(measured.events) if measured else []} if explain else line


def _within(share: Fraction, limit: Limit | None) -> Fraction:
    if share.numerator < 0:
        return NOTHING
    return limit[1] if limit and share > limit[1] else share


def _ratio(measured: Measured | None) -> Fraction | None:
    if measured is None:
        return None
    above, of_above = measured.numerator.as_integer_ratio()
    below, of_below = measured.denominator.as_integer_ratio()
    return Fraction(above * of_below, below * of_above)


def _score(lines: list[dict[str, Any]], explain: bool) -> dict[str, Any]:
    """Return the row of the score: the points of the measures that apply, of the weights that these have."""
    counted = sum((line["weight"] for line in lines if line["points"] is not None), NOTHING)
    points = sum((line["points"] for line in lines if line["points"] is not None), NOTHING)
    row = {
        "measure": SCORE,
        "numerator": points if counted else None,
        "denominator": counted or None,
        "ratio": points / counted if counted else None,
        "cap": None,
        "weight": sum((line["weight"] for line in lines), NOTHING),
        "counted": counted,
        "points": points if counted else None,
        "why": None if counted else "nothing-to-measure",
    }
    if explain:
        behind = {event["position"]: event for line in lines for event in line["events"]}
        row["events"] = [behind[position] for position in sorted(behind)]
    return row


def _written(row: dict[str, Any], texts: dict[tuple[int, int], str]) -> dict[str, Any]:
    """Return a row with its numbers as decimal texts, to six places; `texts` are those that were written before."""
    return {name: _text(value, texts) if type(value) in EXACT else value for name, value in row.items()}


def _text(value: Fraction | Decimal, texts: dict[tuple[int, int], str]) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    share = value.numerator, value.denominator
    text = texts.get(share)
    if text is None:
        text = texts[share] = format(ratio(*share) or Decimal(0), "f")
    return text


@view(
    "scorecard",
    title="Scorecard",
    about="For each person a row with the score and one for each measure, the best score first; who has little that counts, last.",
    asked="sales scorecard --period 2024Q1 --json",
    example="sales scorecard --period 2024Q1 --group g1",
    needs=NEEDS,
    key=("owner", "measure"),
    period="present",
)
class Scorecard(View):
    """Show each person's measures in a period, weighed by the policy; a closed period's keeps the figures it was closed with."""

    owner: Login | None = PERSON
    group: GroupCode | None = PEOPLE
    restated: bool = given("Of a closed period what is known now, instead of what was closed.", default=False)

    COLUMNS = (
        Column("owner", "Person", form="login", meaning="The person."),
        Column("group", "Group", form="group code", meaning="Their group on the last day that counts."),
        Column(
            "measure", "Scored on",
            meaning="`score` in a person's first row; then each measure of the policy `scorecard`.",
        ),
        Column(
            "numerator", "Reached", "amount", form="number",
            meaning="What was reached; of the score: the points. Null where nothing is measured.",
        ),
        Column(
            "denominator", "Out of", "amount", form="number",
            meaning="Of what: the filed target, the acts, the fields of the files, those of lost customers included; of the"
            " score: the weights that count.",
        ),
        Column("ratio", "Ratio", "ratio", missing="n/a", meaning="numerator / denominator."),
        Column(
            "cap", "Cap", "ratio", missing="none", form="number",
            meaning="Up to which ratio it counts; null for no cap.",
        ),
        Column("weight", "Weighs", "ratio", form="number", meaning="Its weight by the policy."),
        Column(
            "counted", "Counts", "ratio", form="number",
            meaning="Its weight in the score: all of it, or 0 where nothing is measured.",
        ),
        Column(
            "points", "Points", "ratio", form="number", meaning="weight x ratio, the ratio from 0 up to the cap."
        ),
        Column(
            "why", "Why not", missing="", text=lambda row: WHY.get(row["why"]),
            meaning="Why it does not count: nothing-to-measure (no filed target, nothing that happened) or not-measured (by this"
            " version).",
        ),
        only_json("period", "text", "The period, as 2024Q1."),
    )  # fmt: skip
    DIGEST = (
        *("owner", "group", "period", "measure", "numerator", "denominator", "ratio", "cap", "weight", "counted"),
        *("points", "why"),
    )
    OF_PERSONS = True
    KEEPS_CLOSED = True

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"owner": self.owner, "group": self.group}
        return rows(q.ask, q.moments, q.organisation, q.in_period, currency=q.currency, **whose, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        day = within(q.moments, q.in_period).day
        rules = q.organisation.in_force(day, POLICY, "entry-deadline", "cadence")
        return {"closed": q.closed.position if q.closed else None, "policies": rules}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.said["policies"])
        if q.closed:
            yield Note(
                "{period} was closed on {when}: the figures are those it was closed with. What is known now: --restated",
                {"period": q.in_period.name, "when": q.closed.recorded[:10]},
            )
