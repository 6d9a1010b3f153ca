"""What the log says of the subjects a batch of decisions needs: states folded once, with the decisions taken since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.calendar.work_calendar import WorkCalendar, shipped
from domain.kernel import registry
from domain.kernel.event import Claim, Event
from domain.kernel.json_form import revive
from infra.errors.problem import Problem
from infra.event_store import codec
from infra.event_store.stored_event import AppendResult, Record

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring
    from infra.event_store.reader import EventReader


BORNE_AS: Final[Mapping[str, str]] = {"contract-number": "number", "name": "company"}
"""Under which attribute of its state a subject bears what it is named by."""

UNREADABLE: Final = (LookupError, ValueError, TypeError, AttributeError)
"""How an event fails that can't be read: an unknown name or version, bytes that are no JSON, data of another form."""


class Entry(NamedTuple):
    """A recorded event with its data in the current schema, as decisions see it."""

    position: int
    event_id: str
    stream: str
    version: int
    name: str
    actor: str
    occurred: str
    data: Mapping[str, Any]


class Subject:
    """One stream's state and version; `pending` counts the events decided but not recorded yet.

    It is `withdrawn` if something has happened to it, and all of that was voided. One that is `unseen` is another group's, and
    its state says only what a decision may know of it; one that is `broken` has an event that can't be read, and says where.
    """

    __slots__ = ("broken", "evolve", "pending", "state", "unseen", "version", "withdrawn")

    def __init__(
        self, state: Any, version: int, evolve: Callable[[Any, Any], Any] | None, *, withdrawn: bool = False
    ) -> None:
        self.state, self.version, self.evolve, self.pending = state, version, evolve, 0
        self.withdrawn, self.unseen = withdrawn, False
        self.broken: Problem | None = None

    def state_known(self) -> bool:
        """Say whether anything has happened to the subject yet."""
        return self.version + self.pending > 0


def entry(record: Record, ring: Keyring) -> Entry:
    """Return the decoded form of a stored record; `ring` opens what is sealed in it, where that is asked."""
    data = codec.decode(record.name, record.schema, record.data, record.event_id, ring)
    return Entry(
        record.position,
        record.event_id,
        record.stream,
        record.version,
        record.name,
        record.actor,
        record.occurred,
        data,
    )


def folded(stream: str, history: Sequence[Entry]) -> Subject:
    """Return the subject of `stream` after its events, with corrections and voids applied."""
    kind = registry.subject_of(stream)
    if kind is None:
        return Subject(None, history[-1].version if history else 0, None)
    begin, evolve = registry.fold_of(kind)
    state = begin()
    now: list[tuple[str, Mapping[str, Any]]] = [(told.name, told.data) for told in history]
    if any(name.startswith("event.") for name, _ in now):
        from domain.kernel.effective import standing

        now = [(each.told.name, each.values) for each in standing(history) if each.values is not None]
    for name, data in now:
        state = evolve(state, revive(name, data))
    return Subject(state, history[-1].version if history else 0, evolve, withdrawn=bool(history) and not now)


