"""Opens the database at an address: SQLite or Postgres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.db.errors import StoreUnreachable, without_password

if TYPE_CHECKING:
    from infra.db.database import Database


def open_database(url: str, *, create: bool, readonly: bool = False) -> Database:
    """Open the store at `url`: sqlite:///relative.db, sqlite:////absolute.db or postgresql://...?schema=name.

    With `create`, SQLite's file and its folder are made where they are absent; without, a missing file raises
    StoreMissing. Opening SQLite imports nothing of Postgres.
    """
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        from infra.db.sqlite import SQLiteDatabase

        return SQLiteDatabase(url.removeprefix("sqlite:///"), create=create, readonly=readonly)
    if url.startswith(("postgresql://", "postgres://")):
        from infra.db.postgres import PostgresDatabase

        return PostgresDatabase(url, readonly=readonly)
    raise StoreUnreachable(store=without_password(url), why="an address starts with sqlite:/// or postgresql://")
