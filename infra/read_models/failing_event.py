"""Where a batch breaks a projection: the event is found, what came before it is folded, and the projection stops at its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from infra.db.database import Database
from infra.db.errors import StoreFault, StoreUnstorable
from infra.event_store.stored_event import Record
from infra.read_models import tables
from infra.read_models.decoder import unreadable
from infra.read_models.tables import ReadModelCheckpoint
from projections.engine.projection import ChangeSet, Projection, Seen

UNSTORABLE: Final = (StoreUnstorable, OverflowError, UnicodeError)
"""What is raised where a table can't hold a row that a fold gives."""
LONG: Final = 500


class _Tried(Exception):
    """Ends a transaction of which nothing is to stay."""


def up_to_the_break(
    standing: ReadModelCheckpoint, seen: Sequence[Seen], records: Sequence[Record], fold: Projection, zone: ZoneInfo
) -> tuple[ChangeSet, ReadModelCheckpoint]:
    """Return what came before the event that a fold can't take, or that nobody can read, and where that stops."""
    good, why = 0, ""
    fold.forget()
    for each in seen:
        try:
            fold.fold([each], ChangeSet())
        except StoreFault:
            raise
        except Exception as broken:  # noqa: BLE001 - whatever an event does to a fold stops that fold alone
            why = f"{type(broken).__name__}: {broken}"
            break
        good += 1
    writes = folded_anew(fold, seen[:good])
    if good == len(records):
        return writes, standing._replace(position=records[-1].position)
    return writes, stopped(standing, records[good], why or unreadable(records[good], zone))


def up_to_the_unstorable(
    db: Database,
    standing: ReadModelCheckpoint,
    seen: Sequence[Seen],
    records: Sequence[Record],
    fold: Projection,
    wrong: Exception,
) -> tuple[ChangeSet, ReadModelCheckpoint]:
    """Return what came before the event with which rows can't be stored, which is found by halving, and where that stops."""
    good, bad = 0, len(seen)
    while bad - good > 1:
        middle = (good + bad) // 2
        if storable(db, standing, seen[:middle], fold):
            good = middle
        else:
            bad = middle
    why = wrong.facts["why"] if isinstance(wrong, StoreFault) else wrong
    return folded_anew(fold, seen[:good]), stopped(standing, records[good], f"{type(wrong).__name__}: {why}")


def storable(db: Database, standing: ReadModelCheckpoint, seen: Sequence[Seen], fold: Projection) -> bool:
    """Say whether the tables can hold the rows that these events bring; nothing of them stays."""
    writes = folded_anew(fold, seen)
    try:
        with db.transaction():
            tables.write(db, fold.tables, standing.generation, writes)
            raise _Tried
    except _Tried:
        return True
    except UNSTORABLE:
        return False


def folded_anew(fold: Projection, seen: Sequence[Seen]) -> ChangeSet:
    """Return what some events bring to a fold that has nothing at hand, neither before nor after."""
    writes = ChangeSet()
    fold.forget()
    fold.fold(seen, writes)
    fold.forget()
    return writes


def stopped(standing: ReadModelCheckpoint, at: Record, why: str) -> ReadModelCheckpoint:
    """Return a projection's standing before the event that stops it; what is said of that can be stored everywhere."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in why)[:LONG]
    return standing._replace(position=at.position - 1, stopped=at.position, event=at.name, why=plain)
