"""What the views share: their two times, their period, and the columns that are worth their width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.core.options import Option, not_among, option
from infra.errors.problem import Problem, why_of
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.period import Period
    from infra.store.store import Store
    from projections.engine.as_of import Moments
    from projections.engine.projection import Ask
    from projections.queries.organisation import Organisation

CUSTOMERS_OWNER: Final = option("--owner", metavar="LOGIN", help=marked("Only customers of this owner."))
CUSTOMERS_GROUP: Final = option("--group", metavar="CODE", help=marked("Only customers of this group."))
GRADES: Final = ("initial", "high", "key")
CUSTOMER: Final = option("--customer", metavar="SUBJECT", help=marked("Only this customer: id, key or exact name."))
PERSON: Final = option("--owner", metavar="LOGIN", help=marked("Only this person."))
PEOPLE: Final = option("--group", metavar="CODE", help=marked("Only the people of this group."))


def grade_option(help: str) -> Option:
    """Return the option for a grade, in its own word or in one of the team's."""
    return option("--grade", metavar="|".join(GRADES), offers=GRADES, help=help)


class Asking(NamedTuple):
    """A question in hand: the tables to ask, its two moments, and the organisation as it is known at them."""

    ask: Ask
    moments: Moments
    organisation: Organisation


@contextmanager
def asking(session: Session, *projections: str) -> Iterator[Asking]:
    """Give the tables of projections, and what else a view asks with. Raises Problem if a table can't be asked."""
    from projections.queries.organisation import Organisation

    store = session.store()
    with store.view(*projections) as ask:
        moments = store.moments(session.as_of, session.known_at)
        yield Asking(ask, moments, Organisation(ask, moments.position))


def told(moments: Moments) -> dict[str, Any]:
    """Return what a view says of its two times: as_of, known_at, and the log position that it knows."""
    return {
        "as_of": moments.as_of.isoformat(timespec="seconds"),
        "known_at": moments.known_at.isoformat(timespec="seconds"),
        "position": moments.position,
    }


def present_period() -> Option:
    """Return the option for a view's period, the present quarter unless it is given."""
    return option(
        "--period",
        "-p",
        metavar="PERIOD",
        help=marked("2024Q1, 2024-02, 2024-W07, 2024; the present quarter unless given."),
    )


def period_of(named: str, store: Store) -> Period:
    """Return the period that `named` writes. Raises Problem."""
    from domain.calendar.period import Period

    try:
        return Period.parse(named, store.fiscal_month)
    except ValueError as wrong:
        raise Problem("usage.bad_period", value=named[:80], **why_of(wrong)) from None


def given_period(session: Session, named: str | None) -> Period | None:
    """Return the period that is named, None for all of them. Raises Problem."""
    return period_of(named, session.store()) if named else None


def chosen_period(session: Session, named: str | None, moments: Moments) -> Period:
    """Return the period that is named, else the fiscal quarter of the question's day. Raises Problem."""
    return period_of(named, session.store()) if named else quarter_of(moments, session.store())


def grade_of(said: str | None, organisation: Organisation, moments: Moments) -> str | None:
    """Return the grade that a word means by the policy in force on the question's day; None for none. Raises Problem."""
    if said is None or said in GRADES:
        return said
    from domain.kernel.field_checks import choice_of
    from domain.kernel.synonyms import meant

    (policy,) = organisation.in_force(moments.day, "grade-words")
    words = policy["values"]["words"]
    grade = meant(said.strip(), GRADES) or choice_of({**words, **{grade: grade for grade in GRADES}}, said)
    if grade is None:
        raise not_among("--grade", said, (*GRADES, *words))
    return grade


def customer_of(named: str, store: Store) -> str:
    """Return the id of the customer that `named` names: its id, a key, its exact name. Raises Problem."""
    stream = store.subject(named)
    if not stream.startswith("cus_"):
        raise Problem("subject.wrong_kind", subject=named, kind=noun_of(stream), noun="customer")
    return stream


def noun_of(stream: str) -> str:
    """Return the noun of a subject."""
    from domain.kernel.registry import subject_of

    subject = subject_of(stream)
    return subject.noun if subject else "-"


def structured(session: Session) -> bool:
    """Say whether the rows are printed as JSON, with the keys of the contract and no others."""
    return session.output in ("json", "jsonl")


def quarter_of(moments: Moments, store: Store) -> Period:
    """Return the fiscal quarter in which the question's day lies."""
    for year in (moments.day.year - 1, moments.day.year, moments.day.year + 1):
        for quarter in range(1, 5):
            period = period_of(f"{year}Q{quarter}", store)
            if period.contains(moments.day):
                return period
    raise Problem("usage.bad_period", value=str(moments.day), why="no quarter holds this day")


def explained(columns: tuple[Column, ...], session: Session) -> tuple[Column, ...]:
    """Return the columns with one more for the events behind a row, if they are asked for."""
    return (*columns, Column("events", marked("Events"), "list", asked=True)) if session.explain else columns


def worth_their_width(
    columns: tuple[Column, ...], rows: Sequence[Mapping[str, Any]], session: Session
) -> tuple[Column, ...]:
    """Leave out of a table for the eye the columns that may be blank and are blank in every row."""
    if session.output != "table":
        return columns
    return tuple(c for c in columns if c.missing or not rows or any(row.get(c.key) is not None for row in rows))


def columns_of(
    session: Session, rows: Sequence[Mapping[str, Any]], main: tuple[Column, ...], more: tuple[Column, ...]
) -> tuple[Column, ...]:
    """Return the columns to show: those of a table for the eye, or `more` with them; none that is blank in every row."""
    every = main if session.output == "table" else (*main, *more)
    return worth_their_width(explained(every, session), rows, session)


def ticked(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a row as a reader takes it in: a word where one of `names` is so, nothing where it is not."""
    return {**row, **{name: translate.translate(marked("yes")) if row[name] else None for name in names}}


def timely(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with a word where it is overdue or was in time, and its days late where there are any."""
    return {**ticked(row, *({"overdue", "in_time"} & row.keys())), "late_days": row["late_days"] or None}


def by_policies(session: Session, policies: Sequence[Mapping[str, Any]]) -> None:
    """Say under a table which policies its figures rest on, and since when each is in force."""
    if session.output != "table":
        return
    default = translate.translate(marked("default"))
    named = [
        translate.filled(marked("{name} ({since})"), {"name": each["name"], "since": each["from"] or default})
        for each in policies
    ]
    session.say(translate.filled(marked("By the policies: {policies}."), {"policies": translate.listed(named)}))
