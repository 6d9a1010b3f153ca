"""The open opportunities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, explained, structured, told, worth_their_width
from infra.formats.result import Column, View
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.report.model import Grid

PIPELINE: Final = (
    Column("company", marked("Company")),
    Column("name", marked("About"), missing=""),
    Column("stage", marked("Stage")),
    Column("amount", marked("Amount"), "amount"),
    Column("currency", marked("Currency")),
    Column("close_date", marked("Closes"), "date"),
    Column("probability", marked("Probability"), "ratio"),
    Column("owner", marked("Owner"), missing=marked("nobody")),
    Column("group", marked("Group")),
    Column("opened", marked("Opened"), "time"),
    Column("changed", marked("Changed"), "time"),
    Column("id", marked("Id")),
)


@command(
    option("--owner", metavar="LOGIN", help=marked("Only opportunities of this owner.")),
    option("--group", metavar="CODE", help=marked("Only opportunities of this group and those below it.")),
    option("--stage", help=marked("Only opportunities in this stage.")),
    option("--customer", metavar="CUSTOMER", help=marked("Only opportunities of this customer.")),
    example="sales pipeline --group g1 --as-of 2024-02-18",
)
def pipeline(session: Session, owner: str | None, group: str | None, stage: str | None, customer: str | None) -> None:
    """Show the open opportunities, the first to close first: as of any day, as it was known on any day."""
    from projections.views import pipeline as question

    store = session.store()
    wanted = {"owner": owner, "group": group, "stage": stage}
    wanted["customer"] = store.subject(customer) if customer else None
    with asking(session, "pipeline", "organisation") as (ask, moments, organisation):
        rows = question.rows(ask, moments, organisation, currency=store.currency, wanted=wanted)
        if session.explain:
            from projections.views.pipeline_events import of_opportunities

            behind = of_opportunities(ask, moments, [row["id"] for row in rows])
            rows = [{**row, "events": behind.get(row["id"], [])} for row in rows]
    columns = PIPELINE if structured(session) else worth_their_width(PIPELINE, rows, session)
    sums = question.totals(rows)
    meta = {**told(moments), "totals": sums}
    session.show(View("pipeline", explained(columns, session), rows, meta, marked("Pipeline"), drawn))
    if session.output == "table":
        say_sums(session, sums)


def drawn(rows: Sequence[Mapping[str, Any]]) -> Iterator[Grid]:
    """Yield what a workbook draws: what closes in which month."""
    from infra.formats.charts import months

    return months(rows)


def say_sums(session: Session, sums: Sequence[dict[str, Any]]) -> None:
    """Say what the opportunities are worth, in each currency."""
    from infra.formats.text_table import money

    for line in sums:
        said = marked("{count} open, {amount} {currency}; weighted by probability {weighted} (of {likely}).")
        shown = {"amount": money(line["amount"]), "weighted": money(line["weighted"])}
        session.say(filled(said, {**line, **shown}))
