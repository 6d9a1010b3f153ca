"""Whatever is done to a store's derived state is found and named, on both stores, and put right by what the hint names."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import pytest

from cli.demo import QUARTER
from infra import batch
from infra.generations import ON_DEMAND
from infra.opening import create_store, open_store
from infra.problem import Problem
from infra.proof.thorough import derived_sound
from tests.faults.running import Done, sales
from tests.proof.forging import MENDED, WHOLE, Forger, Words, a_position_behind, forging

SEEDS = int(os.environ.get("SALES_PLACES", "1"))
"""With how many seeds each act is done."""
PARTS = 4
TOGETHER = [MENDED[part::PARTS] for part in range(PARTS)]
ACTS = [*TOGETHER, *((act,) for act in WHOLE)] if SEEDS < 2 else [*TOGETHER, *((act,) for act in (*MENDED, *WHOLE))]
"""What is done at once: several acts, or one alone."""


def played(url: str) -> None:
    """Fill a store with the first quarter of a made-up company."""
    store, _ = create_store(url, first_actor=None)
    ledger = store.ledger("lin.zong", source="batch", migrating=True)
    with QUARTER.open("rb") as lines:
        answers = [answer for _, answer in batch.apply(ledger, batch.read(lines))]
    assert not [answer for answer in answers if isinstance(answer, Problem)]
    store.catch_up(asked=ON_DEMAND)
    store.close()


@pytest.fixture
def quarter(store_url: str) -> str:
    """Return the address of a store with a quarter's history, its tables in step and its roles made."""
    played(store_url)
    assert sales("init", store=store_url).status == 0
    return store_url


def found(url: str) -> list[Problem]:
    store = open_store(url)
    try:
        return list(derived_sound(store.db).problems)
    finally:
        store.close()


def texts(problems: list[Problem]) -> list[str]:
    return [" ".join([each.code, *map(str, each.facts.values())]) for each in problems]


def verified(url: str) -> Done:
    return sales("verify", "--thorough", store=url)


@pytest.mark.parametrize("acts", ACTS, ids=lambda acts: "+".join(act.__name__ for act in acts)[:60])
def test_every_act_is_found_and_named_and_put_right(quarter: str, acts: Sequence[Callable[[Forger], Words]]) -> None:
    for seed in range(SEEDS):
        with forging(quarter, f"{len(acts)} {acts[0].__name__} {seed}") as forger:
            wanted = [(act.__name__, act(forger)) for act in acts]
        problems = found(quarter)
        said = texts(problems)
        for name, words in wanted:
            assert any(all(word in line for word in words) for line in said), (name, words, said)
        assert {each.exit_status for each in problems} == {9}
        # A table that is folded a second time contradicts itself, which init can't bring in step.
        assert sales("init", store=quarter).status in ((0,) if a_position_behind not in acts else (0, 6))
        done = sales("rebuild", "--constraints", store=quarter)
        assert done.status == 0, done.err
        assert texts(found(quarter)) == []
