"""What the views that are commands of their own share: their two times, their period, and the columns that are worth their width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.core.options import Option, option
from infra.i18n.translate import marked
from infra.queries import runner
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.period import Period
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.engine.projection import Ask
    from projections.queries.organisation import Organisation

told = runner.times


class Asking(NamedTuple):
    """A question in hand: the tables to ask, its two moments, and the organisation as it is known at them."""

    ask: Ask
    moments: AsOf
    organisation: Organisation


@contextmanager
def asking(session: Session, *projections: str) -> Iterator[Asking]:
    """Give the tables of projections, and what else a view asks with. Raises Problem if a table can't be asked."""
    from projections.queries.organisation import Organisation

    store = session.store()
    with store.view(*projections) as ask:
        moments = store.moments(session.as_of, session.known_at)
        yield Asking(ask, moments, Organisation(ask, moments.position))


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
    return runner.parsed_period(named, store.fiscal_month)


def chosen_period(session: Session, named: str | None, moments: AsOf) -> Period:
    """Return the period that is named, else the fiscal quarter of the question's day. Raises Problem."""
    return period_of(named, session.store()) if named else quarter_of(moments, session.store())


def quarter_of(moments: AsOf, store: Store) -> Period:
    """Return the fiscal quarter in which the question's day lies. Raises Problem."""
    return runner.quarter_of(moments, store.fiscal_month)


def structured(session: Session) -> bool:
    """Say whether the rows are printed as JSON, with the keys of the contract and no others."""
    return session.output in ("json", "jsonl")


def worth_their_width(
    columns: tuple[Column, ...], rows: Sequence[Mapping[str, Any]], session: Session
) -> tuple[Column, ...]:
    """Leave out of a table for the eye the columns that may be blank and are blank in every row."""
    from cli.views import declared

    return declared.worth_their_width(columns, rows, session.output)
