"""Opening a store, making one, and whoever begins it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra import tables
from infra.database import open_database, without_password
from infra.faults import as_problems
from infra.problem import Problem
from infra.record import StoreMissing
from infra.rings import NOWHERE, Places
from infra.schema import check_store, init_store
from infra.store import Clock, Store, now


def open_store(
    url: str,
    *,
    first_actor: str | None = None,
    clock: Clock = now,
    settings: Mapping[str, str] | None = None,
    places: Places = NOWHERE,
) -> Store:
    """Open the store at `url`, whose keys are at `places`.

    A missing SQLite store is made, with `first_actor` registered as its director, when `first_actor` is given; on
    Postgres `sales init` is explicit. Raises Problem.
    """
    with as_problems(without_password(url)):
        try:
            db = open_database(url, create=False)
            check_store(db)
        except StoreMissing:
            if first_actor is None or not url.startswith("sqlite:"):
                raise
            return create_store(url, first_actor=first_actor, clock=clock, settings=settings, places=places)[0]
        store = Store(url, db, clock, places)
        here = store.signed_in
    if here and here.gone:
        store.close()
        raise Problem("right.departed", login=here.person, date=here.gone)
    return store


def create_store(
    url: str,
    *,
    first_actor: str | None,
    first_name: str | None = None,
    clock: Clock = now,
    settings: Mapping[str, str] | None = None,
    places: Places = NOWHERE,
) -> tuple[Store, bool]:
    """Make the store at `url`, or bring an existing one up to date; returns it and whether it was made.

    `first_actor` is registered as director of a new store; None leaves its log empty, to be filled by a migration.
    """
    with as_problems(without_password(url)):
        db = open_database(url, create=True)
        created = init_store(db, settings)
        tables.register(db)
        store = Store(url, db, clock, places)
        if first_actor and not store.reader.streams_like("per_"):
            register_first(store, first_actor, first_name or first_actor)
        return store, created


def register_first(store: Store, login: str, name: str) -> None:
    """Register who begins the store as its director."""
    from infra.request import request

    line: dict[str, Any] = {
        "action": "person.register",
        "actor": login,
        "data": {"login": login, "name": name, "role": "director"},
    }
    (answer,) = store.ledger(login, source="system").record([request(line)])
    # Unknown is who finds that somebody else has begun the store meanwhile.
    if isinstance(answer, Problem) and answer.code != "person.unknown":
        raise answer
