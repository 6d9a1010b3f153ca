"""A store in one schema of a Postgres database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from itertools import count, islice
from typing import Any, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

from infra.config.secrets import password_of
from infra.db.database import Row
from infra.db.errors import (
    StoreBroken,
    StoreBusy,
    StoreFault,
    StoreFull,
    StoreMissing,
    StoreRefused,
    StoreSwapped,
    StoreUncertain,
    StoreUnreachable,
    StoreUnstorable,
    names_folded,
    without_password,
)

DEFAULT_SCHEMA = "salestrail"
SCHEMA_PARAM = re.compile(r"([?&])schema=([^&]*)(&|$)")
CHUNK = 10_000
GONE = "42P01"  # undefined_table
INTERNAL = (
    "XX000"  # what a table that is dropped while a statement finds it is called: could not open relation with OID
)

# By SQLSTATE, or by its first two characters, the class.
FAULTS: dict[str, type[StoreFault]] = {
    "53100": StoreFull,
    "55P03": StoreBusy,
    "57014": StoreBusy,
    "40": StoreBusy,
    "53": StoreBusy,
    "42P01": StoreMissing,
    "42883": StoreMissing,
    "3F000": StoreMissing,
    "42501": StoreRefused,
    "25006": StoreRefused,
    "23": StoreRefused,
    "P0001": StoreRefused,
    "08": StoreUnreachable,
    "28": StoreUnreachable,
    "3D": StoreUnreachable,
    "57P": StoreUnreachable,
}


class Address:
    """A store's address: libpq's parameters, and the schema, which is ours."""

    def __init__(self, url: str, *, readonly: bool = False) -> None:
        self.where = without_password(url)
        found = SCHEMA_PARAM.search(url)
        self.schema = found.group(2) if found else DEFAULT_SCHEMA
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", self.schema):
            raise StoreUnreachable(store=self.where, why="a schema's name is made of a-z, 0-9 and _, at most 63")
        libpq = SCHEMA_PARAM.sub(lambda hit: hit[1] if hit[3] else "", url)
        try:
            self.params: dict[str, Any] = conninfo_to_dict(libpq)
        except psycopg.Error as error:
            raise StoreUnreachable(store=self.where, why=str(error).strip()) from error
        self.params.setdefault("connect_timeout", 5)
        secret = password_of(url)
        if secret is not None:
            self.params["password"] = secret
        # pg_catalog is searched first without being named; pg_temp is named to be searched last.
        options = [
            str(self.params.get("options") or ""),
            f"-c search_path={self.schema},pg_temp",
            "-c lock_timeout=5000",
        ]
        if readonly:
            options.append("-c default_transaction_read_only=on")
        self.params["options"] = " ".join(options).strip()


def fault(error: psycopg.Error, where: str) -> StoreFault:
    """Say in the store's words what Postgres complained about."""
    state = error.sqlstate
    why = (error.diag.message_primary or str(error)).strip()
    if state is None:
        lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return (StoreUnreachable if lost else StoreBroken)(store=where, why=why)
    if (state == GONE and names_folded(why)) or (state == INTERNAL and "OID" in why):
        return StoreSwapped(store=where, why=why)
    kind = FAULTS.get(state) or FAULTS.get(state[:3]) or FAULTS.get(state[:2]) or StoreBroken
    return kind(store=where, why=why)


def of_row(error: Exception, where: str) -> StoreFault:
    """Say what is wrong with a row that is written, or else with the store."""
    if isinstance(error, psycopg.Error):
        unwritable = isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None
        if not unwritable and not isinstance(error, psycopg.DataError | psycopg.IntegrityError):
            return fault(error, where)
    return StoreUnstorable(store=where, why=str(error).strip())


@lru_cache(maxsize=512)
def marked(sql: str) -> str:
    """Write `?` as psycopg's %s."""
    return sql.replace("?", "%s")


