"""What can be asked of the log: plain queries, without the event sourcing library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from infra.crypto.keyrings import close_ring, ring_of
from infra.event_store.stored_event import Claim, IdempotencyRecord, Record

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring
    from infra.db.database import Database, Row

T = TypeVar("T")

COLUMNS: Final = ", ".join(Record._fields)
SELECT: Final = f"SELECT {COLUMNS} FROM log"
CHUNK: Final = 500  # parameters in one statement


class EventReader:
    """Reads the log of one store, over one connection, for one thread at a time."""

    narrow = False
    """Whether a store on Postgres is asked by its functions, which tell a decision what it may know."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @property
    def ring(self) -> Keyring:
        """The keys that open and seal a person's data in this log."""
        return ring_of(self.db)

    def read(self, after: int, limit: int) -> list[Record]:
        """Return at most `limit` records that follow position `after`."""
        return self._records(f"{SELECT} WHERE position > ? ORDER BY position LIMIT ?", (after, limit))

    def stream(self, stream: str, after_version: int = 0) -> list[Record]:
        """Return the records of `stream` that follow `after_version`, oldest first."""
        if self.narrow:
            told = f"SELECT {COLUMNS} FROM recorded_of(ARRAY[?]) WHERE version > ? ORDER BY position, name = ''"
            return self._records(told, (stream, after_version))
        return self._records(f"{SELECT} WHERE stream = ? AND version > ? ORDER BY version", (stream, after_version))

    def streams(self, streams: Sequence[str]) -> list[Record]:
        """Return the records of all these streams, in the order of their positions."""
        found: list[Record] = []
        if self.narrow:
            told = f"SELECT {COLUMNS} FROM recorded_of(?::text[]) ORDER BY position, name = ''"
            return self._records(told, [self._array(streams)])
        for among, some in self._chunks(streams):
            found += self._records(f"{SELECT} WHERE stream {among} ORDER BY position", some)
        if len(streams) > CHUNK:
            found.sort()
        return found

    def streams_like(self, prefix: str) -> list[str]:
        """Return the streams whose names start with `prefix`, in the order of their names."""
        rows = self.db.all(
            "SELECT DISTINCT stream FROM log WHERE stream >= ? AND stream < ? ORDER BY stream",
            (prefix, prefix + "\U0010ffff"),
        )
        return [stream for (stream,) in rows]

    def begins(self, prefix: str) -> bool:
        """Say whether there is a stream whose name starts with `prefix`."""
        sql = "SELECT 1 FROM log WHERE stream >= ? AND stream < ? LIMIT 1"
        return self.db.one(sql, (prefix, prefix + "\U0010ffff")) is not None

    def about(self, subject: str, upto: int | None = None) -> list[Record]:
        """Return what happened to `subject` or mentions it, up to position `upto`, in the order of positions."""
        bound, params = ("", ()) if upto is None else (" AND position <= ?", (upto,))
        return self._records(
            f"{SELECT} WHERE position IN (SELECT position FROM log WHERE stream = ?"
            f" UNION SELECT position FROM mentions WHERE subject = ?){bound} ORDER BY position",
            (subject, subject, *params),
        )

    def streams_naming(self, subject: str, prefix: str) -> list[str]:
        """Return the streams whose names begin with `prefix` and whose events name `subject`, the earliest first."""
        sql = (
            "SELECT stream, since FROM naming_of(?) ORDER BY since"
            if self.narrow
            else "SELECT l.stream, min(l.position) FROM mentions m JOIN log l ON l.position = m.position"
            " WHERE m.subject = ? GROUP BY l.stream ORDER BY 2"
        )
        rows = self.db.all(sql, (subject,))
        return [stream for stream, _ in rows if stream.startswith(prefix)]

    def tells(self, name: str, after: int) -> bool:
        """Say whether an event of that name follows position `after`."""
        return self.db.one("SELECT 1 FROM log WHERE position > ? AND name = ? LIMIT 1", (after, name)) is not None

    def head(self) -> tuple[int, str]:
        """Return the last position and its recorded time: (0, '') while the log is empty."""
        row = self.db.one("SELECT position, recorded FROM head")
        return (row[0], row[1]) if row else (0, "")

    def position_at(self, moment: str) -> int:
        """Return the last position recorded up to `moment` (in the form of `recorded`), 0 if none was."""
        row = self.db.one(
            "SELECT position FROM log WHERE recorded <= ? ORDER BY recorded DESC, position DESC LIMIT 1",
            (moment,),
        )
        return row[0] if row else 0

    def positions_at(self, moments: Sequence[str]) -> list[int]:
        """Return for each of `moments` the last position recorded up to it, as `position_at` does."""
        if not moments:
            return []
        wanted = ", ".join(f"({n}, ?)" for n in range(len(moments)))
        last = "SELECT l.position FROM log l WHERE l.recorded <= w.moment ORDER BY l.recorded DESC, l.position DESC LIMIT 1"
        sql = f"WITH wanted(n, moment) AS (VALUES {wanted}) SELECT ({last}) FROM wanted w ORDER BY w.n"
        return [position or 0 for (position,) in self.db.all(sql, moments)]

    def record(self, position: int) -> Record | None:
        """Return the record at `position`."""
        if self.narrow:
            return self._told("?, NULL", "position = ?", position)
        return self._record(f"{SELECT} WHERE position = ?", position)

    def by_event_id(self, event_id: str) -> Record | None:
        """Return the record of the event `event_id`."""
        if self.narrow:
            return self._told("NULL, ?", "event_id = ?", event_id)
        return self._record(f"{SELECT} WHERE event_id = ?", event_id)

    def keyed(self, keys: Sequence[str]) -> dict[str, IdempotencyRecord]:
        """Return what each of these keys recorded; a key that recorded nothing is absent."""
        found: dict[str, IdempotencyRecord] = {}
        for among, some in self._chunks(keys):
            told = "keyed_of(?::text[])" if self.narrow else f"keys WHERE key {among}"
            rows = self.db.all(f"SELECT key, digest, position, stream, count FROM {told}", some)
            found.update((row[0], IdempotencyRecord._make(row)) for row in rows)
        return found

    def claims(self, kind: str, values: Sequence[str]) -> dict[str, list[Claim]]:
        """Return who claims each of these values, the first claimant first; a value nobody claims is absent."""
        found: dict[str, list[Claim]] = {}
        for among, some in self._chunks(values):
            told = "holders_of(?, ?::text[])" if self.narrow else f"claims WHERE kind = ? AND value {among}"
            sql = f"SELECT kind, value, n, stream FROM {told} ORDER BY n"
            for row in self.db.all(sql, (kind, *some)):
                found.setdefault(row[1], []).append(Claim._make(row))
        return found

    def claimed(self, kind: str, most: int) -> list[str]:
        """Return the values that are claimed, in their order; `most` of them at most."""
        sql = "SELECT DISTINCT value FROM claims WHERE kind = ? ORDER BY value LIMIT ?"
        return [str(value) for (value,) in self.db.all(sql, (kind, most))]

    def holders(self, kind: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Return the streams that claim each of these values, the first claimant first."""
        return {value: [claim.stream for claim in claims] for value, claims in self.claims(kind, values).items()}

    def close(self) -> None:
        """Give the connections back."""
        close_ring(self.db)
        self.db.close()

    def _chunks(self, values: Sequence[str]) -> Iterator[tuple[str, Sequence[Any]]]:
        """Yield conditions that a column is among the values, with their parameters.

        Postgres takes any number as one array and plans it once; SQLite takes them one by one, a statement's worth each.
        """
        several = list(dict.fromkeys(values))
        if self.db.dialect == "postgres":
            yield "= ANY(?::text[])", (self._array(several),)
            return
        for first in range(0, len(several), CHUNK):
            some = several[first : first + CHUNK]
            yield f"IN ({','.join('?' * len(some))})", some

    def _array(self, values: Sequence[str]) -> str:
        from infra.event_store.postgres_arrays import text_array

        return text_array(values)

    def _told(self, place: str, which: str, param: int | str) -> Record | None:
        """Return the record of an event in what a decision is told of its history."""
        history = f"recorded_of(ARRAY(SELECT stream FROM placed_at({place})))"
        sql = f"SELECT {COLUMNS} FROM {history} WHERE {which} AND name <> ''"
        row = self.db.one(sql, (param, param))
        return Record._make(row) if row else None

    def _records(self, sql: str, params: Sequence[Any]) -> list[Record]:
        return list(map(Record._make, self.db.all(sql, params)))

    def _record(self, sql: str, param: int | str) -> Record | None:
        row: Row | None = self.db.one(sql, (param,))
        return Record._make(row) if row else None
