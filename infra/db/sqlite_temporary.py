"""A database for as long as it is open: in memory while it is small, else in a file that nobody can name and nothing leaves."""

from __future__ import annotations

import sqlite3

from infra.db.sqlite import SQLiteDatabase
from infra.db.sqlite_authorizer import authorize

PRAGMAS = ("PRAGMA cache_size = -24000", "PRAGMA synchronous = OFF", "PRAGMA foreign_keys = ON")
"""A cache of 24 MB, past which pages go to the file: what is kept here has no bound of its own."""


class TemporaryDatabase(SQLiteDatabase):
    """One connection to a database that goes when it is closed, or when the process ends in whatever way."""

    def __init__(self) -> None:
        super().__init__("", create=True)
        self._mapped = True

    def _connected(self, create: bool, readonly: bool) -> sqlite3.Connection:
        connection = sqlite3.connect("", isolation_level=None, cached_statements=256)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.set_authorizer(authorize)
        return connection
