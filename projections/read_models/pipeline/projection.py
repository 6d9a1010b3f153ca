"""Folding the log into the pipeline: an event of an opportunity folds that one anew, one of its customer all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final

from domain.kernel.types import OWNING
from projections.engine.corrections import EffectiveTimes, effective
from projections.engine.projection import BitemporalRows, ChangeSet, Load, Seen
from projections.engine.stream_cache import Cases
from projections.read_models.pipeline.history import Holder, Rows, rows_of
from projections.read_models.pipeline.schema import MERGES, OPPORTUNITIES, SURVIVORS

OF_CUSTOMER: Final = frozenset(
    "customer.details_changed customer.leads_merged customer.merged_into customer.unmerged_from".split()
).union(OWNING)

MERGING: Final = ("customer.merged_into", "customer.leads_merged")


def telling(seen: Seen) -> bool:
    """Say whether the event can change a row: an opportunity's own, or one of its customer's owner, name or merge."""
    name = seen.data["name"] if seen.name == "event.corrected" else seen.name
    if name == "customer.details_changed":
        return "company" in (seen.data["values"] if seen.name == "event.corrected" else seen.data)
    return name in OF_CUSTOMER or name.startswith("opportunity.") or seen.name == "event.voided"


def home(seen: Seen) -> str | None:
    """Return the customer to which the event belongs, itself or through one of its opportunities, or None."""
    if seen.stream.startswith("cus_"):
        return seen.stream
    return seen.data.get("customer") if seen.stream.startswith("opp_") else None


class Case:
    """A customer's telling events and those of its opportunities, in recorded order, and the rows believed of each."""

    __slots__ = ("_holder", "believed", "floors", "merging", "of", "stream", "weight")

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.of: dict[str, list[Seen]] = {stream: []}
        self.merging: set[str] = set()
        self.believed: dict[str, BitemporalRows] = {}
        self.floors = EffectiveTimes()
        self.weight = 0
        self._holder: Holder | None = None

    def keep(self, seen: Seen) -> None:
        """Keep one more event."""
        self.of.setdefault(seen.stream, []).append(self.floors.lifted(seen))
        self.weight += 1
        if seen.stream == self.stream:
            self._holder = None
            if seen.name in MERGING:
                self.merging.add(seen.name)

    def holder(self, zone: tzinfo) -> Holder:
        """Return the customer as the opportunities show it."""
        if self._holder is None:
            self._holder = Holder(effective(self.of[self.stream], zone))
        return self._holder

    def refold(self, stream: str, zone: tzinfo, position: int, to: ChangeSet) -> None:
        """Believe what the events now tell of one opportunity or, where `stream` is the customer's, of all."""
        if stream == self.stream:
            if "customer.merged_into" in self.merging:
                self._believe("merges", stream, dict(merges(effective(self.of[stream], zone))), position, to)
            if "customer.leads_merged" in self.merging:
                self._believe("survivors", f"{stream}/name", self.holder(zone).names(stream), position, to)
        for each in [stream] if stream != self.stream else list(self.of)[1:]:
            rows = rows_of(each, effective(self.of[each], zone), self.holder(zone))
            self._believe("opportunities", each, rows, position, to)

    def _believe(self, table: str, of: str, rows: Rows, position: int, to: ChangeSet) -> None:
        self.believed.setdefault(of, BitemporalRows()).become(table, rows, position, to)

    def was_believed_before(self) -> None:
        """Say of rows that were read back from the log that closing them writes to the table."""
        for believed in self.believed.values():
            believed.rows = {place: (-1, content) for place, (_, content) in believed.rows.items()}


def merges(standing: Sequence[Seen]) -> Iterator[tuple[tuple[str, int, int], tuple[str]]]:
    """Yield the place and content of each merge of a lead into another."""
    for seen in standing:
        if seen.name == "customer.merged_into":
            yield (seen.stream, seen.moment, seen.position), (seen.data["survivor"],)


class Pipeline:
    """The pipeline projection."""

    name = "pipeline"
    version = 3
    tables = (OPPORTUNITIES, MERGES, SURVIVORS)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self._cases = Cases(self._loaded, Case)

    def forget(self) -> None:
        self._cases.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            customer = home(seen)
            if customer is not None and telling(seen):
                self._take(customer, seen, to)

    def _take(self, customer: str, seen: Seen, to: ChangeSet) -> None:
        begins = seen.version == 1 and seen.stream == customer
        case = self._cases.get(customer, seen.position - 1, begins=begins)
        case.keep(seen)
        self._cases.grew(1)
        case.refold(seen.stream, self._zone, seen.position, to)

    def _loaded(self, customer: str, upto: int) -> Case:
        case = Case(customer)
        for seen in self._load(customer, upto):
            if home(seen) == customer and telling(seen):
                case.keep(seen)
        case.refold(customer, self._zone, upto, ChangeSet())
        case.was_believed_before()
        return case


def make(load: Load, zone: tzinfo) -> Pipeline:
    """Return the projection, with nothing at hand yet."""
    return Pipeline(load, zone)
