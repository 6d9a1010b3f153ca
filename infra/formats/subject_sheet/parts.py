"""What the parts of a subject's screen share: persons, money, deals and the steps of a course, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from infra.formats.text_table import amount, bare, moment, percent
from infra.formats.text_table import money as in_unit
from infra.i18n import translate
from infra.i18n.translate import filled, marked

_ = translate.translate

Sheet = Mapping[str, Any]
Rows = Iterator[Sequence[str]]
COMMAND: Final = "→ "
"""What a command begins with that brings what is missing; it is never cut."""
MARKS: Final = {"overdue": "!", "today": "=", "open": " "}
"""How what is due is marked."""
ID: Final = re.compile(r"[a-z]{3}_[0-9a-z]{16}$")
"""A subject's own id, which tells a reader nothing; the history has it."""


def who(person: Mapping[str, Any] | None) -> str:
    """Return a person as a screen names them."""
    if not person:
        return _("nobody")
    group = f" / {person['group']}" if person["group"] else ""
    named = f"{person['name']} " if person["name"] and person["name"] != person["login"] else ""
    return f"{named}{person['login']}{group}"


def money(value: Any, currency: Any) -> str:
    """Return an amount of money in the unit asked for, with its currency; of anything else the number alone."""
    return f"{in_unit(value)} {currency}" if currency else amount(value)


def deal_opportunities(sheet: Sheet) -> Rows:
    for row in sheet["opportunities"]:
        likely = percent(row["probability"]) if row["probability"] else ""
        stage = row["stage"] if row["state"] == "open" and row["stage"] else row["state"]
        yield (
            row["id"],
            stage,
            money(row["amount"], row["currency"]),
            row["close_date"] or "",
            likely,
            row["name"] or "",
        )


def deal_contracts(sheet: Sheet) -> Rows:
    for row in sheet["contracts"]:
        facts = {name: in_unit(row[name]) for name in ("collected", "outstanding", "overpaid") if row[name] is not None}
        told = filled(marked("collected {collected}, outstanding {outstanding}"), facts) if row["signed_on"] else ""
        if Decimal(row["overpaid"]):  # nothing is outstanding then
            told = filled(marked("collected {collected}, overpaid {overpaid}"), facts)
        yield (row["number"], f"{row['state']} {row['signed_on'] or ''}", money(row["value"], row["currency"]), told)


def says(content: Mapping[str, Any]) -> str:
    """Return what an event or a record says, in one line."""
    told = {name: value for name, value in content.items() if value not in (None, "", [])}
    if "amount" in told and "currency" in told:
        told["amount"] = money(told["amount"], told.pop("currency"))
    return "; ".join(f"{name} {bare(value)}" for name, value in told.items() if not ID.match(str(value)))


def steps(sheet: Sheet) -> Rows:
    for row in sheet["steps"]:
        said = says(row["says"])
        yield (
            moment(row["at"]),
            row["name"].partition(".")[2],
            row["by"],
            " · ".join(filter(None, (said, row["reason"]))),
        )
