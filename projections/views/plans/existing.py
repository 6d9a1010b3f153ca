"""Whether there are plans at all: what a view asks that shows key actions beside something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from projections.engine.projection import Ask

NO_ACTION: Final = dict.fromkeys(("key_action", "channel", "count", "per", "met", "missed"))
"""What a row of the tree of targets holds that is no key action's."""


def any_plan(ask: Ask) -> bool:
    """Say whether a plan was ever drafted; asks records."""
    return bool(ask("SELECT 1 FROM {records} r WHERE r.kind = 'plan' LIMIT 1"))


def without_action(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the tree with the keys of a key action, its events last."""
    shown = {**{key: value for key, value in row.items() if key != "events"}, **NO_ACTION}
    return {**shown, "events": row["events"]} if "events" in row else shown
