"""Looking after a store: make it, see how its tables stand, build them again, keep them in step, look for trouble."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from cli.commands.logins import LOGINS, brought, protected
from cli.core.command import command
from cli.core.options import argument, option
from cli.core.progress import Meter
from domain.calendar.work_calendar import NONE, SHIPPED
from domain.kernel.currency import NoCurrency, read_currency
from infra.db.database import must_last
from infra.db.errors import as_problems
from infra.errors.problem import Problem, not_among
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.event_store.constraints import Twice
    from infra.store.store import Store

_ = translate.translate

OF_CHINA: Final = ("Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi", "PRC")
"""The zones in which a new store begins with the calendar that ships for China."""


@command(
    option("--zone", metavar="ZONE", help=marked("Time zone of business days; Asia/Shanghai unless given.")),
    option("--currency", metavar="CURRENCY", help=marked("Currency of amounts; CNY unless given.")),
    option("--fiscal-month", metavar="N", help=marked("First month of the fiscal year; 1 unless given.")),
    option(
        "--calendar",
        metavar="NAME",
        help=marked(
            "Working days that ship: cn, or none for a market whose years you publish; by the zone unless given."
        ),
    ),
    option("--name", help=marked("Your name, for the first registration.")),
    option("--anew", flag=True, help=marked("Begin a new store where one was that is missing now.")),
    *LOGINS,
    example="sales init --store postgresql://sales@db/sales",
    shows="none",
)
def init(
    session: Session,
    zone: str | None,
    currency: str | None,
    fiscal_month: str | None,
    calendar: str | None,
    name: str | None,
    anew: bool | None,
    **logins: Any,
) -> None:
    """Make a store and register you as its director, or bring an existing one up to date, guards included; data stays."""
    from infra.store.creation import must_not_be_gone
    from infra.store.open import create_store

    settings = settings_given(zone, currency, fiscal_month, calendar)
    if not anew:
        must_not_be_gone(session.store_url, session.notes)
    store, created = create_store(
        session.store_url, first_actor=session.login, first_name=name, settings=settings, places=session.places
    )
    try:
        session.remember(store)
        mended(session, store)
        store.catch_up()
        changed = protected(session, store, logins)
        facts = {"store": store.shown_url, "login": session.login, **store.settings}
        if session.json:
            session.answer({"schema": 1, "ok": True, "created": created, "store": store.shown_url, "changed": changed})
            return
        line = marked("Made the store {store}: zone {zone}, currency {currency}; {login} is its director.")
        print(filled(line if created else marked("The store {store} is up to date."), facts))
        if changed and not created:
            print(filled(marked("Its protection was changed: {what}."), {"what": brought(changed)}))
    finally:
        store.close()


def mended(session: Session, store: Store) -> None:
    """Put back tables, indexes, triggers and the view of the store that were taken away or changed, and say so."""
    from infra.db.errors import as_problems
    from infra.read_models import tables
    from infra.store.schema_check import mended

    with as_problems(store.shown_url):
        for each in mended(store.db, tables.standings(store.db).values()):
            facts = {"kind": _(each.kind), "name": each.name, "table": each.table}
            session.say(filled(MENDED[each.what], facts))


MENDED: Final = {
    "missing": marked("Put back the {kind} {name} of the table {table}, which was missing."),
    "changed": marked("Made the {kind} {name} of the table {table} again, which was another."),
    "foreign": marked("Took away the {kind} {name} on the table {table}, which is not this program's."),
}


def settings_given(
    zone: str | None, currency: str | None, fiscal_month: str | None, calendar: str | None = None
) -> dict[str, str]:
    """Return the settings for a new store. Raises Problem for one that it can't have."""
    settings = {}
    if zone:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError):
            raise Problem("usage.bad_value", field="zone", value=zone[:80], why="no such time zone", help="") from None
        settings["zone"] = zone
        settings["calendar"] = "cn" if zone in OF_CHINA else NONE
    if currency:
        try:
            settings["currency"] = read_currency(currency)
        except NoCurrency as wrong:
            raise Problem("usage.bad_value", field="currency", value=currency[:80], **wrong.told, help="") from None
    if fiscal_month:
        if fiscal_month not in {str(month) for month in range(1, 13)}:
            why = "a month is a number from 1 to 12"
            raise Problem("usage.bad_value", field="fiscal-month", value=fiscal_month[:80], why=why, help="")
        settings["fiscal_month"] = fiscal_month
    if calendar:
        if calendar not in (*SHIPPED, NONE):
            raise not_among("calendar", calendar, (*SHIPPED, NONE))
        settings["calendar"] = calendar
    return settings


