"""One way to speak SQL to both stores: statements with `?` for parameters, on SQLite or on Postgres."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from infra.db.errors import StoreUnreachable

Row = tuple[Any, ...]


class Database(Protocol):
    """One connection to a store, for one thread at a time. Every method raises StoreFault, never a driver's error.

    SQL is written once for both stores: `?` stands for a parameter and for nothing else, and `%` does not occur.
    """

    @property
    def dialect(self) -> Literal["sqlite", "postgres"]: ...
    @property
    def where(self) -> str:
        """Return the store's address without its password, for messages."""
        ...

    @property
    def fixed(self) -> bool:
        """Say whether nothing can be written where the store lies, as on a medium that is read-only."""
        ...

    def step_aside(self) -> None:
        """Let a store that is fixed be written in a passing copy of it, which is gone when it is closed."""
        ...

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Row]: ...
    def one(self, sql: str, params: Sequence[Any] = ()) -> Row | None: ...
    def rows(self, sql: str, params: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield rows as they come, in flat memory; other statements may run in between."""
        ...

    def run(self, sql: str, params: Sequence[Any] = ()) -> None: ...
    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run the statement for every row, in a transaction of its own if none is open."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows the quickest way the store knows, all or none of them."""
        ...

    def script(self, statements: Iterable[str]) -> None: ...
    def transaction(self) -> AbstractContextManager[None]:
        """Commit what runs inside, or nothing of it; on SQLite nobody else writes meanwhile. Does not nest."""
        ...

    def snapshot(self, *, mapped: bool = False) -> AbstractContextManager[None]:
        """Let everything read inside see one state of the store; `mapped` is for questions that look at whole tables."""
        ...

    def close(self) -> None: ...


def must_last(db: Database) -> None:
    """Raise StoreUnreachable where what is written would be gone with a passing copy, if it could be written at all."""
    if db.fixed:
        raise StoreUnreachable(store=db.where, why="attempt to write a readonly database")
