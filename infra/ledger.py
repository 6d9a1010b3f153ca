"""The one way of an action: resolve what it names, load the state, decide, and append, again if somebody was faster."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.action import On
from domain.event import Event
from domain.form import plain
from domain.moment import utc_text
from domain.refusal import Refused
from infra import codec, ids, wire
from infra.faults import problem_of
from infra.naming import Naming
from infra.problem import Problem
from infra.log import Log
from infra.record import Batch, Claim, Conflict, Fresh, Keyed, StoreFault, StoreUncertain
from infra.request import Request
from infra.subjects import named_by
from infra.surroundings import Surroundings, moment_of
from infra.world import World

TRIES = 20


class Recorded(NamedTuple):
    """What became of a request: its subject and the events, new or recorded before under its key."""

    status: str
    subject: str
    names: tuple[str, ...]
    position: int | None
    events: tuple[Event, ...] = ()


Answer = Recorded | Problem


class Draft:
    """The events of one request, decided but not recorded."""

    __slots__ = ("digest", "events", "fresh", "request", "subject")

    def __init__(self, request: Request, subject: str, digest: bytes) -> None:
        self.request, self.subject, self.digest = request, subject, digest
        self.events: list[Event] = []
        self.fresh: list[Fresh] = []


class Ledger:
    """Records requests in a log.

    `clock` returns the present moment with its zone; `owned` asks the tables which customers a login owns;
    `actor` acts where a request names nobody, and `recorder` is who enters (the actor unless given).
    """

    def __init__(
        self,
        log: Log,
        settings: Mapping[str, str],
        *,
        clock: Callable[[], datetime],
        actor: str,
        source: str = "cli",
        recorder: str | None = None,
        owned: Callable[[str], Sequence[str]] = lambda login: (),
        migrating: bool = False,
    ) -> None:
        self.log, self.clock, self.actor, self.source, self.owned = log, clock, actor, source, owned
        self.recorder, self.migrating = recorder, migrating
        self.zone = ZoneInfo(settings["zone"])
        self.currency, self.fiscal_month = settings["currency"], int(settings["fiscal_month"])
        self.world = World(log)
        self.naming = Naming(self.world, log)

    def record(self, requests: Sequence[Request], *, atomic: bool = False, dry_run: bool = False) -> list[Answer]:
        """Record `requests` in one transaction and answer each, in order.

        A refused request leaves no trace and the others go on; with `atomic` nothing is recorded unless all hold.
        Raises Problem where the store itself fails; then nothing of the batch is recorded.
        """
        for _ in range(TRIES):
            self.world.refresh()
            answers, drafts, batch = self._decided(requests)
            refused = atomic and any(isinstance(answer, Problem) for answer in answers)
            if dry_run or refused or not drafts:
                self.world.forget()
                return answers
            try:
                appended = self.log.append(batch)
            except Conflict:
                self.world.forget()
                continue
            except StoreUncertain:
                self.world.forget()
                if all(draft.request.key for draft in drafts):
                    continue
                raise Problem("store.uncertain") from None
            except StoreFault as fault:
                self.world.forget()
                raise problem_of(fault, self.log.db.where) from fault
            except Exception:
                self.world.forget()
                raise
            self.world.settle(batch.expected, appended.last)
            return numbered(answers, drafts, appended.first)
        raise Problem("store.contended", tries=TRIES)

    def knows(self, login: str) -> bool:
        """Say whether a person is registered under that login."""
        return bool(self.world.subject(f"per_{login}").state.login)

    def _decided(self, requests: Sequence[Request]) -> tuple[list[Answer], list[Draft], Batch]:
        now = self.clock()
        pending: dict[str, Draft] = {}
        known = self.naming.prepare(requests, pending)
        answers: list[Answer] = []
        drafts: list[Draft] = []
        gathered = Gathered()
        for request in requests:
            try:
                done = self._one(request, now, known, pending, gathered)
            except Problem as problem:
                answers.append(problem)
                continue
            if isinstance(done, Draft):
                drafts.append(done)
                if request.key:
                    pending[request.key] = done
                names = tuple(happened.NAME for happened in done.events)
                answers.append(Recorded("recorded", done.subject, names, None, tuple(done.events)))
            else:
                answers.append(done)
        return answers, drafts, gathered.batch(utc_text(now))

    def _one(
        self,
        request: Request,
        now: datetime,
        known: Mapping[str, Keyed],
        pending: Mapping[str, Draft],
        gathered: Gathered,
    ) -> Draft | Recorded:
        around = self._surroundings(request, now)
        earlier = known.get(request.key) if request.key else None
        twin = pending.get(request.key) if request.key else None
        cls = request.action
        values = self.naming.resolved(request)
        around.subject = self.naming.subject(request, values)
        digest = content_digest(request, around.subject, values)
        if earlier is not None:
            return self._repeated(request, earlier, digest, values)
        if twin is not None:
            if twin.digest != digest:
                raise self._key_conflict(request, twin.fresh[0].data, None, values)
            return Recorded("repeated", twin.subject, tuple(e.NAME for e in twin.events), None)
        if around.actor_unknown and not self._registers_itself(request, values):
            raise Problem("person.unknown", login=around.actor)
        if around.day > around.today and not cls.PLANS:
            raise Problem("event.future", day=around.day.isoformat())
        if cls.SUBJECT == "event":
            state = around.told(around.subject)
            stream = state.stream if state else around.subject
        else:
            stream = around.subject
            state = self.world.subject(stream).state
        decision = cls(**values).decide(state, around)
        if isinstance(decision, Refused):
            raise Problem.of(decision)
        draft = Draft(request, stream, digest)
        self._take(draft, [decision] if not isinstance(decision, Sequence) else decision, around, gathered)
        return draft

    def _take(self, draft: Draft, decided: Iterable[Event | On], around: Surroundings, gathered: Gathered) -> None:
        request = draft.request
        first = len(gathered.records)
        for happened in decided:
            stream = happened.stream if isinstance(happened, On) else draft.subject
            made = happened.event if isinstance(happened, On) else happened
            version, claims = self.world.happened(stream, made)
            fresh = Fresh(
                stream=stream,
                version=version,
                name=made.NAME,
                schema=made.SCHEMA,
                occurred=around.at,
                recorded=around.recorded,
                actor=around.actor,
                recorder=request.recorder or self.recorder or around.actor,
                source=request.source if self.migrating and request.source else self.source,
                key=request.key,
                event_id=ids.event_id(),
                correlation=draft.digest.hex() if request.key else None,
                causation=None,
                reason=request.reason,
                migrated=int(self.migrating),
                data=codec.encode(made),
            )
            draft.events.append(made)
            draft.fresh.append(fresh)
            gathered.add(fresh, made, claims)
            if made.NAME in ("event.corrected", "event.voided"):
                self.world.refold(stream, [record for record in gathered.records if record.stream == stream])
        if request.key:
            gathered.keys.append((request.key, draft.digest, first, len(draft.events)))

    def _surroundings(self, request: Request, now: datetime) -> Surroundings:
        recorded = None
        if self.migrating:
            if request.recorded is None:
                raise Problem("migration.no_recorded")
            now = moment_of("recorded", request.recorded, self.zone)
            recorded = utc_text(now)
        elif request.recorded is not None:
            raise Problem("migration.not_asked")
        return Surroundings(self, request, now.astimezone(self.zone), recorded)

    def _registers_itself(self, request: Request, values: Mapping[str, Any]) -> bool:
        return request.action.NAME == "person.register" and self.world.nobody()

    def _repeated(self, request: Request, earlier: Keyed, digest: bytes, values: Mapping[str, Any]) -> Recorded:
        if earlier.digest != digest:
            record = self.log.record(earlier.position)
            assert record is not None
            raise self._key_conflict(request, record.data, earlier.position, values)
        names = tuple(record.name for record in self.log.read(earlier.position - 1, earlier.count))
        return Recorded("repeated", earlier.stream, names, earlier.position)

    def _key_conflict(
        self, request: Request, stored: bytes, position: int | None, values: Mapping[str, Any]
    ) -> Problem:
        given = wire.dumps(plain(request.action(**values))).decode()
        return Problem("key.conflict", key=request.key, recorded=stored.decode(), given=given, position=position or "-")


class Gathered:
    """What one transaction will write."""

    def __init__(self) -> None:
        self.records: list[Fresh] = []
        self.expected: dict[str, int] = {}
        self.claims: list[Claim] = []
        self.keys: list[tuple[str, bytes, int, int]] = []
        self.mentions: list[tuple[str, int]] = []

    def add(self, fresh: Fresh, made: Event, claims: Iterable[tuple[Any, int]]) -> None:
        self.expected.setdefault(fresh.stream, fresh.version - 1)
        self.records.append(fresh)
        self.claims += (Claim(claim.kind, claim.value, n, fresh.stream) for claim, n in claims)
        index = len(self.records) - 1
        self.mentions += ((named, index) for named in named_by(made) if named != fresh.stream)

    def batch(self, now: str) -> Batch:
        return Batch(
            records=self.records,
            expected=self.expected,
            claims=self.claims,
            keys=self.keys,
            mentions=self.mentions,
            now=now,
        )


def content_digest(request: Request, subject: str, values: Mapping[str, Any]) -> bytes:
    """Return the digest of what a request says; under one key it must stay the same."""
    said = [
        request.action.NAME,
        "" if request.action.CREATES else subject,
        request.actor or "",
        request.at or "",
        request.reason or "",
    ]
    data = sorted((name, str(value)) for name, value in values.items())
    return hashlib.blake2b(repr((said, data)).encode(), digest_size=16).digest()


def numbered(answers: list[Answer], drafts: Sequence[Draft], first: int) -> list[Answer]:
    """Return the answers with the positions that the append gave, in order."""
    position = first
    out: list[Answer] = []
    for answer in answers:
        if isinstance(answer, Recorded) and answer.position is None and answer.status == "recorded":
            out.append(answer._replace(position=position))
            position += len(answer.names)
        else:
            out.append(answer)
    return out


def present() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