STATUS = (
    Column("projection", marked("Table")),
    Column("version", marked("Version"), "count"),
    Column("position", marked("Position"), "count"),
    Column("lag", marked("Behind"), "count"),
    Column("state", marked("State")),
    Column("stopped_at", marked("Stopped at"), "count", missing=""),
    Column("event", marked("Event"), missing=""),
    Column("why", marked("Why"), missing=""),
)


@command(example="sales status", shows="none")
def status(session: Session) -> int:
    """Show the position of the log and of each table, and what stopped one that stands still."""
    from infra.read_models.states import read_model_states

    store = session.store()
    head, recorded = store.reader.head()
    rows = [state._asdict() for state in read_model_states(store.db, head)]
    session.show(
        Result("status", STATUS, rows, {"position": head, "recorded": recorded or None, "store": store.shown_url})
    )
    if session.output == "table":
        session.say(filled(marked("{count} events in {store}."), {"count": head, "store": store.shown_url}))
    return 9 if any(row["state"] == "stopped" for row in rows) else 0


@command(
    argument(
        "names",
        required=False,
        many=True,
        help=marked("Which tables, as sales status names them; all unless given."),
    ),
    option("--constraints", flag=True, help=marked("Make claims, keys and mentions again, too.")),
    example="sales rebuild tracking",
    shows="none",
)
def rebuild(session: Session, names: tuple[str, ...], constraints: bool | None) -> int:
    """Fold tables from the log again, beside those in use, and swap them in; nothing is lost meanwhile."""
    from cli.core.errors import message_and_hint
    from infra.read_models import tables
    from projections.read_models.registry import VERSIONS

    for name in names:
        if name not in VERSIONS:
            raise Problem("projection.unknown", projection=name, known=", ".join(VERSIONS))
    store = session.store()
    twice: list[Twice] = []
    with as_problems(store.shown_url):
        must_last(store.db)
    if constraints:
        from infra.store.shadow_rebuild import make_again

        twice = make_again(store.log)
    meter = Meter(_("events"), quiet=session.quiet)
    started = time.monotonic()
    store.projector.rebuild(list(names) or list(VERSIONS), told=meter.at)
    meter.done()
    took = time.monotonic() - started
    standing = tables.standings(store.db)
    stopped = [at for at in standing.values() if at.stopped is not None]
    if stopped:
        at = stopped[0]
        raise Problem("projection.stopped", projection=at.name, position=at.stopped, event=at.event, why=at.why)
    if twice:
        from infra.store.thorough_check import claimed_twice

        first, *others = map(claimed_twice, twice)
        for other in others:
            session.say(message_and_hint(other)[0])
        raise first
    if session.json:
        session.answer({"schema": 1, "ok": True, "rebuilt": list(names) or list(VERSIONS)})
    else:
        facts = {"names": ", ".join(names or VERSIONS), "seconds": f"{took:.1f}"}
        print(filled(marked("Rebuilt {names} in {seconds} s."), facts))
    return 0


@command(
    option("--every", metavar="SECONDS", help=marked("How long to wait between looks; 0.5 unless given.")),
    option("--once", flag=True, help=marked("Catch up and end.")),
    example="sales work --store postgresql://sales@db/sales",
    shows="none",
)
def work(session: Session, every: str | None, once: bool | None) -> int:
    """Keep the tables in step with the log, so that readers find little to do, and sign it each minute; end with Ctrl-C."""
    try:
        pause = float(every or "0.5")
    except ValueError:
        pause = -1.0
    if not 0 < pause <= 3600:
        raise Problem(
            "usage.bad_value", field="every", value=str(every), why="a number of seconds is expected", help=""
        )
    store = session.store()
    session.remember(store)
    session.say(filled(marked("Keeping the tables of {store} in step; Ctrl-C ends it."), {"store": store.shown_url}))
    from cli.commands.proof.checkpointing import Sealing
    from infra.jobs.projection_daemon import ProjectionDaemon

    sealing = Sealing(session)
    ProjectionDaemon(session.store, pause=pause, beside=sealing.look, close=lambda store: session.reopen()).run(
        once=bool(once)
    )
    return 0
