"""The funnel of a period's leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, chosen_period, explained, present_period, structured, told, worth_their_width
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.formats.grid import Grid

_ = translate.translate

BYS: Final = ("channel", "campaign", "owner", "group")
NAMES: Final = {
    None: marked("Leads"),
    "channel": marked("Channel"),
    "campaign": marked("Campaign"),
    "owner": marked("Owner"),
    "group": marked("Group"),
}
STEPS: Final = (
    Column("captured", marked("Captured"), "count"),
    Column("valid", marked("Valid"), "count"),
    Column("graded", marked("Graded"), "count"),
    Column("contacted", marked("Contacted"), "count"),
    Column("opportunities", marked("Opportunities"), "count"),
    Column("signed", marked("Signed"), "count"),
)
RATIOS: Final = (
    Column("valid_of_captured", marked("Valid of captured"), "ratio"),
    Column("graded_of_valid", marked("Graded of valid"), "ratio"),
    Column("contacted_of_graded", marked("Contacted of graded"), "ratio"),
    Column("opportunities_of_contacted", marked("Opportunities of contacted"), "ratio"),
    Column("signed_of_opportunities", marked("Signed of opportunities"), "ratio"),
)
DAYS: Final = (
    Column("graded_after_valid", marked("Days to grade"), "count"),
    Column("contacted_after_graded", marked("Days to contact"), "count"),
    Column("opportunities_after_contacted", marked("Days to opportunity"), "count"),
    Column("signed_after_opportunities", marked("Days to signing"), "count"),
)
SUMS: Final = (
    Column("signed_of_captured", marked("Of captured"), "ratio", missing=marked("n/a")),
    Column("signed_amounts", marked("Signed amount"), "list", align="right"),
    Column("median_days", marked("Median days"), "count"),
)


@command(
    present_period(),
    option("--by", choices=BYS, help=marked("A line for each of these, and one for all.")),
    option(
        "--times",
        flag=True,
        help=marked("In a table, beside each step the median of the days since the step before, not the percentage."),
    ),
    example="sales funnel --period 2024Q1 --by channel",
)
def funnel(session: Session, period: str | None, by: str | None, times: bool | None) -> None:
    """Show how far the leads captured in a period have come: valid, graded, contacted, with opportunities, signed.

    A lead that was merged, or is invalid, or a duplicate, is captured and comes no further. The percentage beside a
    step says how many of those in the step before took it too; days are counted from capture to the first signing.
    """
    from projections.views.funnel import view as question

    store = session.store()
    with asking(session, "tracking", "progress", "audit", "pipeline", "organisation") as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = question.rows(
            ask, moments, organisation, chosen, currency=store.currency, by=by, explain=session.explain
        )
    if not structured(session):
        rows = [flat(row) for row in rows]
    if session.output == "table":
        rows = [telling(row, times=bool(times)) for row in rows]
        steps = tuple(column._replace(kind="text", align="right") for column in STEPS)
    else:
        steps = (Column("level", marked("Level")), *STEPS, *RATIOS, *DAYS)
    name = Column("name", NAMES[by], missing="" if session.output != "table" else marked("none"))
    columns = worth_their_width(explained((name, *steps, *SUMS), session), rows, session)
    meta = {**told(moments), "period": chosen.name}
    session.show(Result("funnel", columns, rows, meta, marked("Funnel"), drawn))


def drawn(rows: Sequence[Mapping[str, Any]]) -> Iterator[Grid]:
    """Yield what a workbook draws: the steps side by side."""
    from infra.formats.charts import steps

    return steps(rows, STEPS)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its conversions beside the counts, and its amounts as text."""
    ratios = {f"{c['step']}_of_{c['of']}": c["ratio"] for c in row["conversions"]}
    ratios |= {f"{c['step']}_after_{c['of']}": c["median_days"] for c in row["conversions"]}
    sums = [f"{each['amount']} {each['currency']}" for each in row["signed_amounts"]]
    return {**row, **ratios, "signed_amounts": sums}


def telling(row: Mapping[str, Any], *, times: bool = False) -> dict[str, Any]:
    """Return a row for the eye: each step's count with its percentage of the step before, or the days since it."""
    from infra.formats.text_table import counted, money

    steps = [c for c in row["conversions"] if c["of"] != "captured" or c["step"] == "valid"]
    counts = {c["step"]: counted(row[c["step"]]) + beside(c, times=times) for c in steps}
    sums = [f"{money(total)} {currency}" for total, currency in (each.split() for each in row["signed_amounts"])]
    name = _("all") if row["level"] == "all" else row["name"]
    return {**row, **counts, "captured": counted(row["captured"]), "name": name, "signed_amounts": sums}


def beside(conversion: Mapping[str, Any], *, times: bool) -> str:
    """Return what stands beside a step's count: the share of the step before that took it, or how many days later."""
    if times:
        days = conversion["median_days"] if conversion["of"] != "captured" else None
        return "" if days is None else f" ({filled(marked('{days} d'), {'days': days})})"
    share = conversion["ratio"]
    return "" if share is None else f" ({Decimal(share):.0%})"
