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
        from cli.views.tracking import TRACKING

        return TRACKING, [{**row, "open_objections": [each["kind"] for each in row["open_objections"]]} for row in rows]
    if name == "pipeline":
        from projections.views.pipeline import Pipeline

        return Pipeline().columns(session.output), rows
    if name == "targets":
        from cli.views.targets import TARGETS, indented

        return TARGETS, [indented(row) for row in rows] if table else rows
    if name == "funnel":
        return _by_channel(rows, session.output)
    if name == "objections":
        from projections.views.objections import Objections

        return Objections().columns("table"), rows
    if name == "scorecard":
        from cli.views.scorecard import SCORECARD, readable

        return SCORECARD, [readable(row) for row in rows]
    if name == "contracts":
        from cli.views.declared import spoken
        from projections.views.contracts import Contracts

        columns = Contracts().columns("csv")
        return columns, [spoken(row, columns, "csv") for row in rows]
    if name == "receivables":
        from projections.views.receivables import Receivables

        return Receivables().columns("table"), rows
    if name == "audit":
        from cli.views.audit import AUDIT, telling

        return AUDIT, [telling(row) for row in rows] if table else rows
    from cli.views.progress import PROGRESS, with_readings, worth_showing

    kept = worth_showing([dict(row) for row in rows]) if table else rows
    return PROGRESS, [with_readings(row, exact=session.output in ("csv", "xlsx")) for row in kept]


def _by_channel(rows: Rows, output: str) -> tuple[tuple[Column, ...], Rows]:
    """Return the columns and rows of a funnel by channel, in files without what stands between the steps."""
    from cli.views.declared import spoken
    from projections.views.columns import PLACES
    from projections.views.funnel.columns import COUNTS, SUMS
    from projections.views.funnel.view import Funnel

    view = Funnel(by="channel")
    columns = view.columns("table") if output == "table" else (PLACES["channel"], *COUNTS, *SUMS)
    return columns, [spoken(row, columns, output) for row in rows]
