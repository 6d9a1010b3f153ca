"""What begins with a few letters: names, numbers, logins and ids, found through the indexes of the log's own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infra.db.database import Database

LIMIT: Final = 40
LAST: Final = "\U0010ffff"

CLAIMED: Final = f"""
SELECT value, stream FROM claims WHERE kind = ? AND value >= ? AND value < ? ORDER BY value, n LIMIT {LIMIT}
"""
# An id's events lie side by side in the index of streams and versions, so that its first one is found without a scan.
BEGUN: Final = f"SELECT stream FROM log WHERE stream >= ? AND stream < ? AND version = 1 ORDER BY stream LIMIT {LIMIT}"
OWN: Final = f"""
SELECT DISTINCT l.stream FROM mentions m JOIN log l ON l.position = m.position
WHERE m.subject = ? AND l.stream >= ? AND l.stream < ? ORDER BY l.stream LIMIT {LIMIT}
"""


def claimed(db: Database, kind: str, start: str) -> list[tuple[str, str]]:
    """Return values of a kind of claim that begin with `start`, each with its stream, in their order."""
    return [(value, stream) for value, stream in db.all(CLAIMED, (kind, start, start + LAST))]


def begun(db: Database, prefix: str, start: str) -> list[str]:
    """Return the ids of a kind that begin with `start`."""
    first = start if start.startswith(prefix) else prefix
    if not first.startswith(start) and not start.startswith(prefix):
        return []
    return [stream for (stream,) in db.all(BEGUN, (first, first + LAST))]


def of_subject(db: Database, subject: str, prefix: str, start: str) -> list[str]:
    """Return the ids of a kind that begin with `start` and whose events name `subject`."""
    first = start if start.startswith(prefix) else prefix
    return [stream for (stream,) in db.all(OWN, (subject, first, first + LAST))]
