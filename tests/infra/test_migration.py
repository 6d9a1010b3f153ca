"""A migration that was broken off goes on, and ends as one that was not; what the store doesn't hold is not put into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from infra.commands import batch, batch_resumption
from infra.commands.request import request
from infra.commands.unit_of_work import UnitOfWork
from infra.crypto.keyring import Keyring
from infra.errors.problem import Problem
from infra.event_store.stored_event import AppendBatch, AppendResult
from infra.store.open import create_store
from infra.store.store import Store
from infra.transparency.leaf import leaf
from infra.transparency.merkle_tree import root_of
from tests.faults.running import sales, spawned
from tests.given import Line, lead, line
from tests.infra.recording import BOSS, told

ZONE = "+08:00"


def moment(n: int) -> str:
    return f"2024-01-09T{8 + n // 60:02}:{n % 60:02}:00{ZONE}"


def history() -> list[Line]:
    """Return a file in which lines follow each other, some record two events, and some are refused."""
    lines = [line("person.register", key="boss", by=BOSS, login=BOSS, name="林总", role="director")]
    lines += [line("person.register", key="rep", by=BOSS, login="zhang.san", name="张三")]
    for n in range(6):
        lines += [
            lead(f"l{n}", campaign="工博会"),
            lead(f"r{n}", channel="referral"),
            line("lead.validate", f"l{n}", key=f"l{n}/validate", by="zhang.san", at="2024-01-08"),
            line("follow-up.log", f"l{n}", key=f"l{n}/call", by="zhang.san", at="2024-01-08", channel="call"),
            lead(f"l{n}", campaign="工博会"),
        ]
    lines.append(line("lead.merge", "l0", key="m", by=BOSS, duplicate="l1", at="2024-01-09"))
    return [{**each, "recorded": moment(n)} for n, each in enumerate(lines)]


def migrated(store: Store, lines: list[Line], *, register: bool = False) -> list[str]:
    """Migrate lines as `sales apply --recorded-as-given` does, and return what each was answered."""
    raw = [json.dumps(each).encode() for each in lines]
    ledger = store.ledger(BOSS, source="batch", migrating=True)
    read = batch_resumption.taken_up(store.reader, batch.read(raw), register_people=register)
    return [told(answer) for _line, answer in batch.apply(ledger, read, register_people=register)]


@pytest.fixture
def empty(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return what makes empty stores; an event's id is made of its position, where chance would make it."""
    made: list[Store] = []
    begin = UnitOfWork.__init__

    def gather(self: UnitOfWork, ring: Keyring, first: int, last: str = "") -> None:
        begin(self, ring, first, last)
        self.event_ids = (f"{n:032x}" for n in count(first))

    monkeypatch.setattr(UnitOfWork, "__init__", gather)

    def another() -> Store:
        url = f"{store_url}{len(made)}" if store_url.startswith("postgres") else f"sqlite:///{tmp_path}/{len(made)}.db"
        made.append(create_store(url, first_actor=None)[0])
        return made[-1]

    yield another
    for store in made:
        store.close()


def all_of(store: Store) -> tuple[list[Any], bytes]:
    """Return all that a log holds, with the root of its tree."""
    records = store.reader.read(0, 10_000)
    return [tuple(record) for record in records], root_of([leaf(record) for record in records])


class Killed(BaseException):
    """What ends a run in the middle."""


def kill(store: Store, after: int) -> None:
    """Let the store's process die after so many transactions."""
    appends, log = count(), store.log

    def append(batch: AppendBatch) -> AppendResult:
        if next(appends) >= after:
            raise Killed
        return type(log).append(log, batch)

    store.log.append = append  # type: ignore[method-assign]


@pytest.mark.parametrize("register", [False, True], ids=["", "with newcomers"])
def test_broken_off_anywhere_it_ends_as_the_unbroken_one(
    empty: Any, monkeypatch: pytest.MonkeyPatch, register: bool
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 7)
    lines = [each for each in history() if not (register and each["key"] == "rep")]
    unbroken = empty()
    first = migrated(unbroken, lines, register=register)
    assert first.count("lead.untraceable") == 6
    for transactions in range(5):
        store = empty()
        kill(store, transactions)
        with pytest.raises(Killed):
            migrated(store, lines, register=register)
        del store.log.append
        again = migrated(store, lines, register=register)
        assert all_of(store) == all_of(unbroken)
        assert {"repeated", "migration.passed_over"} >= set(again[: max(transactions * 7 - 7, 0)])
        assert again[transactions * 7 :] == first[transactions * 7 :]


