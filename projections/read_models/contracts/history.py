"""What a contract's history makes of it: a row for each moment on from which it stood otherwise, its parts and orders."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.kernel.money import ratio, text_of, units, units_text
from projections.engine.corrections import CHANGES, effective
from projections.engine.projection import OPEN, Seen
from projections.read_models.contract_facts import MEASURES, Deal
from projections.read_models.contracts import instalments as parts
from projections.read_models.contracts.accumulator import PAYMENTS, Walk
from projections.read_models.contracts.schema import CONTRACTS

ROADS: Final = frozenset(
    "contract.drafted contract.submitted contract.reviewed contract.approved contract.returned contract.amended "
    "payment.scheduled".split()
)
"""What leads to a signing: recorded before it, all of it has happened once the contract is signed."""
TURNING: Final = CHANGES | {"contract.drafted"}
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
        self.moments = sorted({seen.moment for seen in self.known})
        if self.moments:
            self._stand(self.moments[0])

    def _stand(self, start: int) -> None:
        """Tell anew how it stood from a moment on; a moment that changes nothing is left out."""
        kept = {since: stood for since, stood in self.stood.items() if since < start}
        last = next(reversed(kept.values()), None)
        taken, there = 0, Sweep(self)
        for moment in self.moments[bisect_left(self.moments, start) :]:
            there.reach(moment)
            if not there.walk.course.state.number or there.size == taken:
                continue
            taken = there.size
            stood = self._as_of(moment, there, last)
            if stood != last:
                kept[moment] = last = stood
        self.stood = kept

    def _as_of(self, moment: int, there: Sweep, last: Stood | None) -> Stood:
        walk, sums = there.walk, there.sums
        state = walk.course.state
        worth, collected = sums["signed"], sums["collected"]
        mine: Sequence[parts.Row] = ()
        since = None
        if state.signed_on or collected:
            mine = parts.rows(state, worth, there.money)
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
            units_text(max(worth - collected, 0)),
            units_text(max(collected - worth, 0)),
            units_text(sums["invoiced"]),
            units_text(sums["delivered"]),
            units_text(sum(units(delivery.amount) for delivery in accepted if delivery.amount)),
            len(state.deliveries),
            walk.not_accepted(),
            (worth > collected) - (worth < collected),
            signing.position if signing else None,
            signing.day.toordinal() if signing else None,
            since,
            there.sources(),
        )
        return Stood(content, mine)

    def _owner(self, moment: int) -> str | None:
        """Return who owns the contract at a moment, by what its own events say, if they do."""
        course = self.whole.course
        return course.handed_to(moment=moment) or course.drafted_for or None

    def corrections(self) -> dict[int, list[int]]:
        """Return the positions of what corrects or voids an event, by that of the event."""
        found: dict[int, list[int]] = {}
        for seen in self.events:
            if seen.data.get("at") is not None:
                found.setdefault(seen.data["at"], []).append(seen.position)
        return found

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


class Sweep:
    """What had happened of a contract's history by one moment after another; each event is taken in once on the way.

    Events about money change no state that a row shows, so the walk leaves them out; what came in is summed up from all deltas.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._others = [seen for seen in history.known if seen.name not in PAYMENTS]
        paid = (seen for seen in history.known if seen.name in PAYMENTS)
        self._paid = sorted(paid, key=lambda seen: (seen.moment, seen.position))
        self._beside = history.corrections()
        self._deal, self._there = 0, 0
        self._positions: list[int] = []
        self._texts: list[str] = []
        self._own = self.walk = Walk(history.stream)
        self._walked: list[Seen] = []
        self.money = parts.Money()
        self.sums = dict.fromkeys(MEASURES, 0)

    @property
    def size(self) -> int:
        """How many events had happened."""
        return self._there + len(self.money.moves)

    def reach(self, moment: int) -> None:
        """Take in what had happened by a moment, which is none before those that were reached."""
        for seen in self._paid[len(self.money.moves) :]:
            if seen.moment > moment:
                break
            self.money.take(seen)
            self._mention(seen)
        deals = self._history.deals
        while self._deal < len(deals) and deals[self._deal].seen.moment <= moment:
            self.sums[deals[self._deal].measure] += deals[self._deal].amount
            self._deal += 1
        self._walk(moment)

    def _walk(self, moment: int) -> None:
        signing = self._history.whole.course.signed
        before = signing.position if signing is not None and signing.moment <= moment else 0
        there = [s for s in self._others if s.moment <= moment or (s.position < before and s.name in ROADS)]
        if len(there) == self._there and there:
            return
        gone = {seen.position for seen in self._walked}
        for seen in there:
            if seen.position not in gone:
                self._mention(seen)
        self._there, self._walked = len(there), there
        if len(there) == len(self._others):
            self.walk = self._history.whole
            return
        walked = self._own.events
        if walked and there[len(walked) - 1] is not walked[-1]:
            self._own = Walk(self._history.stream)
        for seen in there[len(self._own.events) :]:
            self._own.take(seen)
        self.walk = self._own

    def _mention(self, seen: Seen) -> None:
        for position in (seen.position, *self._beside.get(seen.position, ())):
            place = bisect_left(self._positions, position)
            if position not in self._positions[place : place + 1]:
                self._positions.insert(place, position)
                self._texts.insert(place, str(position))

    def sources(self) -> str:
        """Return the positions of what had happened and of what corrects it, as JSON."""
        return f"[{','.join(self._texts)}]"
