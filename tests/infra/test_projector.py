"""The projector: poison events, folds that fail, projectors that die or race, rebuilds, and new versions."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from infra.db.errors import StoreBusy
from infra.errors.problem import Problem
from infra.event_store.stored_event import AppendBatch, NewEvent, Record
from infra.jobs.projection_daemon import ProjectionDaemon
from infra.read_models import tables
from infra.read_models.projector import Projector
from infra.store.open import create_store, open_store
from infra.store.store import Store
from projections.engine.projection import ChangeSet, Seen
from projections.read_models import registry
from projections.read_models.progress.projection import Progress
from projections.read_models.tracking.projection import Tracking
from tests.faults.running import sales
from tests.given import lead, line, signed
from tests.infra.recording import BOSS, hold

NOON = datetime(2024, 3, 29, 12, tzinfo=UTC)
NEWER = registry.VERSIONS["tracking"] + 1
NAMES = tuple(registry.VERSIONS)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Return a store with a few customers, a contract and a correction, whose tables are not made yet."""
    made, _ = create_store(store_url, first_actor=BOSS, clock=lambda: NOON)
    hold(made, line("person.register", login="zhang.san", name="张三"))
    hold(
        made,
        *(lead(f"l{n}", f"公司{n % 3}", at=f"2024-01-{20 - n:02}") for n in range(8)),
        *signed("c1", "l1", "80000", "2024-02-01", approver="lin.zong"),
        line("lead.validate", "l2", at="2024-02-02"),
        line("lead.merge", "l3", at="2024-02-03", duplicate="l4"),
    )
    yield made
    made.close()


def poison(store: Store, name: str, data: bytes, stream: str = "cus_poison", occurred: str = "2024-02-01") -> int:
    """Put a record into the log that no ledger would write, and return its position."""
    record = NewEvent(
        stream, 1, name, 1, occurred, None, BOSS, BOSS, "cli", None, str(uuid4()), None, None, None, 0, data
    )
    return store.log.append(AppendBatch([record], "2024-03-29T12:00:00.000000Z", {})).first


def standing(store: Store) -> dict[str, tables.ReadModelCheckpoint]:
    return tables.standings(store.db)


def rows(store: Store) -> dict[str, list[Any]]:
    """Return every row of every table in use."""
    return {
        table: store.db.all(f"SELECT * FROM {tables.real_name(table, at.generation)} ORDER BY 1, 2")
        for name, at in standing(store).items()
        for table in registry.TABLES[name]
    }


def sorted_rows(store: Store) -> dict[str, list[Any]]:
    return {table: sorted(found, key=repr) for table, found in rows(store).items()}


def stopped(store: Store) -> dict[str, int]:
    return {name: at.stopped for name, at in standing(store).items() if at.stopped is not None}


def failing(monkeypatch: pytest.MonkeyPatch, fold: type, at: int, wrong: Exception) -> None:
    """Let a projection fail whenever it comes to a position."""
    original = fold.fold  # type: ignore[attr-defined]

    def fails(self: Any, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            if seen.position == at:
                raise wrong
            original(self, [seen], to)

    monkeypatch.setattr(fold, "fold", fails)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("customer.abducted", b"{}"),
        ("customer.lead_captured", b"\x00\xff no JSON"),
    ],
    ids=["an unknown name", "garbage"],
)
def test_an_event_that_nobody_can_read_stops_each_table_there_and_is_named(
    store: Store, name: str, data: bytes
) -> None:
    before = store.reader.head()[0]
    at = poison(store, name, data)
    store.catch_up(asked=NAMES)
    hold(store, lead("l9"))
    store.catch_up(asked=NAMES)
    assert {(each.position, each.stopped, each.event) for each in standing(store).values()} == {(before, at, name)}
    with pytest.raises(Problem) as refused, store.view("tracking"):
        pass
    assert (refused.value.code, refused.value.facts["position"]) == ("projection.stopped", at)
    done = sales("status", "--json", store=store.url)
    assert done.status == 9
    assert {(row["state"], row["stopped_at"], row["event"]) for row in json.loads(done.out)["rows"]} == {
        ("stopped", at, name)
    }
    assert sales("tracking", store=store.url).code == "projection.stopped"


