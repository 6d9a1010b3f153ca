"""The tree of targets: what each owner was given, what was reached of it, and who is how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from infra.formats.grid import Grid, Row
from infra.formats.svg.attainment import Reached, attainment_chart
from infra.formats.svg.elements import short
from infra.formats.text_table import percent
from infra.i18n import translate
from infra.i18n.codes import capital, listed, word
from infra.i18n.translate import filled, marked
from infra.report.model import Link, Picture, Section
from infra.report.question import Question
from infra.report.sections.figures import parted
from projections.views.column import Column

_ = translate.translate

TARGETS: Final = (
    Column("owner", marked("Owner")),
    Column("value", marked("Target"), "amount", missing=marked("not set")),
    Column("original", marked("Original"), "amount", missing=""),
    Column("share_of_parent", marked("Share"), "ratio", missing=""),
    Column("allocated", marked("Allocated"), "amount", missing=""),
    Column("unallocated", marked("Unallocated"), "amount", missing=""),
    Column("actual", marked("Actual"), "amount", missing=marked("n/a")),
    Column("attainment", marked("Attainment"), "ratio", missing=marked("n/a")),
    Column("state", marked("State"), missing=""),
)
DRAWN: Final = 24
"""So many owners the chart has room for; where there are more, it shows the company and its groups."""


def section(q: Question) -> Section:
    """Return the section: a table for each metric that has targets, and a chart of the first of them."""
    from projections.views.targets.view import rows as tree

    found = tree(q.ask, q.moments, q.organisation, q.period, currency=q.currency)
    told_before = {_place(row): row["events"] for row in q.progress}
    lines: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for row in found:
        row["events"] = told_before.get(_place(row), ())
        lines.setdefault((row["metric"], row["basis"]), []).append(row)
    names = {login: name for login, name, *_rest in q.organisation.persons()}
    names.update({code: name for code, (name, _above) in q.organisation.groups().items()})
    grids = [_grid(q, line, rows, names) for line, rows in lines.items()]
    if not grids:
        return Section("targets", _("Targets and what was reached"), [_("No target was set for this period.")], [])
    told = _told(next(iter(lines.values())))
    drawn = [_bars(grids[0])]
    return Section("targets", _("Targets and what was reached"), told, grids, [_drawing(q, grids[0], told)], drawn)


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[key] for key in ("level", "owner", "metric", "basis", "currency"))


def title_of(metric: str, basis: str | None, currency: str | None) -> str:
    """Return the words for a metric, its basis and its currency."""
    return listed(word(metric), word(basis), currency)


def _grid(
    q: Question, line: tuple[str, str | None], rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> Grid:
    currency = next((row["currency"] for row in rows if row["value"] is not None), None)
    title = title_of(*line, currency)
    command = q.command(f"targets --metric {line[0]}")
    key = "-".join(filter(None, ("targets", *line)))
    return Grid(key, title, TARGETS, [_row(row, names) for row in rows], ("owner",), command)


def _row(row: Mapping[str, Any], names: Mapping[str, str]) -> Row:
    facts, of_target = parted(row)
    revised = row["original"] is not None and row["original"] != row["value"]
    values = {**row, "original": row["original"] if revised else None, "state": word(row["state"])}
    values |= {"owner": owner_of(row, names), "over": revised, "share_of_parent": row["share_of_parent"]}
    if not row["allocated"] or Decimal(row["allocated"]) == 0:
        values |= {"allocated": None, "unallocated": None}
    behind = dict.fromkeys(("value", "original", "share_of_parent", "allocated", "unallocated"), of_target)
    behind |= {"actual": facts, "attainment": facts}
    return Row(values, behind, row["depth"], row["depth"] == 0)


def owner_of(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return an owner as a report names it: the company, a group's name with its code, a person's name with its login."""
    owner = row["owner"]
    if row["level"] == "company":
        return capital(str(word("company")))
    name = names.get(owner or "")
    return f"{name} ({owner})" if name and name != owner else str(owner or _("nobody"))


def _told(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return in words who has reached the target and who has none."""
    with_target = [row for row in rows if row["attainment"] is not None and row["depth"] > 0]
    met = sum(Decimal(row["attainment"]) >= 1 for row in with_target)
    none = sum(row["value"] is None for row in rows if row["depth"] > 0)
    facts = {"met": met, "count": len(with_target), "none": none}
    return [
        filled(
            marked("Groups and people with a target: {count}; that reached it: {met}; without a target: {none}."), facts
        )
    ]


def _with_targets(grid: Grid) -> list[Row]:
    """Return the rows that a chart has room for."""
    rows = [row for row in grid.rows if row.values["attainment"] is not None]
    return rows if len(rows) <= DRAWN else [row for row in rows if row.values["level"] != "person"][:DRAWN]


def _bars(grid: Grid) -> Grid:
    """Return the attainments, for a workbook to draw."""
    title = filled(marked("Attainment: {metric}"), {"metric": grid.title})
    columns = tuple(column for column in TARGETS if column.key in ("owner", "attainment"))
    return Grid("attainment", title, columns, _with_targets(grid), ("owner",), grid.command, chart="attainment")


def _drawing(q: Question, grid: Grid, told: Sequence[str]) -> Picture:
    rows = _with_targets(grid)
    elapsed = _elapsed(q)
    parts = [f"{row.values['owner']}: {percent(row.values['attainment'])}" for row in rows]
    title = filled(marked("Attainment: {metric}"), {"metric": grid.title})

    def draw(link: Link) -> str:
        bars = [
            Reached(
                row.values["owner"],
                Decimal(row.values["attainment"]),
                _beside(row.values),
                row.depth,
                link(grid, row, "attainment"),
            )
            for row in rows
        ]
        return attainment_chart("attainment", title, "; ".join([*told, *parts]), bars, elapsed)

    return Picture(title, draw)


def _beside(values: Mapping[str, Any]) -> str:
    facts = {"attainment": percent(values["attainment"]), "actual": short(Decimal(values["actual"]))}
    facts["target"] = short(Decimal(values["value"]))
    return filled(marked("{attainment} · {actual} of {target}"), facts)


def _elapsed(q: Question) -> Decimal | None:
    from projections.views.progress.view import pace

    days = pace(q.period, q.moments, q.organisation)
    return Decimal(days.elapsed) / days.working if days.working else None
