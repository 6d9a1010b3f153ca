"""Whether the tables are in step with the log, and the wait of a login that may not bring them there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from infra.errors.problem import Problem
from infra.read_models import tables
from projections.read_models.registry import wanted

if TYPE_CHECKING:
    from collections.abc import Collection

    from infra.db.database import Database

PATIENCE: Final = 2.0  # seconds
PAUSE: Final = 0.05


def in_step(db: Database, head: int, asked: Collection[str] = ()) -> bool:
    """Say whether the tables know the log up to `head`: all but those on demand that are not `asked`, or were stopped."""
    standing = tables.standings(db)
    return all(
        name in standing
        and standing[name].version == version
        and (standing[name].position >= head or standing[name].stopped is not None)
        for name, version in wanted(asked).items()
    )


def waited(db: Database, head: int, asked: Collection[str] = ()) -> int:
    """Wait a little for whoever keeps the tables in step; return how many events they lag. Raises Problem without tables."""
    until = time.monotonic() + PATIENCE
    while not in_step(db, head, asked) and time.monotonic() < until:
        time.sleep(PAUSE)
    standing = tables.standings(db)
    needed = wanted(asked)
    for name, version in needed.items():
        if name not in standing or standing[name].version < version:
            raise Problem("projection.not_made", projection=name)
    reached = (at.position for name, at in standing.items() if name in needed and at.stopped is None)
    return max(head - min(reached, default=head), 0)