def test_an_event_stops_only_those_tables_that_want_what_it_lacks(store: Store) -> None:
    at = poison(store, "customer.lead_captured", b'"no object"')
    store.catch_up(asked=NAMES)
    assert stopped(store)["tracking"] == at
    assert "organisation" not in stopped(store)
    assert sales("policy", "show", store=store.url).status == 0


def test_a_process_that_rebuilds_again_and_again_keeps_nothing_of_it(store: Store) -> None:
    """What is frozen is never looked at again, garbage or not."""
    store.catch_up(asked=NAMES)
    store.projector.rebuild(NAMES)
    frozen = gc.get_freeze_count()
    store.projector.rebuild(NAMES)
    assert gc.get_freeze_count() <= frozen


def test_what_came_before_a_poison_event_in_its_batch_is_in_the_tables(store: Store) -> None:
    store.catch_up(asked=NAMES)
    whole = sorted_rows(store)
    fresh = Projector(store.reader, store.zone)
    poison(store, "customer.abducted", b"{}")
    for name in NAMES:
        fresh.rebuild([name])
    assert sorted_rows(store) == whole
    assert set(stopped(store)) == set(NAMES)


def test_an_event_that_one_fold_cannot_take_stops_that_table_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = store.reader.head()[0]
    with monkeypatch.context() as broken:
        failing(broken, Progress, 6, KeyError("amount"))
        store.catch_up(asked=NAMES)
        assert stopped(store) == {"progress": 6}
        assert standing(store)["progress"].why == "KeyError: 'amount'"
        assert standing(store)["progress"].position == 5
        assert {at.position for name, at in standing(store).items() if name != "progress"} == {head}
        with store.view("tracking", "audit") as ask:
            assert ask("SELECT count(*) FROM {tracked}") == [(8,)]
        hold(store, lead("l9"))
        store.catch_up(asked=NAMES)
        assert standing(store)["progress"].position == 5
    store.projector.rebuild(["progress"])
    assert stopped(store) == {}
    healthy = sorted_rows(store)
    Projector(store.reader, store.zone).rebuild(NAMES)
    assert sorted_rows(store) == healthy


def test_a_rebuild_that_meets_the_same_event_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Progress, 6, KeyError("amount"))
    done = sales("rebuild", store=store.url)
    assert (done.status, done.code) == (1, "projection.stopped")
    assert "progress stopped at event 6 (customer.lead_captured)" in done.err


