"""Who the login of this session is to a store on Postgres, and which of the store's roles it may take on.

On SQLite there are no logins: the file's owner is trusted, and every question here is answered by yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from infra.db.errors import StoreMissing
from infra.errors.problem import Problem

if TYPE_CHECKING:
    from infra.db.database import Database

ROLE: Final = """
SELECT r.rolname, pg_has_role(session_user, r.oid, 'SET'), current_user = r.rolname,
    (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)
FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner JOIN pg_roles r ON r.rolname = left(o.rolname, -5) || ?
WHERE c.oid = to_regclass('log') AND right(o.rolname, 6) = '_owner'
"""


class SignedIn(NamedTuple):
    """The person a login stands for; a service may record what others did. `gone` is the last day of who has left."""

    person: str
    service: bool
    gone: date | None = None


class Taken(NamedTuple):
    """One of the store's roles: whether this login may take it on, has done so, or needs no role at all."""

    name: str
    may: bool
    has: bool
    superuser: bool


def signed_in(db: Database) -> SignedIn | None:
    """Return whom this session's login stands for; None on SQLite, for the store's owner and where there are no logins."""
    if db.dialect == "sqlite":
        return None
    # Asked of the catalogue, for a question that fails would end the transaction that it may stand in.
    knows = db.one("SELECT to_regproc('me') IS NOT NULL, to_regclass('logins') IS NOT NULL")
    by_function, by_table = knows or (False, False)
    if by_function:
        row = db.one("SELECT person, service, gone FROM me()")
    elif by_table:  # a store that sales init has not brought up to date
        row = db.one("SELECT person, service FROM logins WHERE login = session_user")
    else:
        return None
    return SignedIn(*row) if row else None


def logins_of(db: Database, person: str) -> list[str]:
    """Return the logins that stand for a person."""
    if db.dialect == "sqlite":
        return []
    with suppress(StoreMissing):
        return [login for (login,) in db.all("SELECT login::text FROM logins WHERE person = ? ORDER BY 1", (person,))]
    return []


def role(db: Database, kind: str) -> Taken | None:
    """Return the store's role of a kind (writer, reader, projector); None where the store is not protected."""
    row = db.one(ROLE, (kind,)) if db.dialect == "postgres" else None
    return Taken._make(row) if row else None


def may_project(db: Database) -> bool:
    """Say whether this login may write the tables of the projections."""
    projector = role(db, "projector")
    return projector is None or projector.may


@contextmanager
def projecting(db: Database) -> Iterator[None]:
    """Be the projector for a while, so that the tables belong to it. Raises Problem for a login that may not."""
    projector = role(db, "projector")
    if projector is None or projector.has:
        yield
        return
    if not projector.may:
        raise Problem("right.projector", role=projector.name)
    db.run(f"SET ROLE {projector.name}")
    try:
        yield
    finally:
        db.run("RESET ROLE")


def decide_on(db: Database) -> None:
    """Be the writer on this connection and on those beside it, who may ask what a decision may know, and append."""
    if db.dialect == "sqlite":
        return
    writer = role(db, "writer")
    if writer is None or writer.superuser or writer.has or not writer.may:
        return
    from infra.db.postgres import PostgresDatabase

    assert isinstance(db, PostgresDatabase)
    db.run(f"SET ROLE {writer.name}")
    db.address.params["options"] += f" -c role={writer.name}"


def decides_narrowly(db: Database) -> bool:
    """Say whether a decision on this connection is told by functions what it may know, for the login doesn't see all."""
    if db.dialect == "sqlite":
        return False
    row = db.one("SELECT current_user <> session_user AND to_regproc('recorded_of') IS NOT NULL")
    return bool(row and row[0]) and not sees_all(db)


def sees_all(db: Database) -> bool:
    """Say whether this login sees the rows of every group."""
    if signed_in(db) is None:
        return True
    row = db.one("SELECT sees_all()")
    return bool(row and row[0])


def sees(db: Database, owner: str) -> bool:
    """Say whether this login sees what belongs to `owner`."""
    if sees_all(db):
        return True
    return db.one("SELECT 1 FROM seen_owners() AS t(login) WHERE login = ?", (owner,)) is not None


def guards(db: Database, tables: Mapping[str, str]) -> list[str]:
    """Return what lets each group see its own rows of tables just made: their real names by those that questions use."""
    if db.dialect != "postgres":
        return []
    from infra.access.postgres_names import of_store
    from infra.access.postgres_row_security import policies

    found = of_store(db)
    return [each for name, real in tables.items() for each in policies(name, real, found)] if found else []
