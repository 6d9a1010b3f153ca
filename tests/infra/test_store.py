"""A store as it is opened, made, and asked: first use, settings, moments, names, and addresses that are none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.db.connect import open_database
from infra.errors.problem import Problem
from infra.event_store.migrations import read_settings
from infra.store import locations
from infra.store.creation import must_begin, must_not_be_gone
from infra.store.open import create_store, open_store
from infra.store.store import Store
from tests.given import lead, line
from tests.infra.recording import BOSS, hold

NOON = datetime(2024, 3, 29, 4, tzinfo=UTC)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made, _ = create_store(store_url, first_actor=BOSS, clock=lambda: NOON)
    yield made
    made.close()


def code_of(url: str, *, notes: str | None = None) -> str:
    """Return the code of the problem that opening a store runs into."""
    with pytest.raises(Problem) as refused:
        open_store(url, notes=notes)
    return refused.value.code


def test_a_sqlite_store_is_made_with_its_director_and_nothing_else_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/folder/store.db"
    made, created = create_store(url, first_actor="wang.fang", clock=lambda: NOON)
    assert created
    (record,) = made.reader.read(0, 10)
    assert (record.name, record.stream, record.source) == ("person.registered", "per_wang.fang", "system")
    made.close()
    assert [file.name for file in (tmp_path / "deep/folder").iterdir() if file.suffix != ".keys"] == ["store.db"]
    again, created = create_store(url, first_actor="li.si")
    assert (created, again.reader.head()[0]) == (False, 1)
    again.close()


def test_a_store_on_a_server_is_made_explicitly(postgres_url: str) -> None:
    assert code_of(postgres_url) == "store.missing"
    made, created = create_store(postgres_url, first_actor=BOSS)
    assert (created, made.reader.head()[0]) == (True, 1)
    made.close()


def test_a_store_made_again_stays_as_it_is(store: Store) -> None:
    hold(store, lead("l1", by=BOSS))
    again, created = create_store(store.url, first_actor="eve", settings={"zone": "UTC"})
    assert (created, again.settings, again.reader.head()) == (False, store.settings, store.reader.head())
    again.close()


def test_two_who_make_the_same_store_at_once_make_one(store_url: str) -> None:
    def make(login: str) -> bool:
        made, created = create_store(store_url, first_actor=login)
        made.close()
        return created

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, (BOSS, "chen.jing"))) == [False, True]
    opened = open_store(store_url)
    assert opened.reader.head()[0] >= 1
    assert len(opened.reader.claims("login", [BOSS, "chen.jing"])) == opened.reader.head()[0]
    opened.close()


def test_many_first_acts_of_one_person_at_once_make_one_store_that_knows_them(store_url: str) -> None:
    def make(_turn: int) -> tuple[bool, int]:
        made, created = create_store(store_url, first_actor=BOSS)
        seen = made.reader.head()[0]
        made.close()
        return created, seen

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(make, range(6)))
    assert sorted(created for created, _seen in made) == [False] * 5 + [True]
    assert {seen for _created, seen in made} == {1}


def test_an_empty_file_is_no_store_until_one_is_made_of_it(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.touch()
    assert code_of(f"sqlite:///{file}") == "store.missing"
    with pytest.raises(Problem, match=r"store\.missing"):
        must_begin(f"sqlite:///{file}", None, folders=True)
    assert file.stat().st_size == 0
    create_store(f"sqlite:///{file}", first_actor=BOSS)[0].close()
    assert file.stat().st_size > 0


@pytest.mark.parametrize("sign", ["store.keys", "store.db-wal", "a note"])
def test_a_store_whose_traces_are_there_is_gone_and_not_begun_by_an_act(tmp_path: Path, sign: str) -> None:
    file, notes = tmp_path / "store.db", str(tmp_path / "notes")
    url = f"sqlite:///{file}"
    must_begin(url, notes, folders=False)
    if sign == "a note":
        locations.remember(notes, str(file), "an-id", backup="/mnt/nightly.backup")
    else:
        (tmp_path / sign).write_bytes(b"x")
    assert code_of(url, notes=notes) == "store.gone"
    for refuse in (lambda: must_begin(url, notes, folders=True), lambda: must_not_be_gone(url, notes)):
        with pytest.raises(Problem) as refused:
            refuse()
        assert (refused.value.code, refused.value.exit_status) == ("store.gone", 4)
        assert refused.value.facts["backup"] == ("/mnt/nightly.backup" if sign == "a note" else "FILE")


def test_no_store_is_made_beside_a_journal_that_would_flow_into_it(tmp_path: Path) -> None:
    journal = tmp_path / "store.db-wal"
    journal.write_bytes(b"what the store had last")
    for empty in (False, True):
        if empty:
            (tmp_path / "store.db").touch()
        with pytest.raises(Problem) as refused:
            create_store(f"sqlite:///{tmp_path}/store.db", first_actor=BOSS)
        assert (refused.value.code, refused.value.facts["file"]) == ("store.journal", str(journal))
    assert journal.read_bytes() == b"what the store had last"


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, " * 100)
    assert code_of(f"sqlite:///{file}") == "store.unreachable"
    assert file.read_text().startswith("Dear Sir")


def test_somebody_elses_database_with_a_table_called_store_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    with sqlite3.connect(file) as shop:
        shop.execute("CREATE TABLE store (id INTEGER, city TEXT)")
    assert code_of(f"sqlite:///{file}") == "store.missing"
    with sqlite3.connect(file) as shop:
        assert shop.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("store",)]


@pytest.mark.parametrize(
    "url",
    ["", "store.db", "sqlite://", "sqlite:///", "mysql://x/y", "postgresql://x:pw@localhost:1/d?connect_timeout=1"],
)
def test_an_address_that_leads_nowhere_is_unreachable(url: str) -> None:
    with pytest.raises(Problem) as refused:
        create_store(url, first_actor=BOSS)
    assert (refused.value.code, refused.value.exit_status) == ("store.unreachable", 7)
    assert "pw" not in str(refused.value.facts)


@pytest.mark.parametrize("place", ["/proc/nowhere/store.db", "/dev/null/store.db", "/"])
def test_a_place_where_nothing_can_be_written_is_unreachable(place: str) -> None:
    with pytest.raises(Problem) as refused:
        create_store(f"sqlite:///{place}", first_actor=BOSS)
    assert refused.value.code == "store.unreachable"


def test_a_store_of_a_newer_program_is_refused_with_both_versions(store: Store) -> None:
    store.db.run("UPDATE store SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(Problem) as refused:
        open_store(store.url)
    problem = refused.value
    assert (problem.code, problem.exit_status) == ("store.too_new", 7)
    assert problem.text.message.format(**problem.facts) == "The store has schema 99, and this program knows 1."


def test_every_text_of_a_store_s_faults_finds_its_facts(store: Store) -> None:
    store.db.run("DROP TABLE head")
    with pytest.raises(Problem) as broken:
        hold(store, lead("l1", by=BOSS))
    problem = broken.value
    assert problem.exit_status in (4, 7, 1)
    assert "(" not in problem.text.message.format_map({**problem.facts})


@pytest.mark.parametrize(
    ("as_of", "known_at", "moment", "known"),
    [
        (None, None, "2024-03-29T23:59:59.999999+08:00", "2024-03-29T12:00:00+08:00"),
        ("2024-02-18", None, "2024-02-18T23:59:59.999999+08:00", "2024-03-29T12:00:00+08:00"),
        (None, "2024-02-18", "2024-02-18T23:59:59.999999+08:00", "2024-02-18T23:59:59.999999+08:00"),
        ("2024-W07", "yesterday", "2024-02-18T23:59:59.999999+08:00", "2024-03-28T23:59:59.999999+08:00"),
        ("2024-02-18T10:00:00Z", None, "2024-02-18T10:00:00+00:00", "2024-03-29T12:00:00+08:00"),
    ],
)
def test_a_question_has_two_moments(
    store: Store, as_of: str | None, known_at: str | None, moment: str, known: str
) -> None:
    moments = store.moments(as_of, known_at)
    assert moments.as_of == datetime.fromisoformat(moment)
    assert moments.known_at == datetime.fromisoformat(known)


def test_what_is_no_moment_is_refused(store: Store) -> None:
    for odd in ("2024-02-30", "2024-W60", "soon", "9999-99-99", "-1", "2024..2025", "0000-01-01"):
        with pytest.raises(Problem) as refused:
            store.moments(odd)
        assert refused.value.code == "usage.bad_moment"


def test_a_subject_is_found_by_id_key_name_login_or_code(store: Store) -> None:
    (captured, _, _) = hold(
        store,
        lead("l1", "甲公司", by=BOSS),
        line("group.form", code="g1", name="一组"),
        line("policy.adopt", name="entry-deadline", values={"working_days": 2}),
    )
    for named in (captured.subject, "l1", "甲公司"):
        assert store.subject(named) == captured.subject
    assert (store.subject(BOSS), store.subject("g1")) == (f"per_{BOSS}", "grp_g1")
    assert store.subject("entry-deadline") == "pol_entry-deadline"
    hold(store, lead("l2", "甲公司", by=BOSS))
    for named, code in (("甲公司", "subject.ambiguous"), ("乙公司", "subject.unknown"), ("cus_0", "subject.unknown")):
        with pytest.raises(Problem) as refused:
            store.subject(named)
        assert (refused.value.code, refused.value.exit_status) == (code, 4)


def test_settings_of_a_store_hold_for_all_who_open_it(store_url: str) -> None:
    made, _ = create_store(store_url, first_actor=BOSS, settings={"zone": "Europe/Berlin", "currency": "EUR"})
    made.close()
    opened = open_store(store_url)
    assert (str(opened.zone), opened.currency, opened.fiscal_month) == ("Europe/Berlin", "EUR", 1)
    db = open_database(store_url, create=False)
    assert read_settings(db) == opened.settings
    db.close()
    opened.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("zone", "Mars/Base"), ("zone", "../etc/passwd"), ("zone", ""), ("fiscal_month", "13"), ("fiscal_month", "x")],
)
def test_a_setting_that_somebody_made_nonsense_of_is_named(store: Store, name: str, value: str) -> None:
    store.db.run("UPDATE store SET value = ? WHERE name = ?", (value, name))
    assert code_of(store.url) == "proof.setting"


@pytest.mark.parametrize("name", ["zone", "fiscal_month"])
def test_a_setting_that_somebody_took_away_is_named(store: Store, name: str) -> None:
    store.db.run("DELETE FROM store WHERE name = ?", (name,))
    assert code_of(store.url) == "proof.setting"
