"""What is damaged in a SQLite file, and in what of the store it lies."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from infra.db.database import Database
from infra.db.errors import StoreFault, names_folded

MOST: Final = 8
"""How many damages are named, and of one table half as many."""


DERIVED: Final = ("claims", "keys", "mentions")
"""Tables that follow from the log, and are made anew where a log is imported."""


class Damage(NamedTuple):
    """What SQLite says of a damage, where it lies, and the table or index, `file` where it is the whole."""

    what: str
    where: Literal["log", "index", "derived", "folded", "file"]
    name: str


def damages(db: Database) -> list[Damage]:
    """Return what is damaged, at most a few: first by table, and where no table is, of the file as a whole."""
    try:
        tables = [row[0] for row in db.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    except StoreFault as wrong:
        return [Damage(_said(wrong), "file", "file")]
    found = [damage for table in tables for damage in _of_table(db, table)]
    return found[:MOST] or [Damage(line, "file", "file") for line in _checked(db, str(MOST))]


def _of_table(db: Database, table: str) -> list[Damage]:
    lines = _checked(db, f"'{table}'")
    if not lines:
        return []
    if names_folded(table):
        return [Damage(lines[0], "folded", table)]
    if table in DERIVED:
        return [Damage(lines[0], "derived", table)]
    where: Literal["log", "index"] = "index" if _readable(db, table) else "log"
    return [Damage(line, where, table) for line in lines[: MOST // 2]]


def _checked(db: Database, what: str) -> list[str]:
    """Return what SQLite complains of, which may break off; nothing where all is well."""
    try:
        said = [str(row[0]) for row in db.all(f"PRAGMA integrity_check({what})")]
    except StoreFault as wrong:
        return [_said(wrong)]
    lines = [line for each in said for line in each.splitlines() if not line.startswith("*** in database")]
    return [] if lines == ["ok"] else lines


def _readable(db: Database, table: str) -> bool:
    """Say whether every row of a table can be read without its indexes."""
    try:
        for _row in db.rows(f"SELECT * FROM {table} NOT INDEXED"):
            pass
        return True
    except StoreFault:
        return False


def _said(wrong: StoreFault) -> str:
    return str(wrong.facts.get("why") or wrong)
