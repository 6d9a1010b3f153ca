"""Folding the log into the tracking table: in step where events come in business order, anew for one customer else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from projections.engine.corrections import EffectiveTimes, effective
from projections.engine.projection import BitemporalRows, ChangeSet, Load, Seen
from projections.engine.stream_cache import Cases
from projections.read_models.contract_facts import ContractCourse, courses, is_of_contract
from projections.read_models.tracking.row_state import GONE, Tracked
from projections.read_models.tracking.schema import CUSTOMERS, FILES, GRADED, TRACKING
from projections.read_models.tracking.spans import Beside

ANEW: Final = frozenset(
    "event.corrected event.voided customer.leads_merged customer.leads_unmerged customer.merged_into "
    "customer.unmerged_from".split()
)


def home(seen: Seen) -> str | None:
    """Return the customer whose history the event belongs to, or None."""
    return seen.stream if seen.stream.startswith("cus_") else seen.data.get("customer")


class Case:
    """One customer's events in recorded order, the row they lead to, and the rows believed of it."""

    __slots__ = (
        *("believed", "beside", "courses", "events", "floors", "joined", "last", "number", "own", "state"),
        *("stream", "zone"),
    )

    def __init__(self, stream: str, zone: tzinfo) -> None:
        self.stream, self.zone = stream, zone
        self.number = 0
        self.events: list[Seen] = []
        self.courses: dict[str, ContractCourse] = {}
        self.state = Tracked()
        self.last = -(1 << 62)
        self.believed = BitemporalRows()
        self.joined: dict[str, int] = {}
        self.floors = EffectiveTimes()
        self.own: dict[int, int] = {}
        self.beside = Beside(stream, zone)

    @property
    def weight(self) -> int:
        return len(self.events)

    @property
    def survivor(self) -> str | None:
        return self.state.customer.merged_into

    def absorb(self, merge: Seen, other: Case) -> None:
        """Take in what happened to a lead that `merge` merges into this one; it counts here from the merge on."""
        duplicate = other.stream
        for customer, since in ((duplicate, merge.moment), *other.joined.items()):
            self.joined[customer] = max(since, merge.moment)
        self.floors.join(other.floors)
        self.own.update(other.own)
        self.events = sorted([*self.events, *map(self.from_joining, other.events)], key=lambda each: each.position)

    def begin_anew(self) -> None:
        """Forget the events at hand, to be gathered again."""
        self.events, self.joined, self.floors, self.own = [], {}, EffectiveTimes(), {}

    def release(self, duplicate: str, other: Case) -> None:
        """Give back what happened to a lead that was merged into this one."""
        apart = {duplicate, *other.joined}
        self.events = [seen for seen in self.events if home(seen) not in apart]
        for customer in apart:
            self.joined.pop(customer, None)

    def from_joining(self, seen: Seen) -> Seen:
        """Return an event of a merged lead as it counts here: not before the merge, and in the order it had before."""
        since = self.joined.get(home(seen) or "", seen.moment)
        if since <= seen.moment:
            return seen
        self.own.setdefault(seen.position, seen.moment)
        return seen._replace(moment=since)

    def in_order(self, standing: Sequence[Seen]) -> list[Seen]:
        """Return events by business time; those that a merge brings at one moment by the time they had of their own."""
        return sorted(standing, key=lambda seen: (seen.moment, self.own.get(seen.position, seen.moment), seen.position))

    def keep(self, seen: Seen) -> Seen:
        """Keep one more event, in recorded order, and return it as it counts here."""
        seen = self.floors.lifted(seen)
        if home(seen) != self.stream:
            seen = self.from_joining(seen)
        elif seen.name == "customer.lead_captured":
            self.number = seen.position
        self.events.append(seen)
        return seen

    def take(self, seen: Seen, to: ChangeSet) -> None:
        """Take one more event, in recorded order."""
        seen = self.keep(seen)
        if seen.moment < self.last or seen.name in ANEW or seen.position in self.own:
            self.refold(seen.position, to)
            return
        self.last = seen.moment
        self._step(seen)
        content = self.state.content()
        if content == GONE:
            self.refold(seen.position, to)
        else:
            place = (self.number, seen.moment)
            self.believed.put("tracking", place, content, seen.position, to)
            self.beside.follow(place, content, seen.position, to)

    def _step(self, seen: Seen) -> None:
        if is_of_contract(seen):
            course = self.courses.get(seen.stream) or self.courses.setdefault(seen.stream, ContractCourse(seen.stream))
            deal = course.step(seen)
            if deal is not None:
                self.state.add(deal)
        else:
            self.state.take(seen, seen.stream == self.stream)

    def standing(self) -> list[Seen]:
        """Return the events as they stand and as they count here, in recorded order."""
        standing = effective(self.events, self.zone)
        if self.joined:
            standing = [seen if home(seen) == self.stream else self.from_joining(seen) for seen in standing]
        return standing

    def refold(self, position: int, to: ChangeSet) -> None:
        """Fold everything again and change what is believed accordingly, as of `position`."""
        standing = self.standing()
        self.courses, deals = courses(standing)
        by_event = {deal.seen.position: deal for deal in deals}
        self.state = Tracked()
        rows = {}
        self.last = -(1 << 62)
        for seen in self.in_order(standing):
            deal = by_event.get(seen.position)
            if deal is not None:
                self.state.add(deal)
            self.state.take(seen, seen.stream == self.stream)
            self.last = seen.moment
            rows[self.number, seen.moment] = self.state.content()
        if rows and all(content == GONE for content in rows.values()):
            rows = {}
        self.believed.become("tracking", rows, position, to)
        self.beside.refold(self.believed, position, to)


