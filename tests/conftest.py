"""The stores that tests run on: a SQLite file and a schema of a real Postgres server, each its own."""

from __future__ import annotations

import random
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from infra.db.connect import open_database
from infra.event_store.event_store import EventStore
from infra.event_store.factory import open_log
from infra.event_store.migrations import init_store
from tests import exploring, postgres, surroundings
from tests.exploring import cases
from tests.schemas import Schemas, lend

pytest_plugins = ("tests.limits",)
surroundings.settle()
exploring.load()

LONG = (
    "tests/slow/test_views", "tests/test_olist", "tests/year/test_year", "tests/test_tutorial", "tests/test_installation",
    "tests/test_packaging", "tests/faults/test_torture", "tests/proof/test_tampering", "tests/slow",
)  # fmt: skip
"""Files whose few tests take long: they come first, so that no process is left alone with one of them at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take from `./explore` when its time is over."""
    parser.addoption(
        "--until", type=float, default=float("inf"), help="nothing more is tried from this second of time on"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let the laws be tried with what was asked for: `--hypothesis-profile=exploring`, or the same as ever."""
    exploring.load(config.getoption("--hypothesis-profile"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that is tried under seeds so many."""
    for marker in metafunc.definition.iter_markers("seeds"):
        test = f"{metafunc.definition.nodeid.partition('::')[0]}::{metafunc.function.__name__}"
        asked = metafunc.config.getoption("--hypothesis-seed")
        fresh = random.Random(f"{asked} {test}") if exploring.exploring() else None
        metafunc.parametrize("seed", cases.seeds(test, marker.args[0], fresh))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the long ones first; where something fresh is looked for, leave the laws alone."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG) if item.nodeid.startswith(part)), len(LONG)))
    until = config.getoption("--until")
    laws = [item for item in items if isinstance(item, pytest.Function) and cases.is_law(item)]
    for item in laws:
        if hasattr(item.function, "hypothesis"):
            cases.watch(item, until) if exploring.exploring() else cases.replay(item)
    if exploring.exploring():
        config.hook.pytest_deselected(items=[item for item in items if item not in laws])
        items[:] = laws


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what begins when the time is over."""
    if time.time() > item.config.getoption("--until"):
        pytest.skip("the time is over")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep that under which a law has failed."""
    report = yield
    if report.failed and call.when == "call" and exploring.exploring() and isinstance(item, pytest.Function):
        report.sections.append(("Kept", str(cases.failed(item))))
    return report


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Start one Postgres server for the session and return its address; it ends with the session."""
    return postgres.started()


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """Return the address of a Postgres schema that does not exist yet."""
    return f"{postgres_server}&schema=test_{uuid4().hex}"


@pytest.fixture(scope="session")
def schemas(postgres_server: str) -> Iterator[Schemas]:
    """Return the schemas of the session's server, which stores are made in again and again."""
    with pytest.MonkeyPatch.context() as patch:
        made = Schemas(postgres_server)
        lend(made, patch)
        yield made
        made.close()


@pytest.fixture
def lent_url(postgres_server: str, schemas: Schemas) -> Iterator[str]:
    """Return the address of a Postgres schema in which this process finds no store; another one takes `postgres_url`."""
    schema = schemas.take()
    yield f"{postgres_server}&schema={schema}"
    schemas.give_back(schema)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a store that is not made yet, on each of the two databases in turn."""
    if request.param == "postgres":
        return str(request.getfixturevalue("lent_url"))
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def log(store_url: str) -> Iterator[EventStore]:
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
