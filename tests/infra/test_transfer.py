"""A whole log moved from store to store and back: the same bytes, the same keys, and broken files refused by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.store.open import create_store, open_store
from infra.store.store import Store
from tests.faults.running import Done, sales
from tests.given import lead, line, signed
from tests.infra.recording import BOSS, asked, hold, words
from tests.infra.test_projector import poison

NOON = datetime(2024, 3, 29, 12, tzinfo=UTC)
SETTINGS = {"zone": "Europe/Berlin", "fiscal_month": "4", "currency": "EUR", "calendar": "none"}
LINES = [
    line("person.register", login="zhang.san", name="张三"),
    *(lead(f"l{n}", f"公司{n % 3} “引号” \\ 反斜杠", at=f"2024-01-{20 - n:02}") for n in range(8)),
    *signed("c1", "l1", "80000", "2024-02-01", currency="EUR"),
    line("lead.merge", "l3", key="m", at="2024-02-03", duplicate="l4"),
    line("event.correct", "l5", key="e", reason='写错了 ,"data":', values={"campaign": 'a,"data":{"b'}),
]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Store]:
    """Return a SQLite store with something of everything."""
    made, _ = create_store(f"sqlite:///{tmp_path}/from.db", first_actor=BOSS, clock=lambda: NOON, settings=SETTINGS)
    hold(made, *LINES)
    yield made
    made.close()


def exported(store: str, to: Path) -> bytes:
    done = sales("export", "--out", str(to), store=store)
    assert (done.status, done.out) == (0, "")
    return to.read_bytes()


def imported(data: bytes, file: Path, store: str, *more: str) -> Done:
    file.write_bytes(data)
    return sales("import", "log", str(file), *more, store=store)


def test_a_log_moved_to_another_store_and_back_is_the_same_to_the_byte(
    filled: Store, store_url: str, tmp_path: Path
) -> None:
    first = exported(filled.url, tmp_path / "a.jsonl")
    assert imported(first, tmp_path / "b.jsonl", store_url).status == 0
    second = exported(store_url, tmp_path / "c.jsonl")
    assert second == first
    back = f"sqlite:///{tmp_path}/back.db"
    assert imported(second, tmp_path / "d.jsonl", back).status == 0
    assert exported(back, tmp_path / "e.jsonl") == first


def test_a_moved_log_keeps_every_record_and_what_is_derived_from_it(
    filled: Store, store_url: str, tmp_path: Path
) -> None:
    imported(exported(filled.url, tmp_path / "a.jsonl"), tmp_path / "b.jsonl", store_url)
    moved = open_store(store_url)
    assert moved.reader.read(0, 100) == filled.reader.read(0, 100)
    assert moved.reader.head() == filled.reader.head()
    for table in ("claims", "keys", "mentions"):
        everything = f"SELECT * FROM {table}"
        assert sorted(moved.db.all(everything)) == sorted(filled.db.all(everything))
    kept = ("zone", "fiscal_month", "currency", "calendar")
    assert {name: moved.settings[name] for name in kept} == SETTINGS
    moved.close()


def test_keys_are_still_repeated_after_a_move_and_the_log_goes_on(
    filled: Store, store_url: str, tmp_path: Path
) -> None:
    imported(exported(filled.url, tmp_path / "a.jsonl"), tmp_path / "b.jsonl", store_url)
    moved = open_store(store_url, clock=lambda: NOON)
    head = moved.reader.head()[0]
    keyed = [said for said in LINES if said.get("key")]
    ledger = moved.ledger(BOSS)
    assert set(words(ledger.record(asked(*keyed)))) == {"repeated"}
    assert words(ledger.record(asked(lead("l1", "别的公司")))) == ["key.conflict"]
    (answer,) = hold(moved, lead("l9"))
    assert answer.position == head + 1
    moved.close()


def test_a_log_is_not_imported_into_a_store_that_has_events(filled: Store, tmp_path: Path) -> None:
    data = exported(filled.url, tmp_path / "a.jsonl")
    head = filled.reader.head()
    done = imported(data, tmp_path / "b.jsonl", filled.url)
    assert (done.status, done.code) == (3, "store.has_events")
    assert filled.reader.head() == head


def broken(data: bytes, how: str) -> bytes:
    """Break the fifth line of an export, or its header or end."""
    rows = data.splitlines(keepends=True)
    match how:
        case "no JSON":
            rows[4] = rows[4][:40] + b"\n"
        case "a position left out":
            del rows[4]
        case "two swapped":
            rows[4], rows[5] = rows[5], rows[4]
        case "a member too many":
            rows[4] = b'{"color":1,' + rows[4][1:]
        case "a member missing":
            rows[4] = rows[4].replace(b'"actor":', b'"reason":')
        case "a wrong type":
            rows[4] = rows[4].replace(b'"version":1', b'"version":"one"')
        case "an unknown event":
            rows[4] = rows[4].replace(b"customer.lead_captured", b"customer.abducted")
        case "data that no event holds":
            rows[4] = rows[4].partition(b'"data":')[0] + b'"data":{"color":1}}\n'
    return b"".join(rows)


@pytest.mark.parametrize(
    "how",
    [
        "no JSON",
        "a position left out",
        "two swapped",
        "a member too many",
        "a member missing",
        "a wrong type",
        "an unknown event",
        "data that no event holds",
    ],
)
def test_a_broken_line_is_refused_by_its_number(filled: Store, tmp_path: Path, how: str) -> None:
    data = broken(exported(filled.url, tmp_path / "a.jsonl"), how)
    done = imported(data, tmp_path / "b.jsonl", f"sqlite:///{tmp_path}/to.db")
    assert (done.status, done.code) == (2, "migration.bad_export"), done.err
    assert "Line 5 is no exported event" in done.err


@pytest.mark.parametrize("cut", [1, 4])
def test_a_file_that_was_cut_off_is_noticed(filled: Store, tmp_path: Path, cut: int) -> None:
    rows = exported(filled.url, tmp_path / "a.jsonl").splitlines(keepends=True)
    events = len(rows) - 2  # the last line is that of a data key
    done = imported(b"".join(rows[: -1 - cut]), tmp_path / "b.jsonl", f"sqlite:///{tmp_path}/to.db")
    assert (done.status, done.code) == (2, "migration.bad_export")
    assert f"the file ends after {events - cut} of {events} events" in done.err


def test_a_file_without_its_data_keys_is_noticed(filled: Store, tmp_path: Path) -> None:
    rows = exported(filled.url, tmp_path / "a.jsonl").splitlines(keepends=True)
    done = imported(b"".join(rows[:-1]), tmp_path / "b.jsonl", f"sqlite:///{tmp_path}/to.db")
    assert (done.status, done.code) == (2, "migration.bad_export")
    assert "the file ends after 0 of 1 data keys" in done.err


def test_an_event_twice_in_a_file_is_refused(filled: Store, store_url: str, tmp_path: Path) -> None:
    rows = exported(filled.url, tmp_path / "a.jsonl").splitlines(keepends=True)
    rows[5] = rows[4].replace(b'"position":4', b'"position":5')
    done = imported(b"".join(rows), tmp_path / "b.jsonl", store_url)
    assert (done.status, done.code) == (2, "migration.bad_export")


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"no header\n",
        b"[]\n",
        b'{"salestrail": 99, "settings": {}, "events": 0}\n',
        b'{"salestrail": 1, "settings": {"zone": "Mars/Olympus", "fiscal_month": 1, "currency": "CNY"}, "events": 0}\n',
        b'{"salestrail": 1, "settings": {"zone": "UTC", "fiscal_month": 13, "currency": "CNY"}, "events": 0}\n',
        b'{"salestrail": 1, "settings": {"zone": "UTC"}, "events": 0}\n',
    ],
)
def test_a_wrong_header_is_refused_before_a_store_is_made(tmp_path: Path, first: bytes) -> None:
    done = imported(first, tmp_path / "b.jsonl", f"sqlite:///{tmp_path}/to.db")
    assert (done.status, done.code) == (2, "migration.bad_export")
    assert not (tmp_path / "to.db").exists()


def test_an_empty_log_moves_too(tmp_path: Path, store_url: str) -> None:
    create_store(f"sqlite:///{tmp_path}/from.db", first_actor=None)[0].close()
    data = exported(f"sqlite:///{tmp_path}/from.db", tmp_path / "a.jsonl")
    assert json.loads(data)["events"] == 0
    assert imported(data, tmp_path / "b.jsonl", store_url).status == 0


def test_a_log_with_an_event_that_cannot_be_read_is_exported_as_it_stands(filled: Store, tmp_path: Path) -> None:
    at = poison(filled, "customer.abducted", b'{"by":"x"}')
    rows = exported(filled.url, tmp_path / "a.jsonl").splitlines()
    assert json.loads(rows[at])["name"] == "customer.abducted"
    done = imported(b"\n".join(rows), tmp_path / "b.jsonl", f"sqlite:///{tmp_path}/to.db")
    assert f"Line {at + 1} is no exported event: customer.abducted" in done.err
