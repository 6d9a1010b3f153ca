"""Folding the log into what tells duplicates: each new name is held against all before it, once for ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final

from domain.customer.credit_code import canonical
from projections.duplicates.index import Index, Name, alike, named
from projections.duplicates.likeness import letter_pairs
from projections.duplicates.table import ALIKE, IDENTITIES, NAMES
from projections.effective import effective
from projections.projection import OPEN, Ask, Believed, Load, Seen, Writes

CAPTURED: Final = "customer.lead_captured"
TELLING: Final = (CAPTURED, "customer.details_changed", "customer.lead_validated")
"""The events that say who a customer is."""
FEW: Final = 20
"""So many new names are looked for in the table, one by one; for more, all names of the table are taken to hand."""
EVERY: Final = "SELECT n.number, n.company, n.normalised, n.core FROM {names_told} n"
HELD: Final = "n.core LIKE ? ESCAPE '!'"

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


def nothing(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Answer for tables of which none are there yet."""
    return []


class Duplicates:
    """The duplicates projection; `ask` answers from its own tables as they were before the batch."""

    name = "duplicates"
    version = 1
    tables = (NAMES, ALIKE, IDENTITIES)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self.ask: Ask = nothing
        self._index, self._whole = Index(), False

    def forget(self) -> None:
        self._index, self._whole = Index(), False

    def fold(self, batch: Sequence[Seen], to: Writes) -> None:
        telling = [seen for seen in batch if _tells(seen)]
        if not self._whole and len(telling) > FEW:
            self._take_to_hand()
        for seen in telling:
            if seen.name == CAPTURED and seen.version == 1:
                self._capture(seen, to)
            else:
                self._change(seen, to)

    def _take_to_hand(self) -> None:
        self._index = Index()
        for row in self.ask(EVERY):
            self._index.add(Name._make(row))
        self._whole = True

    def _capture(self, seen: Seen, to: Writes) -> None:
        self._name(seen.position, seen.data["company"], to)
        for place, content in identity_rows(seen.position, [seen]).items():
            to.add("identities", place, content, seen.position)

    def _change(self, seen: Seen, to: Writes) -> None:
        """Take a later event: the few of the customer's that tell who it is are read anew."""
        history = [each for each in self._load(seen.stream, seen.position) if each.stream == seen.stream]
        number = next((each.position for each in history if each.name == CAPTURED), 0)
        before, now = (effective(some, self._zone) for some in (history[:-1], history))
        for company in dict.fromkeys(_names([seen])):
            if company not in _names(history[:-1]):
                self._name(number, company, to)
        believed = Believed()
        believed.rows = {place: (-1, content) for place, content in identity_rows(number, before).items()}
        believed.become("identities", identity_rows(number, now), seen.position, to)

    def _name(self, number: int, company: str, to: Writes) -> None:
        """Take in a name that a customer has not had before, with whatever is like it."""
        name = named(number, company)
        for other, like in self._near(name).items():
            one, two = sorted((other, name))
            to.insert("alike", (one.number, two.number, one.company, two.company, str(like)))
        self._index.add(name)
        to.insert("names_told", name)

    def _near(self, name: Name) -> dict[Name, Decimal]:
        """Return the names of others that are near, with their likeness; of those at hand some are in the table too."""
        found = dict(self._index.near(name))
        for row in () if self._whole else self._looked_up(name):
            other = Name._make(row)
            like = alike(other, name) if other.number != name.number else None
            if like is not None:
                found[other] = like
        return found

    def _looked_up(self, name: Name) -> list[tuple[Any, ...]]:
        pairs = sorted(letter_pairs(name.core))
        sql = f"{EVERY} WHERE n.normalised = ? OR {' OR '.join([HELD] * len(pairs))}"
        return self.ask(sql, (name.normalised, *(f"%{_escaped(pair)}%" for pair in pairs)))


def _escaped(text: str) -> str:
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in text)


def _tells(seen: Seen) -> bool:
    """Say whether an event may change who a customer is known to be."""
    if seen.name == "event.voided":
        return seen.stream.startswith("cus_")
    if seen.name == "event.corrected":
        return seen.data["name"] in TELLING
    if seen.name == TELLING[2]:
        return bool(seen.data.get("distinct"))
    return seen.name in TELLING


def _names(events: Iterable[Seen]) -> set[str]:
    """Return the names that events, as they were told, give their customer."""
    told = (each.data.get("values", each.data) for each in events if each.name in TELLING or _tells(each))
    return {data["company"] for data in told if data.get("company")}


def identity_rows(number: int, events: Iterable[Seen]) -> Rows:
    """Return the rows of a customer's number and of what told it apart, from effective events."""
    telling = sorted(
        (each.day, each.position, each)
        for each in events
        if each.name in TELLING and (each.data.get("credit_code") or each.data.get("distinct"))
    )
    moments = sorted({seen.moment for *_, seen in telling})
    rows: Rows = {}
    for since, ends in zip(moments, [*moments[1:], OPEN], strict=False):
        held = [seen for *_, seen in telling if seen.moment <= since]
        codes = [seen.data["credit_code"] for seen in held if seen.data.get("credit_code")]
        apart = max((seen.position for seen in held if seen.data.get("distinct")), default=0)
        rows[number, since] = (ends, canonical(codes[-1]) if codes else None, apart)
    return rows


def make(load: Load, zone: tzinfo) -> Duplicates:
    """Return the projection, with nothing at hand yet."""
    return Duplicates(load, zone)
