"""Deciding again what the log says was done: what the rules would have refused, or decided otherwise, is named.

The log is played into a shadow of itself, a SQLite file of its own that lasts as long as the check: each act is read back from
its events, decided by the rules of this program upon all that lies before it, and compared with what was recorded. Then the
recorded events are taken into the shadow as they are. Sealed values stay sealed throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, cast

from domain.calendar.period import Period
from domain.correction.recorded_request import ALONG, Asked, Happened, asked
from domain.kernel.action import On
from domain.kernel.context import Figures
from domain.kernel.event import Event
from domain.kernel.json_form import plain, revive
from domain.kernel.registry import SUBJECTS, Subject
from infra.commands.decision_context import DecisionContext
from infra.commands.handler import REFOLDING, CommandHandler
from infra.commands.repository import entry
from infra.commands.request import Request
from infra.commands.resolver import ReferenceResolver
from infra.commands.unit_of_work import DecidedCommand, UnitOfWork
from infra.crypto.keyring import Keyring
from infra.crypto.keyrings import stand_in
from infra.db.connect import open_database
from infra.db.database import Database
from infra.errors.problem import Problem
from infra.event_store.event_store import EventStore
from infra.event_store.factory import open_log
from infra.event_store.migrations import init_store
from infra.event_store.reader import EventReader
from infra.event_store.references import named_by
from infra.event_store.sqlite_store import INSERT
from infra.event_store.stored_event import Record

PAGE: Final = 1_000
AHEAD: Final = 200
"""Among so many events the others of an act are looked for; one that says how many it made is given them all."""
SUBJECTS_KEPT: Final = 12_000
MOST: Final = 1_000
"""How many acts that break a rule are kept to be listed; all are counted."""
SHOWN: Final = 10

FREE: Final[Mapping[str, frozenset[str]]] = {
    "customer.lead_captured": frozenset(("duplicates", "duplicate_count")),
    **dict.fromkeys(("contract.amended", "event.corrected", "event.voided"), frozenset(("overpaid",))),
}
"""What an event tells its readers beside what was decided; programs of different ages tell it differently."""

LATER: Final[frozenset[str]] = frozenset(("opportunity.not_positive",))
"""Refusals by rules that came later than the first logs: what was recorded before them broke no rule."""


class Finding(NamedTuple):
    """An act that the rules don't bear out: `code` is that of their refusal, or of what is wrong with the event itself."""

    position: int
    name: str
    stream: str
    actor: str
    code: str
    facts: Mapping[str, Any]

    @property
    def later(self) -> bool:
        """Whether the rule may be younger than the act."""
        return self.code in LATER


class Lying(NamedTuple):
    """An event as it lies in the log, and as decisions see it; no event if it can't be read."""

    record: Record
    happened: Happened | None


def decided_again(
    db: Database,
    settings: Mapping[str, str],
    upto: int,
    told: Callable[[int, int], None] = lambda reached, end: None,
) -> Iterator[Finding]:
    """Yield what the rules would have refused or decided otherwise, up to position `upto`, in memory that doesn't grow."""
    with TemporaryDirectory(prefix="salestrail-") as folder:
        url = f"sqlite:///{Path(folder) / 'shadow.db'}"
        made = open_database(url, create=True)
        init_store(made, settings)
        made.close()
        log = open_log(url, brief=True)
        stand_in(log.db, cast(Keyring, Blind()))
        try:
            with log.db.transaction():
                yield from _passed(Deciding(log, settings), Ahead(EventReader(db), upto), told)
        finally:
            log.close()


def borne_out(
    db: Database,
    settings: Mapping[str, str],
    upto: int,
    told: Callable[[int, int], None] = lambda reached, end: None,
) -> int:
    """See that the rules bear out every act up to position `upto`. Raises Problem, which names those that they don't.

    Returns how many were recorded before there was the rule that would refuse them today.
    """
    older, found, count = 0, list[Finding](), 0
    for each in decided_again(db, settings, upto, told):
        older += each.later
        count += not each.later
        if not each.later and len(found) < MOST:
            found.append(each)
    if not found:
        return older
    first = found[0]
    acts = [
        {"position": e.position, "name": e.name, "subject": e.stream, "actor": e.actor, "code": e.code} for e in found
    ]
    shown = "; ".join(f"{e.position} {e.name} ({e.actor}): {e.code}" for e in found[:SHOWN])
    facts = {"position": first.position, "name": first.name, "count": count}
    raise Problem("proof.broken_rule", **facts, shown=shown, acts=acts)


