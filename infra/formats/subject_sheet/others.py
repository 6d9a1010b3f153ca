"""The parts of the screens of a contract, an opportunity, a target, a person and a group."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from infra.formats.subject_sheet.parts import MARKS, Rows, Sheet, money, who
from infra.formats.text_table import money as in_unit
from infra.formats.text_table import percent
from infra.i18n import translate
from infra.i18n.terminal_text import clean
from infra.i18n.translate import filled, marked

_ = translate.translate


def contract_head(sheet: Sheet) -> Iterator[str]:
    yield f"{clean(sheet['number'])}  {sheet['id']}"
    facts = {"state": sheet["state"], "customer": sheet["customer"]["company"] or sheet["customer"]["id"]}
    yield filled(marked("{state} · {customer} · owner {owner}"), {**facts, "owner": who(sheet["owner"])})


def contract_money(sheet: Sheet) -> Rows:
    yield (
        _("value"),
        money(sheet["value"], sheet["currency"]),
        _("(drafted with {amount})").format(amount=in_unit(sheet["drafted_amount"])),
    )
    if sheet["signed_on"]:
        yield (_("signed on"), sheet["signed_on"])
        yield (_("collected"), money(sheet["collected"], sheet["currency"]))
        yield (_("outstanding"), money(sheet["outstanding"], sheet["currency"]))
    if Decimal(sheet["overpaid"]):
        yield (_("overpaid"), money(sheet["overpaid"], sheet["currency"]))


def contract_about(sheet: Sheet) -> Rows:
    for name, value in (
        (_("kind"), sheet["of"]),
        (_("opportunity"), sheet["opportunity"]),
        (_("terms"), sheet["terms"]),
    ):
        if value:
            yield (name, value)


def opportunity_head(sheet: Sheet) -> Iterator[str]:
    yield f"{clean(sheet['name'] or sheet['id'])}  {sheet['id'] if sheet['name'] else ''}".rstrip()
    facts = {"state": sheet["stage"] if sheet["state"] == "open" and sheet["stage"] else sheet["state"]}
    facts["customer"] = sheet["customer"]["company"] or sheet["customer"]["id"]
    yield filled(marked("{state} · {customer} · owner {owner}"), {**facts, "owner": who(sheet["owner"])})


def opportunity_money(sheet: Sheet) -> Rows:
    yield (_("expected"), money(sheet["amount"], sheet["currency"]))
    if sheet["close_date"]:
        yield (_("closes"), sheet["close_date"])
    if sheet["probability"]:
        yield (_("likely"), percent(sheet["probability"]))


def target_head(sheet: Sheet) -> Iterator[str]:
    named = " · ".join(str(sheet[name]) for name in ("period", "metric", "basis", "holder") if sheet[name])
    yield f"{clean(named)}  {sheet['id']}"
    yield filled(
        marked("state {state} · part of {parent}"), {"state": sheet["state"], "parent": sheet["parent"] or "—"}
    )


def target_values(sheet: Sheet) -> Rows:
    for title, name in (
        (_("target"), "value"), (_("first set"), "original"), (_("reached"), "actual"), (_("gap"), "gap"),
        (_("allocated"), "allocated"), (_("not allocated"), "unallocated"), (_("needed a day"), "daily_need"),
    ):  # fmt: skip
        if sheet[name] is not None:
            yield (title, money(sheet[name], sheet["currency"]))
    if sheet["attainment"] is not None:
        yield (_("attainment"), percent(sheet["attainment"]))
    if sheet["working_days"]:
        yield (_("working days"), f"{sheet['elapsed_days']} / {sheet['working_days']}")


def person_head(sheet: Sheet) -> Iterator[str]:
    yield f"{clean(sheet['name'])}  {sheet['login']}"
    facts = {"role": sheet["role"], "group": sheet["group"] or "—"}
    line = marked("{role} · group {group}")
    if sheet["departed"]:
        line, facts["day"] = marked("{role} · group {group} · departed on {day}"), sheet["departed"]
    yield filled(line, facts)


def person_customers(sheet: Sheet) -> Rows:
    if sheet["customers"]:
        yield ("  ".join(f"{stage} {count}" for stage, count in sheet["customers"].items()),)


def person_actions(sheet: Sheet) -> Rows:
    if sheet["overdue"]:
        yield (filled(marked("customers with something overdue: {count}"), {"count": sheet["overdue"]}),)
    for row in sheet["next_actions"]:
        yield (f"{MARKS[row['state']]} {row['due']}", row["company"] or row["customer"], row["what"] or "")


def pipeline(sheet: Sheet) -> Rows:
    for row in sheet["pipeline"]:
        yield (filled(marked("{count} open"), {"count": row["count"]}), money(row["amount"], row["currency"]))


def progress(sheet: Sheet) -> Rows:
    for row in sheet["progress"]:
        named = f"{row['metric']} {row['basis'] or ''}".rstrip()
        goal = money(row["target"], row["currency"]) if row["target"] is not None else _("not set")
        share = percent(row["attainment"]) if row["attainment"] is not None else ""
        reached = money(row["actual"], row["currency"]) if row["actual"] is not None else "—"
        yield (sheet["period"], named, reached, f"/ {goal}", share)


def group_head(sheet: Sheet) -> Iterator[str]:
    yield f"{clean(sheet['name'])}  {sheet['code']}"
    yield filled(marked("below {parent}"), {"parent": sheet["parent"] or "—"})


def group_members(sheet: Sheet) -> Rows:
    for row in sheet["members"]:
        yield (row["login"], row["name"], row["role"])
