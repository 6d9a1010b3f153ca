"""The waterfall of the pipeline between two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import chosen_period, explained, structured, told
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.formats.grid import Grid
    from infra.store.store import Store
    from projections.engine.as_of import Moments

_ = translate.translate

NAMES: Final = {
    "open": marked("opening"),
    "new": marked("new"),
    "up": marked("up"),
    "down": marked("down"),
    "won": marked("won"),
    "lost": marked("lost"),
    "moved-in": marked("moved in"),
    "moved-out": marked("moved out"),
    "closing": marked("closing"),
}
WATERFALL: Final = (
    Column("bar", marked("Bar")),
    Column("amount", marked("Amount"), "amount", missing=""),
    Column("currency", marked("Currency"), missing=""),
    Column("count", marked("Events"), "count", missing=""),
)
DRAWN: Final = Column("drawn", "", missing="")
LENGTH: Final = 40


@command(
    option("since", "--from", metavar="MOMENT", help=marked("The waterfall begins with what was open then.")),
    option("until", "--to", metavar="MOMENT", help=marked("It ends with what was open then; --as-of unless given.")),
    option("--period", "-p", metavar="PERIOD", help=marked("From the day before its first day to its last day.")),
    option("--owner", metavar="LOGIN", help=marked("Only opportunities of this owner.")),
    option("--group", metavar="CODE", help=marked("Only opportunities of this group and those below it.")),
    example="sales waterfall --from 2024-02-01 --to 2024-03-01",
)
def waterfall(
    session: Session,
    since: str | None,
    until: str | None,
    period: str | None,
    owner: str | None,
    group: str | None,
) -> None:
    """Show how the pipeline changed between two days: open, new, up, down, won, lost, closing, each with its events."""
    from projections.queries.organisation import Organisation
    from projections.views import waterfall as question

    store = session.store()
    with store.view("pipeline", "organisation") as ask:
        start, end = between(session, store, since, until, period)
        organisation = Organisation(ask, end.position)
        rows = question.waterfall(ask, start, end, organisation, currency=store.currency, owner=owner, group=group)
    meta = {**told(end), "from": told(start)["as_of"], "to": told(end)["as_of"]}
    title = marked("Pipeline waterfall")
    if session.output == "table":
        session.show(Result("waterfall", (*WATERFALL, DRAWN), list(drawn(rows, session.explain)), meta, title))
    else:
        columns = WATERFALL if structured(session) else explained(WATERFALL, session)
        session.show(Result("waterfall", columns, rows, meta, title, charted))


def charted(rows: Sequence[Mapping[str, Any]]) -> Iterator[Grid]:
    """Yield what a workbook draws: the bars."""
    from infra.formats.charts import bars

    return bars(rows)


def between(
    session: Session, store: Store, since: str | None, until: str | None, period: str | None
) -> tuple[Moments, Moments]:
    """Return the first and the last moment: a period's, those given, or the present quarter's so far. Raises Problem."""
    from datetime import date

    if period and (since or until):
        raise unclear(marked("A period says from when to when; give --period or --from and --to."))
    if until and session.as_of:
        raise unclear(marked("--to is the as-of of a waterfall; give one of them."))
    end = store.moments(until or session.as_of, session.known_at)
    if since is None:
        named = chosen_period(session, period, end)
        if period and (end.day > named.last or not session.as_of):
            end = store.moments(named.last.isoformat(), session.known_at)
        since = date.fromordinal(max(named.first.toordinal() - 1, 1)).isoformat()
    start = store.moments(since, session.known_at)._replace(position=end.position)
    if start.micros > end.micros:
        why = marked("The waterfall would run backwards: from {since} to {until}.")
        raise unclear(why, since=start.day.isoformat(), until=end.day.isoformat())
    return start, end


def unclear(why: str, **facts: str) -> Problem:
    """Return the problem of moments that don't make a waterfall."""
    return Problem("usage.options", why=why, why_facts=facts, command="waterfall")


def drawn(rows: Sequence[dict[str, Any]], explain: bool) -> Iterator[dict[str, Any]]:
    """Yield the rows as a table shows them: the bar drawn where it lies and, if asked for, its events below it."""
    for currency in dict.fromkeys(row["currency"] for row in rows):
        mine = [row for row in rows if row["currency"] == currency]
        for row, bar in zip(mine, bars(mine), strict=True):
            yield {**row, "bar": _(NAMES[row["bar"]]), "drawn": bar}
            for event in row["events"] if explain else ():
                yield {
                    "bar": f"  {event['position']} {event['name']}",
                    "amount": event["amount"],
                    "drawn": event["opportunity"],
                }


def bars(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield a bar for each row of one currency, from where the one before it ended."""
    from decimal import Decimal

    at = Decimal(0)
    spans = []
    for row in rows:
        moved = Decimal(row["amount"])
        begin = Decimal(0) if row["bar"] in ("open", "closing") else at
        at = begin + moved
        spans.append((min(begin, at), max(begin, at)))
    widest = max(high for _, high in spans) or Decimal(1)
    for low, high in spans:
        first, last = int(low * LENGTH / widest), int(high * LENGTH / widest)
        yield " " * first + "█" * max(last - first, 1 if high > low else 0)
