"""Who has left, on a protected store: the database takes no act of theirs and shows them nothing, whatever session is open."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest

from infra.access.postgres_logins import turn_away
from infra.store.open import open_store
from tests.protection.conftest import Sales
from tests.protection.who import Team, append

YESTERDAY = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=8) - dt.timedelta(days=1)).date().isoformat()
CAPTURE = ("lead", "capture", "丁公司", "--channel", "online")
TABLES = ("log", "claims", "keys", "mentions", "tracking_1", "facts_1", "persons_1", "contracts_1")


@pytest.fixture
def left(staff: Team, sales: Sales) -> Team:
    """Let zhang.san have left yesterday."""
    done = sales(staff.url_of("director"), "person", "depart", "zhang.san", "--date", YESTERDAY)
    assert done.status == 0, done.err
    assert "sales init --revoke" in done.out + done.err
    return staff


def seen(connection: psycopg.Connection) -> set[int]:
    counts = [connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in TABLES]
    connection.rollback()
    return {count[0] for count in counts if count}


def test_they_record_nothing_by_command_nor_past_it(left: Team, sales: Sales) -> None:
    for words in (CAPTURE, (*CAPTURE, "--at", "2024-02-01")):
        done = sales(left.url_of("person"), *words)
        assert (done.status, done.code) == (6, "right.departed"), done.err
    with left.connect("writer") as connection, pytest.raises(psycopg.DatabaseError, match="departed on"):
        append(connection, "zhang.san")


def test_they_see_nothing_by_command_nor_past_it(left: Team, sales: Sales) -> None:
    for words in (("tracking",), ("show", "a制造有限公司"), ("progress",)):
        done = sales(left.url_of("person"), *words)
        assert (done.status, done.code) == (6, "right.departed"), done.err
    for who in ("person", "reader", "writer"):
        with left.connect(who) as connection:
            assert seen(connection) == {0}, who


def test_what_happened_before_is_entered_by_others_and_nothing_after(left: Team, sales: Sales) -> None:
    manager = left.url_of("manager")
    assert sales(manager, *CAPTURE, "--actor", "zhang.san", "--at", YESTERDAY).status == 0
    assert (
        sales(manager, "lead", "capture", "戊公司", "--channel", "online", "--actor", "zhang.san").code
        == "right.departed"
    )
    with left.connect("manager") as connection:
        connection.execute(f"SET ROLE {left.roles.writer}".encode())
        with pytest.raises(psycopg.DatabaseError, match="departed on"):
            append(
                connection,
                "chen.jing",
                "zhang.san",
                occurred=(dt.date.fromisoformat(YESTERDAY) + dt.timedelta(days=1)).isoformat(),
            )


def test_a_departure_that_is_withdrawn_or_put_off_gives_everything_back(left: Team, sales: Sales) -> None:
    director = left.url_of("director")
    (at,) = [row["position"] for row in sales(director, "log", "--json").rows if row["name"] == "person.departed"]
    today = (dt.date.fromisoformat(YESTERDAY) + dt.timedelta(days=1)).isoformat()
    put_off = ("event", "correct", str(at), "--values", f'{{"date": "{today}"}}', "--reason", "x", "-y")
    assert sales(director, *put_off).status == 0
    assert sales(left.url_of("person"), *CAPTURE).status == 0
    assert sales(director, "event", "void", str(at), "--reason", "x", "-y").status == 0
    assert sales(left.url_of("person"), "tracking", "--json").rows


def test_a_session_left_open_reads_nothing_after_its_login_was_turned_away(staff: Team) -> None:
    with staff.connect("writer") as connection:
        assert 0 not in seen(connection)
        store = open_store(staff.url)
        with store.db.transaction():
            turn_away(store.db, staff.roles, staff.login("person"))
        store.close()
        assert seen(connection) == {0}
        with pytest.raises(psycopg.DatabaseError):
            append(connection, "zhang.san")
