"""Folding the log into records: an event opens one or takes one on; a correction folds anew what it bears on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.kernel.money import units
from domain.kernel.types import is_touch
from projections.engine import json
from projections.engine.corrections import effective
from projections.engine.lifecycles import BY_KIND, ROLES, Life, Step
from projections.engine.projection import OPEN, BitemporalRows, ChangeSet, Load, Seen
from projections.engine.sealed import shown
from projections.engine.stream_cache import Cases
from projections.read_models.records.schema import RECORDS

LIMIT: Final = 100_000  # parts of records at hand; a part takes some five hundred bytes
FOLLOWED_UP: Final = "customer.followed_up"
QUOTED: Final = "quote.issued"
NUMBERS: Final = ("", "item")
"""The fields by which a step names its record; any other is told by an event that is a record itself."""
CORRECTING: Final = ("event.corrected", "event.voided")

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
Apart = tuple[str | None, int | None, int | None, str | None]
"""What is counted or summed without a record's words: a follow-up's channel and whether it was a touch, a quote's amount."""
NOTHING: Final[Apart] = (None, None, None, None)


class Part(NamedTuple):
    """An event's part in a record: `to` is the state that it brings, None if it brings none; `apart` is what `apart` tells.

    `said` are its values but for the record's number, in the clear; of an event that is a record itself none here.
    """

    moment: int
    position: int
    day: int
    to: str | None
    actor: str
    customer: str | None
    apart: Apart
    reason: str | None
    said: Mapping[str, Any]


class Record:
    """One record: the events that play a part in it, in recorded order, what has corrected them, and the rows believed.

    `corrections` are the positions of what was corrected and of what corrects it.
    """

    __slots__ = ("believed", "corrections", "life", "parts", "place")

    def __init__(self, place: str) -> None:
        kind, subject, item = place.split("\n")
        self.life = BY_KIND[kind]
        self.place = (kind, subject, item)
        self.parts: list[Part] = []
        self.corrections: list[tuple[int, int]] = []
        self.believed = BitemporalRows()

    @property
    def weight(self) -> int:
        return len(self.parts)

    def refold(self, position: int, to: ChangeSet) -> None:
        """Change what is believed to what the parts now tell, as of `position`."""
        self.believed.become("records", self.rows(), position, to)

    def rows(self) -> Rows:
        """Return the rows: the record as it stood from each of its parts on until the next. None if nothing opened it."""
        opening = next((part for part in self.parts if part.to == self.life.first), None)
        if opening is None:
            return {}
        later = sorted(part for part in self.parts if part is not opening)
        state, closed = self.life.first, self._closing(self.life.first, opening)
        sources: list[int] = []
        said: dict[str, Any] = {}
        steps: list[list[Any]] = []
        stood: list[tuple[int, tuple[Any, ...]]] = []
        for part in (opening, *later):
            if part.to is not None:
                state, closed = part.to, self._closing(part.to, part)
            sources.append(part.position)
            lay(part.said, said)
            if part is not opening:
                steps.append(step_of(part))
            correcting = (position for corrected, position in self.corrections if corrected in sources)
            told = json.encode(sorted([*sources, *correcting]))
            head = (opening.day, closed, state, opening.customer, opening.actor, *opening.apart, opening.position)
            content = (*head, json.encode(said), json.encode(steps) if steps else None, told)
            stood.append((max(part.moment, opening.moment), content))
        ends = [since for since, _ in stood[1:]] + [OPEN]
        return {
            (*self.place, since): (end, *content)
            for (since, content), end in zip(stood, ends, strict=True)
            if end > since
        }

    def _closing(self, state: str, part: Part) -> int | None:
        return part.day if state in self.life.closed else None


def played(seen: Seen) -> Iterator[tuple[str, Life, Step | None]]:
    """Yield the place of each record in which the event plays a part, with its life and step."""
    for life, step in ROLES.get(seen.name, ()):
        by = life.by if step is None else step.by
        item = seen.data.get(by) if by else ""
        if item is not None:
            yield f"{life.kind}\n{seen.stream}\n{item}", life, step


def part_of(seen: Seen, life: Life, step: Step | None) -> Part:
    """Return the event's part in a record."""
    customer = seen.stream if seen.stream.startswith("cus_") else seen.data.get("customer")
    to = life.first if step is None else step.to
    told = apart(seen) if step is None else NOTHING
    said = values(seen.data) if step is None or step.by in NUMBERS else {}
    return Part(seen.moment, seen.position, seen.day.toordinal(), to, seen.actor, customer, told, seen.reason, said)


