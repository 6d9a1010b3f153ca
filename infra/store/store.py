"""A store as the command line uses it: its settings, its log, its tables, and the two moments of a question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.calendar.moment import end_of, parse_moment, utc_text
from infra.access import session_role
from infra.crypto.keyrings import NOWHERE, Places, forget, settle
from infra.db.errors import StoreSwapped, as_problems, without_password
from infra.errors.problem import Problem, why_of
from infra.event_store.migrations import market, read_settings
from infra.event_store.reader import EventReader
from infra.read_models import tables
from infra.read_models.connection import ReadConnection, collecting_later
from projections.engine.as_of import AsOf

if TYPE_CHECKING:
    from domain.calendar.date_words import Reckoning
    from domain.calendar.period import Period
    from domain.calendar.work_calendar import WorkCalendar
    from domain.kernel.context import Figures
    from infra.commands.handler import CommandHandler
    from infra.db.database import Database
    from infra.event_store.event_store import EventStore
    from infra.read_models.projector import Projector
    from infra.store.shadow_rebuild import Beside
    from projections.engine.projection import Seen

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def _zone(name: str) -> ZoneInfo:
    """Return the zone of a store. Raises Problem: what a store says of itself is never changed by the program."""
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        raise Problem("proof.setting", name="zone", value=name[:60]) from None


def _month(text: str) -> int:
    """Return the month in which a store's years begin. Raises Problem."""
    if text.isascii() and text.isdecimal() and 1 <= int(text[:3]) <= 12:
        return int(text)
    raise Problem("proof.setting", name="fiscal_month", value=text[:60])


def lost(names: Sequence[str], gone: StoreSwapped) -> Problem:
    """Return the problem of a table that the store names and has not."""
    return Problem("projection.lost", projection=", ".join(names), why=gone.facts["why"])


