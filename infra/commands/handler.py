"""The one way of an action: resolve what it names, load the state, decide, and append, again if somebody was faster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar.moment import utc_text
from domain.calendar.period import Period
from domain.kernel.action import On
from domain.kernel.context import Figures
from domain.kernel.event import Event
from domain.kernel.field_checks import worded, worded_fields
from domain.kernel.refusal import Refused
from domain.kernel.registry import SUBJECTS
from domain.kernel.rights import BY_RULE, OPEN, SYSTEM
from infra.commands import idempotency
from infra.commands.decision_context import Basis, DecisionContext, Lookups, moment_of
from infra.commands.repository import Entry, Repository
from infra.commands.request import Request
from infra.commands.request_digest import Content
from infra.commands.resolver import ReferenceResolver
from infra.commands.sealing import PERSONAL, Sealer
from infra.commands.stream_history import StreamHistory
from infra.commands.unit_of_work import Answer, CommandResult, DecidedBatch, DecidedCommand, UnitOfWork, numbered
from infra.db.errors import StoreUncertain, as_problems
from infra.errors.problem import Problem
from infra.event_store import codec
from infra.event_store.erasures import erases
from infra.event_store.event_store import EventStore
from infra.event_store.migrations import market
from infra.event_store.pending_reader import PendingReader
from infra.event_store.stored_event import AppendBatch, Conflict, IdempotencyRecord, NewEvent

TRIES = 20
REFOLDING = ("event.corrected", "event.voided")


class NoTables:
    """Stands for the tables where there are none."""

    def owned(self, login: str) -> Sequence[str]:
        return ()

    def holding(self, login: str) -> Sequence[str]:
        return ()

    def sold(self, login: str) -> Sequence[str]:
        return ()

    def figures(self, period: Period) -> Figures:
        return Figures(0, {})


class CommandHandler:
    """Records requests in a log. While it is `welcoming`, somebody unknown may register themselves.

    `clock` returns the present moment with its zone; `lookups` asks the tables; `erased` does what an erasure that was recorded
    asks for; `actor` acts where a request names nobody, and `recorder` is who enters (the actor unless given).
    """

    def __init__(
        self,
        log: EventStore,
        settings: Mapping[str, str],
        *,
        clock: Callable[[], datetime],
        actor: str,
        source: str = "cli",
        recorder: str | None = None,
        lookups: Lookups | None = None,
        erased: Callable[[], None] = lambda: None,
        migrating: bool = False,
    ) -> None:
        self.log, self.clock, self.actor, self.source = log, clock, actor, source
        self.recorder, self.migrating, self.erased = recorder, migrating, erased
        self.lookups: Lookups = lookups or NoTables()
        self.welcoming = False
        self.zone = ZoneInfo(settings["zone"])
        self.currency, self.fiscal_month = settings["currency"], int(settings["fiscal_month"])
        self.reader = PendingReader(log.db)
        self.world = Repository(self.reader, market(settings))
        self.naming = ReferenceResolver(self.world, self.reader)
        self._gathered = UnitOfWork(self.reader.ring, 1)
        self._histories = StreamHistory(self.world, self.reader)

    def record(self, requests: Sequence[Request], *, atomic: bool = False, dry_run: bool = False) -> list[Answer]:
        """Record `requests` and answer each, in order.

        They make one transaction, or several where a request asks the tables what the earlier ones did. A refused
        request leaves no trace and the others go on; with `atomic` it is one transaction, and nothing is recorded
        unless all hold. Raises Problem where the store itself fails; the transaction in hand is then not recorded.
        """
        answers: list[Answer] = []
        while len(answers) < len(requests):
            rest = requests[len(answers) :]
            try:
                with as_problems(self.log.db.where):
                    whole = atomic or dry_run
                    answers += self._recorded(rest if whole else together(rest), atomic=atomic, dry_run=dry_run)
            except BaseException:
                self.forget()
                raise
        return answers

    def forget(self) -> None:
        """Forget all that was read and decided; it is read again when it is needed."""
        self.reader.coming = None
        self.world.forget()

    def _recorded(self, requests: Sequence[Request], *, atomic: bool, dry_run: bool) -> list[Answer]:
        """Record the requests of one transaction and answer each."""
        for _ in range(TRIES):
            answers, drafts, batch = self.decide(requests)
            refused = atomic and any(isinstance(answer, Problem) for answer in answers)
            if dry_run or refused:
                self.world.forget()
            if dry_run or refused or not drafts:
                return answers
            try:
                self.sealed_for_good(batch)
                appended = self.log.append(batch)
            except (Conflict, StoreUncertain) as failed:
                self.start_again(failed, drafts)
            else:
                self.world.settle(batch.expected, appended)
                self.recorded(batch)
                return numbered(requests, answers, appended.first)
        raise Problem("store.contended", tries=TRIES)

    def sealed_for_good(self, batch: AppendBatch) -> None:
        """Keep the keys that the batch was sealed with, which must outlive it; see that what it erases can be erased."""
        self.reader.ring.keep()
        if erases(batch):
            self.reader.ring.ready()

    def recorded(self, batch: AppendBatch) -> None:
        """Do at once what follows from what was recorded: an erasure is not left to whoever asks next."""
        if erases(batch):
            self.erased()

    def start_again(self, failed: Exception, drafts: Sequence[DecidedCommand]) -> None:
        """Forget what was decided. Raises Problem where keys don't tell whether it was recorded after all."""
        self.world.forget()
        if isinstance(failed, StoreUncertain) and not all(draft.request.key for draft in drafts):
            raise Problem("store.uncertain") from None

    def history(self, stream: str) -> list[Entry]:
        """Return the events of a subject, those decided in the present batch included."""
        return self._histories.of(stream, self._gathered)

    def knows(self, login: str) -> bool:
        """Say whether a person is registered under that login."""
        return bool(self.world.subject(f"per_{login}").state.login)

    def decide(self, requests: Sequence[Request]) -> DecidedBatch:
        """Decide the requests of one transaction."""
        self.world.refresh()
        now = self.clock().astimezone(self.zone)
        pending: dict[str, DecidedCommand] = {}
        known = self.naming.prepare(requests, pending)
        self._histories.read(self.naming.corrected(requests))
        answers: list[Answer] = []
        drafts: list[DecidedCommand] = []
        self._gathered = self.naming.gathered = gathered = UnitOfWork(
            self.reader.ring, self.world.head + 1, self.world.recorded
        )
        for request in requests:
            try:
                done = self._one(request, now, known, pending, gathered)
            except Problem as problem:
                answers.append(problem)
                continue
            if isinstance(done, DecidedCommand):
                drafts.append(done)
                if request.key:
                    pending[request.key] = done
                names = tuple([happened.NAME for happened in done.events])
                answers.append(CommandResult("recorded", done.subject, names, None, tuple(done.events)))
            else:
                answers.append(done)
        return DecidedBatch(answers, drafts, gathered.batch(utc_text(now), self.world.seen()))

    def _one(
        self,
        request: Request,
        now: datetime,
        known: Mapping[str, IdempotencyRecord],
        pending: Mapping[str, DecidedCommand],
        gathered: UnitOfWork,
    ) -> DecidedCommand | CommandResult:
        around = self._surroundings(request, now)
        earlier = known.get(request.key) if request.key else None
        twin = pending.get(request.key) if request.key else None
        cls = request.action
        self.naming.earlier, self.naming.open = earlier, cls.NAME in OPEN or earlier is not None
        if around.actor_unknown and (login := self.naming.person(around.actor)) != around.actor:
            request = request._replace(actor=login)
            around = self._surroundings(request, now)
        if earlier is None:
            self._worded(request, around)
        values = self.naming.resolved(request)
        around.subject = self.naming.subject(request, values)
        said = self._content(request, around.subject, values) if request.key else None
        digest = said.digest() if said else b""
        if said and earlier is not None:
            return idempotency.recorded(self.reader, said, earlier, digest)
        if said and twin is not None:
            return idempotency.decided(said, twin, digest)
        if around.recorded and around.recorded < gathered.last:
            raise Problem("migration.backwards", recorded=request.recorded, last=gathered.last)
        if around.actor_unknown and not (self._by_rule(request, around) or self._registers_itself(request, values)):
            raise self._unknown(around.actor)
        if around.day > around.today and not cls.PLANS:
            raise Problem("event.future", day=around.day.isoformat())
        self.naming.must_stand(request, around.subject, values)
        if cls.SUBJECT == "event":
            state = around.told(around.subject)
            stream = state.stream if state else around.subject
        else:
            stream = around.subject
            if cls.CREATES and not request.subject and SUBJECTS[cls.SUBJECT].identity is None:
                self.world.begin(stream)
            state = self.world.subject(stream).state
        decision = cls(**values).decide(state, around)
        if isinstance(decision, Refused):
            raise Problem.of(decision)
        draft = DecidedCommand(request, stream, digest, len(gathered.records), around.at)
        decided = decision if isinstance(decision, list | tuple) else (decision,)
        self._take(draft, decided, around, gathered)
        return draft

    def _worded(self, request: Request, around: DecisionContext) -> None:
        """Raise Problem for a word that is neither a choice nor, by the policy in force, one of the team's for it."""
        for field in worded_fields(request.action):
            value = request.values.get(field.attribute)
            refused = worded(field, value, around) if value is not None and value not in field.choices else None
            if isinstance(refused, Refused):
                raise Problem("usage.bad_value", **refused.facts, help=field.help)

    def _content(self, request: Request, subject: str, values: Mapping[str, Any]) -> Content:
        """Return what a request under a key says, which must stay the same."""
        secret = self.reader.ring.secret() if values.keys() & PERSONAL else b""
        told = self.naming.told(subject) if request.action.SUBJECT == "event" else None
        return Content(request, subject, values, self.actor, self.zone, secret, told)

    def _take(
        self, draft: DecidedCommand, decided: Sequence[Event | On], around: DecisionContext, gathered: UnitOfWork
    ) -> None:
        must_be_words(decided)
        request = draft.request
        source = (self.migrating and request.source) or self.source
        correlation = draft.digest.hex() if request.key else None
        for happened in decided:
            stream, made = happened if isinstance(happened, On) else (draft.subject, happened)
            version, claims = self.world.happened(stream, made)
            event_id = next(gathered.event_ids)
            fresh = NewEvent(
                stream,
                version,
                made.NAME,
                made.SCHEMA,
                around.at,
                around.recorded,
                around.actor,
                around.recorder,
                source,
                request.key,
                event_id,
                correlation,
                None,
                request.reason,
                int(self.migrating),
                codec.encode(made, Sealer(self.world, stream, event_id, made, self.history)),
            )
            draft.events.append(made)
            gathered.add(fresh, made, claims)
            if made.NAME in REFOLDING:
                self.world.refold(stream, self.history(stream))
                gathered.speaks_of_positions = True
        if request.key:
            gathered.keys.append((request.key, draft.digest, draft.first, len(draft.events)))

    def _surroundings(self, request: Request, now: datetime) -> DecisionContext:
        recorded = None
        if self.migrating:
            if request.recorded is None:
                raise Problem("migration.no_recorded")
            now = moment_of("recorded", request.recorded, self.zone).astimezone(self.zone)
            recorded = utc_text(now)
        elif request.recorded is not None:
            raise Problem("migration.not_asked")
        return DecisionContext(self.basis(), request, now, recorded)

    def basis(self) -> Basis:
        """Return what every decision here rests on."""
        return Basis(
            self.world,
            self.naming,
            self.reader,
            self.history,
            self.lookups,
            self.zone,
            self.currency,
            self.fiscal_month,
            self.actor,
            self.recorder,
        )

    def _unknown(self, login: str) -> Problem:
        """Return the problem that nobody has the login of who acts; whoever sits there is told as whom they can."""
        problem = Problem("person.unknown", login=login)
        if login != self.actor or self.world.nobody():
            return problem
        people = [self.world.subject(stream).state for stream in self.reader.streams_like("per_")]
        present = [person for person in people if not person.departed]
        present.sort(key=lambda person: ("director", "manager", person.role).index(person.role))
        problem.facts["known"] = present[0].login if present else "-"
        return problem.in_case("actor" if present else "")

    def _by_rule(self, request: Request, around: DecisionContext) -> bool:
        """Say whether a rule of the house acts, and no person."""
        source = (self.migrating and request.source) or self.source
        return around.actor == SYSTEM and source == "system" and request.action.NAME in BY_RULE

    def _registers_itself(self, request: Request, values: Mapping[str, Any]) -> bool:
        if request.action.NAME != "person.register":
            return False
        return self.world.nobody() or (self.welcoming and values["login"] == request.actor)


def must_be_words(decided: Iterable[Event | On]) -> None:
    """Raise Problem if the sealed form of a value would be sealed once more, as if somebody had said it."""
    for each in decided:
        happened = each.event if isinstance(each, On) else each
        if field := codec.said_sealed(happened):
            raise Problem("personal.sealed_form", field=field)


def together(requests: Sequence[Request]) -> Sequence[Request]:
    """Return the first requests that can be decided together: up to the next that asks the tables what those did."""
    for count, request in enumerate(requests):
        if count and request.action.LOOKS_UP:
            return requests[:count]
    return requests
