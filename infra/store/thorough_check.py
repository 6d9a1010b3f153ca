"""What `--thorough` looks at beyond the log and its tree: the derived state of a store, held against what the log gives.

The log is folded again beside the store. What moves while others write is compared in one snapshot, at the position that
it stands at there: a table that lags is no fault, and one that has been swapped meanwhile is looked at anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.calendar.period import Period
from infra.access.session_role import projecting, sees_all
from infra.db.database import Database
from infra.db.errors import StoreBroken, StoreMissing, StoreSwapped
from infra.errors.problem import Problem
from infra.event_store.codec import decode
from infra.event_store.constraints import Twice
from infra.event_store.erasures import ERASING
from infra.event_store.migrations import SCHEMA_VERSION
from infra.event_store.reader import EventReader
from infra.read_models import tables
from infra.read_models.tables import ReadModelCheckpoint
from infra.store import schema_check
from infra.store.row_comparison import CONSTRAINTS, Compared, differences, exactly
from infra.store.shadow_rebuild import Beside, Told
from infra.transparency.log_invariants import in_order
from projections.engine.projection import Table
from projections.engine.sealed import SEALED
from projections.read_models.registry import SHOWING, TABLES, VERSIONS

TRIES: Final = 20
MONTHS: Final = frozenset(str(month) for month in range(1, 13))
CONSTRAINED: Final = (
    Compared("claims", ("kind", "value", "n", "stream"), 3, CONSTRAINTS),
    Compared("keys", ("key", "digest", "position", "stream", "count"), 1, CONSTRAINTS),
    Compared("mentions", ("subject", "position"), 2, CONSTRAINTS),
)
TEXTS: Final = frozenset(("kind", "value", "key", "subject"))


class Thorough:
    """One look at a store: its reader, what the log gives beside it, and what could not be compared, as codes."""

    def __init__(self, db: Database, told: Told) -> None:
        self.db, self.reader = db, EventReader(db)
        self.reader.ring.forget()  # a key may be destroyed that this process has used
        self.beside = Beside(self.reader, told)
        self.omitted: dict[str, list[str]] = {}

    def omit(self, why: str, what: str) -> None:
        """Note that something is not compared: `stale` tables of another program's, `sealed` or `erasing` ones."""
        if what not in (known := self.omitted.setdefault(why, [])):
            known.append(what)

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """See one state of the store; give the end of its log, up to which the log is copied beside it."""
        self.beside.reach(self.reader.head()[0])  # most of it before, so that a snapshot is brief
        with self.db.snapshot():
            head, _ = self.reader.head()
            self.beside.reach(head)
            yield head


Check = Callable[[Thorough], Iterator[Problem]]


class Soundness:
    """What a thorough look found: what is wrong, and what was not compared."""

    def __init__(self, problems: Sequence[Problem], omitted: dict[str, list[str]]) -> None:
        self.problems, self.omitted = problems, omitted


def derived_sound(db: Database, told: Told = lambda reached, end: None) -> Soundness:
    """Hold all that is derived against the log. What is wrong is returned, the gravest first; raises what forbids to look."""
    try:
        with nullcontext() if sees_all(db) else projecting(db):
            damaged = list(file_whole(db))
            if damaged:
                return Soundness(damaged, {})
            in_order(db)
            look = Thorough(db, told)
            with closing(look.beside):
                return Soundness(_looked_at(look), look.omitted)
    except StoreBroken as wrong:
        return Soundness([Problem("proof.damaged", why=str(wrong.facts.get("why", wrong)))], {})


def _looked_at(look: Thorough) -> list[Problem]:
    """Return what the checks find; what can't be looked at without a table that is missing is not looked at."""
    found: list[Problem] = []
    for check in CHECKS:
        try:
            found += check(look)
        except (StoreMissing, StoreSwapped):
            if not no_table(found):
                raise
    return found


def no_table(problems: Iterable[Problem]) -> bool:
    """Say whether a table of the store's own is missing."""
    return any(each.code == "proof.object_missing" and each.facts["kind"] == "table" for each in problems)


def file_whole(db: Database) -> Iterator[Problem]:
    """See that the database's own check of the whole file holds; a server sees to its own."""
    if db.dialect == "sqlite":
        said = [str(row[0]) for row in db.all("PRAGMA integrity_check(5)")]
        if said != ["ok"]:
            index = all("index" in line for line in said)
            yield Problem("proof.index" if index else "proof.damaged", why="; ".join(said)[:300])


