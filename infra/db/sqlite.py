"""A store in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final, Literal

from infra.db.errors import (
    StoreBroken,
    StoreBusy,
    StoreFault,
    StoreFull,
    StoreMissing,
    StoreRefused,
    StoreSwapped,
    StoreUnreachable,
    StoreUnstorable,
    names_folded,
)
from infra.db.sqlite_authorizer import authorize

if TYPE_CHECKING:
    from infra.db.database import Row
    from infra.db.sqlite_read_only import Folder

FAULTS: dict[int, type[StoreFault]] = {
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_CANTOPEN: StoreUnreachable,
    sqlite3.SQLITE_NOTADB: StoreUnreachable,
    sqlite3.SQLITE_PERM: StoreUnreachable,
    sqlite3.SQLITE_READONLY: StoreUnreachable,
    sqlite3.SQLITE_CONSTRAINT: StoreRefused,
    sqlite3.SQLITE_AUTH: StoreRefused,
}
LOCKED_OUT = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
PRIMARY_CODE = 0xFF  # the low byte of SQLite's extended error codes

# FULL, because with WAL and NORMAL a power cut loses commits that were already acknowledged.
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -64000",
)
# A question looks at every page of a table once, and copying each into a cache of ours would take a sixth of its time.
MAPPED = f"PRAGMA mmap_size = {1 << 40}"  # SQLite takes as much of it as it was built for


PLAIN = b"/._-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
"""The bytes of a path that stand for themselves in a file's address."""


def fault(error: sqlite3.Error, where: str) -> StoreFault:
    """Say in the store's words what SQLite complained about."""
    text = str(error)
    if text.startswith("no such table"):
        return (StoreSwapped if names_folded(text) else StoreMissing)(store=where, why=text)
    return FAULTS.get(_code(error), StoreBroken)(store=where, why=text)


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & PRIMARY_CODE


def uri_of(path: str) -> str:
    """Return the address of a file as SQLite reads it, in which every byte that might mean something is written in figures."""
    if os.name == "nt":
        from pathlib import Path

        return Path(path).absolute().as_uri()
    whole = os.fsencode(os.path.join(os.getcwd(), path))
    plain = (chr(byte) if byte in PLAIN else f"%{byte:02X}" for byte in whole)
    return f"file://{''.join(plain)}"


