"""Folding the log into contracts: each event of a contract tells anew how it stood from some moment on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from projections.engine.projection import BitemporalRows, ChangeSet, Load, Seen
from projections.engine.stream_cache import Cases
from projections.read_models.contracts.history import History, Rows
from projections.read_models.contracts.schema import BEGUN, CONTRACTS, NAMES, ORDERS, PARTS


class Case:
    """A contract's history, the rows believed of it, and whom it has named."""

    __slots__ = ("contracts", "history", "named", "orders", "parts")

    def __init__(self, history: History) -> None:
        self.history = history
        self.contracts, self.parts, self.orders = BitemporalRows(), BitemporalRows(), BitemporalRows()
        self.named: set[str] = set()

    @property
    def weight(self) -> int:
        return len(self.history.events)

    def take(self, seen: Seen, to: ChangeSet) -> None:
        """Take the next event, and believe what it makes of the contract."""
        start = self.history.take(seen)
        for name in names(seen):
            if name not in self.named:
                self.named.add(name)
                to.insert("contract_names", (name, self.history.begun))
        _become(self.contracts, "contracts", self.history.contracts(start), start, seen.position, to)
        _become(self.parts, "contract_parts", self.history.parts(start), start, seen.position, to)
        if self.history.whole.course.state.orders or self.orders.rows:
            self.orders.become("contract_orders", self.history.orders(), seen.position, to)


def _become(believed: BitemporalRows, table: str, rows: Rows, start: int, position: int, to: ChangeSet) -> None:
    """Close what `rows`, which are those from a moment on, contradict, and add what they bring."""
    for place, (since, content) in [each for each in believed.rows.items() if each[0][1] >= start]:
        if rows.get(place) != content:
            to.close(table, place, since, position)
            del believed.rows[place]
    for place, content in rows.items():
        believed.put(table, place, content, position, to)


def names(seen: Seen) -> Iterator[str]:
    """Yield the customer that an event of a contract names as its own, and the person as its owner."""
    if seen.data.get("customer"):
        yield seen.data["customer"]
    owner = seen.data["values"].get("owner") if seen.name == "event.corrected" else seen.data.get("owner")
    if owner:
        yield f"per_{owner}"


class Contracts:
    """The contracts projection."""

    name = "contracts"
    version = 2
    tables = (CONTRACTS, BEGUN, NAMES, PARTS, ORDERS)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self._cases = Cases(self._loaded, self._begun, limit=10_000)

    def forget(self) -> None:
        self._cases.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            if seen.stream.startswith("con_"):
                self._take(seen, to)

    def _take(self, seen: Seen, to: ChangeSet) -> None:
        begins = seen.version == 1
        case = self._cases.get(seen.stream, seen.position - 1, begins=begins)
        if begins:
            case.history.begun = seen.position
            to.insert("contracted", (seen.position, seen.stream))
        case.take(seen, to)
        self._cases.grew(1)

    def _begun(self, contract: str) -> Case:
        return Case(History(contract, self._zone))

    def _loaded(self, contract: str, upto: int) -> Case:
        """Return a contract as the log tells of it up to a position; closing what is believed of it writes to the table."""
        case = self._begun(contract)
        history = case.history
        history.events = [seen for seen in self._load(contract, upto) if seen.stream == contract]
        history.begun = history.events[0].position
        history.begin_again()
        case.named.update(name for seen in history.events for name in names(seen))
        for believed, rows in (
            (case.contracts, history.contracts()),
            (case.parts, history.parts()),
            (case.orders, history.orders()),
        ):
            believed.rows = {place: (-1, content) for place, content in rows.items()}
        return case


def make(load: Load, zone: tzinfo) -> Contracts:
    """Return the projection, with nothing at hand yet."""
    return Contracts(load, zone)