class Store:
    """An open store. Reading imports neither the event sourcing library nor any fold, unless tables are behind."""

    def __init__(self, url: str, db: Database, clock: Clock, places: Places = NOWHERE) -> None:
        self.url, self.db, self.clock, self.places = url, db, clock, places
        settle(db, places)
        self.settings: Mapping[str, str] = read_settings(db)
        self.zone = _zone(self.settings.get("zone", "-"))
        self.currency = self.settings.get("currency", "-")
        self.fiscal_month = _month(self.settings.get("fiscal_month", "-"))
        self.reader = EventReader(db)
        self.brief = False  # whether so little is recorded that the event sourcing library isn't worth its import
        self._log: EventStore | None = None
        self._projector: Projector | None = None
        self._signed_in: tuple[session_role.SignedIn | None] | None = None
        self._beside: Beside | None = None
        self.told_folding: Callable[[int, int], None] = lambda reached, end: None
        self._known_to = 0
        self.lag = 0  # how far the tables were behind when they were last looked at
        self.told_lag: Callable[[int], None] = lambda lag: None
        self.told_day: Callable[[str, date, str], None] = lambda flag, day, word: None

    @property
    def shown_url(self) -> str:
        """The address without its password."""
        return without_password(self.url)

    @property
    def signed_in(self) -> session_role.SignedIn | None:
        """Whom the login on Postgres stands for."""
        if self._signed_in is None:
            self._signed_in = (session_role.signed_in(self.db),)
        return self._signed_in[0]

    def must_see_all(self, what: str) -> None:
        """Raise Problem unless the login sees the rows of every group, which `what` needs."""
        if not session_role.sees_all(self.db):
            raise Problem("right.whole", what=what)

    @property
    def log(self) -> EventStore:
        if self._log is None:
            from infra.event_store.factory import open_log

            self._log = open_log(self.url, brief=self.brief)
            settle(self._log.db, self.places)
        return self._log

    @property
    def projector(self) -> Projector:
        if self._projector is None:
            from infra.read_models.projector import Projector

            self._projector = Projector(self.reader, self.zone)
        return self._projector

    def ledger(
        self, actor: str, *, source: str = "cli", recorder: str | None = None, migrating: bool = False
    ) -> CommandHandler:
        """Return the ledger in which `actor` acts where a request names nobody; `recorder` is who enters."""
        from infra.commands.handler import CommandHandler
        from infra.commands.lookups import TableLookups

        return CommandHandler(
            self.log,
            self.settings,
            clock=self.clock,
            actor=actor,
            source=source,
            recorder=recorder,
            lookups=TableLookups(self, self.figures),
            erased=self.purge,
            migrating=migrating,
        )

    def catch_up(
        self, told: Callable[[int, int], None] = lambda reached, end: None, *, asked: Collection[str] = ()
    ) -> None:
        """Bring the tables in step with the log, those on demand only if `asked`; nothing is imported when they are."""
        with as_problems(self.shown_url):
            from infra.read_models.freshness import in_step, waited

            head, _ = self.reader.head()
            if head != self._known_to:
                forget(
                    self.db
                )  # an erasure may be among what is new, and somebody else have brought the tables in step
            self._known_to, self.lag = head, 0
            if in_step(self.db, head, asked):
                return
            self.db.step_aside()
            if session_role.may_project(self.db):
                self.projector.catch_up(told=told, asked=asked)
                return
            self.lag = waited(self.db, head, asked)
            if self.lag:
                self.told_lag(self.lag)

    def purge(self) -> None:
        """Clear the tables of what was erased, those that an event has stopped included."""
        from projections.read_models.registry import SHOWING

        self.catch_up()
        with as_problems(self.shown_url):
            standing = tables.standings(self.db)
            stopped = [name for name in SHOWING if name in standing and standing[name].stopped is not None]
            if stopped and session_role.may_project(self.db):
                self.projector.rebuild(stopped)
                tables.settle(self.db)

    def must_be_fresh(self) -> None:
        """Bring the tables in step for a decision that asks them. Raises Problem where somebody else has yet to do it."""
        self.catch_up()
        if self.lag:
            raise Problem("projection.lags", count=self.lag)

    @contextmanager
    def view(self, *names: str) -> Iterator[ReadConnection]:
        """Give the tables of these projections to ask, all in one state of the store. Raises Problem if one stopped."""
        self.catch_up(asked=names)
        before: dict[str, str] = {}
        while True:
            with as_problems(self.shown_url), self.db.snapshot(mapped=True):
                real = tables.in_use(self.db, names)
                try:
                    tables.hold(self.db, real.values())
                except StoreSwapped as gone:
                    # A rebuild has swapped and dropped them between two questions, unless they are named still.
                    if real == before:
                        raise lost(names, gone) from gone
                    before = real
                    continue
                try:
                    with collecting_later():
                        yield ReadConnection(self.db, real)
                except StoreSwapped as gone:  # what is held can't be swapped
                    raise lost(names, gone) from gone
                return

    def moments(self, as_of: str | None = None, known_at: str | None = None) -> AsOf:
        """Return the two moments of a question; now, unless given. Raises Problem for what is none."""
        present = self.clock().astimezone(self.zone)
        known = self.moment(known_at, present, "known-at") if known_at else present
        until = known if known_at else end_of(present.date(), self.zone)
        business = self.moment(as_of, present, "as-of") if as_of else until
        position = self.reader.position_at(utc_text(known)) if known_at else self.reader.head()[0]
        return self._moments(business, known, position)

    def _moments(self, business: datetime, known: datetime, position: int) -> AsOf:
        micros = int(business.timestamp()) * 1_000_000 + business.microsecond
        return AsOf(business, business.astimezone(self.zone).date(), micros, known, position, self.zone)

    def moments_each(self, days: Sequence[date]) -> list[AsOf]:
        """Return for each day the moments as of its end, known at its end; the log is asked once for all positions."""
        ends = [end_of(day, self.zone) for day in days]
        positions = self.reader.positions_at([utc_text(end) for end in ends])
        return [self._moments(end, end, position) for end, position in zip(ends, positions, strict=True)]

    def moment(self, text: str, present: datetime | None = None, flag: str = "at") -> datetime:
        """Return the moment that `text` names, in the store's zone; a word's day is said back. Raises Problem."""
        try:
            found = parse_moment(text, self.zone, present or self.clock(), self.fiscal_month, self.calendar)
        except ValueError as wrong:
            raise Problem("usage.bad_moment", value=text[:80], **why_of(wrong)) from None
        if text.strip()[:10] != found.date().isoformat():
            self.told_day(flag, found.date(), text.strip())
        return found

    def history(self, subject: str, upto: int) -> list[Seen]:
        """Return what happened to a subject or names it, up to a position, as folds see it."""
        from infra.read_models.decoder import one

        return [one(record, self.zone, self.reader.ring) for record in self.reader.about(subject, upto)]

    def calendar(self) -> WorkCalendar:
        """Return the work calendar as it is known now."""
        return self.ledger("").world.calendar()

    def reckoning(self, since: date | None = None, *, back: bool = False) -> Reckoning:
        """Return from where words for days are reckoned: today, and `since` where days are counted from another day."""
        from domain.calendar.date_words import Reckoning

        today = self.clock().astimezone(self.zone).date()
        return Reckoning(today, since or today, self.calendar, back)

    def subject(self, named: str) -> str:
        """Return the id of the subject that `named` names: an id, a key, an exact name, a login, a group's code.

        Raises Problem where nothing or more than one thing has that name.
        """
        if len(named) > 4 and named[3] == "_" and self._has_events(named):
            return named
        keyed = self.reader.keyed([named]).get(named)
        if keyed is not None:
            return keyed.stream
        for kind in ("login", "group", "contract-number", "name"):
            holders = self.reader.holders(kind, [named]).get(named, [])
            if len(holders) > 1:
                from infra.commands.repository import Repository

                holders = Repository(self.reader, market(self.settings)).bearers(kind, named)
            if len(holders) == 1:
                return holders[0]
            if holders:
                facts = {"count": len(holders), "candidates": ", ".join(holders[:5])}
                raise Problem("subject.ambiguous", subject=named, **facts)
        for prefix in ("pol_", "cal_", "prd_"):
            if self._has_events(prefix + named):
                return prefix + named
        raise Problem("subject.unknown", noun="history", subject=named)

    def _has_events(self, stream: str) -> bool:
        return self.db.one("SELECT 1 FROM log WHERE stream = ? AND version = 1", (stream,)) is not None

    def figures(self, period: Period) -> Figures:
        """Return the digests of a period's figures, as of its end, and the last event that they know."""
        from infra.queries.closed_periods import figures_of

        self.must_see_all(period.name)
        self.must_be_fresh()
        return figures_of(self, period)

    def beside(self) -> Beside:
        """Return what the log gives, folded beside the store as far as was asked so far, and kept until it is closed."""
        if self._beside is None:
            from infra.store.shadow_rebuild import Beside

            self._beside = Beside(self.reader, self.told_folding)
        return self._beside

    def close(self) -> None:
        if self._beside is not None:
            self._beside.close()
        if self._log is not None:
            self._log.close()
        self.reader.close()
