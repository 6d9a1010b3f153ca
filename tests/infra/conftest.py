"""A store with its people, for the tests of what keeps it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.store.open import create_store, open_store
from infra.store.store import Store
from tests.given import line
from tests.infra.recording import BOSS, Clock, hold


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(store_url: str, clock: Clock) -> Iterator[Store]:
    """Return a store that knows a director, another manager, and two reps."""
    made, _ = create_store(store_url, first_actor=BOSS, clock=clock)
    hold(made, *(line("person.register", login=login, name=login) for login in ("zhang.san", "li.si")))
    hold(made, line("person.register", login="chen.jing", name="陈静", role="manager"))
    yield made
    made.close()


@pytest.fixture
def another(store: Store, clock: Clock) -> Iterator[Store]:
    """Return the same store as a second process has it open."""
    second = open_store(store.url, clock=clock)
    yield second
    second.close()
