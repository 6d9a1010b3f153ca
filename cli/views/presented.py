"""The rows of a view shown by another command, under the view's own columns and in its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.views.common import structured, worth_their_width
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

Rows = Sequence[Mapping[str, Any]]


def presented(name: str, rows: Rows, session: Session) -> tuple[tuple[Column, ...], Rows]:
    """Return the columns of a view and its rows as that view shows them; as JSON they stay as they are."""
    columns, shown = _presented(name, rows, session)
    if structured(session):
        return columns, rows
    return worth_their_width(columns, shown, session), shown


def _presented(name: str, rows: Rows, session: Session) -> tuple[tuple[Column, ...], Rows]:
    table = session.output == "table"
    if name == "tracking":
        from cli.views.declared import read_out
        from projections.views.tracking import Tracking

        return Tracking().columns("table"), read_out(Tracking(), rows, "table")
    if name == "pipeline":
        from projections.views.pipeline import Pipeline

        return Pipeline().columns(session.output), rows
    if name == "targets":
        from cli.views.declared import read_out
        from projections.views.plans.existing import NO_ACTION
        from projections.views.targets.view import Targets

        columns = tuple(column for column in Targets().columns("table") if column.key not in NO_ACTION)
        return columns, read_out(Targets(), rows, session.output)
    if name == "funnel":
        return _by_channel(rows, session.output)
    if name == "objections":
        from projections.views.objections import Objections

        return Objections().columns("table"), rows
    if name == "scorecard":
        from cli.views.declared import read_out
        from projections.views.scorecard.view import Scorecard

        return Scorecard().columns("table"), read_out(Scorecard(), rows, session.output)
    if name == "contracts":
        from cli.views.declared import spoken
        from projections.views.contracts import Contracts

        columns = Contracts().columns("csv")
        return columns, [spoken(row, columns, "csv") for row in rows]
    if name == "receivables":
        from projections.views.receivables import Receivables

        return Receivables().columns("table"), rows
    if name == "audit":
        from cli.views.declared import read_out
        from projections.views.audit import Audit

        return Audit().columns("table"), read_out(Audit(), rows, session.output)
    from cli.views.declared import read_out
    from projections.views.progress.view import Progress

    shown = Progress(all=not table)
    return shown.columns(session.output), read_out(shown, rows, session.output)


def _by_channel(rows: Rows, output: str) -> tuple[tuple[Column, ...], Rows]:
    """Return the columns and rows of a funnel by channel, in files without what stands between the steps."""
    from cli.views.declared import spoken
    from projections.views.columns import PLACES
    from projections.views.funnel.columns import COUNTS, SUMS
    from projections.views.funnel.view import Funnel

    view = Funnel(by="channel")
    columns = view.columns("table") if output == "table" else (PLACES["channel"], *COUNTS, *SUMS)
    return columns, [spoken(row, columns, output) for row in rows]
