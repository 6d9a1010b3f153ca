"""Time in stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, chosen_period, explained, present_period, told, worth_their_width
from cli.views.funnel import BYS, NAMES
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

STAGES: Final = (
    Column("stage", marked("Stage"), missing=marked("opened")),
    Column("entered", marked("Entered"), "count"),
    Column("here", marked("Still there"), "count"),
    Column("went_on", marked("Went on"), "count"),
    Column("went_back", marked("Went back"), "count"),
    Column("won", marked("Won"), "count"),
    Column("lost", marked("Lost"), "count"),
    Column("conversion", marked("Conversion"), "ratio", missing=marked("n/a")),
    Column("median_days", marked("Median days"), "count"),
)


@command(
    present_period(),
    option("--by", choices=BYS, help=marked("Lines for each of these, and for all.")),
    example="sales stages --period 2024Q1 --by channel",
)
def stages(session: Session, period: str | None, by: str | None) -> None:
    """Show through which stages the opportunities opened in a period went, how many went on, and how long they stayed.

    The conversion is of the stays in a stage that have ended: those that ended in a later stage or were won. The days are
    calendar days, the middle one of those stays. A lost opportunity that is reopened begins another stay.
    """
    from projections.views import stages as question

    with asking(session, "tracking", "audit", "pipeline", "organisation") as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = question.rows(ask, moments, organisation, chosen, by=by, explain=session.explain)
    if session.output == "table":
        rows = [{**row, "name": _("all") if row["level"] == "all" else row["name"]} for row in rows if row["entered"]]
        first: tuple[Column, ...] = (Column("name", NAMES[by], missing=marked("none")),) if by else ()
    else:
        first = (Column("level", marked("Level")), Column("name", NAMES[by], missing=""))
    columns = worth_their_width(explained((*first, *STAGES), session), rows, session)
    session.show(Result("stages", columns, rows, {**told(moments), "period": chosen.name}, marked("Time in stage")))
