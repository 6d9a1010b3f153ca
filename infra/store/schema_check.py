"""Tables, indexes, triggers, views, functions and row security of a store, held against what this program makes.

Each store knows its own ways (infra.store.sqlite_objects, infra.store.postgres_objects); what is wrong is told here, and which
command mends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from infra.errors.problem import Problem
from infra.store.schema_fault import Wrong
from projections.read_models.registry import TABLES, VERSIONS

if TYPE_CHECKING:
    from infra.db.database import Database
    from infra.read_models.tables import ReadModelCheckpoint

INIT: Final = "sales init"
MOVE: Final = "sales backup FILE; sales restore FILE --store NEW"
"""What mends a log whose very table was made another: nothing does that in place."""
PROTECTING: Final = ("row security", "row policy")
KNOWING: Final = ("acts", "fields")
"""What protects a store on Postgres, and the tables that the append function asks: made anew, and said, with its roles."""


def used(standings: Iterable[ReadModelCheckpoint]) -> dict[str, tuple[str, int]]:
    """Return the tables in use that this program has made: the real name of each, with its projection and generation."""
    return {
        f"{table}_{at.generation}": (at.name, at.generation)
        for at in standings
        if VERSIONS.get(at.name) == at.version
        for table in TABLES[at.name]
    }


def ahead(standings: Mapping[str, ReadModelCheckpoint], head: int) -> Iterator[Problem]:
    """See that no projection is further than the log, whose end is `head`."""
    for name, at in standings.items():
        if not 0 <= at.position <= head:
            yield Problem("proof.ahead", projection=name, position=at.position, last=head)


def wrong(db: Database, standings: Iterable[ReadModelCheckpoint]) -> Iterator[Wrong]:
    """Yield what is not as this program makes it."""
    if db.dialect == "sqlite":
        from infra.store.sqlite_objects import wrong as found
    else:
        from infra.store.postgres_objects import wrong as found
    yield from found(db, used(standings))


def problems(db: Database, standings: Iterable[ReadModelCheckpoint]) -> Iterator[Problem]:
    """Yield the same as problems, each with the command that mends it."""
    standing = list(standings)
    of = used(standing)
    for each in wrong(db, standing):
        mend = f"sales rebuild {of[each.table][0]}" if each.table in of else _mend(each)
        yield Problem(f"proof.object_{each.what}", kind=each.kind, name=each.name, table=each.table, mend=mend)


def _mend(each: Wrong) -> str:
    if each.kind == "table" and each.table == "log":
        return MOVE
    return INIT


def mended(db: Database, standings: Iterable[ReadModelCheckpoint]) -> list[Wrong]:
    """Make the store's own objects as they should be, and return those that were not; tables folded are for a rebuild."""
    standing = list(standings)
    of = used(standing)
    ours = [
        each
        for each in wrong(db, standing)
        if each.table not in of and _mend(each) == INIT and each.kind not in PROTECTING and each.name not in KNOWING
    ]
    if ours:
        if db.dialect == "sqlite":
            from infra.store.sqlite_objects import mend
        else:
            from infra.store.postgres_objects import mend
        mend(db, ours)
    return ours
