"""The context of one decision, answered from the world that the log tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from domain.calendar.moment import NoTime, day_of, in_zone
from domain.kernel.registry import SUBJECTS
from domain.kernel.rights import OF_OWNERS
from infra.commands.repository import Entry
from infra.commands.request import Request
from infra.errors.problem import Problem
from infra.event_store import ids

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from domain.calendar.work_calendar import WorkCalendar
    from domain.kernel.context import Figures
    from domain.kernel.recorded_event import Told
    from domain.organisation.group import Group
    from domain.organisation.person import Person
    from infra.commands.repository import Repository
    from infra.commands.resolver import ReferenceResolver
    from infra.event_store.pending_reader import PendingReader

CANONICAL = len("2024-02-18T10:00:00+08:00")


def moment_of(field: str, text: str, zone: ZoneInfo) -> datetime:
    """Return the time that `text` writes, in `zone` unless it has an offset. Raises Problem."""
    try:
        moment = datetime.fromisoformat(text)
        # Weeks and forms without dashes are none of ours; another zone must not lead out of the calendar.
        if text[4:8:3] != "--" or not MINYEAR < moment.year < MAXYEAR:
            raise ValueError
    except ValueError:
        raise Problem("usage.bad_time", field=field, value=text[:80], why="it is no time of the calendar") from None
    try:
        return in_zone(moment, zone) if len(text) > 10 else moment.replace(tzinfo=zone)
    except NoTime as wrong:
        raise Problem("usage.bad_time", field=field, value=text[:80], **wrong.told) from None


def occurred_of(text: str, zone: ZoneInfo) -> tuple[str, date]:
    """Return a business time as it is stored, and its day in `zone`: a plain date stays one. Raises Problem."""
    moment = moment_of("at", text, zone)
    if len(text) == 10:
        return text, moment.date()
    written = text if len(text) == CANONICAL and text[10] == "T" else moment.isoformat()
    return written, moment.astimezone(zone).date()


class Lookups(Protocol):
    """What the tables say, for the decisions that ask them."""

    def owned(self, login: str) -> Sequence[str]:
        """Return the customers that a login owns as of now."""
        ...

    def holding(self, login: str) -> Sequence[str]:
        """Return which of them count for a cap."""
        ...

    def sold(self, login: str) -> Sequence[str]:
        """Return which contracts may be theirs."""
        ...

    def figures(self, period: Period) -> Figures:
        """Return the digests of a period's figures."""
        ...


class Basis(NamedTuple):
    """What all decisions of one handler rest on; `recorder` is who enters, the one who acts unless given."""

    world: Repository
    naming: ReferenceResolver
    reader: PendingReader
    history: Callable[[str], list[Entry]]
    lookups: Lookups
    zone: ZoneInfo
    currency: str
    fiscal_month: int
    actor: str
    recorder: str | None


class DecisionContext:
    """What a decision may know, as of the moment it is taken."""

    __slots__ = (
        "_basis",
        "_fresh",
        "_named",
        "_request",
        "actor",
        "actor_unknown",
        "at",
        "currency",
        "day",
        "fiscal_month",
        "reason",
        "recorded",
        "recorder",
        "role",
        "subject",
        "today",
    )  # fmt: skip

    def __init__(self, basis: Basis, request: Request, now: datetime, recorded: str | None) -> None:
        self._basis, self._request, self._fresh = basis, request, 0
        self.recorded, self.reason = recorded, request.reason
        self.today = now.date()
        self.at, self.day = self._business_time(request, now)
        self.actor = request.actor or basis.actor
        self.recorder = request.recorder or basis.recorder or self.actor
        person = self.person(self.actor)
        self.actor_unknown, self.role = person is None, person.role if person else ""
        self.subject = ""
        self.currency, self.fiscal_month = basis.currency, basis.fiscal_month

    def _business_time(self, request: Request, now: datetime) -> tuple[str, date]:
        dated = request.values.get(request.action.DATED) if request.action.DATED else None
        if dated:
            return dated.isoformat(), dated
        if request.at:
            return occurred_of(request.at, self._basis.zone)
        return now.isoformat(timespec="seconds"), now.date()

    @property
    def item(self) -> str | None:
        return self._basis.naming.item(self._request.subject)

    @property
    def calendar(self) -> WorkCalendar:
        return self._basis.world.calendar()

    def person(self, login: str) -> Person | None:
        state: Person = self._basis.world.subject(f"per_{login}").state
        return state if state.login else None

    def group(self, code: str) -> Group | None:
        state: Group = self._basis.world.subject(f"grp_{code}").state
        return state if state.code else None

    def load(self, subject: str) -> Any:
        return self._basis.world.subject(subject).state

    def policy(self, name: str, day: date | None = None) -> Mapping[str, Any]:
        return self._basis.world.policy(name, day or self.day)

    def holders(self, kind: str, value: str) -> Sequence[str]:
        return self._basis.world.holders(kind, value)

    def day_of(self, told: Told) -> date:
        return day_of(told.occurred, self._basis.zone)

    def fresh(self, noun: str) -> str:
        self._fresh += 1
        prefix = SUBJECTS[noun].prefix
        return ids.from_key(prefix, self._request.key, self._fresh) if self._request.key else ids.fresh(prefix)

    def owned(self, login: str) -> Sequence[str]:
        return self._basis.lookups.owned(login)

    def holding(self, login: str) -> Sequence[str]:
        return self._basis.lookups.holding(login)

    def sold(self, login: str) -> Sequence[str]:
        return self._basis.lookups.sold(login)

    def figures(self, period: str) -> Figures:
        from domain.calendar.period import Period

        return self._basis.lookups.figures(Period.parse(period, self.fiscal_month))

    def closed_period(self, told: Told) -> str | None:
        day = day_of(told.occurred, self._basis.zone)
        return next(
            (each.name for each in self._basis.world.closed_periods(self.fiscal_month) if each.contains(day)), None
        )

    def contracts_of(self, customer: str) -> Sequence[str]:
        return self._naming(customer, "con_")

    def naming(self, subject: str) -> Sequence[str]:
        return self._naming(subject, "")

    def _naming(self, subject: str, prefix: str) -> Sequence[str]:
        gathered = self._basis.naming.gathered
        recorded = self._basis.reader.streams_naming(subject, prefix)
        return list(dict.fromkeys([*recorded, *(gathered.naming(subject, prefix) if gathered else ())]))

    def sealed_together(self, customer: str, contact: str) -> Sequence[tuple[int, str]]:
        from infra.commands import erasure

        found = erasure.together(self._basis.reader.ring, self._basis.history(customer), customer, contact)
        return [(each.position, each.field) for each in found]

    def told(self, reference: str) -> Entry | None:
        """Return the event; of another group's subject only what the actor said of whose it is, which they may take back."""
        found = self._basis.naming.told(reference)
        if found and self._basis.world.unseen(found.stream):
            return found if found.actor == self.actor and found.name in OF_OWNERS else None
        return found

    def history(self, stream: str) -> Sequence[Entry]:
        return self._basis.history(stream)
