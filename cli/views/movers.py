"""The events that moved a period most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import not_among, option
from cli.views.common import asking, chosen_period, explained, present_period, told, worth_their_width
from cli.views.log import count_of
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.period import Period
    from projections.queries.organisation import Organisation

MEASURES: Final = ("signed", "collected")
MOVERS: Final = (
    Column("company", marked("Company")),
    Column("measure", marked("Measure")),
    Column("amount", marked("Amount"), "amount"),
    Column("share", marked("Share"), "ratio", missing=marked("n/a")),
    Column("name", marked("Event")),
    Column("day", marked("Day"), "date"),
    Column("owner", marked("Owner"), missing=marked("nobody")),
    Column("group", marked("Group")),
    Column("late_days", marked("Late"), "count"),
    Column("corrected_by", marked("Corrected by"), "count"),
    Column("currency", marked("Currency")),
    Column("position", marked("No."), "count"),
    Column("subject", marked("Subject")),
)


@command(
    present_period(),
    option("--count", "-n", metavar="N", help=marked("How many events of each measure; 10 unless given.")),
    option("--measure", choices=MEASURES, help=marked("Only what was signed, or only what was collected.")),
    option("--metric", metavar="METRIC", help=marked("Instead, what moved a sum that the team has defined.")),
    example="sales movers --period 2024Q1 -n 5",
)
def movers(session: Session, period: str | None, count: str | None, measure: str | None, metric: str | None) -> None:
    """Show the events that moved what was signed and collected in a period most, up or down, with their share of the sum."""
    from projections.views import movers as question

    many = count_of(count, 10)
    store = session.store()
    needs = ("progress", "tracking", "pipeline", "audit", "records", "organisation")
    with asking(session, *needs) as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        must_be_sum(metric, organisation, chosen)
        rows = question.movers(
            ask,
            chosen,
            moments,
            organisation,
            currency=store.currency,
            count=many,
            measures=(measure,) if measure else MEASURES,
            metric=metric,
            explain=session.explain,
        )
    if session.output == "table":
        rows = [{**row, "late_days": row["late_days"] or None} for row in rows]
    columns = worth_their_width(explained(MOVERS, session), rows, session)
    session.show(Result("movers", columns, rows, {**told(moments), "period": chosen.name}, marked("Movers")))


def must_be_sum(metric: str | None, organisation: Organisation, period: Period) -> None:
    """Raise Problem unless a metric is one that the team has defined as a sum for days of the period."""
    from projections.views.progress.custom_metrics import sums

    known = sorted(sums(organisation, period))
    if metric is not None and metric not in known:
        raise not_among("--metric", metric, known or ["-"])
