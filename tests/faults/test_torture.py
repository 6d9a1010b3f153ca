"""The catalogue of faults with small counts; ./torture runs it with the full ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture import alarms, clocks, full, killing, losing, model, moving, powercut, racing, rotting


def test_a_power_cut_loses_nothing_at_full_and_the_trial_bites_at_normal(tmp_path: Path) -> None:
    assert powercut.cuts(tmp_path, 8) == 0
    assert powercut.cuts(tmp_path, 12, "NORMAL") > 0


def test_kill_9_during_ingest_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    done = killing.ingest(tmp_path, 1)
    assert done.lost == 0


def test_a_killed_server_loses_nothing_that_was_acknowledged() -> None:
    assert killing.crashes(1).lost == 0


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    done = full.sqlite(tmp_path, 1_500, room=2)
    if done is None:
        pytest.skip("this machine lets us mount no small disk")
    assert (done.lost, done.code) == (0, "store.full")


def test_processes_that_race_for_the_same_subjects_are_all_recorded(tmp_path: Path) -> None:
    assert racing.processes(f"sqlite:///{tmp_path}/a.db", tmp_path, 40)


def test_a_sequence_would_have_lost_what_the_log_does_not(postgres_url: str) -> None:
    assert racing.tailing_a_sequence(postgres_url, 60) > 0


def test_a_lost_reply_is_recorded_once_under_a_key_and_is_uncertain_without(postgres_url: str) -> None:
    done = losing.replies(f"{postgres_url}a", 40)
    assert done.replies > 0
    assert (done.missing, done.doubled) == (0, 0)
    uncertain, doubled = losing.without_keys(f"{postgres_url}b", 12)
    assert uncertain >= doubled > 0


def test_a_killed_projector_folds_each_event_once(tmp_path: Path) -> None:
    assert killing.projector(tmp_path, 1) == 0


def test_clocks_that_jump_leave_recorded_times_in_the_order_of_positions(store_url: str) -> None:
    assert clocks.jumps(store_url, 30) > 0


def test_an_event_that_rots_is_named_and_nothing_else_is_lost(tmp_path: Path) -> None:
    assert rotting.rot(f"sqlite:///{tmp_path}/a.db", 6)["named"] >= 5


def test_a_thorough_look_raises_no_false_alarm_while_others_work(store_url: str) -> None:
    done = alarms.looks(store_url, 6)
    assert done.alarms == []
    assert done.events > 10


def test_a_model_and_both_stores_agree(tmp_path: Path, postgres_server: str) -> None:
    assert model.agree(tmp_path, postgres_server, 5, 30) > 0


@pytest.mark.parametrize("way", moving.WAYS)
def test_a_moved_store_has_the_same_rows_and_tables(tmp_path: Path, way: str) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    want = moving.filled(url, tmp_path, 5)
    assert moving.rows(moving.moved(url, tmp_path, way)) == want


@pytest.mark.parametrize("move", [moving.backed_up, moving.exported])
def test_a_log_moves_to_postgres_and_back(
    tmp_path: Path, postgres_url: str, move: Callable[[str, str, Path], str]
) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    want = moving.filled(url, tmp_path, 5)
    there = move(url, postgres_url, tmp_path)
    assert moving.rows(there) == want
    assert moving.rows(move(there, f"sqlite:///{tmp_path}/b.db", tmp_path)) == want
