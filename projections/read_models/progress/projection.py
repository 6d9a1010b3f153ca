"""Folding the log into facts and targets; a customer is folded anew only by an event that changes its facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any, Final

from domain.kernel.json_form import revive
from domain.kernel.money import text_of
from domain.kernel.types import OWNING
from domain.target.state import Target, evolve
from projections.engine.corrections import effective, in_business_order
from projections.engine.projection import BitemporalRows, ChangeSet, Load, Seen
from projections.engine.stream_cache import Cases
from projections.read_models.progress.facts import Rows, facts_of, follow_up
from projections.read_models.progress.schema import FACTS, TARGETS

SILENT: Final = frozenset("contract.drafted contract.submitted contract.approved contract.returned".split())
TELLING: Final = SILENT.union(OWNING) | frozenset(
    "customer.lead_validated customer.lead_invalidated customer.graded "
    "customer.leads_merged customer.leads_unmerged customer.merged_into customer.unmerged_from customer.followed_up "
    "contract.signed contract.amended contract.cancelled contract.handed_over contract.order_placed "
    "payment.received payment.refunded payment.invoiced delivery.delivered "
    "event.corrected event.voided".split()
)


class Case:
    """One customer's telling events in recorded order, and the facts believed of it."""

    __slots__ = ("believed", "events", "merged", "stream", "survivor")

    def __init__(self, stream: str, events: list[Seen]) -> None:
        self.stream, self.events = stream, events
        self.believed: BitemporalRows | None = None
        self.merged: list[str] = []
        self.survivor: str | None = None
        for seen in events:
            self.note_merge(seen)

    @property
    def weight(self) -> int:
        return len(self.events)

    def note_merge(self, seen: Seen) -> None:
        match seen.name:
            case "customer.leads_merged":
                self.merged.append(seen.data["duplicate"])
            case "customer.leads_unmerged":
                self.merged.remove(seen.data["duplicate"])
            case "customer.merged_into":
                self.survivor = seen.data["survivor"]
            case "customer.unmerged_from":
                self.survivor = None


class Progress:
    """The progress projection."""

    name = "progress"
    version = 3
    tables = (FACTS, TARGETS)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self._cases = Cases(self._loaded, lambda customer: Case(customer, []))

    def forget(self) -> None:
        self._cases.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            self._take(seen, to)

    def _take(self, seen: Seen, to: ChangeSet) -> None:
        stream = seen.stream
        if stream.startswith("tgt_"):
            self._target(seen, to)
        elif seen.name in TELLING:
            customer = stream if stream.startswith("cus_") else seen.data.get("customer")
            if customer is not None:
                self._of_customer(customer, seen, to)

    def _of_customer(self, customer: str, seen: Seen, to: ChangeSet) -> None:
        if seen.name == "customer.followed_up" or seen.name in SILENT:
            case = self._cases.held(customer)
            if case is not None:
                case.events.append(seen)
                self._cases.grew(1)
            if seen.name == "customer.followed_up":
                place, content = follow_up(customer, seen)
                believed = case.believed if case is not None else None
                (believed or BitemporalRows()).put("facts", place, content, seen.position, to)
            return
        case = self._cases.get(customer, seen.position - 1, begins=seen.version == 1 and seen.stream == customer)
        touched = self._touched(case, seen)
        case.events.append(seen)
        case.note_merge(seen)
        self._cases.grew(1)
        for each in touched:
            assert each.believed is not None
            each.believed.become("facts", self._facts(each, seen.position), seen.position, to)

    def _touched(self, case: Case, seen: Seen) -> list[Case]:
        """Return the cases whose facts the event may change, with what was believed of them before it."""
        before = seen.position - 1
        touched = self._family(case, before)
        if seen.name == "customer.merged_into":
            touched += self._family(self._cases.get(seen.data["survivor"], before), before)
        for each in touched:
            if each.believed is None:
                each.believed = BitemporalRows()
                if each.events:
                    facts = self._facts(each, before)
                    each.believed.rows = {place: (-1, content) for place, content in facts.items()}
        return touched

    def _family(self, case: Case, upto: int) -> list[Case]:
        """Return the cases that are one legal entity with `case`: all that were merged with one another.

        A merge and its undoing are two events each; the cases are one only while both of them say so.
        """
        if not case.survivor and not case.merged:
            return [case]
        family = [case]
        asked = [self._root(case, upto)]
        while asked:
            member = asked.pop()
            if member.stream != case.stream:
                family.append(member)
            merged = (self._cases.get(duplicate, upto) for duplicate in member.merged)
            asked += (each for each in merged if each.survivor == member.stream)
        return family

    def _root(self, case: Case, upto: int) -> Case:
        """Return the case that all of its legal entity were merged into."""
        while case.survivor:
            survivor = self._cases.get(case.survivor, upto)
            if case.stream not in survivor.merged:
                break
            case = survivor
        return case

    def _facts(self, case: Case, upto: int) -> Rows:
        _, *others = self._family(case, upto)
        elsewhere = [seen for other in others for seen in effective(other.events, self._zone)]
        entity = self._root(case, upto).stream
        return facts_of(case.stream, effective(case.events, self._zone), elsewhere, entity)

    def _loaded(self, customer: str, upto: int) -> Case:
        events = [
            seen
            for seen in self._load(customer, upto)
            if seen.name in TELLING and customer in (seen.stream, seen.data.get("customer"))
        ]
        return Case(customer, events)

    def _target(self, seen: Seen, to: ChangeSet) -> None:
        history = [each for each in self._load(seen.stream, seen.position) if each.stream == seen.stream]
        believed = BitemporalRows()
        believed.rows = {
            place: (-1, content)
            for place, content in target_rows(seen.stream, effective(history[:-1], self._zone)).items()
        }
        rows = target_rows(seen.stream, effective(history, self._zone))
        believed.become("targets", rows, seen.position, to)


def stepwise(events: Sequence[Seen]) -> Iterator[Seen]:
    """Yield a target's events, none before the setting, and no step of its way into force before the step it follows."""
    begun = reached = events[0].moment if events else 0
    for seen in events:
        if seen.name in ("target.allocated", "target.reallocated"):
            yield seen._replace(moment=max(seen.moment, begun))
        else:
            reached = max(seen.moment, reached)
            yield seen._replace(moment=reached)


def target_rows(stream: str, events: Sequence[Seen]) -> Rows:
    """Return a target as it stood from each of its events on."""
    target = Target()
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for seen in in_business_order(stepwise(events)):
        evolve(target, revive(seen.name, seen.data))
        shares = {child: format(value, "f") for child, value in target.allocations.items()}
        rows[stream, seen.moment] = (
            target.metric,
            target.basis or ("signed" if target.metric == "sales" else None),
            target.period,
            target.owner,
            target.parent,
            target.state,
            text_of(target.in_force),
            text_of(target.original),
            target.currency,
            target.comparator,
            json.dumps(shares),
        )
    return rows


def make(load: Load, zone: tzinfo) -> Progress:
    """Return the projection, with nothing at hand yet."""
    return Progress(load, zone)
