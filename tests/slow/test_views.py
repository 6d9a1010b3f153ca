"""Every view at every pair of moments shows what the slow, obvious fold of the log says."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from hypothesis import given as for_all
from hypothesis import strategies as st

from tests.exploring import examples
from tests.given import Given, company
from tests.histories import Step
from tests.slow.compare import Asked
from tests.slow.wider import stories

TODAY = "2024-12-31T18:00:00+08:00"
DAYS = ("2023-12-01", "2024-01-10", "2024-01-20", "2024-01-31", "2024-02-11", "2024-02-18", "2024-03-01", "2024-03-31")
TIMES = ("2024-01-24T08:30:00+08:00", "2024-02-14T00:00:00+08:00", "2024-03-05T04:00:00+08:00")


@contextmanager
def fresh_store(url: str | None = None) -> Iterator[Given]:
    """Give a store of its own to each example."""
    with tempfile.TemporaryDirectory() as folder:
        store = Given(url or f"sqlite:///{Path(folder) / 'store.db'}", today=TODAY)
        store.happened(*company())
        yield store
        store.close()


def play(store: Given, history: list[Step]) -> list[str]:
    """Enter a history, the tables in step with it, and return the moments at which something was entered."""
    moments = []
    for step in history:
        if step.restart:
            store.store._projector = None
        store.answers(*step.lines)
        store.store.catch_up()
        moments.append(store.last.isoformat())
    return moments


def pairs(chance: random.Random, moments: list[str]) -> list[tuple[str | None, str | None]]:
    """Return pairs of moments: now, the same instant for both, either before the other, before everything."""
    at = chance.choice(moments)
    return [
        (None, None),
        (at, at),
        (None, chance.choice(moments)),
        *((chance.choice(DAYS), chance.choice((None, *moments, *DAYS))) for _ in range(3)),
        (chance.choice(TIMES), chance.choice((None, *moments))),
        (chance.choice(moments), chance.choice(DAYS)),
        ("2024-01-31", "2023-12-31"),
    ]


def compared(history: list[Step], seed: int, url: str | None = None) -> None:
    """Play a history and compare what is shown at some pairs of moments."""
    with fresh_store(url) as store:
        moments = play(store, history)
        for as_of, known_at in pairs(random.Random(seed), moments):
            Asked(store, as_of, known_at).compare()


@examples(8)
@for_all(stories(), st.integers(0, 1_000))
def test_what_is_shown_is_what_the_log_says(history: list[Step], seed: int) -> None:
    compared(history, seed)


@examples(3)
@for_all(stories(5, 30), st.integers(0, 1_000))
def test_what_is_shown_on_postgres_too(postgres_server: str, history: list[Step], seed: int) -> None:
    compared(history, seed, f"{postgres_server}&schema=test_{uuid4().hex}")
