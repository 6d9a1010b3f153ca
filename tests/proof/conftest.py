"""Stores with a tree, on SQLite and on Postgres in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proof.filling import Filling


@pytest.fixture
def filled(store_url: str, tmp_path: Path) -> Iterator[Filling]:
    """Return a store with 600 events: two whole tiles and a part of one."""
    filling = Filling(store_url, tmp_path / "keys", 600)
    yield filling
    filling.close()
