"""What weakens a store on Postgres is found, as long as it lasts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest

from infra.access.postgres_hardening import weaknesses
from infra.db.connect import open_database
from infra.db.database import Database
from tests.conftest import make_store
from tests.faults.running import sales
from tests.protection.who import Team


class TakenBack(Exception):
    """Ends a transaction without its trace."""


@pytest.fixture
def db(team: Team) -> Iterator[Database]:
    opened = open_database(team.url, create=False)
    yield opened
    opened.close()


def test_a_store_as_init_made_it_has_no_weakness(db: Database) -> None:
    assert weaknesses(db) == []


def test_a_store_without_roles_says_so(postgres_url: str) -> None:
    make_store(postgres_url)
    db = open_database(postgres_url, create=False)
    assert weaknesses(db) == ["roles"]
    db.close()


@pytest.mark.parametrize(
    ("act", "found"),
    [
        ("ALTER TABLE log DISABLE TRIGGER log_keeps", ["trigger"]),
        ("ALTER TABLE log ENABLE TRIGGER log_keeps", ["trigger"]),
        ("ALTER FUNCTION append_events SECURITY INVOKER", ["append"]),
        ("ALTER TABLE facts_1 DISABLE ROW LEVEL SECURITY", ["rows: facts_1"]),
        ("ALTER TABLE head OWNER TO CURRENT_USER", ["owner: head"]),
        ("ALTER TABLE tracking_1 OWNER TO CURRENT_USER", ["owner: tracking_1"]),
    ],
)
def test_what_was_taken_off_is_named(db: Database, act: str, found: list[str]) -> None:
    with suppress(TakenBack), db.transaction():
        db.run(act)
        seen = weaknesses(db)
        raise TakenBack
    assert seen == found


@pytest.mark.parametrize(
    ("act", "back", "said"),
    [
        (
            "ALTER TABLE log DISABLE TRIGGER log_keeps",
            "ALTER TABLE log ENABLE ALWAYS TRIGGER log_keeps",
            {"en": "nothing keeps the log from being changed", "zh": "没有任何机制阻止日志被改动"},
        ),
        (
            "ALTER TABLE facts_1 DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE facts_1 ENABLE ROW LEVEL SECURITY",
            {"en": "the table facts_1 shows every row", "zh": "表 facts_1 向所有有权读取的人显示每一行"},
        ),
    ],
)
def test_doctor_says_what_is_weak_and_how_to_mend_it(
    team: Team, db: Database, act: str, back: str, said: dict[str, str]
) -> None:
    db.run(act)
    try:
        for lang, words in said.items():
            done = sales("doctor", "--lang", lang, "--json", store=team.url)
            rows = [row for row in json.loads(done.out)["rows"] if row["check"] == "protection"]
            assert (done.status, [row["state"] for row in rows]) == (9, ["problem"])
            assert rows[0]["detail"].startswith(words)
            assert rows[0]["remedy"]
    finally:
        db.run(back)
    (row,) = (
        row for row in json.loads(sales("doctor", "--json", store=team.url).out)["rows"] if row["check"] == "protection"
    )
    assert (row["state"], row["detail"]) == ("ok", "roles of its own")
