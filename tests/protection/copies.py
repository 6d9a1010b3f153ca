"""A store that is made once, with its roles and logins, in a database of its own; each test changes a copy of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import uuid4

import psycopg

Made = TypeVar("Made")

# Roles are the server's, so that all copies have them in common.
ROLES = """
SELECT r.oid, rolname, rolcanlogin, rolsuper, rolcreaterole, rolpassword, rolvaliduntil, rolconfig,
    ARRAY(SELECT format('%%s %%s %%s %%s', roleid, admin_option, inherit_option, set_option) FROM pg_auth_members
        WHERE member = r.oid ORDER BY 1)
FROM pg_roles r WHERE starts_with(rolname, %s) ORDER BY rolname
"""


class Original(Generic[Made]):
    """A database with a store in it, and the folder of settings and keys that belongs to it."""

    def __init__(self, server: str, folder: Callable[[], Path], make: Callable[[str, str, Path], Made]) -> None:
        self._server = server
        self._new_folder = folder
        self._make = make
        self._name = ""

    @contextmanager
    def copied(self, folder: Path) -> Iterator[tuple[Made, str]]:
        """Give what was made, and the address of a server whose database is a copy; its files are put into `folder`."""
        with psycopg.connect(self._server, autocommit=True) as connection:
            # Who was turned away from a copy has no role in the others either.
            if not self._name or self._roles(connection) != self._known:
                self._drop(connection)
                self._prepare(connection)
            name = f"{self._name}_{uuid4().hex[:8]}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {self._name}".encode())
            shutil.copytree(self._folder, folder, dirs_exist_ok=True)
            try:
                yield self._made, self._address(name)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def close(self) -> None:
        """Leave nothing on the server."""
        with psycopg.connect(self._server, autocommit=True) as connection:
            self._drop(connection)

    def _prepare(self, connection: psycopg.Connection) -> None:
        self._name = f"team_{uuid4().hex[:12]}"
        self._folder = self._new_folder()
        connection.execute(f"CREATE DATABASE {self._name}".encode())
        self._made = self._make(self._address(self._name), self._name, self._folder)
        self._known = self._roles(connection)

    def _address(self, name: str) -> str:
        return self._server.replace("/postgres?", f"/{name}?")

    def _roles(self, connection: psycopg.Connection) -> list[tuple[Any, ...]]:
        return connection.execute(ROLES, (self._name,)).fetchall()

    def _drop(self, connection: psycopg.Connection) -> None:
        if not self._name:
            return
        connection.execute(f"DROP DATABASE {self._name} WITH (FORCE)".encode())
        for _, role, *_ in self._roles(connection):
            connection.execute(f'DROP ROLE "{role}"'.encode())
        self._name = ""
