"""On a protected Postgres: every login seals and opens, the projector alone destroys keys."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from infra.access.postgres_logins import Login, admit
from infra.crypto.key_store import place_of
from infra.db.postgres import Address
from infra.store.open import open_store
from infra.store.postgres_roles import protect
from tests.faults.running import sales
from tests.given import Given, company, lead
from tests.protection.conftest import gone
from tests.protection.who import Team


@pytest.fixture
def team(postgres_server: str, postgres_url: str) -> Iterator[Team]:
    """Return a protected store with one customer, a rep's login, a manager's and the projector's."""
    given = Given(postgres_url)
    given.happened(*company(), lead("a", by="zhang.san", contact="王经理"))
    given.store.catch_up()
    schema = Address(postgres_url).schema
    to = protect(given.store.db, schema)
    assert to is not None
    made = Team(postgres_server, postgres_url, schema, to)
    for name, person, kind in (
        ("person", "zhang.san", "person"),
        ("manager", "chen.jing", "person"),
        ("projector", "", "projector"),
    ):
        admit(given.store.db, to, Login(made.login(name), person, kind))  # type: ignore[arg-type]
    for name in ("director", "service", "reader", "public"):
        given.store.db.run(f"CREATE ROLE {made.login(name)}")
    yield made
    given.store.db.run(f"DROP SCHEMA {place_of(given.store.db)} CASCADE")
    gone(given.store.db.run, made, to)
    given.close()


def caught_up(team: Team) -> None:
    """Let the projector do its work, as `sales work` does."""
    store = open_store(team.url_of("projector"))
    store.catch_up()
    store.close()


def test_a_login_seals_what_it_records_and_opens_what_it_reads(team: Team) -> None:
    mine = team.url_of("person")
    done = sales("customer", "add-contact", "a", "--contact", "李总", store=mine)
    assert done.status == 0, done.err
    caught_up(team)
    shown = sales("audit", "a", store=mine)
    assert "李总" in shown.out, shown.err
    assert "王经理" in shown.out


def test_a_managers_erasure_is_carried_out_by_the_projector(team: Team) -> None:
    done = sales("customer", "erase-contact", "a", "--yes", "--reason", "本人要求", store=team.url_of("manager"))
    assert done.status == 0, done.err
    caught_up(team)
    assert "[erased]" in sales("tracking", "--json", store=team.url_of("manager")).out
    assert "王经理" not in sales("audit", "a", store=team.url_of("manager")).out


@pytest.mark.parametrize("who", ["person", "manager"])
def test_nobody_else_destroys_a_key(team: Team, who: str) -> None:
    with team.connect(who) as connection:
        keys = f"{team.schema}_keys"
        for sql in (
            f"UPDATE {keys}.data_keys SET wrapped = NULL",
            f"DELETE FROM {keys}.data_keys",
            f"TRUNCATE {keys}.data_keys",
            f"DROP TABLE {keys}.data_keys",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql)
            connection.rollback()
