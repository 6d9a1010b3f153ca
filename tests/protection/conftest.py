"""A team's store on Postgres with its roles and logins, as `sales init` makes it, and connections as each of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import pytest

from cli.main import run
from infra.access.postgres_logins import Login, admit
from infra.access.postgres_names import Roles
from infra.db.connect import open_database
from infra.read_models import freshness
from infra.store.open import open_store
from infra.store.postgres_roles import protect
from tests.faults import running
from tests.given import Given, company, filed, lead, line, signed
from tests.protection.copies import Original
from tests.protection.who import Team


def played(url: str) -> None:
    """Play a short history of two groups into a store."""
    given = Given(url)
    given.happened(
        *company(),
        lead("a", by="zhang.san"),
        lead("b", by="li.si"),
        lead("c", by="zhou.ba"),
        *signed("x", "a", "1000", "2024-02-01", by="zhang.san"),
        *signed("y", "c", "2000", "2024-02-02", by="zhou.ba"),
        *filed("t1", "zhang.san", "5000"),
        *filed("t2", "zhou.ba", "6000"),
        line("plan.draft", by="zhang.san", key="n1", target="t1"),
        line("plan.draft", by="zhou.ba", key="n2", target="t2"),
        line("resource.request", by="zhou.ba", key="r", department="technical", item="样机", needed_by="2024-12-31"),
        {
            "action": "objection.log",
            "subject": "a",
            "actor": "zhang.san",
            "key": "o1",
            "data": {"kind": "price", "words": "贵"},
        },
        {
            "action": "objection.log",
            "subject": "c",
            "actor": "zhou.ba",
            "key": "o2",
            "data": {"kind": "price", "words": "贵"},
        },
        {"action": "opportunity.open", "actor": "zhang.san", "key": "p1", "data": {"customer": "a", "amount": "9"}},
        {"action": "opportunity.open", "actor": "zhou.ba", "key": "p2", "data": {"customer": "c", "amount": "8"}},
        line("review.hold", by="chen.jing", key="r1", kind="weekly", period="2024-W05", group="g1"),
        line("review.hold", by="he.ping", key="r2", kind="weekly", period="2024-W05", group="g2"),
        line("review.find", "r1", by="chen.jing", kind="success", cause="拜访密", evidence=["a", "c"]),
        line("review.find", "r2", by="he.ping", kind="success", cause="拜访密", evidence=["c"]),
        line("practice.adopt", by="he.ping", key="pr", kind="script", text="先算总成本", objection="price"),
    )
    given.store.catch_up()
    given.close()


@pytest.fixture(scope="session")
def team(postgres_server: str) -> Iterator[Team]:
    """Make the store, its roles, and a login of each kind; all are gone afterwards."""
    suffix = uuid4().hex[:12]
    url = f"{postgres_server}&schema=team_{suffix}"
    played(url)
    store = open_store(url)
    to = protect(store.db, f"team_{suffix}")
    assert to is not None
    made = Team(postgres_server, url, f"team_{suffix}", to)
    with store.db.transaction():
        for name, person, kind in (
            ("person", "zhang.san", "person"),
            ("manager", "chen.jing", "person"),
            ("director", "lin.zong", "person"),
            ("service", "li.si", "service"),
            ("reader", "zhang.san", "reader"),
            ("projector", "", "projector"),
        ):
            admit(store.db, to, Login(made.login(name), person, kind))  # type: ignore[arg-type]
        store.db.run(f"CREATE ROLE {made.login('public')} LOGIN")
    store.close()
    yield made
    # Anew, for other tests of the session break all connections off.
    db = open_database(url, create=False)
    gone(db.run, made, to)
    db.close()


def gone(run: Callable[[str], None], team: Team, to: Roles) -> None:
    """Drop the store with its roles."""
    run(f"DROP SCHEMA {team.schema} CASCADE")
    for role in (*to, *map(team.login, ("person", "manager", "director", "service", "reader", "projector", "public"))):
        run(f"DROP OWNED BY {role}")
        run(f"DROP ROLE {role}")


@pytest.fixture
def connected(team: Team) -> Iterator[Callable[[str], psycopg.Connection]]:
    """Return a way to connect as somebody of the team."""
    opened: list[psycopg.Connection] = []

    def connect(who: str) -> psycopg.Connection:
        opened.append(team.connect(who))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


PEOPLE = {"person": "zhang.san", "manager": "chen.jing", "director": "lin.zong"}


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def code(self) -> str:
        """The code of its error."""
        return self.err.rpartition("[")[2].strip("]\n ")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows that it showed."""
        return list(json.loads(self.out)["rows"])


Sales = Callable[..., Done]


@pytest.fixture
def sales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sales:
    """Run a command on the store at an address."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "dba")
    monkeypatch.setenv("SALES_LANG", "en")
    monkeypatch.delenv("SALES_STORE", raising=False)
    monkeypatch.setattr(freshness, "PATIENCE", 0.1)
    monkeypatch.chdir(tmp_path)

    def go(url: str, *words: str) -> Done:
        capsys.readouterr()
        status = run([*words, "--store", url])
        return Done(status, *capsys.readouterr())

    return go


@pytest.fixture(scope="session")
def staffed(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original[Team]]:
    """Make a store and let its people in, by the command line alone."""
    original = Original(postgres_server, lambda: tmp_path_factory.mktemp("staff"), let_in)
    yield original
    original.close()


def let_in(server: str, schema: str, folder: Path) -> Team:
    """Make the store of a staff, and its logins."""
    url = f"{server}&schema={schema}"
    with pytest.MonkeyPatch.context() as at:
        at.setenv("XDG_CONFIG_HOME", str(folder))
        played(url)
        store = open_store(url)
        to = protect(store.db, schema)
        assert to is not None
        team = Team(server, url, schema, to)
        store.db.run(f"CREATE ROLE {team.login('public')} LOGIN")
        store.close()
        given = [word for who, person in PEOPLE.items() for word in ("--login", f"{team.login(who)}={person}")]
        more = ["--service", f"{team.login('service')}=li.si", "--reader", f"{team.login('reader')}=zhang.san"]
        done = running.sales("init", *given, *more, "--projector", team.login("projector"), store=url)
    assert done.status == 0, done.err
    return team


@pytest.fixture
def staff(staffed: Original[Team], tmp_path: Path, sales: Sales, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Return a store with its people that is the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with staffed.copied(tmp_path / "config") as (made, server):
        yield made._replace(server=server, url=f"{server}&schema={made.schema}")
