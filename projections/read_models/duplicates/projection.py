"""Folding the log into what tells duplicates: each new form of a name is held against all before it, once for ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any, Final

from domain.customer.credit_code import canonical
from projections.engine.corrections import effective
from projections.engine.projection import OPEN, Ask, BitemporalRows, ChangeSet, Load, Seen
from projections.read_models.duplicates.ngram_index import Form, Index, form_of, near_among
from projections.read_models.duplicates.schema import ALIKE, FORMS, IDENTITIES, NAMES

CAPTURED: Final = "customer.lead_captured"
TELLING: Final = (CAPTURED, "customer.details_changed", "customer.lead_validated")
"""The events that say who a customer is."""
FEW: Final = 200
"""So many new forms are compared with each before them; for more, an index of their letters is made."""
EVERY: Final = "SELECT form, normalised, core FROM {name_forms} ORDER BY form"
SEVERAL: Final = "SELECT one FROM {alike} WHERE one = other"
SAME: Final = "1"

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


def nothing(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Answer for tables of which none are there yet."""
    return []


class Duplicates:
    """The duplicates projection; `ask` answers from its own tables as they were before the batch."""

    name = "duplicates"
    version = 1
    tables = (FORMS, NAMES, ALIKE, IDENTITIES)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self.ask: Ask = nothing
        self.forget()

    def forget(self) -> None:
        self._known: dict[tuple[str, str], Form] | None = None
        self._several: set[int] = set()
        self._index: Index | None = None
        self._new = 0

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            if seen.name == CAPTURED and seen.version == 1:
                self._capture(seen, to)
            elif _tells(seen):
                self._change(seen, to)

    def _capture(self, seen: Seen, to: ChangeSet) -> None:
        self._name(seen.position, seen.data["company"], seen.position, to)
        for place, content in identity_rows(seen.position, [seen]).items():
            to.add("identities", place, content, seen.position)

    def _change(self, seen: Seen, to: ChangeSet) -> None:
        """Take a later event: the few of the customer's that tell who it is are read anew."""
        history = [each for each in self._load(seen.stream, seen.position) if each.stream == seen.stream]
        number = next((each.position for each in history if each.name == CAPTURED), 0)
        before, now = (effective(some, self._zone) for some in (history[:-1], history))
        for company in dict.fromkeys(_names([seen])):
            if company not in _names(history[:-1]):
                self._name(number, company, seen.position, to)
        believed = BitemporalRows()
        believed.rows = {place: (-1, content) for place, content in identity_rows(number, before).items()}
        believed.become("identities", identity_rows(number, now), seen.position, to)

    def _name(self, number: int, company: str, position: int, to: ChangeSet) -> None:
        """Take in a name that a customer has not had before."""
        told = form_of(position, company)
        known = self._at_hand()
        form = known.get(told[1:])
        if form is None:
            form = known[told[1:]] = self._compared(told, to)
        elif form.place not in self._several:
            self._several.add(form.place)
            to.insert("alike", (form.place, form.place, SAME))
        to.insert("names_told", (number, company, form.place))

    def _compared(self, form: Form, to: ChangeSet) -> Form:
        """Hold a form that was never told before against all others."""
        forms = self._at_hand()
        if self._index is None and self._new >= FEW:
            self._index = Index()
            for each in forms.values():
                self._index.add(each)
        near = self._index.near(form) if self._index else near_among(form, [*forms.values()])
        for other, like in near:
            to.insert("alike", (other.place, form.place, str(like)))
        if self._index:
            self._index.add(form)
        self._new += 1
        to.insert("name_forms", form)
        return form

    def _at_hand(self) -> dict[tuple[str, str], Form]:
        """Return all forms known so far, by what they are compared by."""
        if self._known is None:
            forms = (Form._make(row) for row in self.ask(EVERY))
            self._known = {form[1:]: form for form in forms}
            self._several = {row[0] for row in self.ask(SEVERAL)}
        return self._known


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
