"""The parts of a customer's screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infra.formats.subject_sheet.parts import COMMAND, MARKS, Rows, Sheet, says, who
from infra.formats.text_table import moment
from infra.formats.text_table import money as in_unit
from infra.i18n import translate
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

_ = translate.translate

LACKS: Final[dict[str, str]] = {
    "validation": marked("confirm that it is a lead"),
    "duplicate": marked("settle whether it is {other}"),
    "criterion": marked("{criterion}: {needed}"),
    "grade": marked("grade it"),
    "touch": marked("reach somebody: a logged contact"),
    "opportunity": marked("an open opportunity"),
    "moved": marked("{opportunity} at {stage}"),
    "contract": marked("a contract"),
    "contract_submit": marked("{number} submitted"),
    "contract_approve": marked("{number} approved"),
    "contract_sign": marked("{number} signed"),
    "outstanding": marked("{number}: {amount} {currency} outstanding"),
}
"""What is missing for the next stage, in words; a code without any is shown as it is."""


def head(sheet: Sheet) -> Iterator[str]:
    yield f"{clean(sheet['company'])}  {sheet['id']}"
    facts = {"stage": sheet["stage"], "grade": sheet["grade"] or "—", "owner": who(sheet["owner"])}
    yield filled(marked("stage {stage} · grade {grade} · owner {owner}"), facts)


def file(sheet: Sheet) -> Rows:
    file = sheet["file"]
    source = " / ".join(part for part in (file["channel"], file["source"]) if part)
    told = [
        (marked("industry {value}"), file["industry"]),
        (marked("size {value}"), file["size"]),
        (marked("contact {value}"), file["contact"] and _(file["contact"])),
        (marked("source {value}"), source),
        (marked("team {value}"), ", ".join(file["team"])),
    ]
    first = " · ".join(filled(line, {"value": value}) for line, value in told if value)
    counted = filled(marked("{filled} of {fields} known"), sheet["completeness"])
    yield (f"{counted} · {first}",)
    for line, value in (
        (marked("need: {value}"), file["need"]),
        (marked("pain points: {value}"), "; ".join(file["pain_points"])),
        (marked("flagged as a duplicate of {value}"), ", ".join(file["duplicates"])),
        (marked("merged in: {value}"), ", ".join(file["merged"])),
        (marked("merged into {value}"), file["merged_into"]),
    ):
        if value:
            yield (filled(line, {"value": value}),)


def truth(value: Any) -> str:
    """Return what is known of a criterion: its code, or yes and no."""
    return str(value) if not isinstance(value, bool) else _("yes") if value else _("no")


def grade(sheet: Sheet) -> Rows:
    for row in sheet["criteria"]:
        known, needed = (truth(row[name]) for name in ("known", "needed"))
        told = filled(marked("(needs {needed})"), {"needed": needed})
        yield (row["grade"], f"{'✓' if row['met'] else '✗'} {row['criterion']}", known, "" if row["met"] else told)


def actions(sheet: Sheet) -> Rows:
    for row in sheet["next_actions"]:
        said = {"today": _("today"), "open": ""}.get(row["state"])
        if said is None:
            line = marked("1 working day overdue") if row["days"] == 1 else marked("{count} working days overdue")
            said = filled(line, {"count": row["days"]})
        yield (f"{MARKS[row['state']]} {row['item']}", row["due"], row["what"], said)


def objections(sheet: Sheet) -> Rows:
    for row in sheet["objections"]:
        yield (row["item"], row["since"], row["kind"], row["state"], row["words"] or "")


def contacts(sheet: Sheet) -> Rows:
    for row in sheet["contacts"]:
        said = " ".join(part for part in (row["contact"], row["feedback"]) if part)
        yield (moment(row["at"]), row["channel"], row["by"], said if row["reached"] else _("nobody reached"))


def records(sheet: Sheet) -> Rows:
    for row in sheet["records"]:
        yield (row["kind"], row["item"], row["opened"], row["state"], says(row["says"]))


def missing(sheet: Sheet) -> Rows:
    for number, row in enumerate(sheet["missing"]):
        facts = {name: in_unit(value) if name == "amount" else value for name, value in row["facts"].items()}
        yield ("" if number else f"{sheet['next_stage']}:", filled(LACKS.get(row["what"], row["what"]), facts))
        yield (f"{COMMAND}{row['command']}",)
