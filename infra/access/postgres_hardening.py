"""What is weaker in a store on Postgres than `sales init` made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infra.access.postgres_names import of_store
from infra.access.postgres_row_security import GUARDED, derived

if TYPE_CHECKING:
    from infra.db.database import Database

TRIGGER: Final = (
    "SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass('log') AND tgname = 'log_keeps' AND tgenabled = 'A'"
)
APPENDING: Final = "SELECT prosecdef FROM pg_proc WHERE oid = to_regproc('append_events')"
OPEN: Final = """
SELECT relname, relowner::regrole::text, relrowsecurity FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY relname
"""


def weaknesses(db: Database) -> list[str]:
    """Return what is weak: roles (there are none), trigger, append, and table names with a colon before what they lack."""
    to = of_store(db)
    if to is None:
        return ["roles"]
    found = [] if db.one(TRIGGER) else ["trigger"]
    if db.one(APPENDING) != (True,):
        found.append("append")
    names = {real: name for name, real in derived(db)}
    for real, owner, guarded in db.all(OPEN):
        if owner.strip('"') != (to.projector if real in names else to.owner):
            found.append(f"owner: {real}")
        if (real in names or real in GUARDED) and not guarded:
            found.append(f"rows: {real}")
    return found
