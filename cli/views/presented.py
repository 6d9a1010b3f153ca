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
        from cli.views.tracking import TRACKING

        return TRACKING, [{**row, "open_objections": [each["kind"] for each in row["open_objections"]]} for row in rows]
    if name == "pipeline":
        from projections.views.pipeline import Pipeline

        return Pipeline().columns(session.output), rows
    if name == "targets":
        from cli.views.targets import TARGETS, indented

        return TARGETS, [indented(row) for row in rows] if table else rows
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
        from cli.views.scorecard import SCORECARD, readable

        return SCORECARD, [readable(row) for row in rows]
    if name == "contracts":
        from cli.views import contracts

        return (*contracts.CONTRACTS, *contracts.CONTRACTS_MORE), [contracts.telling(row) for row in rows]
    if name == "receivables":
        from cli.views.contracts import RECEIVABLES

        return RECEIVABLES, rows
    if name == "audit":
        from cli.views.audit import AUDIT
        from projections.queries.audit_changes import telling

        return AUDIT, [telling(row) for row in rows] if table else rows
    from cli.views.progress import PROGRESS, with_readings, worth_showing

    kept = worth_showing([dict(row) for row in rows]) if table else rows
    return PROGRESS, [with_readings(row, exact=session.output in ("csv", "xlsx")) for row in kept]
