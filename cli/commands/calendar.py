"""Work calendars: whole years loaded from a file, and the working days of a year as they are known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import argument, option
from cli.views.common import told
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.work_calendar import WorkCalendar

LOADED: Final = (
    Column("year", marked("Year")),
    Column("working_days", marked("Working days"), "count"),
    Column("holidays", marked("Days off"), "count"),
    Column("make_up_days", marked("Make-up days"), "count"),
    Column("status", marked("State")),
)
MONTHS: Final = (
    Column("month", marked("Month")),
    Column("working_days", marked("Working days"), "count"),
    Column("holidays", marked("Days off"), "list"),
    Column("make_up_days", marked("Make-up days"), "list"),
    Column("provisional", marked("Provisional")),
)


@command(
    argument("file", help=marked("An iCalendar (.ics), or a table of days (.csv): 2026-02-15..2026-02-23,off")),
    option("--source", help=marked("Where the calendar was published; the file's name unless given.")),
    example="sales calendar load holidays-2027.csv --source 国办发明电〔2026〕7号",
    name="load",
)
def load(session: Session, file: str, source: str | None) -> None:
    """Publish the years that a file names; a year that is known so already is left alone, --dry-run only shows it."""
    from domain.calendar.publishing import PublishCalendar
    from infra.commands.request import Request
    from infra.imports.calendar_file import read

    years = list(read(Path(file)))
    store = session.begun()
    ledger = store.ledger(session.actor, recorder=session.login if session.login != session.actor else None)
    rows = []
    for year, off, on in years:
        named = {
            "year": year,
            "holidays": tuple(day.isoformat() for day in off),
            "make_up_days": tuple(day.isoformat() for day in on),
            "source": source or Path(file).name,
        }
        calendar = ledger.world.calendar()
        status = "known"
        if calendar.published(year) != (frozenset(off), frozenset(on)):
            (answer,) = ledger.record([Request(PublishCalendar, named)], dry_run=bool(session.dry_run))
            if isinstance(answer, Problem):
                raise answer
            status = "dry-run" if session.dry_run else "published"
        counted = calendar.with_year(year, off, on)
        rows.append({"year": str(year), "working_days": in_year(counted, year), "holidays": len(off),
                     "make_up_days": len(on), "status": status})  # fmt: skip
    session.show(Result("calendar-load", LOADED, rows))


def in_year(calendar: WorkCalendar, year: int) -> int:
    """Return how many days of a year are worked."""
    return calendar.working_days(date(year, 1, 1), date(year, 12, 31))


@command(
    argument("year", required=False, help=marked("The year; the present one unless given.")),
    example="sales calendar show 2024",
    name="show",
)
def show(session: Session, year: str | None) -> None:
    """Show the working days of a year by month, as they were known: days off, make-up days, and what is provisional."""
    from domain.calendar.period import Period
    from projections.queries.organisation import Organisation

    if year is not None and not (len(year) == 4 and year.isdecimal() and year.isascii() and int(year)):
        why = marked("a year is four digits, as 2024")
        raise Problem("usage.bad_value", field="YEAR", value=year[:80], why=why, help="")
    store = session.store()
    with store.view("organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        calendar = Organisation(ask, moments.position).calendar()
    named = year or f"{moments.day.year:04}"
    off, on = calendar.published(int(named)) or (frozenset(), frozenset())
    rows: list[dict[str, Any]] = []
    for number in range(1, 13):
        month = Period.parse(f"{named}-{number:02}")
        rows.append(
            {
                "month": month.name,
                "working_days": calendar.working_days(month.first, month.last),
                "holidays": [day.isoformat() for day in sorted(off) if month.contains(day)],
                "make_up_days": [day.isoformat() for day in sorted(on) if month.contains(day)],
                "provisional": calendar.provisional(month.first),
            }
        )
    columns = MONTHS if session.output in ("json", "jsonl") or not (off or on) else MONTHS[:-1]
    session.show(Result("calendar", columns, rows, told(moments)))
    if session.output == "table":
        total = {"year": named, "count": in_year(calendar, int(named))}
        line = marked("{year}: {count} working days.")
        if rows[0]["provisional"]:
            line = marked(
                "{year}: {count} working days, provisional: the year is not published (sales calendar publish)."
            )
        session.say(filled(line, total))
