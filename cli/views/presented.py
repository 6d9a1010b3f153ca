"""The rows of a view shown by another command, under the view's own columns and in its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.views.common import structured, worth_their_width
from infra.i18n.translate import marked
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
        from cli.views import funnel

        lines = [funnel.flat(row) for row in rows]
        steps = tuple(column._replace(kind="text", align="right") for column in funnel.STEPS) if table else funnel.STEPS
        columns = (Column("name", marked("Channel"), missing=marked("none")), *steps, *funnel.SUMS)
        return columns, [funnel.telling(line) for line in lines] if table else lines
    if name == "objections":
        from cli.views.objections import OBJECTIONS

        return OBJECTIONS, rows
    if name == "scorecard":
        from cli.views.declared import read_out
        from projections.views.scorecard.view import Scorecard

        return Scorecard().columns("table"), read_out(Scorecard(), rows, session.output)
    if name == "contracts":
        from cli.views import contracts

        return (*contracts.CONTRACTS, *contracts.CONTRACTS_MORE), [contracts.telling(row) for row in rows]
    if name == "receivables":
        from cli.views.contracts import RECEIVABLES

        return RECEIVABLES, rows
    if name == "audit":
        from cli.views.declared import read_out
        from projections.views.audit import Audit

        return Audit().columns("table"), read_out(Audit(), rows, session.output)
    from cli.views.declared import read_out
    from projections.views.progress.view import Progress

    shown = Progress(all=not table)
    return shown.columns(session.output), read_out(shown, rows, session.output)
