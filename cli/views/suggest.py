"""What is suggested for targets: by a move between groups, and by past performance and capability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import argument, option
from cli.views.common import (
    asking,
    by_policies,
    chosen_period,
    explained,
    period_of,
    present_period,
    told,
    worth_their_width,
)
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

SUGGESTED: Final = (
    Column("owner", marked("Owner")),
    Column("metric", marked("Metric")),
    Column("day", marked("Moved on"), "date"),
    Column("from", marked("From")),
    Column("to", marked("To")),
    Column("target_value", marked("Target"), "amount"),
    Column("working_days_left", marked("Days left"), "count"),
    Column("working_days", marked("Days"), "count"),
    Column("value", marked("Suggested"), "amount"),
    Column("currency", marked("Currency"), missing=""),
    Column("target", marked("Id")),
)


SHARES: Final = (
    Column("owner", marked("Owner")),
    Column("past", marked("Reached before"), "amount"),
    Column("past_share", marked("Past share"), "ratio", missing=marked("n/a")),
    Column("weight", marked("Weight"), missing=""),
    Column("share", marked("Share"), "ratio", missing=marked("n/a")),
    Column("proposed", marked("Suggested"), "amount"),
    Column("allocated", marked("Allocated"), "amount"),
    Column("currency", marked("Currency"), missing=""),
)
SHARES_MORE: Final = (
    Column("level", marked("Level")),
    Column("metric", marked("Metric")),
    Column("past_period", marked("Past period")),
    Column("newcomer", marked("Newcomer"), missing=""),
    Column("target", marked("Id")),
)


@command(
    argument("target", required=False, help=marked("A target to be shared out: suggest shares for its members.")),
    present_period(),
    option("--past", metavar="PERIOD", help=marked("The period whose results count; the one before unless given.")),
    example="sales target suggest --period 2024Q1",
)
def suggest(session: Session, target: str | None, period: str | None, past: str | None) -> None:
    """Suggest what part of a target goes along when a person changes group, or of one target which share each member takes.

    `sales target reallocate` and `sales target allocate` decide it.
    """
    if target is not None:
        shares_of(session, target, past)
        return
    from projections.views.target_suggestions import suggestions

    with asking(session, "progress", "records", "organisation") as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        rows = suggestions(ask, chosen, moments, organisation)
        if session.explain:
            from projections.views.target_suggestions import behind

            rows = behind(ask, rows, moments)
    session.show(
        Result("target-suggest", explained(SUGGESTED, session), rows, {**told(moments), "period": chosen.name})
    )


def shares_of(session: Session, named: str, past: str | None) -> None:
    """Show which share of a target each member right below its owner is suggested. Raises Problem."""
    from projections.views.targets import share_suggestions as question

    store = session.store()
    with asking(session, "progress", "records", "organisation") as (ask, moments, organisation):
        whole = question.target_of(ask, store.subject(named), moments)
        if whole is None:
            raise Problem("subject.unknown", noun="target", subject=named)
        if whole.value is None or not whole.period or not whole.owner:
            raise Problem("target.no_value", target=whole.target)
        if whole.metric == "repurchase-rate":
            raise Problem("target.not_shared", metric=whole.metric)
        of = period_of(whole.period, store)
        before = period_of(past, store) if past else of.before(store.fiscal_month)
        rows, policy = question.suggestions(ask, whole, moments, organisation, of, before, explain=session.explain)
    every = SHARES if session.output == "table" else (*SHARES, *SHARES_MORE)
    meta = {**told(moments), "period": of.name, "policies": [policy]}
    columns = worth_their_width(explained(every, session), rows, session)
    session.show(Result("target-shares", columns, rows, meta))
    by_policies(session, [policy])
