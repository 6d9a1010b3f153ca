"""Late entries: what the log learned only after its day, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from infra.formats.grid import Grid, Row, behind
from infra.formats.text_table import counted
from infra.i18n import translate
from infra.i18n.codes import event_word
from infra.i18n.translate import filled, marked
from infra.report.model import Section
from infra.report.question import Question
from projections.views.column import Column

_ = translate.translate

BY_PERSON: Final = (
    Column("actor", marked("Whose act")),
    Column("count", marked("Late entries"), "count"),
    Column("breaks", marked("Beyond the norm"), "count"),
    Column("days", marked("Working days in all"), "count"),
    Column("most", marked("Latest by"), "count"),
)
LATE: Final = (
    Column("position", marked("No."), "count"),
    Column("occurred", marked("Occurred"), "time"),
    Column("recorded", marked("Recorded"), "time"),
    Column("late_days", marked("Working days late"), "count"),
    Column("name", marked("Event")),
    Column("company", marked("Company"), missing=""),
    Column("actor", marked("Whose act")),
    Column("recorder", marked("Entered by")),
)
MOST: Final = 40


def section(q: Question) -> Section:
    """Return the section: who entered late how often, and the entries, the latest first."""
    from projections.views.late_entries import rows

    title = _("Late entries")
    found = [row for row in rows(q.ask, q.moments, q.organisation, q.period, explain=True) if row["late_days"]]
    if not found:
        return Section("late", title, [_("Everything was entered in time.")], [])
    found.sort(key=lambda row: (-row["late_days"], row["position"]))
    command = q.command("late-entries")
    persons = Grid("late-persons", _("By person"), BY_PERSON, _persons(found), ("actor",), command, MOST)
    lines = [_row(row) for row in found]
    each = Grid("late-each", _("The latest entries"), LATE, lines, ("name", "company"), command, MOST)
    return Section("late", title, [_told(found)], [persons, each])


def _told(found: Sequence[Mapping[str, Any]]) -> str:
    facts = {"count": counted(len(found)), "breaks": counted(sum(row["breaks_norm"] for row in found))}
    facts |= {"norm": found[-1]["norm_days"], "most": found[0]["late_days"]}
    line = marked(
        "Entered on a later working day than they happened on: {count}; beyond the norm of {norm}: {breaks}; the latest "
        "by {most} working days."
    )
    return filled(line, facts)


def _persons(found: Sequence[Mapping[str, Any]]) -> list[Row]:
    mine: dict[str, list[Mapping[str, Any]]] = {}
    for row in found:
        mine.setdefault(row["actor"], []).append(row)
    made = []
    for actor, some in sorted(mine.items(), key=lambda each: (-len(each[1]), each[0])):
        beyond = [row for row in some if row["breaks_norm"]]
        days = [row["late_days"] for row in some]
        values = {"actor": actor, "count": len(some), "breaks": len(beyond), "days": sum(days), "most": max(days)}
        events = behind(some)
        latest = behind([row for row in some if row["late_days"] == max(days)])
        made.append(Row(values, {"count": events, "days": events, "breaks": behind(beyond), "most": latest}))
    return made


def _row(row: Mapping[str, Any]) -> Row:
    recorder = row["recorder"] if row["recorder"] != row["actor"] else None
    values = {**row, "name": event_word(row["name"]), "recorder": recorder}
    events = behind([row])
    return Row(values, {"position": events, "late_days": events})
