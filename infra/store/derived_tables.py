"""The tables that lie beside the log and are made from it: the register of the projections, and the tree of the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.read_models.tables import REGISTER
from infra.transparency.tile_store import TABLES

if TYPE_CHECKING:
    from infra.db.database import Database


def register(db: Database) -> None:
    """Make the register of projections and the tables of the proof if there are none."""
    with db.transaction():
        if db.dialect == "postgres":  # where two who make the same table at once are not told apart by IF NOT EXISTS
            db.one("SELECT pg_advisory_xact_lock(hashtext('salestrail.' || current_schema()))")
        for statement in (REGISTER[db.dialect], *TABLES[db.dialect]):
            db.run(statement)
