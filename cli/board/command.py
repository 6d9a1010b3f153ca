"""The command `sales board`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.replay.command import player_possible
from cli.views.common import period_option
from infra.errors.problem import Problem
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from cli.core.session import Session

EVERY: Final = 1.0
"""How many seconds lie between two looks at the log."""


@command(
    period_option(),
    option("--group", metavar="CODE", help=marked("Only this group and those below it.")),
    option("--owner", metavar="LOGIN", help=marked("Only this person.")),
    option("--every", metavar="SECONDS", help=marked("How long to wait between looks; 1 unless given.")),
    example="sales board --period 2024Q1 --group g1",
)
def board(session: Session, period: str | None, group: str | None, owner: str | None, every: str | None) -> None:
    """Show progress, pipeline, what is overdue and what came in late on a full screen that follows the log."""
    if owner and group:
        raise Problem("usage.options", why=marked("Give either --owner or --group."), command="board")
    try:
        pause = float(every or EVERY)
    except ValueError:
        pause = -1.0
    if not 0 < pause <= 3600:
        why = marked("a number of seconds is expected")
        raise Problem("usage.bad_value", field="every", value=str(every)[:80], why=why, help="")
    if not player_possible(session):
        why = marked("The board needs a terminal; in scripts: sales progress, sales pipeline, sales agenda.")
        raise Problem("usage.options", why=why, command="board")
    try:
        from cli.board.app import opened
    except ImportError:
        raise Problem("extra.missing", command="board", package="textual", extra="board") from None
    from cli.board.live_query import Live

    opened(Live(session, period, owner, group), pause)
