"""Sealing in any steps, by any number of sealers, makes one tree; what can't be sealed is named."""

from __future__ import annotations

from pathlib import Path
from random import Random
from threading import Thread

import pytest

from infra.db.connect import open_database
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.transparency.leaf import leaves
from infra.transparency.merkle_tree import root_of, span
from infra.transparency.tile_store import Tiles, read, seal, sealed
from tests.proof.filling import Filling
from tests.proof.tampering import delete, with_all_rights


def tiles(filled: Filling) -> list[tuple[object, ...]]:
    return filled.db.all("SELECT level, number, hashes FROM tiles ORDER BY level, number")


def test_the_tree_is_the_same_in_whatever_steps_it_grew(filled: Filling) -> None:
    filled.grow(300)
    plain = root_of(leaves(read(filled.db, 0, 900)))
    for upto in (1, 2, 255, 256, 257, 500, 768, 900):
        assert seal(filled.db, upto) == sealed(filled.db) == upto
    in_steps = tiles(filled)
    assert [(level, number) for level, number, _ in in_steps] == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]
    assert span(Tiles(filled.db), 0, 900) == plain
    filled.db.run("DELETE FROM tiles")
    assert seal(filled.db, 900) == 900
    assert tiles(filled) == in_steps


def test_no_more_is_sealed_at_once_than_asked_for(filled: Filling) -> None:
    assert [seal(filled.db, 600, 250) for _ in range(4)] == [250, 500, 600, 600]


def test_two_who_seal_at_once_make_one_tree(filled: Filling) -> None:
    wrong: list[BaseException] = []

    def go() -> None:
        db = open_database(filled.url, create=False)
        try:
            for upto in range(40, 601, 40):
                seal(db, upto)
        except (Problem, StoreFault) as failed:
            wrong.append(failed)
        finally:
            db.close()

    seal(filled.db, 0)
    both = [Thread(target=go) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert wrong == []
    assert span(Tiles(filled.db), 0, 600) == root_of(leaves(read(filled.db, 0, 600)))
    assert filled.verify(filled.checkpoint()).sealed == 600


def test_a_checkpoint_of_the_same_log_is_the_same(filled: Filling) -> None:
    assert filled.checkpoint() == filled.checkpoint()
    filled.grow(1)
    assert filled.checkpoint().size == 601


def test_an_empty_log_has_a_checkpoint_too(store_url: str, tmp_path: Path) -> None:
    filling = Filling(store_url, tmp_path / "keys")
    point = filling.checkpoint()
    assert point.size == 0
    filling.grow(3)
    assert filling.verify(point, filling.checkpoint()).events == 3
    filling.close()


def test_a_gap_is_not_sealed(filled: Filling) -> None:
    with with_all_rights(filled.url) as run:
        delete(run, 300, 600, Random(1))
    with pytest.raises(Problem) as caught:
        filled.checkpoint()
    assert (caught.value.code, caught.value.facts["position"]) == ("proof.missing", 300)
