"""The breakdown of targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.views.common import asking, chosen_period, explained, present_period, told, worth_their_width
from cli.views.plans import PROJECTIONS, worded
from cli.views.progress import METRIC, must_be_metric
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

TARGETS: Final = (
    Column("owner", marked("Owner")),
    Column("metric", marked("Metric"), missing=""),
    Column("value", marked("Target"), "amount", missing=marked("not set")),
    Column("share_of_parent", marked("Share"), "ratio", missing=""),
    Column("actual", marked("Actual"), "amount", missing=marked("n/a")),
    Column("attainment", marked("Attainment"), "ratio", missing=""),
    Column("unallocated", marked("Unallocated"), "amount", missing=""),
    Column("allocated", marked("Allocated"), "amount", missing=""),
    Column("state", marked("State"), missing=""),
    Column("basis", marked("Basis"), missing=""),
    Column("original", marked("Original"), "amount"),
    Column("revisions", marked("Revisions"), "count"),
    Column("currency", marked("Currency"), missing=""),
    Column("id", marked("Id"), missing=""),
)
STEPS: Final = (
    Column("met", marked("Steps met"), "count", missing=""),
    Column("missed", marked("Steps missed"), "count", missing=""),
)
TARGETS_MORE: Final = (
    *STEPS,
    Column("key_action", marked("Key action"), missing=""),
    Column("channel", marked("Channel"), missing=""),
    Column("count", marked("Count"), "count", missing=""),
    Column("per", marked("Per"), missing=""),
    Column("level", marked("Level")),
    Column("depth", marked("Depth"), "count"),
    Column("parent", marked("Parent"), missing=""),
    Column("over_allocated", marked("Over-allocated"), missing=""),
)


@command(
    present_period(),
    METRIC,
    example="sales targets --period 2024Q1",
)
def targets(session: Session, period: str | None, metric: str | None) -> None:
    """Show how targets are broken down: company, groups, persons and key actions, each with its share of what is above it."""
    from projections.views.plans.existing import any_plan, without_action
    from projections.views.targets import view as question

    store = session.store()
    with asking(session, *PROJECTIONS) as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        must_be_metric(metric, organisation)
        rows = question.rows(
            ask, moments, organisation, chosen, currency=store.currency, metric=metric, explain=session.explain
        )
        if any_plan(ask):
            from projections.views.plans.tree import with_key_actions

            month = store.fiscal_month
            rows = with_key_actions(
                ask, rows, moments, organisation, chosen, fiscal_month=month, explain=session.explain
            )
        else:
            rows = [without_action(row) for row in rows]
    over = [row for row in rows if row["over_allocated"]]
    if session.output == "table":
        rows = [indented(row) for row in rows]
    every = (*TARGETS, *STEPS) if session.output == "table" else (*TARGETS, *TARGETS_MORE)
    columns = worth_their_width(explained(every, session), rows, session)
    session.show(Result("targets", columns, rows, {**told(moments), "period": chosen.name}, marked("Target breakdown")))
    for row in over if session.output == "table" else ():
        line = _("warning: the parts of {owner}'s target ({metric}) are {over} more than the target itself.")
        session.say(line.format(owner=row["owner"], metric=row["metric"], over=row["unallocated"].removeprefix("-")))


def indented(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the tree shows it, without what says nothing: the parts of a person, what was never revised."""
    if row["level"] == "key-action":
        return {
            **row,
            "owner": "  " * row["depth"] + worded(row, "key_action"),
            "metric": None,
            "basis": None,
            "revisions": row["revisions"] or None,
        }
    leaf = row["level"] == "person" and row["allocated"] == "0"
    return {
        **row,
        "owner": "  " * row["depth"] + row["owner"],
        "allocated": None if leaf else row["allocated"],
        "unallocated": None if leaf else row["unallocated"],
        "original": None if row["original"] == row["value"] else row["original"],
        "revisions": row["revisions"] or None,
    }
