"""What the tables say of a person's customers and contracts, for the decisions that ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from infra.access import session_role
from infra.errors.problem import Problem
from projections.queries.organisation import Organisation

if TYPE_CHECKING:
    from infra.store.store import Store


def owned(store: Store, login: str) -> Sequence[str]:
    """Return the customers that `login` owns as of now, first captured first."""
    return list(_stages(store, login))


def holding(store: Store, login: str) -> Sequence[str]:
    """Return those of them that count for a holding cap: none that stays with its owner whatever happens."""
    from domain.customer.tenure import KEPT

    return [customer for customer, stage in _stages(store, login).items() if stage not in KEPT]


def sold(store: Store, login: str) -> Sequence[str]:
    """Return the contracts in which `login` is named, or whose signing is credited to them, the first drafted first."""
    from projections.queries.customers import sold as question

    store.must_be_fresh()
    with store.view("progress", "audit") as ask:
        return question(ask, login)


def _stages(store: Store, login: str) -> Mapping[str, str]:
    """Return the customers that `login` owns as of now, first captured first, each with its stage."""
    from projections.views import tracking

    if not session_role.sees(store.db, login):
        raise Problem("right.whole", what=login)
    store.must_be_fresh()
    with store.view("tracking", "organisation") as ask:
        moments = store.moments()
        organisation = Organisation(ask, moments.position)
        rows = tracking.rows(ask, moments, organisation, currency=store.currency, wanted={"owner": login})
    return {row["id"]: row["stage"] for row in rows}
