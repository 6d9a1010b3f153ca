"""What a contract's history makes of it: a row for each moment on from which it stood otherwise, its parts and orders."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.moment import SECOND, instant
from domain.money import ratio, text_of, units, units_text
from projections.contracts import parts
from projections.contracts.table import CONTRACTS
from projections.contracts.walk import Walk
from projections.deals import MEASURES, Deal
from projections.effective import CHANGES, effective
from projections.projection import OPEN, Seen

ROADS: Final = frozenset(
    "contract.drafted contract.submitted contract.reviewed contract.approved contract.returned contract.amended "
    "payment.scheduled".split()
)
"""What leads to a signing: recorded before it, all of it has happened once the contract is signed."""
TURNING: Final = CHANGES | {"contract.drafted", "contract.handed_over"}
"""What can change how a contract stood before it happened."""

ALWAYS: Final = -OPEN
"""Before all moments."""
CONTENT: Final = tuple(name for name, _ in CONTRACTS.columns[4:])
PARTS_AT: Final = CONTENT.index("parts")

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


class Stood(NamedTuple):
    """How a contract stood from a moment on: the content of its row, and its parts."""

    content: tuple[Any, ...]
    parts: Sequence[parts.Row]


class History:
    """A contract's events in recorded order, and how it stood from each moment on as they tell it.

    All of it is known to `whole`. As of a moment only what had happened by then is: that is walked through for itself
    where it is less.
    """

    def __init__(self, stream: str, zone: tzinfo) -> None:
        self.stream, self.begun, self._zone = stream, 0, zone
        self.events: list[Seen] = []
        self.known: list[Seen] = []
        self.whole = Walk(stream)
        self.deals: list[Deal] = []
        self.moments: list[int] = []
        self.stood: dict[int, Stood] = {}

    def take(self, seen: Seen) -> int:
        """Take the next event; return the moment from which on it may have stood otherwise than was told."""
        self.events.append(seen)
        if seen.name in TURNING and len(self.events) > 1:
            self.begin_again()
            return ALWAYS
        self._step(seen)
        if seen.moment not in self.moments[-1:]:
            place = bisect_left(self.moments, seen.moment)
            if seen.moment not in self.moments[place : place + 1]:
                self.moments.insert(place, seen.moment)
        self._stand(seen.moment)
        return seen.moment

    def _step(self, seen: Seen) -> None:
        self.known.append(seen)
        deal = self.whole.take(seen)
        if deal is not None and deal.measure in MEASURES:
            insort(self.deals, deal, key=lambda each: each.seen.moment)

    def begin_again(self) -> None:
        """Tell everything anew from the events."""
        self.known, self.deals, self.stood, self.whole = [], [], {}, Walk(self.stream)
        for seen in effective(self.events, self._zone):
            self._step(seen)
        handed = (instant(change.day.isoformat(), self._zone) for change in self.whole.course.owner_changes)
        self.moments = sorted({*(seen.moment for seen in self.known), *handed})
        if self.moments:
            self._stand(self.moments[0])

    def _stand(self, start: int) -> None:
        """Tell anew how it stood from a moment on; a moment that changes nothing is left out."""
        kept = {since: stood for since, stood in self.stood.items() if since < start}
        last = next(reversed(kept.values()), None)
        taken = 0
        for moment, walk in self._walks(start):
            if not walk.course.state.number or (len(walk.events) == taken and not self.whole.course.owner_changes):
                continue
            taken = len(walk.events)
            stood = self._as_of(moment, walk, last)
            if stood != last:
                kept[moment] = last = stood
        self.stood = kept

    def _walks(self, start: int) -> Iterator[tuple[int, Walk]]:
        """Yield each moment from one on with the walk through what had happened by then."""
        signing = self.whole.course.signed
        walk = Walk(self.stream)
        for moment in self.moments[bisect_left(self.moments, start) :]:
            if moment == self.moments[-1]:
                yield moment, self.whole
                return
            before = signing.position if signing is not None and signing.moment <= moment else 0
            there = [s for s in self.known if s.moment <= moment or (s.position < before and s.name in ROADS)]
            walked = walk.events
            if len(there) == len(self.known):
                yield moment, self.whole
                continue
            if walked and there[len(walked) - 1] is not walked[-1]:
                walk = Walk(self.stream)
            for seen in there[len(walk.events) :]:
                walk.follow(seen)
            yield moment, walk

    def _as_of(self, moment: int, walk: Walk, last: Stood | None) -> Stood:
        state, sums = walk.course.state, dict.fromkeys(MEASURES, 0)
        for deal in self.deals:
            if deal.seen.moment > moment:
                break
            sums[deal.measure] += deal.amount
        worth, collected = sums["signed"], sums["collected"]
        mine: Sequence[parts.Row] = ()
        since = None
        if state.signed_on or collected:
            mine = parts.rows(state, worth, walk.payments)
            since = last.content[PARTS_AT] if last is not None and last.parts == mine else moment
        signing = walk.course.signed if state.signed_on else None
        accepted = [delivery for delivery in state.deliveries.values() if delivery.accepted]
        content = (
            state.number,
            state.customer,
            state.kind,
            state.status,
            state.signed_on.isoformat() if state.signed_on else None,
            self._owner(moment),
            units_text(units(state.amount)),
            units_text(worth) if state.signed_on else None,
            state.currency,
            walk.approver(),
            walk.opinions(),
            state.place,
            units_text(collected),
            text_of(ratio(collected, worth)) if collected else "0" if worth else None,
            units_text(worth - collected),
            units_text(sums["invoiced"]),
            units_text(sums["delivered"]),
            units_text(sum(units(delivery.amount) for delivery in accepted if delivery.amount)),
            len(state.deliveries),
            walk.not_accepted(),
            (worth > collected) - (worth < collected),
            signing.position if signing else None,
            signing.day.toordinal() if signing else None,
            since,
            self._sources(walk),
        )
        return Stood(content, mine)

    def _owner(self, moment: int) -> str | None:
        """Return who owns the contract on the day of a moment, by what its own events say, if they do."""
        course = self.whole.course
        if course.owner_changes:
            day = datetime.fromtimestamp(moment // SECOND, self._zone).date()
            handed = [change for change in course.owner_changes if change.day <= day]
            if handed:
                return str(max(handed, key=lambda change: (change.day, change.position)).data["owner"])
        return course.drafted_for or None

    def _sources(self, walk: Walk) -> str:
        there = {seen.position for seen in walk.events}
        behind = (str(seen.position) for seen in self.events if seen.position in there or seen.data.get("at") in there)
        return f"[{','.join(behind)}]"

    def contracts(self, start: int = ALWAYS) -> Rows:
        """Return the place and content of each row of the contract from a moment on."""
        return {(self.begun, since): stood.content for since, stood in self.stood.items() if since >= start}

    def parts(self, start: int = ALWAYS) -> Rows:
        """Return the place and content of each part that holds from some such moment on."""
        return {
            (self.begun, since, turn): (self.stream, *part)
            for since, stood in self.stood.items()
            if since >= start and stood.content[PARTS_AT] == since
            for turn, part in enumerate(stood.parts)
        }

    def orders(self) -> Rows:
        """Return the place and content of each order under a framework."""
        return {
            (self.begun, seen.position, seen.moment): (
                self.stream,
                seen.data["item"],
                seen.data["number"],
                units_text(units(Decimal(seen.data["amount"]))),
                seen.data["date"],
            )
            for seen in self.known
            if seen.name == "contract.order_placed"
        }
