"""What the board shows: each panel asks one view's question and gives its lines under the view's own columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from infra.read_models.connection import ReadConnection
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

Rows = Sequence[Mapping[str, Any]]

BAR: Final = 16
"""How many cells wide a bar of attainment is; twice the target fills no more than one."""


class Asked(NamedTuple):
    """A question: the store's tables, the moments, the period, and of whom: an owner, a group, or everybody."""

    store: Store
    ask: ReadConnection
    moments: AsOf
    organisation: Organisation
    period: Period
    owner: str | None
    group: str | None


class Panel(NamedTuple):
    """A panel: its title, the projections it asks, its columns, and its lines; with `explain` each names its events."""

    title: str
    tables: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Callable[[Asked, bool], Rows]


def progress(q: Asked, explain: bool) -> Rows:
    """Return the lines of the progress table, each with its bar beside the pace of the working days."""
    from cli.views.declared import read_out
    from projections.views.progress import view as question
    from projections.views.progress.events import explain as explained

    rows = question.rows(
        q.ask, q.period, q.moments, q.organisation, currency=q.store.currency, owner=q.owner or q.group
    )
    if explain:
        rows = explained(q.ask, rows, q.period, q.moments, q.organisation)
    return [{**row, "bar": bar(row)} for row in read_out(question.Progress(), rows, "table")]


def bar(row: Mapping[str, Any]) -> str | None:
    """Return attainment as a bar, with a mark where the working days are."""
    if row["attainment"] is None:
        return None
    filled = min(BAR, max(0, int(Decimal(row["attainment"]) * BAR)))
    cells = ["█"] * filled + ["░"] * (BAR - filled)
    if row["working_days"]:
        pace = min(BAR - 1, row["elapsed_days"] * BAR // row["working_days"])
        cells[pace] = "▓" if pace < filled else "▏"
    return "".join(cells)


def pipeline(q: Asked, explain: bool) -> Rows:
    """Return the open opportunities, the first to close first."""
    from projections.views import pipeline as question
    from projections.views.pipeline_events import of_opportunities

    wanted = {"owner": q.owner, "group": q.group}
    rows = question.rows(q.ask, q.moments, q.organisation, currency=q.store.currency, wanted=wanted)
    if not explain:
        return rows
    behind = of_opportunities(q.ask, q.moments, [row["id"] for row in rows])
    return [{**row, "events": behind.get(row["id"], [])} for row in rows]


def overdue(q: Asked, explain: bool) -> Rows:
    """Return what is overdue on the agenda, the longest overdue first."""
    from cli.views.declared import spoken
    from projections.views import agenda as question

    rows = question.rows(q.ask, q.moments, q.organisation, owner=q.owner, group=q.group, explain=explain)
    return [spoken(row, question.Agenda.COLUMNS, "table") for row in rows if row["when"] == "overdue"]


def late_entries(q: Asked, explain: bool) -> Rows:
    """Return what was entered late in the period, the newest entry first."""
    from projections.views import late_entries as question

    rows = question.rows(q.ask, q.moments, q.organisation, q.period, owner=q.owner, explain=explain)
    within = [row for row in rows if q.group in (None, q.organisation.group_of(row["actor"], q.moments.day))]
    return list(reversed(within))


def panels() -> Mapping[str, Panel]:
    """Return the panels in their order."""
    from projections.views.agenda import PROJECTIONS, Agenda
    from projections.views.late_entries import LateEntries
    from projections.views.pipeline import Pipeline
    from projections.views.progress.view import Progress

    by_key = {column.key: column for column in Progress.COLUMNS}
    shown = ("owner", "metric", "basis", "target", "actual", "attainment", "gap", "daily_need", "state")
    measured = (by_key["level"], *(by_key[key] for key in shown[:6]), Column("bar", marked("Against pace"), missing=""))
    return {
        "progress": Panel(
            marked("Progress"),
            ("progress", "records", "organisation"),
            (*measured, *(by_key[key] for key in shown[6:])),
            progress,
        ),
        "pipeline": Panel(
            marked("Pipeline"),
            ("pipeline", "organisation"),
            tuple(c for c in Pipeline.COLUMNS if c.title and c.key != "id"),
            pipeline,
        ),
        "overdue": Panel(
            marked("What is overdue"),
            PROJECTIONS,
            tuple(c for c in Agenda().columns("table") if c.key not in ("when", "provisional", "item")),
            overdue,
        ),
        "late": Panel(
            marked("Late entries"),
            LateEntries.NEEDS,
            tuple(column for column in LateEntries.COLUMNS if column.title and not column.wide),
            late_entries,
        ),
    }
