"""What must hold in the log besides its hashes: its end, and versions that follow one another in each stream."""

from __future__ import annotations

from typing import Final

from infra.db.database import Database
from infra.errors.problem import Problem

VERSIONS: Final = """SELECT stream FROM log GROUP BY stream HAVING count(*) <> max(version) OR min(version) <> 1
ORDER BY stream LIMIT 1"""
ORDER: Final = """SELECT b.position, b.stream FROM log a JOIN log b ON b.stream = a.stream AND b.version = a.version + 1
WHERE b.position < a.position ORDER BY b.position LIMIT 1"""


def columns_sound(db: Database, events: int) -> None:
    """See that the head names the last event, and that no version of a stream is missing. Raises Problem."""
    head = db.one("SELECT position FROM head")
    if head is None or head[0] != events:
        raise Problem("proof.head", said=head[0] if head else 0, last=events)
    found = db.one(VERSIONS)
    if found is not None:
        stream = found[0]
        rows = db.all("SELECT position, version FROM log WHERE stream = ? ORDER BY version", (stream,))
        position = next((at for n, (at, version) in enumerate(rows, 1) if version != n), 0)
        raise Problem("proof.versions", position=position, stream=stream)


def in_order(db: Database) -> None:
    """See that versions follow in the order of positions. Raises Problem."""
    found = db.one(ORDER)
    if found is not None:
        raise Problem("proof.versions", position=found[0], stream=found[1])
