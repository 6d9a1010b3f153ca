"""The capacity check: touches planned against touches that the cadences demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    PEOPLE,
    PERSON,
    asking,
    by_policies,
    chosen_period,
    columns_of,
    present_period,
    structured,
    told,
)
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column
from projections.views.plans.existing import PROJECTIONS

if TYPE_CHECKING:
    from cli.core.session import Session

CAPACITY: Final = (
    Column("owner", marked("Owner")),
    Column("group", marked("Group"), missing=""),
    Column("week", marked("Week")),
    Column("working_days", marked("Days"), "count"),
    Column("key", marked("Graded key"), "count"),
    Column("high", marked("Graded high"), "count"),
    Column("initial", marked("Graded initial"), "count"),
    Column("needed", marked("Needed"), "count"),
    Column("planned", marked("Planned"), "count"),
    Column("spare", marked("Spare"), "count"),
    Column("result", marked("Result"), missing=""),
    Column("channels", marked("By channel"), missing=""),
)
CAPACITY_MORE: Final = (Column("first", marked("First day"), "date"), Column("last", marked("Last day"), "date"))


@command(
    present_period(),
    PERSON,
    PEOPLE,
    option("--short", flag=True, help=marked("Only the weeks in which more is demanded than is planned.")),
    example="sales capacity --period 2024Q1 --group g1",
)
def capacity(session: Session, period: str | None, owner: str | None, group: str | None, short: bool | None) -> None:
    """Show for each person and week the touches that the plan commits to against those that the owned customers demand."""
    from projections.views.plans import capacity as question

    store = session.store()
    with asking(session, *PROJECTIONS) as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows, policies = question.rows(
            ask,
            moments,
            organisation,
            chosen,
            owner=owner,
            group=group,
            fiscal_month=store.fiscal_month,
            explain=session.explain,
        )
    if short:
        rows = [row for row in rows if row["result"] == "short"]
    if not structured(session):
        rows = [{**row, "channels": [told_of(each) for each in row["channels"]] or None} for row in rows]
    columns = columns_of(session, rows, CAPACITY, CAPACITY_MORE)
    meta = {**told(moments), "period": chosen.name, "policies": policies}
    session.show(Result("capacity", columns, rows, meta))
    by_policies(session, policies)


def told_of(part: Mapping[str, str]) -> str:
    """Return what is planned by a channel of what is needed, as a reader takes it in: visit 3 / 4."""
    return f"{part['channel']} {part['planned']} / {part['needed']}"
