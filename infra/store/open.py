"""Opening a store, making one, and whoever begins it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.crypto.keyrings import NOWHERE, Places
from infra.db.connect import open_database
from infra.db.errors import StoreMissing, as_problems, without_password
from infra.errors.problem import Problem
from infra.event_store.migrations import check_store, init_store
from infra.store.store import Clock, Store, now


def open_store(url: str, *, clock: Clock = now, places: Places = NOWHERE, notes: str | None = None) -> Store:
    """Open the store at `url`, whose keys are at `places`; `notes` is where this machine remembers stores.

    Raises Problem: store.missing where there is none, store.gone where there was one.
    """
    with as_problems(without_password(url)):
        try:
            db = open_database(url, create=False)
            check_store(db)
        except StoreMissing as missing:
            from infra.store.creation import absent

            raise absent(url, notes, str(missing.facts.get("why", ""))) from missing
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
    from infra.store import derived_tables
    from infra.store.creation import made_whole

    def prepared(url: str) -> tuple[Store, bool]:
        db = open_database(url, create=True)
        created = init_store(db, settings)
        derived_tables.register(db)
        store = Store(url, db, clock, places)
        if first_actor and not store.reader.streams_like("per_"):
            register_first(store, first_actor, first_name or first_actor)
        return store, created

    with as_problems(without_password(url)):
        made = made_whole(url, lambda part: prepared(part)[0].close())
        store, created = prepared(url)
        return store, created or made


def register_first(store: Store, login: str, name: str) -> None:
    """Register who begins the store as its director."""
    from infra.commands.request import request

    line: dict[str, Any] = {
        "action": "person.register",
        "actor": login,
        "data": {"login": login, "name": name, "role": "director"},
    }
    (answer,) = store.ledger(login, source="system").record([request(line)])
    # So is answered who finds that somebody else has begun the store meanwhile.
    if isinstance(answer, Problem) and answer.code not in ("person.unknown", "person.exists"):
        raise answer
