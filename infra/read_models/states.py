"""How each read model stands to the log: what `sales status` shows."""

from __future__ import annotations

from typing import Literal, NamedTuple

from infra.db.database import Database
from infra.read_models import tables
from projections.read_models.registry import ON_DEMAND, VERSIONS

State = Literal["ok", "on demand", "new", "old version", "stopped"]


class ReadModelState(NamedTuple):
    """A read model: its version (0 while it has no tables), the last position folded, how many events it lags, and what stopped it."""

    projection: str
    version: int
    position: int
    lag: int
    state: State
    stopped_at: int | None = None
    event: str | None = None
    why: str | None = None


def read_model_states(db: Database, head: int) -> list[ReadModelState]:
    """Return the state of each read model of this program, where the log ends at `head`."""
    standing = tables.standings(db)
    return [_state(name, version, standing.get(name), head) for name, version in VERSIONS.items()]


def _state(name: str, version: int, at: tables.ReadModelCheckpoint | None, head: int) -> ReadModelState:
    if at is None:
        return ReadModelState(name, 0, 0, head, "new")
    state: State = "stopped" if at.stopped else "old version" if at.version != version else "ok"
    if state == "ok" and at.position < head and name in ON_DEMAND:
        state = "on demand"
    return ReadModelState(name, at.version, at.position, head - at.position, state, at.stopped, at.event, at.why)
