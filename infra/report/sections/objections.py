"""Objections: what customers held against buying, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from infra.formats.grid import Behind, Grid, Row, behind
from infra.i18n import translate
from infra.i18n.codes import word
from infra.i18n.translate import filled, marked
from infra.report.model import Section
from infra.report.question import Question
from projections.views.column import Column

_ = translate.translate

KINDS: Final = (
    Column("kind", marked("Kind")),
    Column("count", marked("Objections"), "count"),
    Column("open", marked("Open"), "count"),
    Column("answered", marked("Answered"), "count"),
    Column("resolved", marked("Resolved"), "count"),
    Column("resolved_share", marked("Resolved share"), "ratio", missing=marked("n/a")),
    Column("median_days", marked("Median days"), "count", missing=""),
)
OBJECTIONS: Final = (
    Column("company", marked("Company")),
    Column("kind", marked("Kind")),
    Column("words", marked("What was said"), missing=""),
    Column("logged", marked("Logged"), "date"),
    Column("state", marked("State")),
    Column("resolved", marked("Resolved"), "date", missing=""),
    Column("outcome", marked("Outcome"), missing=""),
    Column("days_open", marked("Days open"), "count"),
    Column("owner", marked("Owner"), missing=""),
)
MOST: Final = 60


def section(q: Question) -> Section:
    """Return the section: a line for each kind, and each objection, those that are open first."""
    from projections.views.objections import by_kind, rows

    found = rows(q.ask, q.moments, q.organisation, q.period, currency=q.currency, explain=True)
    found.sort(key=lambda row: (row["state"] == "resolved", -row["days_open"]))
    command = q.command("objections")
    kinds = Grid("objections-kinds", _("By kind"), KINDS, _kinds(by_kind(found), found), ("kind",), command)
    lines = [_row(row) for row in found]
    each = Grid("objections-each", _("Each objection"), OBJECTIONS, lines, ("company", "kind"), command, MOST)
    still = sum(row["state"] != "resolved" for row in found)
    facts = {"count": len(found), "open": still, "resolved": len(found) - still}
    told = filled(marked("Logged in the period: {count}; resolved: {resolved}; not yet: {open}."), facts)
    if not found:
        return Section("objections", _("Objections and how they ended"), [_("No objection was logged.")], [])
    return Section("objections", _("Objections and how they ended"), [told], [kinds, each])


def _kinds(lines: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> list[Row]:
    made = []
    for line in lines:
        mine = [row for row in found if row["kind"] == line["kind"]]
        behind: dict[str, Behind] = {"count": _events(mine)}
        for state in ("open", "answered", "resolved"):
            behind[state] = _events([row for row in mine if row["state"] == state])
        behind |= {"resolved_share": behind["resolved"], "median_days": behind["resolved"]}
        made.append(Row({**line, "kind": word(line["kind"])}, behind))
    return made


def _events(rows: Sequence[Mapping[str, Any]]) -> Behind:
    return behind([event for row in rows for event in row["events"]])


def _row(row: Mapping[str, Any]) -> Row:
    values = {
        **row,
        "kind": word(row["kind"]),
        "state": word(row["state"]),
        "company": row["company"] or row["customer"],
    }
    events = behind(row["events"])
    return Row(values, {"days_open": events, "logged": events})
