"""Action plans: their key actions, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, chosen_period, explained, present_period, told, worth_their_width
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column
from projections.views.plans.existing import PROJECTIONS

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

PLANS: Final = (
    Column("owner", marked("Owner")),
    Column("kind", marked("Key action")),
    Column("channel", marked("Channel"), missing=""),
    Column("count", marked("Count"), "count"),
    Column("per", marked("Per")),
    Column("step", marked("Step")),
    Column("working_days", marked("Days"), "count"),
    Column("demanded", marked("Demanded"), "count"),
    Column("done", marked("Done"), "count"),
    Column("result", marked("Result"), missing=marked("n/a")),
    Column("state", marked("State")),
)
SUMMED: Final = (
    *PLANS[:-2],
    Column("met", marked("Steps met"), "count"),
    Column("missed", marked("Steps missed"), "count"),
    *PLANS[-2:],
)
PLANS_MORE: Final = (
    *SUMMED[-4:-2],
    Column("level", marked("Level")),
    Column("first", marked("First day"), "date"),
    Column("last", marked("Last day"), "date"),
    Column("item", marked("Item")),
    Column("plan", marked("Id")),
    Column("target", marked("Target")),
)


@command(
    present_period(),
    option("--owner", metavar="OWNER", help=marked("Only this owner: company, a group's code or a login.")),
    option("--group", metavar="CODE", help=marked("Only the plans of this group and of its people.")),
    option("--total", flag=True, help=marked("One line for each key action: the sums of its steps.")),
    example="sales plans --period 2024Q1 --owner zhang.san",
)
def plans(session: Session, period: str | None, owner: str | None, group: str | None, total: bool | None) -> None:
    """Show the key actions of the action plans: what each week or month demands, what was done, met and missed."""
    from projections.views.plans import view as question

    store = session.store()
    with asking(session, *PROJECTIONS) as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = question.rows(
            ask,
            moments,
            organisation,
            chosen,
            owner=owner,
            group=group,
            whole=bool(total),
            fiscal_month=store.fiscal_month,
            explain=session.explain,
        )
    every = (SUMMED if total else PLANS) if session.output == "table" else (*PLANS, *PLANS_MORE)
    columns = worth_their_width(explained(every, session), rows, session)
    session.show(Result("plans", columns, rows, {**told(moments), "period": chosen.name}))
