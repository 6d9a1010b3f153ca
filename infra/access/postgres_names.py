"""The names of a store's four roles on Postgres, and whether a store has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from infra.db.database import Database

KINDS: Final = ("owner", "writer", "reader", "projector")
OLDEST: Final = 160000
"""The server's version that first lets a login take on a role whose rights it does not have all the time."""
LONGEST: Final = 63 - len("_projector")


class Roles(NamedTuple):
    """The names of a store's four roles."""

    owner: str
    writer: str
    reader: str
    projector: str


def named(prefix: str) -> Roles:
    """Return the roles whose names begin with `prefix`."""
    return Roles._make(f"{prefix}_{kind}" for kind in KINDS)


def of_store(db: Database) -> Roles | None:
    """Return the roles of a store that is protected, or None: its log belongs to the role that `init` has made."""
    row = db.one("SELECT relowner::regrole::text FROM pg_class WHERE oid = to_regclass('log')")
    owner = str(row[0]).strip('"') if row else ""
    prefix = owner.removesuffix("_owner")
    if prefix == owner:
        return None
    found = named(prefix)
    known = db.one("SELECT count(*) FROM pg_roles WHERE rolname = ANY(?)", (list(found),))
    return found if known and known[0] == len(found) else None


def may_make_roles(db: Database) -> bool:
    """Say whether this login may make roles and own what it protects."""
    row = db.one(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        f" AND current_setting('server_version_num')::int >= {OLDEST}"
        " AND pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = current_schema()), 'MEMBER')"
    )
    return bool(row and row[0])