def guarded(look: Thorough) -> Iterator[Problem]:
    """See that tables, indexes, triggers, views, functions and row security are as this program makes them."""
    for _ in range(TRIES):
        with look.db.snapshot():
            before = tables.standings(look.db)
            found = list(schema_check.problems(look.db, before.values()))
        if not found or _stand(before, tables.standings(look.db)):
            yield from found
            return


def _stand(before: dict[str, ReadModelCheckpoint], now: dict[str, ReadModelCheckpoint]) -> bool:
    """Say whether the same tables are in use still."""
    return {n: at.generation for n, at in before.items()} == {n: at.generation for n, at in now.items()}


def settled(look: Thorough) -> Iterator[Problem]:
    """See that the head and the settings are what the log and the program allow."""
    with look.snapshot():
        row = look.db.one("SELECT recorded FROM head")
        if row and row[0] != look.beside.recorded:
            yield Problem("proof.head_time", said=row[0] or "-", last=look.beside.recorded or "-")
        settings: dict[str, str] = dict(look.db.all("SELECT name, value FROM store"))
    for name, good in SETTINGS.items():
        value = settings.get(name)
        if value is None and name == "calendar":
            continue  # stores made before there was a choice
        if value is None or not good(value):
            yield Problem("proof.setting", name=name, value="-" if value is None else value[:60])

    yield from _told(look, settings)


def _told(look: Thorough, settings: dict[str, str]) -> Iterator[Problem]:
    """See that the settings agree with what was recorded by them: the first event's offset, and where closed periods ended."""
    zone = settings.get("zone", "")
    row = look.beside.db.one("SELECT occurred FROM log WHERE position = 1 AND source = 'system' AND migrated = 0")
    if row and _zone(zone) and len(row[0]) > len("2024-01-01"):
        begun = datetime.fromisoformat(row[0])
        if begun.astimezone(ZoneInfo(zone)).utcoffset() != begun.utcoffset():
            yield Problem("proof.setting", name="zone", value=zone)
    month = settings.get("fiscal_month", "")
    for record in look.beside.closings():
        said = decode(record.name, record.schema, record.data)
        if month in MONTHS and Period.parse(said["period"], int(month)).last.isoformat() != said["as_of"]:
            yield Problem("proof.setting", name="fiscal_month", value=month)
            break


def _known_calendar(value: str) -> bool:
    from domain.calendar.work_calendar import NONE, SHIPPED

    return value in (*SHIPPED, NONE)


def _zone(value: str) -> bool:
    try:
        return bool(ZoneInfo(value))
    except (ValueError, OSError, LookupError):
        return False


SETTINGS: Final[dict[str, Callable[[str], bool]]] = {
    "zone": _zone,
    "currency": lambda value: len(value) == 3 and value.isascii() and value.isupper(),
    "fiscal_month": lambda value: value in MONTHS,
    "calendar": _known_calendar,
    "schema_version": lambda value: value == str(SCHEMA_VERSION),
    "store_id": lambda value: len(value) == 36,
}
"""What a setting may be."""


def constrained(look: Thorough) -> Iterator[Problem]:
    """See that claims, keys and mentions are those of the log, and that no two hold what one alone may hold."""
    with look.snapshot():
        for of in CONSTRAINED:
            sql = _ordered(look.db, of.table, of.columns, of.columns[: of.keys], TEXTS)
            wanted = look.beside.rows(_ordered(look.beside.db, of.table, of.columns, of.columns[: of.keys], TEXTS))
            yield from differences(of, look.db.rows(sql), wanted)
    for each in look.beside.constraints.twice():
        yield claimed_twice(each)


def claimed_twice(each: Twice) -> Problem:
    """Return the problem of a value that two hold."""
    return Problem("proof.claimed_twice", **each._asdict())


def _ordered(db: Database, table: str, columns: Sequence[str], key: Sequence[str], texts: Any) -> str:
    collate = ' COLLATE "C"' if db.dialect == "postgres" else ""
    order = ", ".join(f"{column}{collate if column in texts else ''}" for column in key)
    return f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"


def registered(look: Thorough) -> Iterator[Problem]:
    """See that the register knows each projection of which there are tables, and none ahead of the log."""
    with look.snapshot() as head:
        standing = tables.standings(look.db)
    yield from schema_check.ahead(standing, head)
    for name in VERSIONS.keys() - standing.keys():
        if standing and tables.generations(look.db, look.beside.projector.fold_of(name).tables):
            yield Problem("proof.unregistered", projection=name)


def tabled(look: Thorough) -> Iterator[Problem]:
    """See that every table in use holds what the fold of the log gives, row by row."""
    for name, version in VERSIONS.items():
        at = tables.standings(look.db).get(name)
        if at is not None and at.version != version:
            look.omit("stale", name)
        elif at is not None:
            yield from _compared(look, name)


