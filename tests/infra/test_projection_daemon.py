"""The daemon that keeps read models in step: started and stopped, through lost connections, with what stops a read model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.errors.problem import Problem
from infra.jobs.projection_daemon import ProjectionDaemon
from infra.store.open import open_store
from infra.store.store import Store
from projections.read_models import registry
from tests.given import lead
from tests.infra.recording import hold

PATIENCE = 60.0


@pytest.fixture
def daemon(store: Store) -> Iterator[ProjectionDaemon]:
    made = ProjectionDaemon(lambda: open_store(store.url), pause=0.01)
    yield made
    made.stop()


def positions(daemon: ProjectionDaemon) -> set[int]:
    return {state.position for state in daemon.states()}


def test_what_is_recorded_while_it_runs_is_in_every_table_soon(store: Store, daemon: ProjectionDaemon) -> None:
    assert {state.state for state in daemon.states()} <= {"new", "ok", "on demand"}
    daemon.start()
    for n in range(3):
        hold(store, lead(f"l{n}", f"公司{n}"))
        assert daemon.wait_until_fresh(PATIENCE)
        assert positions(daemon) == {store.reader.head()[0]}
    daemon.stop()
    hold(store, lead("l9", "公司九"))
    assert not daemon.wait_until_fresh(0.1), "nobody works any more"
    daemon.start()
    assert daemon.wait_until_fresh(PATIENCE), "it may be started again"


def test_once_it_brings_the_tables_in_step_in_this_thread(store: Store, daemon: ProjectionDaemon) -> None:
    hold(store, lead("l1", "甲公司"))
    daemon.run(once=True)
    assert positions(daemon) == {store.reader.head()[0]}


def test_a_store_that_is_away_is_waited_for(store: Store) -> None:
    tries: list[int] = []

    def away_at_first() -> Store:
        tries.append(1)
        if len(tries) < 3:
            raise Problem("store.unreachable", store=store.url, why="it is away")
        return open_store(store.url)

    hold(store, lead("l1", "甲公司"))
    ProjectionDaemon(away_at_first, pause=0.01).run(once=True)
    assert len(tries) == 3
    assert store.reader.head()[0] in positions(ProjectionDaemon(lambda: open_store(store.url)))


def test_a_problem_that_stays_ends_it_and_is_said(store: Store) -> None:
    def never() -> Store:
        raise Problem("store.missing", store=store.url, help="")

    daemon = ProjectionDaemon(never, pause=0.01)
    daemon.start()
    with pytest.raises(Problem) as said:
        daemon.stop()
    assert said.value.code == "store.missing"
    daemon.stop()


def test_a_read_model_is_rebuilt_by_its_name(store: Store, daemon: ProjectionDaemon) -> None:
    hold(store, lead("l1", "甲公司"))
    daemon.run(once=True)
    generation = {at[0]: at[1] for at in store.db.all("SELECT name, generation FROM projections")}
    daemon.rebuild(["tracking"])
    after = {at[0]: at[1] for at in store.db.all("SELECT name, generation FROM projections")}
    assert {name for name in after if after[name] != generation[name]} == {"tracking"}
    with pytest.raises(Problem) as refused:
        daemon.rebuild(["nonsuch"])
    assert refused.value.code == "projection.unknown"


def test_what_stops_a_read_model_is_told_and_the_others_go_on(store: Store, daemon: ProjectionDaemon) -> None:
    hold(store, lead("l1", "甲公司"))
    daemon.run(once=True)
    last = store.reader.head()[0]
    store.db.run("UPDATE projections SET stopped = ?, event = 'x', why = 'tried' WHERE name = 'tracking'", (last,))
    hold(store, lead("l2", "乙公司"))
    daemon.start()
    assert daemon.wait_until_fresh(PATIENCE), "what is stopped is not waited for"
    states = {state.projection: state for state in daemon.states()}
    assert (states["tracking"].state, states["tracking"].stopped_at, states["tracking"].why) == (
        "stopped",
        last,
        "tried",
    )
    assert {state.state for name, state in states.items() if name != "tracking"} == {"ok"}
    assert states.keys() == registry.VERSIONS.keys()
