"""Who may try what on a team's store: the logins, the roles taken on, and one append as any of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg

from infra.access.postgres_names import Roles
from infra.db.postgres import Address
from infra.event_store.postgres_arrays import arrays
from infra.event_store.postgres_store import APPEND
from infra.event_store.stored_event import AppendBatch
from tests.infra.appending import event

TAKES_ON = {"owner": "owner", "writer": "writer"}
"""Who is not a login, but a role: an administrator takes on the owner's, a person the writer's."""


class Team(NamedTuple):
    """A team's store and the names of its roles."""

    server: str
    url: str
    schema: str
    roles: Roles

    def login(self, who: str) -> str:
        """Return the login of a kind of user."""
        return f"{self.schema}_{who}_login"

    def url_of(self, who: str) -> str:
        """Return the store's address for a login."""
        return re.sub(r"//[^@]*@", f"//{self.login(who)}@", self.url)

    def connect(self, who: str) -> psycopg.Connection:
        """Connect as a login, or in a role that one takes on."""
        if who in ("superuser", "owner"):
            connection = psycopg.connect(**Address(self.url).params)
        else:
            connection = psycopg.connect(**Address(self.url_of("person" if who == "writer" else who)).params)
        if who in TAKES_ON:
            connection.execute(f"SET ROLE {getattr(self.roles, TAKES_ON[who])}")
            connection.commit()
        return connection


class Kept:
    """One connection as each user, for acts that are taken back: they leave nothing behind in it."""

    def __init__(self, connect: Callable[[str], psycopg.Connection]) -> None:
        self._connect = connect
        self._opened: dict[str, psycopg.Connection] = {}

    def __getitem__(self, who: str) -> psycopg.Connection:
        """Return the connection as somebody, outside a transaction."""
        if who not in self._opened:
            made = self._connect(who)
            made.commit()  # so that a role that was taken on outlasts what is rolled back
            made.prepare_threshold = None
            self._opened[who] = made
        return self._opened[who]

    def close(self) -> None:
        """Close them all."""
        for connection in self._opened.values():
            connection.close()


def append(connection: psycopg.Connection, recorder: str, actor: str | None = None, **envelope: Any) -> Any:
    """Append an event that says that `recorder` entered it and `actor` did it; return its position and recorded time."""
    said = {"actor": actor or recorder, "data": b'{"company":"x","channel":"online"}', **envelope}
    record = event(f"cus_{uuid4().hex}", recorder=recorder, **said)
    return connection.execute(APPEND, arrays(AppendBatch([record], now="2025-03-03T01:00:00.000000Z"))).fetchone()


def tried(
    connection: psycopg.Connection, statements: Iterable[str], refusals: tuple[type[psycopg.Error], ...]
) -> int | None:
    """Try an act and take it back; return what it counted, or None where it was refused."""
    seen = 0
    try:
        for statement in statements:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            seen = row[0] if row and isinstance(row[0], int) else 0
    except refusals:
        return None
    finally:
        connection.rollback()
    return seen