def _compared(look: Thorough, name: str) -> list[Problem]:
    """Compare the tables of one projection at the position that they stand at in one snapshot."""
    missing, anew = "-", 0
    for last in (*[False] * (TRIES - 1), True):
        at = tables.standings(look.db).get(name)
        if at is None or at.version != VERSIONS[name] or at.position > look.reader.head()[0]:
            return []
        look.beside.fold([name], at.position)
        try:
            found = _in_one_state(look, name, whatever=last)
        except (StoreMissing, StoreSwapped) as gone:
            missing = str(gone.facts.get("why", gone))
            continue
        except StoreBroken as other:  # a column that is asked for is not there
            missing = str(other.facts.get("why", other))
            break
        if found is None:
            continue
        erased = _last_erasure(look) if found and name in SHOWING else 0
        if anew >= erased:
            return found
        if tables.standings(look.db)[name].position < erased:
            look.omit("erasing", name)  # its key may be gone while the tables still show what it opened
            return []
        # What was folded here before the key was destroyed still shows what the tables no longer do.
        anew = erased
        look.beside.begin_again(name)
    return [Problem("proof.no_table", projection=name, why=missing)]


def _last_erasure(look: Thorough) -> int:
    """Return the position of the last event that erased a person's data."""
    row = look.db.one("SELECT coalesce(max(position), 0) FROM log WHERE name = ?", (ERASING,))
    return int(row[0]) if row else 0


def _in_one_state(look: Thorough, name: str, *, whatever: bool) -> list[Problem] | None:
    """Compare in a snapshot; None where the tables went back behind what is folded, and must be folded from the beginning."""
    with look.db.snapshot():
        at = tables.standings(look.db)[name]
        if look.beside.position(name) > at.position and not whatever:
            return None
        held = [tables.real_name(table, at.generation) for table in TABLES[name]]
        tables.hold(look.db, held)
        look.beside.fold([name], at.position)
        here = look.beside.standing(name)
        found = list(_stopped(at, here))
        if found:
            return found
        return [
            each for table in tables.kept(look.beside.projector.fold_of(name).tables) for each in _rows(look, table, at)
        ]


def _stopped(at: ReadModelCheckpoint, here: ReadModelCheckpoint) -> Iterator[Problem]:
    """See that an event stops the tables if, and only if, it stops the fold."""
    if at.stopped is not None and here.stopped is None:
        yield Problem("proof.stopped", projection=at.name, position=at.stopped)
    elif here.stopped is not None and here.stopped <= at.position:
        yield Problem("proof.folded_past", projection=at.name, position=here.stopped, event=here.event)


def _rows(look: Thorough, table: Table, at: ReadModelCheckpoint) -> list[Problem]:
    names = [column for column, _ in table.columns]
    columns = (*table.key, *(name for name in names if name not in table.key))
    texts = {column for column, kind in table.columns if kind == "text"}
    sealed = look.beside.ring.closed and at.name in SHOWING
    finer = ("since", "known_from") if sealed else ()
    of = Compared(table.name, columns, len(table.key), f"sales rebuild {at.name}", at.name in SHOWING, finer)
    if sealed:
        look.omit("sealed", at.name)
        if table.name.endswith("_once"):
            return []
    found = look.db.rows(_ordered(look.db, tables.real_name(table.name, at.generation), columns, table.key, texts))
    wanted = look.beside.rows(_ordered(look.beside.db, tables.real_name(table.name, 1), columns, table.key, texts))
    alike = _but_for_what_is_sealed if sealed else _or_sealed if of.secret else exactly
    return differences(of, found, wanted, alike)


def _but_for_what_is_sealed(column: str, found: Any, wanted: Any) -> bool:
    """Say whether values agree where the keys of what is sealed are not at hand.

    One text is then as good as another: a row that other words parted, as a correction's, seems to go on unchanged.
    """
    if column in ("known_to", "ends") and isinstance(found, int) and isinstance(wanted, int):
        return found <= wanted
    return column in ("once", "sources") or _or_sealed(column, found, wanted)


def _or_sealed(column: str, found: Any, wanted: Any) -> bool:
    """Say whether values agree; what was folded while its key was not at hand stands there as sealed."""
    both = isinstance(found, str) and isinstance(wanted, str)
    return bool(found == wanted) or (both and (SEALED in found or SEALED in wanted))


CHECKS: Final[tuple[Check, ...]] = (guarded, settled, registered, constrained, tabled)
"""What is looked at, in turn; each yields what it finds."""