class Repository:
    """The subjects, claims and calendars as this process knows them.

    Everything kept here was read from the log at `head`; `refresh` forgets what others have changed since.
    """

    LIMIT = 12_000

    def __init__(self, log: EventReader, market: str) -> None:
        """Read from `log`; `market` is the name of the calendar that ships for it."""
        self.log, self.ring, self.market = log, log.ring, market
        self.subjects: dict[str, Subject] = {}
        self.claims: dict[tuple[str, str], list[str]] = {}
        self.items: dict[int, str | None] = {}  # by position, the part of its subject that an event made
        self.head, self.recorded = 0, ""
        self._read: set[str] = set()
        self._begun: dict[str, dict[str, None]] = {}
        self._calendar: WorkCalendar | None = None

    def refresh(self) -> None:
        """Forget what somebody else has written since this world was last in step with the log."""
        head, self.recorded = self.log.head()
        if head != self.head:
            self.forget()
            self.ring.forget()  # what it was may have been an erasure
            self.head = head
        elif any(len(kept) > self.LIMIT for kept in (self.subjects, self.claims, self.items)):
            self._keep_what_was_read()
        self._read.clear()

    def _keep_what_was_read(self) -> None:
        """Forget what the batch before did not ask for, so that memory does not grow with a file."""
        self.subjects = {stream: self.subjects[stream] for stream in self._read if stream in self.subjects}
        self.claims.clear()
        self.items.clear()

    def forget(self) -> None:
        """Forget everything; it is read again when it is needed."""
        self.subjects.clear()
        self.claims.clear()
        self.items.clear()
        self._read.clear()
        self._begun.clear()
        self._calendar = None

    def unseen(self, stream: str) -> bool:
        """Say whether a subject is another group's, which the login doesn't see."""
        return self.subject(stream).unseen

    def seen(self) -> dict[str, int]:
        """Return the version of each subject that was asked for since the last refresh."""
        return {stream: self.subjects[stream].version for stream in self._read}

    def subject(self, stream: str) -> Subject:
        """Return the subject of `stream`; one without events has version 0."""
        self._read.add(stream)
        known = self.subjects.get(stream)
        if known is None:
            known = self.subjects[stream] = self._read_from(stream, self.log.stream(stream))
        if known.broken:
            raise known.broken
        return known

    def _read_from(self, stream: str, records: Sequence[Record]) -> Subject:
        """Return the subject of a stream after its records; one that can't be read stops who asks for it, and nobody else."""
        told = [record for record in records if record.name]
        try:
            found = folded(stream, [entry(record, self.ring) for record in told])
        except UNREADABLE as wrong:
            found = Subject(None, 0, None)
            found.broken = self._unreadable(told, wrong)
        found.version = records[-1].version if records else 0
        found.unseen = len(told) < len(records)
        return found

    def _unreadable(self, records: Sequence[Record], wrong: Exception) -> Problem:
        at = records[-1]
        for record in records:
            try:
                entry(record, self.ring)
            except UNREADABLE as broken:
                at, wrong = record, broken
                break
        return Problem("event.unreadable", position=at.position, name=at.name, stream=at.stream, why=str(wrong))

    def begin(self, stream: str) -> None:
        """Take a stream whose id was just made up as having no events, without asking the log."""
        if stream not in self.subjects:
            self.subjects[stream] = folded(stream, ())

    def load(self, streams: Iterable[str]) -> None:
        """Read several subjects at once."""
        wanted = [stream for stream in dict.fromkeys(streams) if stream not in self.subjects]
        if not wanted:
            return
        found: dict[str, list[Record]] = {stream: [] for stream in wanted}
        for record in self.log.streams(wanted):
            found[record.stream].append(record)
        for stream, records in found.items():
            self.subjects[stream] = self._read_from(stream, records)
        begun = [stream for stream, records in found.items() if records and stream.startswith("cus_")]
        contacts = {stream: getattr(self.subjects[stream].state, "contacts", ()) for stream in begun}
        self.ring.expect([*begun, *(f"{stream}/{item}" for stream in begun for item in contacts[stream])])

    def look(self, asked: Iterable[tuple[str, str]]) -> None:
        """Read who holds several claims at once."""
        wanted: dict[str, list[str]] = {}
        for kind, value in asked:
            if (kind, value) not in self.claims:
                wanted.setdefault(kind, []).append(value)
        for kind, values in wanted.items():
            held = self.log.holders(kind, values)
            for value in values:
                self.claims[kind, value] = list(held.get(value, ()))

    def holders(self, kind: str, value: str) -> list[str]:
        """Return the streams that claim `value`, the first claimant first."""
        known = self.claims.get((kind, value))
        if known is None:
            self.look([(kind, value)])
            known = self.claims[kind, value]
        return known

    def bearers(self, kind: str, value: str, *, seen: bool = False) -> list[str]:
        """Return the streams that claim `value`: of several, those that bear it still and were not merged into another.

        A number, or a name, that was corrected or withdrawn still finds who had it, as long as nobody else has it. Only those
        that are `seen` by the login, if so asked.
        """
        holders = [each for each in dict.fromkeys(self.holders(kind, value)) if not (seen and self.unseen(each))]
        if len(holders) < 2:
            return holders
        states = {stream: self.subject(stream).state for stream in holders}
        kept = [stream for stream in holders if not getattr(states[stream], "merged_into", None)]
        attribute = BORNE_AS.get(kind, "")
        return [stream for stream in kept if getattr(states[stream], attribute, None) == value] or kept

    def happened(self, stream: str, happened: Event) -> tuple[int, list[tuple[Claim, int]]]:
        """Take a decided event into the world. Returns its version, and its new claims each with its number."""
        subject = self.subject(stream)
        if subject.evolve is not None:
            subject.state = subject.evolve(subject.state, happened)
        subject.withdrawn = False
        subject.pending += 1
        if subject.version + subject.pending == 1 and (begun := self._begun.get(stream[:4])) is not None:
            begun[stream] = None
        made = []
        claims = getattr(happened, "claims", None)
        for claim in claims() if claims else ():
            held = self.holders(claim.kind, claim.value)
            if stream not in held or claim.again:
                made.append((claim, 0 if claim.unique else len(held)))
                held.append(stream)
        return subject.version + subject.pending, made

    def refold(self, stream: str, history: Sequence[Entry]) -> None:
        """Fold a subject anew from its `history`, in which an event of this batch corrects or voids another."""
        again = folded(stream, history)
        before = self.subjects[stream]
        again.version, again.pending, again.unseen = before.version, before.pending, before.unseen
        self.subjects[stream] = again

    def begun(self, prefix: str) -> Collection[str]:
        """Return the streams of a kind, those that a batch decided on begins included; `prefix` is a subject's."""
        known = self._begun.get(prefix)
        if known is None:
            pending = (stream for stream, subject in self.subjects.items() if subject.state_known())
            streams = [*self.log.streams_like(prefix), *(stream for stream in pending if stream.startswith(prefix))]
            known = self._begun[prefix] = dict.fromkeys(streams)
        return known

    def nobody(self) -> bool:
        """Say whether nobody is registered yet."""
        return not self.begun("per_")

    def settle(self, streams: Iterable[str], appended: AppendResult) -> None:
        """Note that the decided events of `streams` were recorded, and where the log now ends."""
        if appended.first != self.head + 1:
            # Others wrote in between, to subjects that this batch did not read but that are kept here.
            self.forget()
            return
        for stream in streams:
            subject = self.subjects[stream]
            subject.version += subject.pending
            subject.pending = 0
        self.head, self.recorded = appended.last, appended.recorded

    def policy(self, name: str, day: Any) -> Mapping[str, Any]:
        """Return the values of a policy in force on `day`."""
        from domain.policy.defaults import whole

        return whole(name, self.subject(f"pol_{name}").state.on(day))

    def closed_periods(self, fiscal_month: int) -> list[Period]:
        """Return the periods that are closed, those of this batch included; what names no period closes none."""
        found = []
        for stream in sorted(self.begun("prd_")):
            with suppress(ValueError):
                found.append(Period.parse(stream.removeprefix("prd_"), fiscal_month))
        return found

    def calendar(self) -> WorkCalendar:
        """Return the work calendar: the shipped years and those published since."""
        if self._calendar is None:
            calendar = shipped(self.market)
            for stream in sorted(self.begun("cal_")):
                state = self.subject(stream).state
                calendar = calendar.with_year(state.year, state.holidays, state.make_up_days)
            self._calendar = calendar
        return self._calendar
