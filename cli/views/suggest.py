"""What a move between groups suggests for targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import text
from cli.frame import command
from cli.text import marked
from cli.view import Column, View
from cli.views.common import explained, period_of, present_period, quarter_of, told

if TYPE_CHECKING:
    from cli.session import Session

_ = text.translate

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


@command(
    present_period(),
    example="sales target suggest --period 2024Q1",
)
def suggest(session: Session, period: str | None) -> None:
    """Suggest what part of a target goes along when a person changes group; `sales target reallocate` decides it."""
    from projections.organisation.ask import Organisation
    from projections.progress.moves import suggestions

    store = session.store()
    with store.view("progress", "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        chosen = period_of(period, store) if period else quarter_of(moments, store)
        rows = suggestions(ask, chosen, moments, Organisation(ask, moments.position))
        if session.explain:
            from projections.progress.moves import behind

            rows = behind(ask, rows, moments)
    session.show(View("target-suggest", explained(SUGGESTED, session), rows, {**told(moments), "period": chosen.name}))
