"""Runs a declared view: its read models fresh, its references resolved, its period chosen, its rows, sums and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.kernel.field import Field, fields_of
from infra.errors.problem import Problem, not_among, why_of
from projections.engine.as_of import at_the_end
from projections.views.column import Note, Rows
from projections.views.parameters import GRADES
from projections.views.spec import Closed, NoAnswer, Query, View

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from infra.read_models.source import Source
    from projections.engine.as_of import AsOf
    from projections.engine.projection import Ask
    from projections.queries.organisation import Organisation


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
    since: str | None = None,
    until: str | None = None,
    explain: bool = False,
    summary: bool = False,
) -> Answer:
    """Return what a view with these parameters answers at two times. Raises Problem."""
    must_be_known(asked, parameters)
    asked = asked.meant(parameters)
    needs = (*asked.NEEDS, *(asked.EXPLAINED_BY if explain else ()))
    own = {name: value for name, value in parameters.items() if name in asked.FIELDS}
    given = {name: subject_of(asked, name, value, store) for name, value in own.items()}
    with store.view(*needs) as tables:
        start = None
        if asked.MOMENTS == "two":
            start, moments = between(asked, store, since, until, period, as_of, known_at)
            chosen = None
        else:
            moments = store.moments(as_of, known_at)
            chosen = period_of(asked, period, store, moments)
        if asked.PERIOD == "week" and chosen:
            moments = at_the_end(moments, chosen)
        query = question(store, tables, moments, chosen, explain=explain)
        if asked.KEEPS_CLOSED and not (as_of or known_at or parameters.get("restated")):
            query = as_closed(query, asked, store)
        query = query._replace(typed=parameters, since=start)
        view = asked(**{name: word_of(asked, name, value, query) for name, value in given.items()})
        why = view.unclear(query)
        if why:
            raise Problem("usage.options", why=why.message, why_facts=why.facts, command=asked.COMMAND)
        try:
            found = view.rows(query)
        except NoAnswer as none:
            raise as_typed(none, {given[name]: value for name, value in own.items() if given[name] != value}) from None
        if asked.OF_PERSONS:
            found = of_those_seen(found, store)
        rows = view.kept(found)
        totals = view.totals(rows)
        query = query._replace(said=meta_of(view, query, rows, totals))
        then, noted = view.then(query), view.notes_on_summary if summary else view.notes
        if not then:
            return Answer(view, rows, totals, query.said, tuple(noted(query, found, totals)))
    with store.view(*then) as tables:
        again = question(store, tables, query.moments, chosen, explain=explain)
        after = query._replace(ask=again.ask, organisation=again.organisation)
        after = after._replace(said={**query.said, **view.beside(after)})
        return Answer(view, rows, totals, after.said, tuple(noted(after, found, totals)))


def question(store: Source, ask: Ask, moments: AsOf, period: Period | None, *, explain: bool) -> Query:
    """Return what a question is asked with."""
    from projections.queries.organisation import Organisation

    organisation = Organisation(ask, moments.position)
    return Query(ask, moments, organisation, period, store.currency, store.fiscal_month, explain)


def meta_of(view: View, query: Query, rows: Rows, totals: Any) -> dict[str, Any]:
    """Return what JSON says beside the rows: the two times, the period, what the view has to say, the sums."""
    meta = times(query.moments)
    if query.period and view.PERIOD in ("present", "present-week"):
        meta["period"] = query.period.name
    meta |= view.meta(query, rows)
    return meta if totals is None else {**meta, "totals": totals}


def as_typed(none: NoAnswer, typed: Mapping[Any, str]) -> Problem:
    """Return the problem of a question without an answer; what it names, it names as it was typed."""
    refused = none.refused
    facts = {name: typed.get(fact, fact) if isinstance(fact, str) else fact for name, fact in refused.facts.items()}
    return Problem(refused.code, **facts)


def as_closed(query: Query, asked: type[View], store: Source) -> Query:
    """Return the question as of the closing of its period, as it is where that is open. Raises Problem.

    Who sees every row has the figures held against what was closed: raises Problem if they differ. Others see their own.
    """
    from infra.access import session_role
    from infra.queries import closed_periods as closings

    period = query.in_period
    closing = closings.closing_of(store, parsed_period(period.name, store.fiscal_month), query.moments.position)
    if closing is None:
        return query
    ask, moments, name = query.ask, closings.as_closed(store, closing), asked.NAME
    if name in closing.digests and session_role.sees_all(store.db):
        ask = closings.as_credited(ask, closing, moments, store.currency, [name])
        closings.checked(ask, closing, moments, store.currency, [name])
    kept = question(store, ask, moments, period, explain=query.explain)
    return kept._replace(closed=Closed(closing.position, closing.recorded))


def of_those_seen(rows: list[dict[str, Any]], store: Source) -> list[dict[str, Any]]:
    """Return the rows of the persons whose work this login sees."""
    from infra.access import session_role

    if session_role.sees_all(store.db):
        return rows
    seen = {owner: session_role.sees(store.db, owner) for owner in {row["owner"] for row in rows}}
    return [row for row in rows if seen[row["owner"]]]


def times(moments: AsOf) -> dict[str, Any]:
    """Return what a view says of its two times: as_of, known_at, and the log position that it knows."""
    return {
        "as_of": moments.as_of.isoformat(timespec="seconds"),
        "known_at": moments.known_at.isoformat(timespec="seconds"),
        "position": moments.position,
    }


def role_of(asked: type[View], name: str) -> str | None:
    """Return what the text of a parameter stands for: person, group, owner, customer, subject, grade, metric, ..."""
    return field_of(asked, name).role


def field_of(asked: type[View], name: str) -> Field:
    """Return the parameter that is called so."""
    return next(field for field in fields_of(asked) if field.attribute == name)


def subject_of(asked: type[View], name: str, value: Any, store: Source) -> Any:
    """Return the id of the subject that a parameter names, the value itself where it names none. Raises Problem.

    An empty name, as of a variable that is not set, asks for all.
    """
    if value is None:
        return value
    role = role_of(asked, name)
    if role in ("customer", "subject") and not value:
        return None
    if role == "customer":
        return customer_of(value, store)
    if role == "topic":
        from projections.views.guide.view import word_of

        return word_of(value) or customer_of(value, store)
    return store.subject(value) if role in ("subject", "target") else value


def word_of(asked: type[View], name: str, value: Any, query: Query) -> Any:
    """Return the house's word for what a parameter says in the team's. Raises Problem."""
    role = role_of(asked, name)
    if value is not None and role == "grade":
        return grade_of(value, query.organisation, query.moments)
    if value is not None and role == "metric":
        must_be_metric(asked, name, value, query.organisation)
    if value is not None and role == "sum":
        must_be_sum(value, query.organisation, query.in_period)
    if value is not None and role == "period":
        parsed_period(value, query.fiscal_month)
    return several_of(field_of(asked, name), value) if value is not None and role == "several" else value


def several_of(field: Field, value: Any) -> int:
    """Return a number of things, fewer than a million. Raises Problem."""
    said = str(value).strip()
    if not said.isdecimal() or len(said) > len("999999") or not int(said):
        why = "a whole number is expected"
        raise Problem("usage.bad_value", field=f"--{field.flag}", value=said[:80], why=why, help=field.help)
    return int(said)


def period_of(asked: type[View], named: str | None, store: Source, moments: AsOf) -> Period | None:
    """Return the period of a question: as named, else the week or fiscal quarter of its day where the view has one. Raises Problem."""
    if named:
        found = parsed_period(named, store.fiscal_month)
        if asked.PERIOD == "week" and "W" not in found.name:
            raise Problem("usage.bad_period", value=named, why="a week is written 2024-W07")
        return found
    if asked.PERIOD == "present-week":
        from domain.calendar.period import Period

        return Period.week_of(moments.day)
    return quarter_of(moments, store.fiscal_month) if asked.PERIOD == "present" else None


def between(
    asked: type[View],
    store: Source,
    since: str | None,
    until: str | None,
    period: str | None,
    as_of: str | None,
    known_at: str | None,
) -> tuple[AsOf, AsOf]:
    """Return the first and the last moment: a period's, those given, or the present quarter's so far. Raises Problem."""
    from datetime import date

    assert asked.BETWEEN is not None
    if period and (since or until):
        raise Problem("usage.options", why=asked.BETWEEN.both, command=asked.COMMAND)
    if until and as_of:
        raise Problem("usage.options", why=asked.BETWEEN.twice, command=asked.COMMAND)
    end = store.moments(until or as_of, known_at)
    if since is None:
        named = chosen_period(period, store.fiscal_month, end)
        if period and (end.day > named.last or not as_of):
            end = store.moments(named.last.isoformat(), known_at)
        since = date.fromordinal(max(named.first.toordinal() - 1, 1)).isoformat()
    start = store.moments(since, known_at)._replace(position=end.position)
    if start.micros > end.micros:
        facts = {"since": start.day.isoformat(), "until": end.day.isoformat()}
        raise Problem("usage.options", why=asked.BETWEEN.backwards, why_facts=facts, command=asked.COMMAND)
    return start, end


def parsed_period(named: str, fiscal_month: int) -> Period:
    """Return the period that `named` writes. Raises Problem."""
    from domain.calendar.period import Period

    try:
        return Period.parse(named, fiscal_month)
    except ValueError as wrong:
        raise Problem("usage.bad_period", value=named[:80], **why_of(wrong)) from None


def chosen_period(named: str | None, fiscal_month: int, moments: AsOf) -> Period:
    """Return the period that is named, else the fiscal quarter of the question's day. Raises Problem."""
    return parsed_period(named, fiscal_month) if named else quarter_of(moments, fiscal_month)


def quarter_of(moments: AsOf, fiscal_month: int) -> Period:
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


def grade_of(said: str, organisation: Organisation, moments: AsOf) -> str:
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
        raise not_among("--metric", metric, tuple(metrics), help=field_of(asked, name).help)


def must_be_known(asked: type[View], parameters: Mapping[str, Any]) -> None:
    """Raise Problem if a parameter names what the house has none of, whichever store is asked: a policy."""
    for field in fields_of(asked):
        name = parameters.get(field.attribute)
        if field.role == "policy" and name is not None:
            from domain.policy.defaults import DEFAULTS

            if name not in DEFAULTS:
                raise Problem("policy.unknown", name=name, known=", ".join(DEFAULTS))


def must_be_sum(metric: str, organisation: Organisation, period: Period) -> None:
    """Raise Problem unless a metric is one that the team has defined as a sum for days of the period."""
    from projections.views.progress.custom_metrics import sums

    known = sums(organisation, period)
    if metric not in known:
        raise not_among("--metric", metric, tuple(sorted(known)) or ("-",))
