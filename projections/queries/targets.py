"""Questions about targets: each as it stood at a moment, and what of it is shared out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask

TARGETS: Final = """
SELECT t.target, t.metric, t.basis, t.period, t.owner, t.parent, t.state, t.value, t.original, t.currency,
       t.comparator, t.allocations
FROM {targets} t
WHERE t.known_from <= ? AND t.known_to > ? AND t.since = (SELECT MAX(r.since) FROM {targets} r
      WHERE r.target = t.target AND r.since <= ? AND r.known_from <= ? AND r.known_to > ?)
"""
ORDER: Final = " ORDER BY (SELECT MIN(f.known_from) FROM {targets} f WHERE f.target = t.target)"


class TargetRow(NamedTuple):
    target: str
    metric: str
    basis: str | None
    period: str | None
    owner: str | None
    parent: str | None
    state: str
    value: Decimal | None
    original: Decimal | None
    currency: str | None
    comparator: str
    allocations: dict[str, Decimal]


def targets(ask: Ask, moments: AsOf, period: str | None = None) -> list[TargetRow]:
    """Return every target as it stood, or those of a period alone, the one recorded first first."""
    known = (moments.position, moments.position)
    only, of = ("", ()) if period is None else (" AND t.period = ?", (period,))
    rows = ask(f"{TARGETS}{only}{ORDER}", (*known, moments.micros, *known, *of))
    return [
        TargetRow._make(
            (
                *row[:7],
                _number(row[7]),
                _number(row[8]),
                *row[9:11],
                {child: Decimal(share) for child, share in json.loads(row[11]).items()} if row[11] != "{}" else {},
            )
        )
        for row in rows
    ]


class Allocations:
    """What of each target is shared out: by its allocations, and by the targets that name it as their parent."""

    def __init__(self, everything: Sequence[TargetRow]) -> None:
        self._gone = {target.target for target in everything if target.state == "withdrawn"}
        self._children: dict[str | None, list[TargetRow]] = {}
        for target in everything:
            if target.state != "withdrawn":
                self._children.setdefault(target.parent, []).append(target)

    def of(self, target: TargetRow) -> Decimal:
        """Return the sum of a target's shares; those of withdrawn targets are not among them."""
        shares = {child: share for child, share in target.allocations.items() if child not in self._gone}
        for child in self._children.get(target.target, ()):
            if child.value is not None:
                shares.setdefault(child.target, child.value)
        return sum(shares.values(), Decimal(0))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