def connect(
    path: str, *, create: bool, readonly: bool = False, any_thread: bool = False, immutable: bool = False
) -> sqlite3.Connection:
    """Open the file at `path` with our settings; a new file is readable by its owner only.

    With `immutable` nobody writes the file, and SQLite neither locks it nor looks for its journal.
    """
    if create:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        if not os.path.exists(path):
            # SQLite gives its journal files the mode of the database.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    else:
        must_be_there(path)
    asked = ("mode=ro&immutable=1" if immutable else "mode=ro") if readonly else "mode=rw"
    connection = sqlite3.connect(
        f"{uri_of(path)}?{asked}",
        uri=True,
        timeout=5,
        isolation_level=None,
        check_same_thread=not any_thread,
        cached_statements=256,
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
        if journal != "wal" and not readonly:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.set_authorizer(authorize)
    except BaseException:
        connection.close()
        raise
    return connection


UNSTORABLE: Final = (OverflowError, UnicodeError, sqlite3.DataError, sqlite3.IntegrityError)
"""What is raised where a row holds what its table can't."""


def must_be_there(path: str) -> None:
    """Raise StoreMissing where there is no file, or one of no bytes, beside which SQLite would clear a journal away."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise StoreMissing(store=path, why="no such file") from None
    if S_ISREG(found.st_mode) and not found.st_size:
        raise StoreMissing(store=path, why="the file is empty")


class SQLiteDatabase:
    """One connection to a SQLite file, with every statement durable on return."""

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, path: str, *, create: bool, readonly: bool = False) -> None:
        self.path = path
        self.where = path
        self.fixed = False
        self.aside: Folder | None = None
        self._mapped = False
        try:
            self.connection = self._connected(create, readonly)
        except sqlite3.Error as error:
            raise fault(error, path) from error
        except OSError as error:
            raise StoreUnreachable(store=path, why=error.strerror or str(error)) from error

    def _connected(self, create: bool, readonly: bool) -> sqlite3.Connection:
        """Open the file, and where nothing can be written beside it, as a medium that stands still."""
        try:
            if create or readonly or os.access(self.path, os.W_OK) or not os.path.exists(self.path):
                return connect(self.path, create=create, readonly=readonly)
        except sqlite3.Error as error:
            if create or _code(error) not in LOCKED_OUT or not os.path.isfile(self.path):
                raise
        self.fixed = True
        with suppress(sqlite3.Error):
            # Whoever writes the file from elsewhere has a journal's index beside it, and this heeds their locks.
            return connect(self.path, create=False, readonly=True)
        return self._standing()

    def _standing(self) -> sqlite3.Connection:
        """Open a file beside which no journal can be opened: a copy, where one lies there."""
        from infra.db.sqlite_read_only import copy_of, folder, left_beside

        if left_beside(self.path):
            self.aside = folder()
            return connect(copy_of(self.path, self.aside), create=False)
        return connect(self.path, create=False, readonly=True, immutable=True)

    def step_aside(self) -> None:
        """Go on in a passing copy, where what can't be written here can be; without effect where one is used already."""
        from infra.db.sqlite_read_only import backed_up, folder

        if not self.fixed or self.aside:
            return
        self.aside = folder()
        try:
            target = backed_up(self.connection, self.aside)
            self.connection.close()
            self.connection = connect(target, create=False)
        except sqlite3.Error as error:
            raise fault(error, self.where) from error
        self._mapped = False

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        try:
            return self.connection.execute(sql, params).fetchall()
        except sqlite3.Error as error:
            raise fault(error, self.where) from error

    def one(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        try:
            row: Row | None = self.connection.execute(sql, params).fetchone()
        except sqlite3.Error as error:
            raise fault(error, self.where) from error
        return row

    def rows(self, sql: str, params: Sequence[Any] = ()) -> Iterator[Row]:
        try:
            cursor = self.connection.execute(sql, params)
            cursor.arraysize = 1000
            while some := cursor.fetchmany():
                yield from some
        except sqlite3.Error as error:
            raise fault(error, self.where) from error

    def run(self, sql: str, params: Sequence[Any] = ()) -> None:
        try:
            self.connection.execute(sql, params)
        except sqlite3.Error as error:
            raise fault(error, self.where) from error

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        try:
            with nullcontext() if self.connection.in_transaction else self.transaction():
                self.connection.executemany(sql, rows)
        except UNSTORABLE as error:
            raise StoreUnstorable(store=self.where, why=str(error)) from error
        except sqlite3.Error as error:
            if str(error).startswith("Error binding parameter"):
                raise StoreUnstorable(store=self.where, why=str(error)) from error
            raise fault(error, self.where) from error

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ",".join("?" * len(columns))
        self.many(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", rows)

    def script(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self.run(statement)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        # A deferred BEGIN would fail at its first write, at once, if another writer came in between.
        with self._between("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self, *, mapped: bool = False) -> Iterator[None]:
        if mapped and not self._mapped:
            self._mapped = True
            self.run(MAPPED)
        with self._between("BEGIN DEFERRED"):
            yield

    @contextmanager
    def _between(self, begin: str) -> Iterator[None]:
        if self.connection.in_transaction:
            raise RuntimeError("transactions do not nest")
        self.run(begin)
        try:
            yield
            self.run("COMMIT")
        finally:
            self._end()

    def _end(self) -> None:
        """Roll back whatever was not committed; a full disk has done so already."""
        if self.connection.in_transaction:
            self.connection.rollback()

    def close(self) -> None:
        self.connection.close()
        if self.aside:
            self.aside.cleanup()
