"""The rows of a view shown by another command, under the view's own columns and in its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.views.common import structured
from cli.views.declared import spoken, worth_their_width
from projections.views.column import Column
from projections.views.registry import view_class

if TYPE_CHECKING:
    from cli.core.session import Session

Rows = Sequence[Mapping[str, Any]]


def presented(name: str, rows: Rows, session: Session) -> tuple[tuple[Column, ...], Rows]:
    """Return the columns of a view and its rows as that view shows them; as JSON they stay as they are."""
    columns, shown = _presented(name, rows, session.output)
    if structured(session):
        return columns, rows
    return worth_their_width(columns, shown, session.output), shown


def _presented(name: str, rows: Rows, output: str) -> tuple[tuple[Column, ...], Rows]:
    """Return what is shown of the figures that a closing keeps: of contracts all columns, of targets none of key actions."""
    if name == "funnel":
        return _by_channel(rows, output)
    from projections.views.plans.existing import NO_ACTION

    cls = view_class(name)
    view = cls(all=output != "table") if name == "progress" else cls()
    form = "csv" if name in ("contracts", "receivables") else output
    columns = view.columns(output if name == "progress" else "csv" if name == "contracts" else "table")
    if name == "targets":
        columns = tuple(column for column in columns if column.key not in NO_ACTION)
    return columns, [spoken(row, columns, form) for row in view.readable(rows, output)]


def _by_channel(rows: Rows, output: str) -> tuple[tuple[Column, ...], Rows]:
    """Return the columns and rows of a funnel by channel, in files without what stands between the steps."""
    from projections.views.columns import PLACES
    from projections.views.funnel.columns import COUNTS, SUMS
    from projections.views.funnel.view import Funnel

    view = Funnel(by="channel")
    columns = view.columns("table") if output == "table" else (PLACES["channel"], *COUNTS, *SUMS)
    return columns, [spoken(row, columns, output) for row in rows]
