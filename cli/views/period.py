"""Closed periods: their figures as they were closed and as they are known now, and what is between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import argument, option
from cli.views.common import structured, told
from cli.views.diff import VIEWS, readable
from cli.views.presented import presented
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.queries.runner import parsed_period
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.period import Period
    from infra.queries.closed_periods import Closing
    from projections.engine.projection import Ask

_ = translate.translate

DIFF: Final = (
    Column("kind", marked("Kind")),
    Column("view", marked("View")),
    Column("row", marked("Row")),
    Column("field", marked("Field")),
    Column("closed", marked("Closed"), align="right", missing=""),
    Column("restated", marked("Restated"), align="right", missing=""),
    Column("difference", marked("Difference"), align="right", missing=""),
    Column("events", marked("Events"), "list"),
)


@command(
    argument("period", help=marked("The period: 2024Q1, 2024-02, 2024-W07 or 2024.")),
    option("--as-closed", flag=True, help=marked("The figures as they were closed, whatever was entered later.")),
    option(
        "--view",
        choices=VIEWS,
        help=marked("Only this view's figures; unless given progress is shown and all are compared."),
    ),
    example="sales period show 2024Q1 --as-closed",
    name="show",
)
def period_show(session: Session, period: str, as_closed: bool | None, view: str | None) -> None:
    """Show a period's figures as of its end, as they are known now or as they were closed."""
    from infra.queries import closed_periods as closings
    from projections.queries.organisation import Organisation
    from projections.views.digest import VIEWS as FIGURED
    from projections.views.digest import needed, rows_of

    store = session.store()
    chosen, name = parsed_period(period, store.fiscal_month), view or "progress"
    looked = [view] if view else list(FIGURED)
    with store.view(*needed(looked)) as tables:
        ask: Ask = tables
        moments = closings.at_the_end(store, chosen, session.known_at)
        closing = closings.closing_of(store, chosen, moments.position)
        differing: list[str] = []
        if closing is not None:
            ask = closings.as_credited(ask, closing, closings.as_closed(store, closing), store.currency, looked)
        if as_closed:
            if closing is None:
                raise Problem("period.not_closed", period=chosen.name)
            store.must_see_all(chosen.name)
            moments = closings.as_closed(store, closing)
            rows = closings.checked(ask, closing, moments, store.currency, looked)[name]
        elif closing is not None:
            differing, found = closings.differing(ask, closing, moments, store.currency, looked)
            rows = found[name]
        else:
            organisation = Organisation(ask, moments.position)
            rows = rows_of(name, ask, chosen, moments, organisation, currency=store.currency)
    meta = {**told(moments), "period": chosen.name, "shows": name, "as_closed": bool(as_closed)}
    meta["closed"] = told_of(closing) if closing else None
    if not as_closed:
        meta["differs"] = differing
    columns, shown = presented(name, rows, session)
    session.show(Result("period", columns, shown, meta, marked("Figures of the period")))
    if session.output == "table":
        say(session, chosen, closing, differing, bool(as_closed), name)


@command(
    argument("period", help=marked("The period: 2024Q1, 2024-02, 2024-W07 or 2024.")),
    option("--view", choices=VIEWS, many=True, help=marked("Only this view; may be repeated.")),
    example="sales period diff 2024Q1",
    name="diff",
)
def period_diff(session: Session, period: str, view: tuple[str, ...]) -> None:
    """Show what differs from a period's closed figures: what is known otherwise since, and what later acts undid."""
    from infra.queries import closed_periods as closings
    from projections.views.diff import query as question
    from projections.views.diff.afterwards import afterwards
    from projections.views.digest import VIEWS as FIGURED

    store = session.store()
    chosen, views = parsed_period(period, store.fiscal_month), tuple(dict.fromkeys(view)) or VIEWS
    with store.view(*question.projections_for(FIGURED)) as tables:
        ask: Ask = tables
        moments = closings.at_the_end(store, chosen, session.known_at)
        closing = closings.closing_of(store, chosen, moments.position)
        if closing is None:
            raise Problem("period.not_closed", period=chosen.name)
        store.must_see_all(chosen.name)
        then = closings.as_closed(store, closing)
        ask = closings.as_credited(ask, closing, then, store.currency)
        closed = closings.checked(ask, closing, then, store.currency)
        restated = question.looked(ask, ("progress", *views), chosen, moments, store.currency)
        found = question.differences(
            ask, (then, {name: closed[name] for name in views}), (moments, restated), chosen, store.currency
        )
        rows = [of_closing(row) for row in found]
        if "progress" in views:
            now = store.moments(session.as_of, session.known_at)
            rows += afterwards(ask, chosen, moments, now, closed["progress"], list(restated["progress"]))
    shown = rows if structured(session) else [readable({**row, "kind": _(row["kind"])}, SIDES) for row in rows]
    meta = {**told(moments), "period": chosen.name, "closed": told_of(closing)}
    session.show(Result("period-diff", DIFF, shown, meta, marked("Differences since the closing")))
    if session.output == "table" and not rows:
        session.say(_("Nothing differs from what was closed."))


SIDES: Final = ("closed", "restated")
KINDS: Final = (marked("restated"), marked("afterwards"))


def of_closing(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a difference between what was closed and what is known now, under those names."""
    named = {"from": "closed", "to": "restated"}
    made = {named.get(name, name): value for name, value in row.items() if name != "events"}
    return {**made, "kind": "restated", "events": row["events"]}


def told_of(closing: Closing) -> dict[str, Any]:
    """Return when a period was closed, by whom, and what its figures know."""
    return {
        "position": closing.position,
        "event": closing.event,
        "recorded": closing.recorded,
        "actor": closing.actor,
        "known": closing.known,
        "digests": dict(closing.digests),
    }


def say(
    session: Session, period: Period, closing: Closing | None, differing: Sequence[str], as_closed: bool, view: str
) -> None:
    """Say whether the period was closed, by whom, and whether its figures are still the same."""
    if closing is None:
        session.say(filled(marked("{period} is not closed."), {"period": period.name}))
        return
    facts = {"period": period.name, "when": closing.recorded[:16].replace("T", " "), "by": closing.actor}
    line = marked("{period} was closed on {when} by {by}, at position {position}.")
    session.say(filled(line, {**facts, "position": closing.known}))
    if view not in closing.digests:
        line = marked("The closing keeps no digest of {view}: {period} was closed before it did.")
        session.say(filled(line, {**facts, "view": view}))
    elif as_closed:
        session.say(_("These are the figures as they were closed; their digests agree."))
    elif differing:
        line = marked("Known otherwise since: {views}. What and why: sales period diff {period}")
        session.say(filled(line, {**facts, "views": ", ".join(differing)}))
    else:
        session.say(_("The figures are still those that were closed."))
