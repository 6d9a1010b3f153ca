"""The targets behind rows of progress that differ, and the steps that they and their children took meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from projections.queries.targets import TargetRow, targets
from projections.views.diff.compare import Difference
from projections.views.diff.explain_facts import Look
from projections.views.diff.explain_tracking import Behind
from projections.views.diff.row_history import Source, steps

SOURCE: Final = Source(
    "{targets} t",
    "t.target",
    ("t.since",),
    ("t.metric", "t.basis", "t.owner", "t.parent", "t.state", "t.value", "t.original", "t.currency", "t.allocations"),
)
OF_TARGET: Final = (
    *("state", "target", "original_target", "allocated", "unallocated"),
    *("parent", "share_of_parent", "currency"),
)
FOLLOWING: Final = ("attainment", "gap", "daily_need")
"""Fields that follow from the target and the actual."""


class OfTargets:
    """The targets behind the rows that differ, and the steps that they and their children took meanwhile."""

    def __init__(self, look: Look, differences: Sequence[Difference]) -> None:
        self.look = look
        wanted = any(each.field in (*OF_TARGET, *FOLLOWING) or each.view == "targets" for each in differences)
        both = [*targets(look.ask, look.before), *targets(look.ask, look.after)] if wanted else []
        self.known: dict[str, list[TargetRow]] = {}
        for target in both:
            self.known.setdefault(target.target, []).append(target)
        self._ids: dict[tuple[str, str | None, str | None], dict[str, None]] = {}
        for target in both:
            if target.period == look.period.name:
                self._ids.setdefault((target.metric, target.basis, target.owner), {})[target.target] = None
        asked = {i for each in differences for i in self.ids(each)}
        near = {i for each in asked for i in (*self.children(each), *self.parents(each))}
        self.walked = steps(look.ask, SOURCE, sorted(asked | near), look.before, look.after)

    def ids(self, each: Difference) -> list[str]:
        """Return the targets that a row shows at either moment: its own, or for receipts that of signings."""
        metric, basis, owner = (each.key[name] for name in ("metric", "basis", "owner"))
        if None in each.rows and any(row and row.get("id", "") is None for row in each.rows):
            # A member without a target of its own stands in the tree because of the others' targets.
            return [i for line, some in self._ids.items() if line[:2] == (metric, basis) for i in some]
        found = [*self._ids.get((metric, basis, owner), ())]
        return found if basis != "collected" else [*found, *self._ids.get((metric, "signed", owner), ())]

    def children(self, target: str) -> list[str]:
        """Return what has, or had, a share of a target."""
        shares = {child for row in self.known.get(target, ()) for child in row.allocations if child in self.known}
        return sorted(shares | {child for child, rows in self.known.items() if any(r.parent == target for r in rows)})

    def parents(self, target: str) -> list[str]:
        """Return of what a target is, or was, a share."""
        return sorted({row.parent for row in self.known.get(target, ()) if row.parent})

    def events(self, each: Difference, field: str) -> Behind:
        """Return the events of the steps by which a field of a target became another."""
        found: Behind = {}
        for target in self.ids(each):
            own: tuple[str, ...] = (field,)
            others: tuple[str, ...] = ()
            near: list[str] = []
            if field in ("allocated", "unallocated"):
                own = ("shares", "target") if field == "unallocated" else ("shares",)
                others, near = ("target",), self.children(target)
            elif field == "share_of_parent":
                own, others, near = ("target", "parent"), ("target",), self.parents(target)
            found.update(self._changing(target, own))
            for one in near:
                found.update(self._changing(one, others))
        return found

    def _changing(self, target: str, fields: Sequence[str]) -> Behind:
        """Return the events of the steps in which one of these fields of a target changed."""
        walk = self.walked.get(target, ())
        changed = (s for s in walk if any(_told(s.before, name) != _told(s.after, name) for name in fields))
        return dict.fromkeys(position for step in changed for position in step.events)


def _told(content: Mapping[str, Any] | None, field: str) -> Any:
    """Return what a row of the targets says of a field; None where there is no target to speak of."""
    if content is None or not content["owner"] or content["state"] in ("", "withdrawn"):
        return None
    names = {"target": "value", "original_target": "original", "shares": "allocations"}
    return content[names.get(field, field)], content["owner"], content["metric"], content["basis"]
