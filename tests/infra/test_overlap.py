"""Applying a long file: while a batch is written the next is decided, and nobody can tell from what comes of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from infra.commands import batch, pipeline
from infra.commands.handler import CommandHandler
from infra.commands.lookups import TableLookups
from infra.commands.repository import entry
from infra.commands.request import Request, request
from infra.commands.unit_of_work import DecidedBatch
from infra.db.errors import StoreFull, StoreUncertain, StoreUnreachable
from infra.errors.problem import Problem
from infra.event_store import codec
from infra.event_store.event_store import EventStore
from infra.event_store.pending_reader import PendingAppend, PendingReader
from infra.event_store.reader import EventReader
from infra.event_store.stored_event import AppendBatch, AppendResult, Claim
from infra.store.open import create_store, open_store
from infra.store.store import Store
from tests.given import Line, lead, line, signed
from tests.infra.appending import MORNING, NOON, event
from tests.infra.recording import BOSS, told

QUARTER = Path(__file__).parents[2] / "cli" / "commands" / "demo_quarter.jsonl"
SIZE = 5


def clock() -> datetime:
    return datetime(2024, 3, 29, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def short_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", SIZE)
    monkeypatch.setattr(pipeline, "WORTH", 1)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Return a store that knows a director and two reps."""
    made, _ = create_store(store_url, first_actor=BOSS, clock=clock)
    people = [line("person.register", login=login, name=login) for login in ("zhang.san", "li.si")]
    made.ledger(BOSS).record([request(said) for said in people])
    yield made
    made.close()


@pytest.fixture
def another(store: Store) -> Iterator[Store]:
    """Return the same store as a second process has it open."""
    second = open_store(store.url, clock=clock)
    yield second
    second.close()


class Slow:
    """A ledger whose appends wait until the batch after is decided, so that every batch meets one in the air."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ledger = store.ledger(BOSS)
        self.decided = self.appended = 0
        self.before: dict[int, Callable[[], Any]] = {}
        self.after: dict[int, Callable[[], Any]] = {}
        self._decide, self._append = self.ledger.decide, self.ledger.log.append
        monkeypatch.setattr(self.ledger, "decide", self._deciding)
        monkeypatch.setattr(self.ledger.log, "append", self._appending)

    def _deciding(self, requests: list[Request]) -> DecidedBatch:
        done = self._decide(requests)
        self.decided += 1
        return done

    def _appending(self, some: AppendBatch) -> AppendResult:
        self.appended += 1
        turn = self.appended
        until = time.monotonic() + 0.2
        while self.ledger.log.apart() and self.decided <= turn and time.monotonic() < until:
            time.sleep(0.001)
        self.before.pop(turn, lambda: None)()
        appended = self._append(some)
        self.after.pop(turn, lambda: None)()
        return appended


@pytest.fixture
def slow(store: Store, monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(store, monkeypatch)


def reads(lines: Iterable[Line | str]) -> Iterator[batch.Read]:
    return batch.read(said.encode() if isinstance(said, str) else json.dumps(said).encode() for said in lines)


def applied(ledger: CommandHandler, lines: Iterable[Line | str]) -> list[str]:
    """Return in a word what each line was answered."""
    done = list(batch.apply(ledger, reads(lines)))
    assert [each.line for each in done] == list(range(1, len(done) + 1))
    return [told(each.answer) for each in done]


def until_failing(ledger: CommandHandler, lines: Iterable[batch.Read]) -> tuple[list[str], BaseException]:
    """Return what was answered before the whole thing failed, and with what."""
    answers: list[str] = []
    with pytest.raises((Problem, KeyboardInterrupt, OSError)) as failed:
        answers.extend(told(each.answer) for each in batch.apply(ledger, lines))
    return answers, failed.value


def keys(store: Store) -> list[str | None]:
    """Return the keys of all events after the store's people, in the order of the log."""
    return [record.key for record in store.reader.read(3, 1000)]


def leads(count: int, first: int = 1) -> list[Line]:
    return [lead(f"l{n}") for n in range(first, first + count)]