def test_a_fault_of_the_store_stops_no_table(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as busy:
        failing(busy, Tracking, 6, StoreBusy(store="here", why="locked"))
        with pytest.raises(Problem) as told:
            store.catch_up(asked=NAMES)
    assert (told.value.code, told.value.exit_status) == ("store.busy", 7)
    assert stopped(store) == {}
    store.catch_up(asked=NAMES)
    assert {at.position for at in standing(store).values()} == {store.reader.head()[0]}


class Killed(BaseException):
    """What a killed process feels."""


@pytest.mark.parametrize("at", range(1, 8))
def test_a_projector_that_dies_between_or_in_its_batches_has_folded_each_event_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    written, write = [0], tables.write

    def dies(*given: Any) -> None:
        written[0] += 1
        write(*given)
        if written[0] == at:
            raise Killed

    with monkeypatch.context() as mortal:
        mortal.setattr(tables, "write", dies)
        with pytest.raises(Killed):
            store.projector.catch_up(batch=4, asked=NAMES)
    Projector(store.reader, store.zone).catch_up(batch=3, asked=NAMES)
    halting = sorted_rows(store)
    Projector(store.reader, store.zone).rebuild(NAMES)
    assert sorted_rows(store) == halting


def test_the_same_projector_goes_on_after_a_batch_that_it_could_not_write(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = tables.write, [StoreBusy(store="here", why="locked")]

    def fails_once(*given: Any) -> None:
        if standing(store)["audit"].position and left:
            raise left.pop()
        write(*given)

    with monkeypatch.context() as busy:
        busy.setattr(tables, "write", fails_once)
        with pytest.raises(StoreBusy):
            store.projector.catch_up(batch=4, asked=NAMES)
    store.projector.catch_up(batch=4, asked=NAMES)
    halting = sorted_rows(store)
    Projector(store.reader, store.zone).rebuild(NAMES)
    assert sorted_rows(store) == halting


def at_once(store: Store, act: Callable[[Store], object], many: int = 3) -> None:
    """Let several processes' worth of stores do the same at once."""

    def work(_turn: int) -> None:
        own = open_store(store.url, clock=store.clock)
        try:
            act(own)
        finally:
            own.close()

    with ThreadPoolExecutor(many) as pool:
        list(pool.map(work, range(many)))


def test_several_projectors_at_once_fold_each_event_once(store: Store) -> None:
    at_once(store, lambda own: own.projector.catch_up(batch=2, asked=NAMES))
    raced = sorted_rows(store)
    Projector(store.reader, store.zone).rebuild(NAMES)
    assert sorted_rows(store) == raced


def test_a_projector_that_was_overtaken_forgets_what_it_saw(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(store, lead("once", "另一家公司", at="2024-02-04"))
    slow, fast = (Projector(store.reader, store.zone) for _ in range(2))
    begin = slow._begin

    def overtaken(records: Sequence[Record]) -> list[Seen]:
        fast.catch_up(asked=NAMES)
        return begin(records)

    monkeypatch.setattr(slow, "_begin", overtaken)
    slow.catch_up(asked=NAMES)
    monkeypatch.setattr(slow, "_begin", begin)
    hold(store, lead("twice", "另一家公司", at="2024-02-05"))
    slow.catch_up(asked=NAMES)
    raced = sorted_rows(store)
    Projector(store.reader, store.zone).rebuild(NAMES)
    assert sorted_rows(store) == raced


def test_a_projector_whose_tables_a_rebuild_swaps_away_goes_on_in_the_new_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.catch_up(asked=NAMES)
    hold(store, line("follow-up.log", "l1", key="f1", at="2024-02-20", channel="call"))
    slow, other = Projector(store.reader, store.zone), open_store(store.url, clock=store.clock)
    begin = slow._begin

    def swapped(records: Sequence[Record]) -> list[Seen]:
        seen = begin(records)
        other.projector.rebuild(NAMES)
        return seen

    with monkeypatch.context() as beside:
        beside.setattr(slow, "_begin", swapped)
        slow.catch_up(asked=NAMES)
    other.close()
    hold(store, line("follow-up.log", "l2", key="f2", at="2024-02-21", channel="call"))
    slow.catch_up(asked=NAMES)
    followed = sorted_rows(store)
    Projector(store.reader, store.zone).rebuild(NAMES)
    assert sorted_rows(store) == followed


def test_work_and_readers_outlive_rebuilds_in_a_loop(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.catch_up(asked=NAMES)
    turns = [0]

    def rebuilding(own: Store) -> None:
        for n in range(6):
            hold(own, line("follow-up.log", "l1", key=f"w{n}", at="2024-02-20", channel="call"))
            own.projector.rebuild(NAMES, batch=3)

    def pause(_daemon: ProjectionDaemon, _seconds: float) -> None:
        turns[0] += 1
        if rebuilder.done():
            raise KeyboardInterrupt
        read = sales("tracking", "--json", store=store.url)
        assert len(json.loads(read.out)["rows"]) == 7, read.err

    with ThreadPoolExecutor(1) as pool:
        rebuilder = pool.submit(lambda: at_once(store, rebuilding, 1))
        monkeypatch.setattr(ProjectionDaemon, "rest", pause)
        done = sales("work", "--every", "0.01", store=store.url)
        rebuilder.result()
    assert (done.status, done.code, turns[0] > 0) == (130, "interrupted", True), done.err


def test_a_table_that_is_lost_is_named_with_the_way_to_have_it_again(store: Store) -> None:
    store.catch_up(asked=NAMES)
    store.db.run(f"DROP TABLE tracked_{standing(store)['tracking'].generation}")
    done = sales("tracking", store=store.url)
    assert (done.status, done.code) == (9, "projection.lost")
    hold(store, lead("l9", at="2024-02-20"))
    assert sales("work", "--once", store=store.url).code == "projection.lost"
    assert sales("rebuild", store=store.url).status == 0
    assert sales("tracking", store=store.url).status == 0


def test_several_rebuilds_at_once_leave_one_whole_generation(store: Store) -> None:
    store.catch_up(asked=NAMES)
    whole = sorted_rows(store)
    at_once(store, lambda own: own.projector.rebuild(NAMES, batch=2))
    assert sorted_rows(store) == whole
    for name in NAMES:
        fold = store.projector._fold(name)
        assert tables.generations(store.db, fold.tables) == [standing(store)[name].generation]


def test_what_a_broken_off_rebuild_left_is_cleared_away_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.catch_up(asked=NAMES)
    whole = sorted_rows(store)
    with monkeypatch.context() as mortal:
        mortal.setattr(Projector, "_swap", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            store.projector.rebuild(NAMES)
    assert sorted_rows(store) == whole
    assert standing(store)["tracking"].generation == 1
    Projector(store.reader, store.zone).rebuild(NAMES)
    assert sorted_rows(store) == whole
    assert tables.generations(store.db, Tracking.tables) == [standing(store)["tracking"].generation] == [3]


@pytest.mark.parametrize("batch", [1, 3, 5_000])
def test_a_rebuild_equals_what_was_folded_as_it_came(store: Store, batch: int) -> None:
    for n in range(5):
        hold(store, line("follow-up.log", "l1", key=f"f{n}", at=f"2024-02-{20 - n}", channel="call"))
        store.catch_up(asked=NAMES)
    as_it_came = sorted_rows(store)
    assert all(as_it_came[table] for table in ("tracking", "facts", "audit_entries", "persons"))
    Projector(store.reader, store.zone).rebuild(NAMES, batch=batch)
    assert sorted_rows(store) == as_it_came


def test_a_view_knows_what_was_just_recorded_without_a_daemon(store: Store) -> None:
    for n in range(3):
        hold(store, lead(f"n{n}"))
        with store.view("tracking") as ask:
            assert ask("SELECT count(*) FROM {tracked}") == [(9 + n,)]


def test_a_new_version_is_built_beside_the_old_and_swapped_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.catch_up(asked=NAMES)
    whole = sorted_rows(store)
    monkeypatch.setitem(registry.VERSIONS, "tracking", NEWER)
    seen: list[list[int]] = []
    write = tables.write

    def watched(*given: Any) -> None:
        write(*given)
        seen.append(tables.generations(given[0], Tracking.tables))

    monkeypatch.setattr(tables, "write", watched)
    at_once(store, lambda own: own.catch_up(asked=NAMES), many=2)
    assert 1 in seen[0]
    now = standing(store)
    assert (now["tracking"].version, now["audit"].version) == (NEWER, registry.VERSIONS["audit"])
    assert now["audit"].generation == 1
    assert tables.generations(store.db, Tracking.tables) == [now["tracking"].generation]
    assert sorted_rows(store) == whole


def test_several_new_versions_are_built_at_once_in_one_pass(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.catch_up(asked=NAMES)
    whole = sorted_rows(store)
    newer = {name: registry.VERSIONS[name] + 1 for name in ("tracking", "audit", "records")}
    for name, version in newer.items():
        monkeypatch.setitem(registry.VERSIONS, name, version)
    rebuilt: list[Sequence[str]] = []
    rebuild = Projector.rebuild

    def watched(self: Projector, names: Sequence[str], **more: Any) -> None:
        rebuilt.append(names)
        rebuild(self, names, **more)

    monkeypatch.setattr(Projector, "rebuild", watched)
    store.catch_up(asked=NAMES)
    assert [sorted(names) for names in rebuilt] == [sorted(newer)]
    now = standing(store)
    assert {name: now[name].version for name in newer} == newer
    assert {at.position for at in now.values()} == {store.reader.head()[0]}
    assert sorted_rows(store) == whole


def test_rebuilding_one_while_others_are_of_an_older_version_builds_it_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.catch_up(asked=NAMES)
    for name in ("tracking", "audit", "records"):
        monkeypatch.setitem(registry.VERSIONS, name, registry.VERSIONS[name] + 1)
    store.projector.rebuild(["audit"])
    now = standing(store)
    assert {name: registry.VERSIONS[name] - now[name].version for name in ("tracking", "audit", "records")} == {
        "tracking": 1,
        "audit": 0,
        "records": 1,
    }
    store.catch_up(asked=NAMES)
    assert standing(store)["records"].version == registry.VERSIONS["records"]


def test_an_older_program_leaves_the_tables_of_a_newer_one_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setitem(registry.VERSIONS, "tracking", NEWER)
        store.catch_up(asked=NAMES)
    reached = standing(store)["tracking"]
    hold(store, lead("l9"))
    store.catch_up(asked=NAMES)
    assert standing(store)["tracking"] == reached
    with pytest.raises(Problem) as refused, store.view("tracking"):
        pass
    assert (refused.value.code, refused.value.facts) == ("store.too_new", {"version": NEWER, "newest": NEWER - 1})
    with store.view("audit") as ask:
        assert ask("SELECT max(position) FROM {audit_entries}") == [(store.reader.head()[0],)]


def test_a_view_outlives_a_rebuild_that_drops_its_tables(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.catch_up(asked=NAMES)
    other = open_store(store.url, clock=store.clock)
    hold_tables, left = tables.hold, [True]

    def late(db: Any, names: Any) -> None:
        if left:
            left.pop()
            other.projector.rebuild(NAMES)
        hold_tables(db, names)

    monkeypatch.setattr(tables, "hold", late)
    with store.view("tracking") as ask:
        assert ask("SELECT count(*) FROM {tracked}") == [(8,)]
    other.close()


STRANGE = {
    "beyond 64 bits": 1 << 70,
    "no number": float("nan"),
    "half a character": "\ud800",
    "nothing": None,
    "no value of a database": object(),
}


def strange(monkeypatch: pytest.MonkeyPatch, at: int, value: Any) -> None:
    """Let the fold of progress give a row with a strange value at a position, wherever batches end."""
    original = Progress.fold

    def gives(self: Progress, batch: Sequence[Seen], to: ChangeSet) -> None:
        original(self, batch, to)
        for seen in batch:
            if seen.position == at:
                day = 1 if isinstance(value, str) else value
                word = value if isinstance(value, str) else "strange"
                to.add(
                    "facts", ("leads", day, word, seen.position, 0), ("zhang.san", 1 << 62, 1, "", None), seen.position
                )

    monkeypatch.setattr(Progress, "fold", gives)


@pytest.mark.parametrize(("kind", "batch"), [*((kind, 5_000) for kind in STRANGE), ("beyond 64 bits", 3)])
def test_a_row_that_cannot_be_stored_stops_its_own_table_only(
    store: Store, monkeypatch: pytest.MonkeyPatch, kind: str, batch: int
) -> None:
    at = 9
    name = store.log.read(at - 1, 1)[0].name
    with monkeypatch.context() as patched:
        strange(patched, at, STRANGE[kind])
        store.projector.catch_up(batch=batch, asked=NAMES)
        assert stopped(store) == {"progress": at}
        assert (standing(store)["progress"].position, standing(store)["progress"].event) == (at - 1, name)
        assert standing(store)["progress"].why
        before = rows(store)
        hold(store, lead("l9"))
        store.projector.catch_up(batch=batch, asked=NAMES)
        head, _ = store.reader.head()
        assert {each.position for each in standing(store).values()} == {head, at - 1}
        assert sales("progress", store=store.url).code == "projection.stopped"
        assert sales("tracking", store=store.url).status == 0
        store.projector.rebuild(["progress"], batch=batch)
        assert stopped(store) == {"progress": at}
        assert rows(store)["facts"] == before["facts"]
    store.projector.rebuild(["progress"])
    assert stopped(store) == {}
    whole = sorted_rows(store)
    store.projector.rebuild(NAMES)
    assert sorted_rows(store) == whole


def test_what_the_log_says_and_a_database_cannot_keep_stops_what_shows_it_by_name(store: Store) -> None:
    at = poison(store, "customer.lead_captured", b'{"company":"\\u0000","channel":"online"}')
    store.catch_up(asked=NAMES)
    hold(store, lead("l9"))
    store.catch_up(asked=NAMES)
    found = stopped(store)
    assert ("tracking" in found) == (store.db.dialect == "postgres")  # a text of SQLite may hold any character
    assert set(found.values()) <= {at}
    assert "organisation" not in found
    assert {standing(store)[name].event for name in found} <= {"customer.lead_captured"}
