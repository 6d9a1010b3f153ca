"""Targets as they stood, with what of each is shared out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from tests.year.reckoning.book import Book

STATES = {"submit": "submitted", "approve": "approved", "return": "returned", "file": "filed", "withdraw": "withdrawn",
          "revise": "draft"}  # fmt: skip


@dataclass
class Target:
    """A target: what it says, its value in force and the one before any revision, and the shares of its parts."""

    key: str
    said: dict[str, Any]
    proposed: Decimal
    original: Decimal
    state: str = "draft"
    filed: Decimal | None = None
    revisions: int = 0
    shares: dict[str, Decimal] = field(default_factory=dict)

    @property
    def value(self) -> Decimal:
        return self.proposed if self.filed is None else self.filed

    @property
    def basis(self) -> str | None:
        return self.said.get("basis") or ("signed" if self.said["metric"] == "sales" else None)

    @property
    def currency(self) -> str | None:
        return self.said.get("currency", "CNY") if self.said["metric"] == "sales" else None


@cache
def targets(book: Book) -> dict[str, Target]:
    """Return every target that was set by the day asked about, by its key."""
    found: dict[str, Target] = {}
    for act in book.about("target"):
        if act.action == "target.set":
            value = Decimal(act.data["value"])
            found[act.key] = Target(act.key, dict(act.data), value, value)
            continue
        mine = found[act.subject]
        match act.action:
            case "target.allocate":
                mine.shares[act.data["child"]] = Decimal(act.data["value"])
            case "target.reallocate":
                mine.shares[act.data["from"]] -= Decimal(act.data["value"])
                mine.shares[act.data["to"]] += Decimal(act.data["value"])
            case "target.revise":
                mine.proposed, mine.revisions = Decimal(act.data["value"]), mine.revisions + 1
            case "target.file":
                mine.filed = mine.proposed
        mine.state = STATES.get(act.action.removeprefix("target."), mine.state)
    return found


def allocated(book: Book, target: Target) -> Decimal:
    """Return what of a target is shared out: what was allocated to a part, else what a part that names it says."""
    shares = dict(target.shares)
    for child in targets(book).values():
        if child.state == "withdrawn":
            shares.pop(child.key, None)
        elif child.said.get("parent") == target.key:
            shares.setdefault(child.key, child.value)
    return sum(shares.values(), Decimal(0))


def in_force(book: Book, period: str) -> dict[tuple[str, str | None, str], Target]:
    """Return the targets of a period by metric, basis and owner."""
    return {
        (each.said["metric"], each.basis, each.said["owner"]): each
        for each in targets(book).values()
        if each.said["period"] == period and each.state != "withdrawn"
    }


def tree(book: Book, period: str) -> list[dict[str, Any]]:
    """Return the totals of each target of a period."""
    rows = []
    for target in in_force(book, period).values():
        shared = allocated(book, target)
        rows.append(
            {
                "owner": target.said["owner"],
                "metric": target.said["metric"],
                "basis": target.basis,
                "state": target.state,
                "value": target.value,
                "original": target.original,
                "currency": target.currency,
                "allocated": shared,
                "unallocated": target.value - shared,
                "over_allocated": shared > target.value,
                "revisions": target.revisions,
            }
        )
    return rows