def test_a_file_that_is_recorded_whole_is_repeated_and_so_is_its_beginning(empty: Any) -> None:
    store, lines = empty(), [each for each in history() if each["key"] == "rep" or each["key"][0] != "r"]
    migrated(store, lines)
    before = all_of(store)
    for part in (lines, lines[:5], lines[:1], []):
        assert set(migrated(store, part)) <= {"repeated"}
    assert all_of(store) == before


def refused(store: Store, lines: list[Line]) -> Problem:
    """Return why a migration is refused as a whole, which leaves no trace."""
    before = all_of(store)
    with pytest.raises(Problem) as raised:
        migrated(store, lines)
    assert all_of(store) == before
    return raised.value


def test_another_file_or_another_order_is_refused(empty: Any) -> None:
    store, lines = empty(), history()
    migrated(store, lines[:12])
    swapped = [*lines[:4], lines[5], lines[4], *lines[6:]]
    without = [*lines[:4], *lines[5:]]
    other = [{**each, "key": f"other {each['key']}"} for each in lines]
    more = [*lines[:2], {**lead("new"), "recorded": moment(1)}, *lines[2:4], {**lead("newer"), "recorded": moment(9)}]
    for file, number, position in ((swapped, 5, 4), (without, 5, 4), (other, 1, 1), (more, 5, 4)):
        problem = refused(store, file)
        assert (problem.code, problem.facts) == ("migration.differs", {"line": number, "position": position})


def test_other_content_under_a_key_is_a_conflict_and_overwrites_nothing(empty: Any) -> None:
    store, lines = empty(), history()
    migrated(store, lines[:6])
    lines[2] = {**lines[2], "data": {**lines[2]["data"], "company": "别的公司"}}
    assert migrated(store, lines[:6])[2] == "key.conflict"


def test_a_store_with_events_of_its_own_takes_nothing_new(empty: Any) -> None:
    store, lines = empty(), history()
    migrated(store, lines[:6])
    store.ledger(BOSS).record([request(lead("own"))])
    assert set(migrated(store, lines[:6])) <= {"repeated", "migration.passed_over"}
    assert refused(store, lines).code == "migration.not_empty"


def test_a_line_without_a_key_cannot_be_known_again(empty: Any) -> None:
    store, lines = empty(), history()
    del lines[4]["key"]
    migrated(store, lines[:6])
    problem = refused(store, lines)
    assert (problem.code, problem.facts) == ("migration.no_key", {"line": 5, "position": 4})
    behind = empty()
    migrated(behind, lines[:4])
    assert migrated(behind, lines[:6])[4] == "recorded"


def test_killed_for_good_and_run_again(store_url: str, tmp_path: Path) -> None:
    boss = line("person.register", key="boss", by=BOSS, login=BOSS, name="林总", role="director")
    lines = [boss, *(lead(f"l{n}", by=BOSS) for n in range(2_500))]
    raw = [json.dumps({**each, "recorded": moment(0)}).encode() + b"\n" for each in lines]
    (path := tmp_path / "all.jsonl").write_bytes(b"".join(raw))
    # What it answers fills the pipe before the last lines are recorded, and there it waits for its end.
    process = spawned("apply", str(path), "--recorded-as-given", store=store_url)
    assert process.stdout
    answered = [json.loads(process.stdout.readline()) for _n in range(500)]
    process.kill()
    process.communicate()
    assert [each["status"] for each in answered] == ["recorded"] * 500
    done = sales("apply", str(path), "--recorded-as-given", store=store_url)
    assert (done.status, done.err.split(",")[2]) == (0, " 0 failed.\n")
    assert {each["status"] for each in done.lines} == {"recorded", "repeated"}
    assert [each["position"] for each in done.lines] == [*range(1, 2_502)]
    assert sales("verify", store=store_url).status == 0