def values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event says beside the number of its record, in the clear."""
    return {name: clear(value) for name, value in data.items() if name != "item" and value is not None}


def clear(value: Any) -> Any:
    """Return a value with what is sealed in it opened."""
    if type(value) is list or type(value) is tuple:
        return [clear(each) for each in value]
    return {name: clear(each) for name, each in value.items()} if type(value) is dict else shown(value)


def lay(values: Mapping[str, Any], said: dict[str, Any]) -> None:
    """Lay an event's values over those before; a deadline told takes the place of one that was told the other way."""
    if "due" in values:
        said.pop("working_days", None)
        said.pop("counted_from", None)
    elif "working_days" in values:
        said.pop("due", None)
    said.update(values)


def step_of(part: Part) -> list[Any]:
    """Return how a row tells of an event after the opening."""
    day = date.fromordinal(part.day).isoformat()
    return [part.to, part.position, day, part.actor, part.reason, part.said]


def apart(seen: Seen) -> Apart:
    """Return what of the event that opens a record stands in columns of its own."""
    data = seen.data
    if seen.name == FOLLOWED_UP:
        return data["channel"], int(is_touch(data)), None, None
    return (None, None, units(Decimal(data["amount"])), data["currency"]) if seen.name == QUOTED else NOTHING


class Records:
    """The records projection."""

    name = "records"
    version = 4
    tables = (RECORDS,)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self._records = Cases(self._loaded, Record, LIMIT)

    def forget(self) -> None:
        self._records.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            if seen.name in CORRECTING:
                self._correct(seen, to)
            elif seen.name in ROLES:
                for place, life, step in played(seen):
                    self._take(place, part_of(seen, life, step), opens=step is None, seen=seen, to=to)

    def _take(self, place: str, part: Part, *, opens: bool, seen: Seen, to: ChangeSet) -> None:
        if opens and (not place.endswith("\n") or seen.version == 1):
            self._open(place, part, to)
            return
        record = self._records.get(place, seen.position - 1)
        record.parts.append(part)
        self._records.grew(1)
        record.refold(seen.position, to)

    def _open(self, place: str, part: Part, to: ChangeSet) -> None:
        """Take in a record that has no history; one whose life has no steps need not be at hand.

        It is where another one of its number, which was withdrawn, still is.
        """
        kind, subject, item = place.split("\n")
        life = BY_KIND[kind]
        closed = part.day if life.first in life.closed else None
        at = (kind, subject, item, part.moment)
        head = (OPEN, part.day, closed, life.first, part.customer, part.actor, *part.apart, part.position)
        content = (*head, json.encode(part.said), None, f"[{part.position}]")
        to.add("records", at, content, part.position)
        if life.steps or self._records.held(place):
            record = self._records.get(place, part.position, begins=True)
            record.parts.append(part)
            record.believed.rows[at] = (part.position, content)
            self._records.grew(1)

    def _correct(self, seen: Seen, to: ChangeSet) -> None:
        """Fold anew the records in which the corrected or voided event plays a part."""
        if seen.name == "event.corrected" and seen.data["name"] not in ROLES:
            return
        original = next((o for o in self._own(seen.stream, seen.position) if o.position == seen.data["at"]), None)
        for place, _, _ in played(original) if original else ():
            record = self._records.get(place, seen.position - 1)
            again = self._told(place, seen.position)
            self._records.grew(again.weight - record.weight)
            record.parts, record.corrections = again.parts, again.corrections
            record.refold(seen.position, to)

    def _own(self, stream: str, upto: int) -> list[Seen]:
        return [seen for seen in self._load(stream, upto) if seen.stream == stream]

    def _told(self, place: str, upto: int) -> Record:
        """Return what the log tells of a record up to a position, nothing of it believed yet."""
        record = Record(place)
        history = self._own(record.place[1], upto)
        mine = {
            seen.position: part_of(seen, life, step)
            for seen in effective(history, self._zone)
            for at, life, step in played(seen)
            if at == place
        }
        record.parts = [mine[position] for position in sorted(mine)]
        record.corrections = [
            (seen.data["at"], seen.position)
            for seen in history
            if seen.name == "event.corrected" and seen.data["at"] in mine
        ]
        return record

    def _loaded(self, place: str, upto: int) -> Record:
        record = self._told(place, upto)
        record.believed.rows = {at: (-1, content) for at, content in record.rows().items()}
        return record


def make(load: Load, zone: tzinfo) -> Records:
    """Return the projection, with nothing at hand yet."""
    return Records(load, zone)