def test_a_batch_speaks_of_what_the_one_in_the_air_records(store: Store, slow: Slow) -> None:
    lines = [
        *leads(5),
        line("lead.validate", "l1", key="v1"),
        line("lead.validate", "l2制造有限公司", key="v2"),
        line("next-action.set", "l3", key="n3", what="报价", due="2024-04-10"),
        lead("l4"),
        lead("l5", "别的公司"),
        line("next-action.complete", "n3", key="done"),
        line("event.correct", "v2", key="x", reason="错了", values={"distinct": True}),
        line("lead.validate", "l1", key="again"),
        lead("l6", "l1制造有限公司"),
        line("event.correct", "x", reason="错了", values={"distinct": True}),
        *signed("c1", "l2", "1000", "2024-02-01"),
        line("event.correct", "c1/signed", reason="错了", values={"date": "2024-02-02"}),
        line("contract.draft", key="c2", number="HT-c1", customer="l3", amount="7"),
    ]
    codes = applied(slow.ledger, lines)
    assert codes[:11] == [*["recorded"] * 8, "repeated", "key.conflict", "recorded"]
    assert codes[11:15] == ["recorded", "lead.already", "recorded", "event.not_correctable"]
    assert codes[15:] == [*["recorded"] * 5, "contract.number_taken"]
    (twin,) = [record for record in store.reader.read(3, 100) if record.key == "l6"]
    assert store.reader.keyed(["l1"])["l1"].stream.encode() in twin.data
    assert applied(store.ledger(BOSS), lines[:4]) == ["repeated"] * 4


def test_positions_and_versions_are_those_of_the_log(store: Store, slow: Slow) -> None:
    validated = [line("lead.validate", f"l{n}", key=f"v{n}") for n in range(1, 8)]
    lines: list[Line | str] = [*leads(7), *validated, "{", *leads(4, 5)]
    done = [each.answer for each in batch.apply(slow.ledger, reads(lines))]
    recorded = {record.key: record.position for record in store.reader.read(3, 100)}
    assert [told(answer) for answer in done] == [*["recorded"] * 14, "line.not_json", *["repeated"] * 3, "recorded"]
    for said, answer in zip(lines, done, strict=True):
        if not isinstance(answer, Problem) and isinstance(said, dict):
            assert answer.position == recorded[said["key"]]


def test_a_conflict_in_the_air_is_decided_again_with_all_that_came_after(
    store: Store, another: Store, slow: Slow
) -> None:
    applied(store.ledger(BOSS), leads(1))
    slow.before[2] = lambda: applied(another.ledger(BOSS), [line("lead.validate", "l1", key="other")])
    lines = [
        *leads(5, 2),
        *[line("lead.validate", "l1", key="mine"), *leads(4, 7)],
        *[line("lead.validate", "l7", key="v7"), line("lead.assign", "l1", owner="li.si"), *leads(3, 11)],
        *leads(5, 14),
    ]
    assert applied(slow.ledger, lines) == [*["recorded"] * 5, "lead.already", *["recorded"] * 14]
    assert sorted(key for key in keys(store) if key) == sorted({*(f"l{n}" for n in range(1, 19)), "other", "v7"})


def test_what_others_write_elsewhere_is_known_to_the_batch_that_was_decided_without_it(
    store: Store, another: Store, slow: Slow
) -> None:
    applied(slow.ledger, leads(1))
    slow.appended, slow.decided = 0, 0
    slow.before[2] = lambda: applied(another.ledger(BOSS), [line("lead.validate", "l1", key="other")])
    lines = [*[line("follow-up.log", "l1", key="f", channel="call"), *leads(4, 2)], *leads(5, 6)]
    codes = applied(slow.ledger, [*lines, line("lead.validate", "l1", key="mine"), *leads(4, 11)])
    assert codes == [*["recorded"] * 10, "lead.already", *["recorded"] * 4]


@pytest.mark.parametrize(("committed", "status"), [(True, "repeated"), (False, "recorded")])
def test_a_lost_reply_is_looked_up_by_its_keys(store: Store, slow: Slow, committed: bool, status: str) -> None:
    def lose() -> None:
        raise StoreUncertain(store="here", why="the connection was lost")

    (slow.after if committed else slow.before)[2] = lose
    assert applied(slow.ledger, leads(20)) == [*["recorded"] * 5, *[status] * 5, *["recorded"] * 10]
    assert keys(store) == [f"l{n}" for n in range(1, 21)]


def test_a_lost_reply_without_keys_ends_with_what_is_certain(store: Store, slow: Slow) -> None:
    def lose() -> None:
        raise StoreUncertain(store="here", why="the connection was lost")

    slow.after[2] = lose
    without = line("lead.capture", company="甲", channel="online")
    answers, failed = until_failing(slow.ledger, reads([*leads(5), *leads(4, 6), without, *leads(10, 10)]))
    assert (answers, getattr(failed, "code", "")) == (["recorded"] * 5, "store.uncertain")
    assert keys(store) == [*(f"l{n}" for n in range(1, 10)), None]


