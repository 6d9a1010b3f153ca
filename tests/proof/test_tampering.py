"""Whatever is done to a stored log is found, and the first position named: fault 10 of the catalogue."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from infra.errors.problem import Problem
from infra.event_store.stored_event import AppendBatch
from infra.transparency.checkpoint_store import kept, origin_of
from infra.transparency.signed_note import Checkpoint
from infra.transparency.signing_keys import KeyFolder
from tests.proof.filling import PLACES, Filling, fresh
from tests.proof.tampering import ACTS, Act, Copy, change, truncate, with_all_rights

EVENTS = 600


def found(filled: Filling, *given: Checkpoint, **keys: object) -> Problem:
    """Return what a check finds, which must be something."""
    filled.reopen()
    with pytest.raises(Problem) as caught:
        filled.verify(*given, **keys)  # type: ignore[arg-type]
    assert caught.value.exit_status == 9
    return caught.value


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_found_at_every_place_and_the_first_position_named(filled: Filling, act: Act) -> None:
    point = filled.checkpoint()
    filled.log.close()
    copy, chance = Copy(filled.url), Random(act.__name__)
    for position in [1, EVENTS, *(chance.randrange(1, EVENTS + 1) for _ in range(PLACES))]:
        with with_all_rights(filled.url) as run:
            first = act(run, position, EVENTS, chance)
        assert found(filled, point).facts.get("position") == first, f"{act.__name__} at {position}"
        filled.log.close()
        copy.restore()
    filled.reopen()
    assert filled.verify(point).events == EVENTS


@pytest.mark.parametrize("act", ACTS)
def test_it_is_found_when_the_tree_and_its_checkpoints_are_made_again_too(filled: Filling, act: Act) -> None:
    early = filled.checkpoint()
    filled.grow(100)
    point = filled.checkpoint()
    filled.log.close()
    copy, chance = Copy(filled.url), Random(act.__name__)
    for _ in range(PLACES):
        position = chance.randrange(EVENTS + 20, EVENTS + 90)
        with with_all_rights(filled.url) as run:
            first = act(run, position, EVENTS + 100, chance)
            run("DELETE FROM tiles")
            run("DELETE FROM checkpoints")
        filled.reopen()
        if act.__name__ != "delete":  # a gap can't be sealed
            forge(filled)
        problem = found(filled, early, point)
        if problem.code == "proof.rewritten":
            assert (problem.facts["first"], problem.facts["size"]) == (early.size + 1, point.size)
        elif problem.code == "proof.truncated":
            assert problem.facts["last"] < point.size
        elif problem.code == "proof.time":
            assert problem.facts["position"] in (first, first + 1)
        else:
            assert problem.facts["position"] == first
        filled.log.close()
        copy.restore()
    filled.reopen()
    filled.verify(early, point)


def forge(filled: Filling) -> None:
    """Seal and sign the changed log with another key, as somebody would who has only the store."""
    with TemporaryDirectory() as folder:
        real, filled.keys = filled.keys, KeyFolder(Path(folder))
        filled.checkpoint()
        filled.keys = real


def test_an_older_copy_put_back_is_found_also_after_it_has_grown_again(filled: Filling) -> None:
    early = filled.checkpoint()
    filled.log.close()
    copy = Copy(filled.url)
    filled.reopen()
    filled.grow(50)
    point = filled.checkpoint()
    filled.log.close()
    copy.restore()
    problem = found(filled, point)
    assert (problem.code, problem.facts["position"], problem.facts["size"]) == ("proof.truncated", 601, 650)
    filled.versions.clear()
    filled.chance, filled.count = Random(99), 10_000
    filled.log.append(other_batch(filled))
    filled.reopen()
    problem = found(filled, early, point)
    assert (problem.code, problem.facts["first"], problem.facts["size"]) == ("proof.rewritten", 601, 650)
    with pytest.raises(Problem) as caught:
        filled.checkpoint()
    assert caught.value.code == "proof.not_continued"


def other_batch(filled: Filling) -> AppendBatch:
    rows = [fresh(f"cus_other{n}", 1, 10_000 + n, filled.chance) for n in range(80)]
    return AppendBatch(records=rows, now="2024-05-01T00:00:00.000000Z")


def test_a_tail_that_no_checkpoint_covers_is_missed_only_until_it_is_sealed(filled: Filling) -> None:
    point = filled.checkpoint()
    filled.grow(20)
    with with_all_rights(filled.url) as run:
        truncate(run, 611, 620, Random(1))
    filled.reopen()
    assert filled.verify(point).events == 610


def test_changed_tiles_are_told_from_a_changed_log(filled: Filling) -> None:
    point = filled.checkpoint()
    filled.log.close()
    copy = Copy(filled.url)
    for sql in (
        "UPDATE tiles SET hashes = (SELECT hashes FROM tiles WHERE level = 0 AND number = 1) WHERE number = 0 AND level = 0",
        "UPDATE tiles SET hashes = (SELECT hashes FROM tiles WHERE level = 0 AND number = 2) WHERE level = 1",
        "DELETE FROM tiles WHERE level = 0 AND number = 1",
        "DELETE FROM tiles WHERE level = 1",
        "UPDATE tiles SET level = 2 WHERE level = 1",
    ):
        with with_all_rights(filled.url) as run:
            run(sql)
        assert found(filled, point).code == "proof.tiles", sql
        filled.log.close()
        copy.restore()
    filled.reopen()


def test_a_forged_checkpoint_in_the_store_is_told_from_a_changed_log(filled: Filling) -> None:
    filled.checkpoint()
    keys = filled.keys.known(origin_of(filled.db))
    with with_all_rights(filled.url) as run:
        run("UPDATE checkpoints SET note = replace(note, '600', '500'), size = 500")
    assert found(filled, keys=keys).code == "proof.signature"


def test_a_stored_checkpoint_that_no_known_key_signed_does_not_hide_what_was_changed(filled: Filling) -> None:
    filled.checkpoint()
    with with_all_rights(filled.url) as run:
        change(run, 77, 600, Random(1))
    stranger = KeyFolder(filled.keys.folder / "other").signer("other").key
    problem = found(filled, keys=[stranger])
    assert (problem.code, problem.facts["position"]) == ("proof.changed", 77)


def test_a_head_that_names_another_position_is_found(filled: Filling) -> None:
    with with_all_rights(filled.url) as run:
        run("UPDATE head SET position = 599")
    assert found(filled).code == "proof.head"


def test_a_version_that_is_missing_is_found_before_anything_is_sealed(filled: Filling) -> None:
    with with_all_rights(filled.url) as run:
        run("UPDATE log SET version = version + 100 WHERE position = 300")
    problem = found(filled)
    assert problem.code == "proof.versions"


def test_of_very_many_checkpoints_in_the_store_a_part_is_held_and_always_the_last(filled: Filling) -> None:
    for _ in range(12):
        filled.grow(1)
        filled.checkpoint()
    assert [each.size for each in kept(filled.db, 5)] == [603, 606, 609, 612]
    assert [each.size for each in kept(filled.db, 7)] == [602, 604, 606, 608, 610, 612]
    assert [each.size for each in kept(filled.db, 11)][-1] == 612
    assert len(kept(filled.db)) == 12


def test_a_log_that_only_grows_never_gives_a_false_alarm(store_url: str, tmp_path: Path) -> None:
    filling = Filling(store_url, tmp_path / "keys", 1)
    points = [filling.checkpoint()]
    chance = Random(3)
    for _ in range(10 * PLACES):
        filling.grow(chance.choice((1, 3, 40, 256)) if filling.count < 3000 else 1)
        if chance.random() < 0.5:
            points.append(filling.checkpoint())
        verdict = filling.verify(*chance.sample(points, min(3, len(points))))
        assert verdict.events == filling.count
    filling.close()
