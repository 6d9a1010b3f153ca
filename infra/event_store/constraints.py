"""The constraint tables as the log makes them: claims, keys and mentions, record by record, into a database beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.kernel.json_form import revive
from domain.kernel.unique_numbers import BORNE, bearing
from infra.event_store import codec
from infra.event_store.references import named_by
from infra.event_store.stored_event import Claim, NewEvent, Record

if TYPE_CHECKING:
    from infra.db.database import Database

TWICE: Final = """CREATE TABLE claimed_twice (kind TEXT, value TEXT, stream TEXT, position INTEGER,
PRIMARY KEY (kind, value, stream)) STRICT, WITHOUT ROWID"""
HELD: Final = "SELECT stream FROM claims WHERE kind = ? AND value = ? ORDER BY n"
KEYED: Final = "INSERT INTO keys VALUES (?, ?, ?, ?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1"
MENTIONED: Final = "INSERT OR IGNORE INTO mentions VALUES (?, ?)"
CONFLICTS: Final = """SELECT t.kind, t.value, c.stream, t.stream, t.position FROM claimed_twice t
JOIN claims c ON c.kind = t.kind AND c.value = t.value AND c.n = 0 ORDER BY t.position"""
SEVERAL: Final = """SELECT kind, value FROM claims WHERE kind IN ({marks})
GROUP BY kind, value HAVING count(*) > 1 ORDER BY kind, value"""
OF_STREAM: Final = "SELECT position, name, schema, data FROM log WHERE stream = ? ORDER BY version"


class Twice(NamedTuple):
    """A value that one stream alone may hold, and that the log gives to two: each with the event that claims it."""

    kind: str
    value: str
    holder: str
    since: int
    other: str
    position: int


def told(record: Record) -> Any:
    """Return what an event says, or None where it can't be read: then nobody knows what it claims."""
    try:
        return revive(record.name, codec.decode(record.name, record.schema, record.data))
    except (LookupError, ValueError, TypeError, AttributeError):
        return None


def claimed(happened: Any) -> Iterable[Any]:
    """Return what an event claims."""
    claims = getattr(happened, "claims", None)
    try:
        return tuple(claims()) if claims else ()
    except (LookupError, ValueError, TypeError, AttributeError):
        return ()


class Deriver:
    """Makes the claims and mentions of records taken in log order."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], list[str]] = {}

    def take(self, record: Record | NewEvent) -> tuple[list[Claim], list[str]]:
        """Return the claims that an event makes, and the subjects that it names."""
        happened = revive(record.name, codec.decode(record.name, record.schema, record.data))
        made = []
        claims = getattr(happened, "claims", None)
        for claim in claims() if claims else ():
            held = self._held.setdefault((claim.kind, claim.value), [])
            if record.stream in held and not claim.again:
                continue
            if not (claim.unique and held):
                made.append(Claim(claim.kind, claim.value, len(held), record.stream))
            held.append(record.stream)
        return made, [named for named in named_by(happened) if named != record.stream]


class Constraints:
    """Makes the claims, keys and mentions of records taken in log order, in the tables of a store's database beside it."""

    def __init__(self, db: Database, states: Callable[[Sequence[str]], Mapping[str, Any]]) -> None:
        """Keep them in `db`; `states` returns the state in which its log leaves each of some subjects."""
        self.db, self.states = db, states
        db.run(TWICE)

    def take(self, records: Iterable[Record]) -> None:
        """Take the next records of the log, in the transaction that is open."""
        keys: list[tuple[Any, ...]] = []
        mentions: list[tuple[str, int]] = []
        for record in records:
            happened = told(record)
            for claim in claimed(happened):
                self._claim(claim, record)
            if happened is not None:
                mentions += [(named, record.position) for named in named_by(happened) if named != record.stream]
            if record.key and record.correlation:
                keys.append((record.key, bytes.fromhex(record.correlation), record.position, record.stream))
        self.db.many(KEYED, keys)
        self.db.many(MENTIONED, mentions)

    def _claim(self, claim: Any, record: Record) -> None:
        held = [stream for (stream,) in self.db.all(HELD, (claim.kind, claim.value))]
        if record.stream in held and not claim.again:
            return
        if claim.unique and held:
            twice = (claim.kind, claim.value, record.stream, record.position)
            self.db.run("INSERT OR IGNORE INTO claimed_twice VALUES (?, ?, ?, ?)", twice)
            return
        n = 0 if claim.unique else len(held)
        self.db.run("INSERT INTO claims VALUES (?, ?, ?, ?)", (claim.kind, claim.value, n, record.stream))

    def twice(self) -> Iterator[Twice]:
        """Yield what two hold that one alone may hold, unless the event of the later was voided or corrected since."""
        yield from self._numbers()
        for kind, value, holder, other, position in self.db.all(CONFLICTS):
            if not self._given_up(other, position):
                yield Twice(kind, value, holder, self._since(holder, kind, value), other, position)

    def _numbers(self) -> Iterator[Twice]:
        """Yield the numbers that several subjects bear as they stand; the first to bear it keeps it."""
        for kind, value in self.db.all(SEVERAL.format(marks=", ".join("?" * len(BORNE))), tuple(BORNE)):
            holders = list(dict.fromkeys(stream for (stream,) in self.db.all(HELD, (kind, value))))
            first, *others = bearing(kind, value, self.states(holders)) or [""]
            for other in others:
                yield Twice(kind, value, first, self._since(first, kind, value), other, self._since(other, kind, value))

    def _given_up(self, stream: str, position: int) -> bool:
        for _, name, schema, data in self.db.all(OF_STREAM, (stream,)):
            if name in ("event.voided", "event.corrected") and codec.decode(name, schema, data).get("at") == position:
                return True
        return False

    def _since(self, stream: str, kind: str, value: str) -> int:
        """Return the position of the event by which a stream claims a value."""
        for position, name, schema, data in self.db.all(OF_STREAM, (stream,)):
            happened = revive(name, codec.decode(name, schema, data))
            if any(claim.kind == kind and claim.value == value for claim in claimed(happened)):
                return int(position)
        return 0