def _passed(deciding: Deciding, ahead: Ahead, told: Callable[[int, int], None]) -> Iterator[Finding]:
    while act := ahead.some(AHEAD):
        found, count = deciding.again(act[0], ahead)
        if found is not None:
            yield found
        for lying in ahead.taken(count):
            try:
                deciding.take(lying)
            except Exception as wrong:  # noqa: BLE001 - whatever a forged event may break
                yield finding(lying.record, "proof.unreadable", why=f"{type(wrong).__name__}: {wrong}")
        told(act[0].record.position, ahead.upto)


def finding(record: Record, code: str, **facts: Any) -> Finding:
    return Finding(record.position, record.name, record.stream, record.actor, code, facts)


class Blind:
    """Stands for the keys where nothing is to be opened: a sealed value is the text of its cipher, to be compared."""

    def opened(self, sealed: str) -> str:
        return sealed

    def ask(self, id: str) -> None:
        """Nothing is opened, so no key is needed."""

    def expect(self, subjects: Iterable[str]) -> None:
        """Nothing is sealed."""

    def whose(self, ids: Iterable[str]) -> dict[str, tuple[str, bool]]:
        """Of no key is it known whose it is, so that nothing is sealed together with others."""
        return {}

    def close(self) -> None:
        """Nothing is held."""


class Ahead:
    """The log's events that were not passed yet, each read once."""

    def __init__(self, reader: EventReader, upto: int) -> None:
        self.reader, self.upto = reader, upto
        self._read, self._buffer = 0, list[Lying]()
        self._at = 0

    def some(self, count: int) -> Sequence[Lying]:
        """Return the next events, as many as asked for if there are so many."""
        while len(self._buffer) - self._at < count and self._read < self.upto:
            records = self.reader.read(self._read, min(PAGE, self.upto - self._read))
            if not records:
                break
            self._buffer = [*self._buffer[self._at :], *(_lying(record) for record in records)]
            self._at, self._read = 0, records[-1].position
        return self._buffer[self._at : self._at + count]

    def taken(self, count: int) -> Sequence[Lying]:
        """Pass the next events and return them."""
        passed = self.some(count)
        self._at += len(passed)
        return passed


def _lying(record: Record) -> Lying:
    try:
        told = entry(record, cast(Keyring, Blind()))
        return Lying(record, Happened(told, revive(told.name, told.data)))
    except Exception:  # noqa: BLE001 - what can't be read is named when it is reached
        return Lying(record, None)


class Given(ReferenceResolver):
    """Names of subjects as the log has them: what an act brought into being has the id that it got."""

    made = ""

    def _created(self, kind: Subject, request: Request, values: Mapping[str, Any]) -> str:
        return super()._created(kind, request, values) if kind.identity else self.made


class Around(DecisionContext):
    """The surroundings of a recorded act: further subjects that it brought into being have the ids that they got."""

    __slots__ = ("begun",)
    begun: list[str]

    def fresh(self, noun: str) -> str:
        prefix = SUBJECTS[noun].prefix
        return next((self.begun.pop(n) for n, id in enumerate(self.begun) if id.startswith(prefix)), prefix)


