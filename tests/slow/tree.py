"""The tree of targets of a period."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain.calendar.period import Period
from domain.kernel.money import ratio
from tests.slow import progress
from tests.slow.fold import Belief
from tests.slow.targets import Told, allocated, in_place, targets


def rows(belief: Belief, period: Period) -> list[dict[str, Any]]:
    """Return each target of a period in its place of the tree, with what is above it and what was reached."""
    everything = targets(belief)
    reached = progress.rows(belief, period)
    found = []
    for (metric, basis, owner), told in in_place(belief, period.name).items():
        mine = [r for r in reached if (r["metric"], r["basis"], r["owner"]) == (metric, basis, owner)]
        held = [r for r in mine if r["currency"] == told.said.get("currency")] or mine
        shared = allocated(told, everything) if told.value is not None else None
        above = parent(told, everything)
        found.append(
            {
                "id": told.target,
                "owner": owner,
                "metric": metric,
                "basis": basis,
                "state": told.state,
                "value": told.value,
                "original": told.original,
                "parent": above.target if above else None,
                "share_of_parent": share(told, above),
                "allocated": shared,
                "unallocated": None if told.value is None or shared is None else told.value - shared,
                "actual": held[0]["actual"] if held else None,
                "attainment": held[0]["attainment"] if held else None,
                "revisions": revisions(belief, told.target),
            }
        )
    return found


def parent(told: Told, everything: list[Told]) -> Told | None:
    """Return what a target is a part of: the one that it names, or the last that allocated to it; not a withdrawn one."""
    standing = [each for each in everything if each.state != "withdrawn"]
    named = [each for each in standing if each.target == told.said.get("parent")]
    givers = named or [each for each in standing if told.target in each.shares]
    return givers[-1] if givers else None


def share(told: Told, above: Told | None) -> Decimal | None:
    """Return the part of the target above that is this one's."""
    if above is None or above.value is None or above.said.get("currency") != told.said.get("currency"):
        return None
    given = above.shares.get(told.target, told.value)
    return None if given is None else ratio(given, above.value)


def revisions(belief: Belief, target: str) -> int:
    """Return how often a target was revised."""
    told = [entry for entry in belief.named("target.revised") if entry.stream == target]
    return sum(1 for entry in told if entry.moment <= belief.micros)