def test_a_fault_of_the_store_ends_it_with_all_answered_lines_kept_and_no_more(store: Store, slow: Slow) -> None:
    def full() -> None:
        raise StoreFull(store="here", why="no room")

    slow.before[3] = full
    answers, failed = until_failing(slow.ledger, reads(leads(25)))
    assert (answers, getattr(failed, "code", "")) == (["recorded"] * 10, "store.full")
    assert keys(store) == [f"l{n}" for n in range(1, 11)]
    assert applied(slow.ledger, leads(25)) == [*["repeated"] * 10, *["recorded"] * 15]


@pytest.mark.parametrize("times", [1, 9])
def test_a_fault_while_deciding_ahead_is_tried_again_after_the_answers_before(
    store: Store, slow: Slow, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    keyed, calls = slow.ledger.reader.keyed, [0]

    def failing(asked: list[str]) -> Any:
        calls[0] += 1
        if 3 <= calls[0] < 3 + times:
            raise StoreUnreachable(store="here", why="gone")
        return keyed(asked)

    monkeypatch.setattr(slow.ledger.reader, "keyed", failing)
    if times == 1 and slow.ledger.log.apart():
        assert applied(slow.ledger, leads(20)) == ["recorded"] * 20
    else:
        answers, failed = until_failing(slow.ledger, reads(leads(20)))
        assert (answers, getattr(failed, "code", "")) == (["recorded"] * 10, "store.unreachable")
    assert keys(store) == [f"l{n}" for n in range(1, 11 if times > 1 or not slow.ledger.log.apart() else 21)]


def test_broken_lines_between_are_answered_in_their_place(store: Store, slow: Slow) -> None:
    lines: list[Line | str] = [*leads(3), "{", "[", *["}"] * 7, *leads(4, 4), "x"]
    codes = applied(slow.ledger, lines)
    assert [n for n, code in enumerate(codes) if code == "recorded"] == [0, 1, 2, 12, 13, 14, 15]
    assert keys(store) == [f"l{n}" for n in range(1, 8)]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
def test_where_reading_ends_in_the_middle_what_is_in_the_air_is_answered_first(
    store: Store, slow: Slow, failure: type[BaseException]
) -> None:
    def lines() -> Iterator[batch.Read]:
        yield from reads(leads(13))
        raise failure

    answers, failed = until_failing(slow.ledger, lines())
    assert type(failed) is failure
    assert answers == ["recorded"] * 10
    assert keys(store) == [f"l{n}" for n in range(1, 11)]


def test_who_stops_asking_for_answers_leaves_whole_batches(store: Store, slow: Slow) -> None:
    answers = batch.apply(slow.ledger, reads(leads(40)))
    for _ in range(7):
        next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert len(keys(store)) in (10, 15)
    assert slow.ledger.reader.coming is None
    assert applied(slow.ledger, leads(40)).count("recorded") in (25, 30)


def test_an_action_that_asks_the_tables_sees_what_was_in_the_air(store: Store, slow: Slow) -> None:
    hand_over = line("person.hand-over", "zhang.san", to="li.si")
    assert applied(slow.ledger, [*leads(8), hand_over, *leads(9, 9)]) == ["recorded"] * 18
    assert list(TableLookups(store, store.figures).owned("li.si")) == [
        store.reader.keyed([f"l{n}"])[f"l{n}"].stream for n in range(1, 9)
    ]


def test_who_gives_customers_up_asks_no_table_and_knows_what_is_in_the_air_all_the_same(
    store: Store, slow: Slow
) -> None:
    given_up = [line("customer.release", f"l{n}", by="zhang.san", at="2024-03-28", reason="行业不符") for n in range(3)]
    lines = [*leads(3, 0), given_up[0], *signed("k1", "l1", "1000", "2024-03-20"), given_up[1], given_up[2]]
    assert applied(slow.ledger, lines) == [*["recorded"] * 8, "pool.signed", "recorded"]
    assert slow.appended == len(lines) // SIZE


def test_what_asks_the_tables_parts_a_batch_in_two(store: Store, slow: Slow) -> None:
    hand_over = line("person.hand-over", "zhang.san", to="li.si")
    assert slow.ledger.record([request(said) for said in [*leads(3), hand_over, *leads(4, 4)]]) != []
    assert slow.appended == 2
    assert list(TableLookups(store, store.figures).owned("li.si")) == [
        store.reader.keyed([f"l{n}"])[f"l{n}"].stream for n in range(1, 4)
    ]


def test_newcomers_of_one_batch_are_known_to_the_next(store: Store, slow: Slow) -> None:
    lines = [lead(f"l{n}", by=f"new.{n % 3}") for n in range(17)]
    done = list(batch.apply(slow.ledger, reads(lines), register_people=True))
    assert [told(each.answer) for each in done] == ["recorded"] * 17
    assert [record.name for record in store.reader.read(3, 100)].count("person.registered") == 3


def test_two_who_apply_at_once_lose_nothing_and_double_nothing(store: Store) -> None:
    outcomes: list[list[str]] = []

    def work(letter: str) -> None:
        own = open_store(store.url, clock=clock)
        mine = [line("follow-up.log", "l1", key=f"{letter}{n}", channel="call") for n in range(40)]
        outcomes.append(applied(own.ledger(BOSS), [*leads(1), *mine]))
        own.close()

    threads = [Thread(target=work, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(code for codes in outcomes for code in codes) == ["recorded"] * 81 + ["repeated"]
    stream = store.reader.keyed(["l1"])["l1"].stream
    assert [record.version for record in store.reader.stream(stream)] == list(range(1, 82))


def test_a_quarter_applied_in_overlapping_batches_is_the_same_log(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = []
    for url, size in ((store_url, 7), (f"sqlite:///{tmp_path}/whole.db", 10_000)):
        monkeypatch.setattr(batch, "CHUNK", size)
        made, _ = create_store(url, first_actor=None, clock=clock)
        with QUARTER.open("rb") as lines:
            answers = list(batch.apply(made.ledger("lin.zong", migrating=True), batch.read(lines)))
        stored = made.reader.read(0, 100_000)
        # A person's data is sealed, and digested with a secret, that each store has of its own; so are the ids of events.
        records = [record._replace(event_id="", correlation=None, data=b"") for record in stored]
        data = [codec.opened(entry(record, made.reader.ring).data) for record in stored]
        named = {"event": None, "evidence": None}
        logs.append((records, [{**said, **named} for said in data], [each.answer[1:4] for each in answers]))  # type: ignore[index]
        made.close()
    assert logs[0] == logs[1]


def test_the_log_foreseen_is_the_log_that_comes(log: EventStore) -> None:
    log.append(AppendBatch([event("cus_1", key="a"), event("con_1")], MORNING, {"cus_1": 0}, [Claim("name", "甲", 0, "cus_1")],
                     [("a", b"1", 0, 1)], [("cus_1", 1)]))  # fmt: skip
    coming = AppendBatch(
        [event("cus_1", 2), event("con_2", key="b"), event("cus_2"), event("con_2", 2)],
        NOON,
        claims=[Claim("name", "甲", 1, "cus_2"), Claim("name", "乙", 0, "cus_2")],
        keys=[("b", b"2", 1, 3)],
        mentions=[("cus_1", 1), ("cus_1", 3), ("cus_9", 2)],
    )
    foreseen, real = PendingReader(log.db), EventReader(log.db)
    foreseen.coming = PendingAppend(coming, AppendResult(3, 6, NOON))
    questions: list[Callable[[EventReader], Any]] = [
        lambda r: r.head(),
        *(lambda r, after=after: r.read(after, 3) for after in range(8)),
        *(lambda r, n=n: r.record(n) for n in range(1, 9)),
        *(lambda r, s=s: r.stream(s) for s in ("cus_1", "cus_2", "con_2", "x")),
        *(lambda r, v=v: r.stream("cus_1", v) for v in range(3)),
        lambda r: r.streams(["con_2", "cus_1", "con_1"]),
        *(lambda r, p=p: r.streams_like(p) for p in ("con_", "cus_", "per_")),
        *(lambda r, s=s: r.streams_naming(s, "con_") for s in ("cus_1", "cus_2", "cus_9")),
        lambda r: r.keyed(["a", "b", "c"]),
        lambda r: r.holders("name", ["甲", "乙", "丙"]),
    ]
    before = [ask(foreseen) for ask in questions]
    assert log.append(coming) == foreseen.coming.at
    assert [ask(foreseen) for ask in questions] == before
    assert [ask(real) for ask in questions] == before
