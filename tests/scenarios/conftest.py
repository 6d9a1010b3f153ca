"""The store that each scenario is played into, on SQLite and on Postgres in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.given import Given, company


@pytest.fixture
def given(store_url: str) -> Iterator[Given]:
    """Return a store that knows the company's people."""
    fresh = Given(store_url)
    fresh.happened(*company())
    yield fresh
    fresh.close()