class Tracking:
    """The tracking projection."""

    name = "tracking"
    version = 4
    tables = (TRACKING, CUSTOMERS, GRADED, FILES)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self._cases = Cases(self._loaded, self._empty)

    def forget(self) -> None:
        self._cases.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            if seen.name == "customer.lead_captured":
                to.insert("tracked", (seen.position, seen.stream))
            key = home(seen)
            if key is not None:
                self._take(key, seen, to)

    def _take(self, key: str, seen: Seen, to: ChangeSet) -> None:
        case = self._cases.get(key, seen.position - 1, begins=seen.version == 1 and seen.stream == key)
        survivors = self._survivors(case, seen.position - 1) if case.survivor else ()
        if seen.stream == key:
            self._merge(case, seen, seen.position - 1)
        case.take(seen, to)
        self._cases.grew(1)
        for survivor in survivors if seen.name != "customer.unmerged_from" else ():
            if seen.name in ("customer.leads_merged", "customer.leads_unmerged"):
                self._gather(survivor, seen.position)
                survivor.refold(seen.position, to)
            else:
                survivor.take(seen, to)
            self._cases.grew(1)

    def _survivors(self, case: Case, upto: int) -> list[Case]:
        """Return the cases that one was merged into, the nearest first, as they were at a position.

        Merges that are undone at an earlier date than they were made may lead back to where they came from.
        """
        found: dict[str, Case] = {case.stream: case}
        while (into := case.survivor) and into not in found:
            case = found[into] = self._cases.get(into, upto)
        return list(found.values())[1:]

    def _merge(self, case: Case, seen: Seen, upto: int) -> None:
        if seen.name == "customer.leads_merged":
            case.absorb(seen, self._cases.get(seen.data["duplicate"], upto))
        elif seen.name == "customer.leads_unmerged":
            case.release(seen.data["duplicate"], self._cases.get(seen.data["duplicate"], upto))

    def _empty(self, key: str) -> Case:
        return Case(key, self._zone)

    def _loaded(self, key: str, upto: int) -> Case:
        case = self._empty(key)
        self._gather(case, upto)
        case.refold(upto, ChangeSet())
        self._date_beliefs(case)
        return case

    def case(self, customer: str, upto: int) -> Case:
        """Return one customer's events up to a position, those of the leads merged into it included."""
        case = self._empty(customer)
        self._gather(case, upto)
        return case

    def _gather(self, case: Case, upto: int) -> None:
        """Read the events of a case from the log, those of the leads merged into it included."""
        case.begin_anew()
        history = [seen for seen in self._load(case.stream, upto) if home(seen) == case.stream]
        undone = {seen.data["duplicate"]: seen.position for seen in history if seen.name == "customer.leads_unmerged"}
        for seen in history:
            # Two who were merged into each other in turn would be read without end, so only what still holds is read.
            if seen.name == "customer.leads_merged" and undone.get(seen.data["duplicate"], 0) < seen.position:
                self._merge(case, seen, upto)
            case.keep(seen)
        case.events.sort(key=lambda seen: seen.position)

    def _date_beliefs(self, case: Case) -> None:
        """Say of rows read back from the log that they were believed before: closing them then writes to the table."""
        for believed in (case.believed, *case.beside.believed()):
            believed.rows = {place: (-1, content) for place, (_, content) in believed.rows.items()}


def make(load: Load, zone: tzinfo) -> Tracking:
    """Return the projection, with nothing at hand yet."""
    return Tracking(load, zone)
