"""Targets as they stood for one pair of moments."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.slow.fold import Belief, Entry, in_business_order


@dataclass
class Told:
    """A target: what it says, the value proposed last, the one in force, and the one before any revision."""

    target: str
    said: dict[str, Any] = field(default_factory=dict)
    state: str = ""
    proposed: Decimal | None = None
    filed: Decimal | None = None
    original: Decimal | None = None
    revised: bool = False
    shares: dict[str, Decimal] = field(default_factory=dict)

    @property
    def value(self) -> Decimal | None:
        """The value in force: the filed one, or the one proposed while none was filed."""
        return self.proposed if self.filed is None else self.filed

    @property
    def basis(self) -> str | None:
        """What counts: for sales what is signed, unless another basis is named."""
        return self.said.get("basis") or ("signed" if self.said.get("metric") == "sales" else None)


def targets(belief: Belief) -> list[Told]:
    """Return every target of which something had happened, the first recorded first."""
    found = []
    for target in dict.fromkeys(entry.stream for entry in belief.of("tgt_")):
        steps = in_steps([entry for entry in belief.of("tgt_") if entry.stream == target])
        told = Told(target)
        for entry in in_business_order(steps):
            if entry.moment <= belief.micros:
                take(told, entry)
        if told.state:
            found.append(told)
    return found


def in_steps(events: list[Entry]) -> list[Entry]:
    """Return a target's events, no step of its way into force before the one recorded before it, no share before the setting."""
    reached = events[0].moment
    steps = []
    for entry in events:
        if entry.name in ("target.allocated", "target.reallocated"):
            steps.append(entry._replace(moment=max(entry.moment, events[0].moment)))
        else:
            reached = max(reached, entry.moment)
            steps.append(entry._replace(moment=reached))
    return steps


def take(told: Told, entry: Entry) -> None:
    """Take one event."""
    data = entry.data
    match entry.name:
        case "target.set":
            told.said, told.state, told.proposed = dict(data), "draft", number(data.get("value"))
            if not told.revised and told.filed is None:
                told.original = told.proposed
        case "target.revised":
            told.state, told.proposed, told.revised = "draft", number(data["new"]), True
        case "target.filed":
            told.state, told.filed = "filed", told.proposed
        case "target.allocated":
            told.shares[data["child"]] = Decimal(data["value"])
        case "target.reallocated":
            for child, sign in ((data["from"], -1), (data["to"], 1)):
                told.shares[child] = told.shares.get(child, Decimal(0)) + sign * Decimal(data["value"])
        case _:
            told.state = entry.name.removeprefix("target.")


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def allocated(told: Told, everything: list[Told]) -> Decimal:
    """Return what of a target is shared out: what was allocated, else the value of a child that names it its parent."""
    shares = dict(told.shares)
    for child in everything:
        if child.state == "withdrawn":
            shares.pop(child.target, None)
        elif child.said.get("parent") == told.target and child.target not in shares and child.value is not None:
            shares[child.target] = child.value
    return sum(shares.values(), Decimal(0))


def in_place(belief: Belief, period: str) -> dict[tuple[str, str | None, str], Told]:
    """Return the targets of a period that are not withdrawn, by metric, basis and owner."""
    return {
        (told.said["metric"], told.basis, told.said["owner"]): told
        for told in targets(belief)
        if told.state != "withdrawn" and told.said.get("period") == period and told.said.get("owner")
        if told.said.get("metric")
    }
