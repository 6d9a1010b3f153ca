"""What a database or a library says is said in the language in use."""

from __future__ import annotations

import os
import re
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cli.core.errors import told, worded
from infra.db.connect import open_database
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.foreign_texts import TEXTS, recognised

LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    translate.use("zh")
    yield
    translate.use("en")


@pytest.mark.parametrize("message", TEXTS)
def test_each_is_recognised_as_itself(message: str) -> None:
    said = recognised(re.sub(r"\{(\w+)\}", r"<\1>", message))
    assert said is not None
    assert said.message == message


@pytest.mark.parametrize("statement", ["SELECT * FROM c", "INSERT INTO a VALUES (NULL)", "PRAGMA journal_mode = wal"])
def test_what_sqlite_says(statement: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    if statement.startswith("PRAGMA"):
        file.write_text("this is no database, and long enough to be read as one" * 100)
    db = sqlite3.connect(file)
    if not statement.startswith("PRAGMA"):
        db.execute("CREATE TABLE a (b NOT NULL UNIQUE)")
    with pytest.raises(sqlite3.Error) as raised:
        db.execute(statement)
    assert not LATIN.search(worded(str(raised.value)))


def test_what_postgres_says_of_a_connection(postgres_server: str) -> None:
    host = postgres_server.partition("host=")[2].partition("&")[0]
    addresses = (
        "postgresql://postgres@127.0.0.1:1/postgres?connect_timeout=2",
        "postgresql://postgres@/postgres?host=/nowhere",
        f"postgresql://nobody_of_that_name@/postgres?host={host}",
        f"postgresql://postgres@/nothing_of_that_name?host={host}",
    )
    for address in addresses:
        with pytest.raises(StoreFault) as raised:
            open_database(address, create=False)
        said = worded(raised.value.facts["why"])
        assert "失败" in said
        assert not re.search(
            r"\b(failed|connection|exist|server|such|refused)\b", said.replace("nothing_of_that_name", "")
        )


def test_what_postgres_says_of_rights_and_tables(postgres_server: str) -> None:
    with psycopg.connect(postgres_server.partition("&schema")[0], autocommit=True) as connection:
        for statement in ("SELECT * FROM nothing_there", "SELECT nothing_there", "SET ROLE nothing_there"):
            with pytest.raises(psycopg.Error) as raised:
                connection.execute(statement)
            said = worded(raised.value.diag.message_primary or "")
            assert not LATIN.search(said.replace("nothing_there", ""))


@pytest.mark.parametrize(
    "wrong", ["a =", 'a = "x', "[a", "a = 1\na = 2", "[[x]", "x = [1", "k v", "a = {b = 1, b = 2}", "a = 1 b", "é = 1"]
)
def test_what_is_wrong_with_a_toml_file(wrong: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(wrong)
    assert not LATIN.search(worded(str(raised.value)))


def test_what_the_system_says_within_it() -> None:
    why = f'could not extend file "base/1/2": {os.strerror(28)}'
    assert told(Problem("store.full", why=why, store="x")).splitlines()[0].endswith("无法扩展文件 base/1/2：磁盘已满。")


def test_what_nobody_knows_stays_as_it_is() -> None:
    assert worded("something quite new") == "something quite new"
