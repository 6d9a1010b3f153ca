"""Runs a declared view: its read models fresh, its references resolved, its period chosen, its rows, sums and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.kernel.field import fields_of
from infra.errors.problem import Problem, why_of
from projections.views.column import Note, Rows
from projections.views.spec import Query, View

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from infra.read_models.source import Source
    from projections.engine.as_of import Moments
    from projections.queries.organisation import Organisation

GRADES: Final = ("initial", "high", "key")


class Answer(NamedTuple):
    """What a view answers: its rows, their sums, what is said beside and below them."""

    view: View
    rows: Rows
    totals: Any
    meta: Mapping[str, Any]
    notes: tuple[Note, ...]


def run(
    store: Source,
    asked: type[View],
    parameters: Mapping[str, Any],
    *,
    as_of: str | None = None,
    known_at: str | None = None,
    period: str | None = None,
    explain: bool = False,
) -> Answer:
    """Return what a view with these parameters answers at two times. Raises Problem."""
    needs = (*asked.NEEDS, *(asked.EXPLAINED_BY if explain else ()))
    given = {name: subject_of(asked, name, value, store) for name, value in parameters.items()}
    with store.view(*needs) as ask:
        from projections.queries.organisation import Organisation

        moments = store.moments(as_of, known_at)
        organisation = Organisation(ask, moments.position)
        chosen = period_of(asked, period, store, moments)
        query = Query(ask, moments, organisation, chosen, store.currency, store.fiscal_month, explain)
        view = asked(**{name: word_of(asked, name, value, query) for name, value in given.items()})
        rows = view.rows(query)
        totals = view.totals(rows)
        meta = {**times(moments), **({"period": chosen.name} if chosen and asked.PERIOD == "present" else {})}
        meta |= view.meta(query, rows)
        if totals is not None:
            meta["totals"] = totals
        return Answer(view, rows, totals, meta, tuple(view.notes(query, rows, totals)))


def times(moments: Moments) -> dict[str, Any]:
    """Return what a view says of its two times: as_of, known_at, and the log position that it knows."""
    return {
        "as_of": moments.as_of.isoformat(timespec="seconds"),
        "known_at": moments.known_at.isoformat(timespec="seconds"),
        "position": moments.position,
    }


def role_of(asked: type[View], name: str) -> str | None:
    """Return what the text of a parameter stands for: person, group, owner, customer, subject, grade, metric."""
    return next(field.role for field in fields_of(asked) if field.attribute == name)


def subject_of(asked: type[View], name: str, value: Any, store: Source) -> Any:
    """Return the id of the subject that a parameter names, the value itself where it names none. Raises Problem."""
    if value is None:
        return value
    role = role_of(asked, name)
    if role == "customer":
        return customer_of(value, store)
    return store.subject(value) if role == "subject" else value


def word_of(asked: type[View], name: str, value: Any, query: Query) -> Any:
    """Return the house's word for what a parameter says in the team's. Raises Problem."""
    role = role_of(asked, name)
    if value is not None and role == "grade":
        return grade_of(value, query.organisation, query.moments)
    if value is not None and role == "metric":
        must_be_metric(asked, name, value, query.organisation)
    return value


def period_of(asked: type[View], named: str | None, store: Source, moments: Moments) -> Period | None:
    """Return the period of a question: as named, else the fiscal quarter of its day where the view has one. Raises Problem."""
    if named:
        return parsed_period(named, store.fiscal_month)
    return quarter_of(moments, store.fiscal_month) if asked.PERIOD == "present" else None


def parsed_period(named: str, fiscal_month: int) -> Period:
    """Return the period that `named` writes. Raises Problem."""
    from domain.calendar.period import Period

    try:
        return Period.parse(named, fiscal_month)
    except ValueError as wrong:
        raise Problem("usage.bad_period", value=named[:80], **why_of(wrong)) from None


def quarter_of(moments: Moments, fiscal_month: int) -> Period:
    """Return the fiscal quarter in which the question's day lies. Raises Problem."""
    for year in (moments.day.year - 1, moments.day.year, moments.day.year + 1):
        for quarter in range(1, 5):
            period = parsed_period(f"{year}Q{quarter}", fiscal_month)
            if period.contains(moments.day):
                return period
    raise Problem("usage.bad_period", value=str(moments.day), why="no quarter holds this day")


def customer_of(named: str, store: Source) -> str:
    """Return the id of the customer that `named` names: its id, a key, its exact name. Raises Problem."""
    stream = store.subject(named)
    if not stream.startswith("cus_"):
        raise Problem("subject.wrong_kind", subject=named, kind=noun_of(stream), noun="customer")
    return stream


def noun_of(stream: str) -> str:
    """Return the noun of a subject."""
    from domain.kernel.registry import subject_of as declared

    subject = declared(stream)
    return subject.noun if subject else "-"


def grade_of(said: str, organisation: Organisation, moments: Moments) -> str:
    """Return the grade that a word means by the policy in force on the question's day. Raises Problem."""
    if said in GRADES:
        return said
    from domain.kernel.field_checks import choice_of
    from domain.kernel.synonyms import meant

    (policy,) = organisation.in_force(moments.day, "grade-words")
    words = policy["values"]["words"]
    grade = meant(said.strip(), GRADES) or choice_of({**words, **{grade: grade for grade in GRADES}}, said)
    if grade is None:
        raise not_among("--grade", said, (*GRADES, *words))
    return grade


def must_be_metric(asked: type[View], name: str, metric: str, organisation: Organisation) -> None:
    """Raise Problem if a view is asked for a metric that is none of the house and was never defined."""
    from domain.policy.metrics import BUILT_IN, known

    if metric in BUILT_IN:
        return
    metrics = known(values for _day, values in organisation.policies("metrics"))
    if metric not in metrics:
        (help,) = (field.help for field in fields_of(asked) if field.attribute == name)
        raise not_among("--metric", metric, tuple(metrics), help=help)


def not_among(field: str, value: str, choices: tuple[str, ...], *, help: str = "") -> Problem:
    """Return the problem that a value is none of the choices there are."""
    why, facts = "it is one of {choices}", {"choices": ", ".join(choices)}
    return Problem("usage.bad_value", field=field, value=value[:80], why=why, why_facts=facts, help=help)