class Deciding(CommandHandler):
    """Decides recorded acts again, upon a log that ends before them."""

    naming: Given

    def __init__(self, log: EventStore, settings: Mapping[str, str]) -> None:
        super().__init__(
            log,
            settings,
            clock=lambda: datetime.now(UTC),
            actor="",
            lookups=self,
            migrating=True,
        )
        self.naming = Given(self.world, self.reader)
        self._nothing = UnitOfWork(self.reader.ring, 1)
        self._act: Sequence[Happened] = ()
        self._decided: list[tuple[str, Event]] = []

    def again(self, first: Lying, ahead: Ahead) -> tuple[Finding | None, int]:
        """Decide the act that begins with the next event. Returns what is wrong with it, if so, and its number of events."""
        record = first.record
        if first.happened is None:
            return finding(record, "proof.unreadable", why=self._why(record)), 1
        act = ahead.some(
            AHEAD + sum(len(getattr(first.happened.event, name, ())) for name in ("customers", "contracts"))
        )
        wrong: Finding | None = None
        self._act = [lying.happened for lying in act if lying.happened]
        try:
            for each in asked(self._act):
                differs = self._differing(each, act)
                if differs is None:
                    return None, len(self._decided)
                wrong = wrong or differs
        except ValueError as why:
            wrong = finding(record, "proof.unreadable", why=str(why))
        wrong = wrong or finding(record, "proof.alone")
        along = 1
        while along < len(act) and act[along].record.name in ALONG and act[along].record.recorded == record.recorded:
            along += 1
        return wrong, along

    def _differing(self, each: Asked, act: Sequence[Lying]) -> Finding | None:
        """Return what the rules say against the act if this was asked for; None if it makes just what was recorded."""
        record = act[0].record
        try:
            self._decide(each, record)
        except Problem as refused:
            return finding(record, refused.code, **refused.facts)
        except Exception as wrong:  # noqa: BLE001 - a forged event may have left a state that no rule thought of
            return finding(record, "proof.unreadable", why=f"{type(wrong).__name__}: {wrong}")
        if len(self._decided) > len(act):
            return finding(record, "proof.otherwise", field="events", decided=len(self._decided), told=len(act))
        for (stream, event), lying in zip(self._decided, act, strict=False):
            field = self._unlike(stream, event, lying, record)
            if field is not None:
                return finding(record, "proof.otherwise", field=field)
        return None if self._decided else finding(record, "proof.otherwise", field="events")

    def _unlike(self, stream: str, event: Event, lying: Lying, first: Record) -> str | None:
        """Return in what an event that was decided is not the recorded one."""
        record = lying.record
        if lying.happened is None or (record.stream, record.name) != (stream, event.NAME):
            return record.name
        if record.actor != first.actor or record.recorded != first.recorded:
            return "actor"
        decided, told = plain(event), plain(lying.happened.event)
        free = FREE.get(event.NAME, frozenset())
        return next(
            (n for n in sorted(decided.keys() | told.keys()) if decided.get(n) != told.get(n) and n not in free), None
        )

    def _decide(self, each: Asked, record: Record) -> None:
        self._decided.clear()
        self._histories.read(())
        self.naming.made = record.stream
        self.welcoming = bool(record.migrated) or record.source in ("batch", "import")
        request = Request(
            each.action,
            dict(each.values),
            each.subject,
            None,
            record.actor,
            record.recorder,
            record.occurred,
            record.reason,
            record.source,
            record.recorded,
        )
        self._one(request, datetime.now(UTC), {}, {}, self._nothing)

    def _surroundings(self, request: Request, now: datetime) -> DecisionContext:
        moment = datetime.fromisoformat(request.recorded or "").astimezone(self.zone)
        around = Around(self.basis(), request, moment, None)
        around.begun = [each.told.stream for each in self._act[1:] if each.told.version == 1]
        return around

    def _take(
        self, draft: DecidedCommand, decided: Sequence[Event | On], around: DecisionContext, gathered: UnitOfWork
    ) -> None:
        self._decided += [
            (each.stream, each.event) if isinstance(each, On) else (draft.subject, each) for each in decided
        ]

    def take(self, lying: Lying) -> None:
        """Take a recorded event as it is."""
        record, happened = lying
        self.log.db.run(INSERT, record)
        self.log.db.run("UPDATE head SET position = ?, recorded = ?", (record.position, record.recorded))
        if happened is None:
            self.world.subjects.pop(record.stream, None)
            return
        mentions = [(named, record.position) for named in named_by(happened.event) if named != record.stream]
        self.log.db.many("INSERT OR IGNORE INTO mentions VALUES (?, ?)", mentions)
        _version, claims = self.world.happened(record.stream, happened.event)
        self.log.db.many(
            "INSERT OR IGNORE INTO claims VALUES (?, ?, ?, ?)",
            [(claim.kind, claim.value, n, record.stream) for claim, n in claims],
        )
        subject = self.world.subjects[record.stream]
        subject.version, subject.pending = record.version, 0
        if record.name in REFOLDING:
            self._histories.read(())
            self.world.refold(record.stream, self.history(record.stream))
        self._forget_some()

    def _forget_some(self) -> None:
        """Forget those subjects that were begun or looked at first, so that memory does not grow with the log."""
        world = self.world
        if len(world.subjects) > SUBJECTS_KEPT:
            for stream in list(world.subjects)[: SUBJECTS_KEPT // 2]:
                del world.subjects[stream]
        if len(world.claims) > SUBJECTS_KEPT:
            world.claims.clear()

    def owned(self, login: str) -> Sequence[str]:
        """Return the customers that the act in hand names: who owned what is asked of tables, which there are none of here."""
        return getattr(self._act[0].event, "customers", ())

    def holding(self, login: str) -> Sequence[str]:
        """Return nothing: a cap held when it was asked."""
        return ()

    def sold(self, login: str) -> Sequence[str]:
        """Return the contracts that the act in hand names."""
        return getattr(self._act[0].event, "contracts", ())

    def figures(self, period: Period) -> Figures:
        """Return the digests that a closing tells: whether the figures bear them out is another check's question."""
        closed = self._act[0].event
        return Figures(closed.position, closed.digests)

    def _why(self, record: Record) -> str:
        """Return why an event can't be read."""
        try:
            told = entry(record, self.reader.ring)
            revive(told.name, told.data)
        except Exception as wrong:  # noqa: BLE001 - whatever is wrong with it is told
            return f"{type(wrong).__name__}: {wrong}"
        return "-"
