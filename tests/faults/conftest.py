"""A store at which strangers may try what they like."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.store.open import create_store
from tests.faults.running import BOSS


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of a store that knows its director, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    url = f"sqlite:///{tmp_path}/a.db"
    create_store(url, first_actor=BOSS)[0].close()
    return url
