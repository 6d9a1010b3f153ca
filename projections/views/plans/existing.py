"""Whether there are plans at all: what a view asks that shows key actions beside something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from projections.engine.projection import Ask
from projections.views.column import Note

PROJECTIONS: Final = ("records", "audit", "pipeline", "progress", "tracking", "organisation")
"""The read models that say how key actions stand."""
KEY_ACTION: Final = "key-action"
"""The level of a row of the tree of targets that is a key action."""
RHYTHMS: Final = {"day": Note("{count} a day"), "week": Note("{count} a week"), "month": Note("{count} a month")}
NO_ACTION: Final = dict.fromkeys(("key_action", "channel", "count", "per", "met", "missed"))
"""What a row of the tree of targets holds that is no key action's."""


def any_plan(ask: Ask) -> bool:
    """Say whether a plan was ever drafted; asks records."""
    return bool(ask("SELECT 1 FROM {records} r WHERE r.kind = 'plan' LIMIT 1"))


def without_action(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the tree with the keys of a key action, its events last."""
    shown = {**{key: value for key, value in row.items() if key != "events"}, **NO_ACTION}
    return {**shown, "events": row["events"]} if "events" in row else shown


def worded(action: Mapping[str, Any], kind: str = "kind", indent: int = 0) -> Note:
    """Return a key action in words: what, by which channel, how many a day, week or month."""
    what = "  " * indent + " ".join(filter(None, (action[kind], action["channel"])))
    rhythm = RHYTHMS[action["per"]]._replace(facts={"count": action["count"]})
    return Note("{what} {rhythm}", {"what": what, "rhythm": rhythm})
