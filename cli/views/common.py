"""What the commands of views share: the option for a period, the form for programs, and the two times of a question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from cli.core.options import Option, option
from infra.i18n.translate import marked
from infra.queries import runner

if TYPE_CHECKING:
    from cli.core.session import Session
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


def period_option(help: str = "") -> Option:
    """Return the option for a view's period; without a help of its own it is the present quarter unless it is given."""
    present = marked("2024Q1, 2024-02, 2024-W07, 2024; the present quarter unless given.")
    return option("--period", "-p", metavar="PERIOD", help=help or present)


def structured(session: Session) -> bool:
    """Say whether the rows are printed as JSON, with the keys of the contract and no others."""
    return session.output in ("json", "jsonl")