class PostgresDatabase:
    """One connection to Postgres, made anew by the next statement after it was lost."""

    dialect: Literal["postgres"] = "postgres"
    fixed = False

    def __init__(self, url: str | Address, *, readonly: bool = False) -> None:
        self.address = url if isinstance(url, Address) else Address(url, readonly=readonly)
        self.where = self.address.where
        self.schema = self.address.schema
        self.within = False  # whether a transaction is open
        self._cursors = count()
        self._connection = self._connect()

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            return psycopg.connect(**self.address.params, autocommit=True)
        except psycopg.Error as error:
            raise StoreUnreachable(store=self.where, why=str(error).strip()) from error

    @property
    def connection(self) -> psycopg.Connection[Row]:
        """The live connection; raises StoreUnreachable if none can be had.

        It is made anew only between transactions, so that no half of one is ever committed alone.
        """
        if self._connection.closed and not self.within:
            self._connection = self._connect()
        return self._connection

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        try:
            with self.connection.cursor(binary=True) as cursor:
                return cursor.execute(marked(sql), params).fetchall()
        except psycopg.Error as error:
            raise fault(error, self.where) from error

    def one(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        try:
            with self.connection.cursor(binary=True) as cursor:
                return cursor.execute(marked(sql), params).fetchone()
        except psycopg.Error as error:
            raise fault(error, self.where) from error

    def rows(self, sql: str, params: Sequence[Any] = ()) -> Iterator[Row]:
        try:
            connection = self.connection
            # Outside a transaction a cursor lives on only if it is held, at the price of a copy on the server.
            with connection.cursor(f"rows_{next(self._cursors)}", binary=True, withhold=not self.within) as cursor:
                cursor.itersize = 2000
                yield from cursor.execute(marked(sql), params)
        except psycopg.Error as error:
            raise fault(error, self.where) from error

    def run(self, sql: str, params: Sequence[Any] = ()) -> None:
        try:
            self.connection.execute(marked(sql), params)
        except psycopg.Error as error:
            raise fault(error, self.where) from error

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with nullcontext() if self.within else self.transaction():
            try:
                with self.connection.cursor() as cursor:
                    cursor.executemany(marked(sql), rows)
            except (psycopg.Error, UnicodeError, OverflowError) as error:
                raise of_row(error, self.where) from error

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        sql = f"COPY {table} ({','.join(columns)}) FROM STDIN"
        more = iter(rows)
        with nullcontext() if self.within else self.transaction():
            # In chunks, because `rows` may itself read from this connection, which COPY keeps busy.
            while chunk := list(islice(more, CHUNK)):
                self._copy(sql, chunk)

    def _copy(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        try:
            with self.connection.cursor() as cursor, cursor.copy(sql) as copy:
                for row in rows:
                    copy.write_row(row)
        except (psycopg.Error, UnicodeError, OverflowError) as error:
            raise of_row(error, self.where) from error

    def script(self, statements: Iterable[str]) -> None:
        together = ";\n".join(statements)  # one way to the server and back for all
        try:
            self.connection.execute(together, prepare=False)
        except psycopg.Error as error:
            raise fault(error, self.where) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._between("BEGIN"):
            yield

    @contextmanager
    def snapshot(self, *, mapped: bool = False) -> Iterator[None]:
        with self._between("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"):
            yield

    @contextmanager
    def _between(self, begin: str) -> Iterator[None]:
        if self.within:
            raise RuntimeError("transactions do not nest")
        self.run(begin)
        self.within = True
        try:
            yield
            self._commit()
        except BaseException:
            if not self._connection.closed:
                self._connection.rollback()
            raise
        finally:
            self.within = False

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except psycopg.Error as error:
            found = fault(error, self.where)
            raise (StoreUncertain(**found.facts) if self._connection.closed else found) from error

    def beside(self) -> PostgresDatabase:
        """Return another connection to the same store."""
        return PostgresDatabase(self.address)

    def step_aside(self) -> None:
        """Do nothing: a server's store is written where it is."""

    def close(self) -> None:
        self._connection.close()
