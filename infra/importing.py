"""From the rows of a sheet to requests: the capture of a lead, or a signed contract told as its history."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.contract.approval import ApproveContract, DraftContract, SignContract, SubmitContract
from domain.customer.lead import CaptureLead
from domain.field import fields_of
from infra.cells import ERRORS, Cell, amount, moment, text
from infra.mapping import REQUIRED, Mapping, Rule, filled, fitted, folded, known_fields
from infra.problem import Problem
from infra.request import Request, named_fields, typed
from infra.sheets import Row, Sheet


class RowRef(NamedTuple):
    """A row by its number in the sheet, and the key under which it is recorded."""

    row: int
    key: str


Told = tuple[RowRef, list[Request] | Problem]

# What makes two rows the same where they carry no id. Nothing personal: a key stays, a contact may be erased.
IDENTIFYING: Final = {
    "leads": ("company", "credit_code", "channel", "campaign", "partner", "at"),
    "contracts": ("number",),
}

_COPIES: Final = re.compile(r"(\s*[(（]\d+[)）]|[-_ ]+(result|结果|副本|copy))+$", re.IGNORECASE)
_LIST: Final = re.compile(r"[、,;，；\n]")


def leads(sheet: Sheet, mapping: Mapping | None, *, importer: str) -> Iterator[Told]:
    """Return each row with its request, or with what is wrong in it; without a mapping the columns are guessed.

    Whom a row names as its author is the actor, else the importer, who is the recorder in any case. Raises Problem
    at once where the sheet and the mapping don't fit.
    """
    reading = Reading(sheet, mapping, "leads", importer)
    return reading.told(_capture)


def contracts(sheet: Sheet, mapping: Mapping | None, *, importer: str) -> Iterator[Told]:
    """Return each row with the history of a signed contract: drafted and submitted by the seller, approved, signed.

    The keys are the row's, and with /submit, /approve and /sign after it. Who approves is the approver that the row
    names, else the importer. Raises as `leads` does.
    """
    reading = Reading(sheet, mapping, "contracts", importer)
    return reading.told(_history)


def people(requests: Iterable[Request]) -> list[str]:
    """Return the logins that requests name as actor or in a field, each once, in order."""
    logins: dict[str, None] = {}
    for request in requests:
        if request.actor:
            logins[request.actor] = None
        for field in fields_of(request.action):
            value = request.values.get(field.attribute) if field.role == "person" else None
            if value:
                logins[value] = None
    return list(logins)


def stem(sheet: Sheet) -> str:
    """Return the name of the sheet's file without what a browser, a desk or a marked copy appends to it."""
    name = unicodedata.normalize("NFC", sheet.path.stem)
    return _COPIES.sub("", name) or name


class Reading:
    """One sheet being read by a mapping that fits it."""

    def __init__(self, sheet: Sheet, mapping: Mapping | None, noun: str, importer: str) -> None:
        self.sheet, self.noun, self.importer = sheet, noun, importer
        self.mapping = fitted(mapping, sheet, noun)
        self.zone = ZoneInfo(self.mapping.zone) if self.mapping.zone else None
        self.fields, self.stem = known_fields(noun), stem(sheet)

    def told(self, build: Callable[[Reading, Row, str], list[Request]]) -> Iterator[Told]:
        for row in self.sheet.rows():
            key = self.key(row)
            try:
                if row.surplus:
                    raise Problem("import.surplus_cells", row=row.number, count=row.surplus)
                yield RowRef(row.number, key), build(self, row, key)
            except Problem as problem:
                yield RowRef(row.number, key), problem

    def key(self, row: Row) -> str:
        """Return the row's key: as mapped, else by its id, else by what it says; never by its place in the file."""
        given = filled(self.mapping.key, row.cells) if self.mapping.key else ""
        if given:
            return given
        named = self._text(self.mapping.id, row)
        if named:
            return f"{self.stem}#{named}"
        said = [self._identifying(name, row) for name in IDENTIFYING[self.noun]]
        if self.noun == "contracts" and said[0]:
            return f"{self.stem}#{said[0]}"
        return f"{self.stem}#{hashlib.blake2b(repr(said).encode('utf-8', 'replace'), digest_size=10).hexdigest()}"

    def _identifying(self, name: str, row: Row) -> str:
        cell = self._cell(self._rule(name), row)
        try:
            return self._moment(cell).isoformat() if cell and name == "at" else text(cell)
        except ValueError:
            return text(cell)

    def data(self, row: Row) -> dict[str, Any]:
        """Return what the row holds for each field. Raises Problem naming the cell."""
        data: dict[str, Any] = {}
        for name, rule in self.mapping.columns.items():
            cell = self._cell(rule, row)
            if cell:
                data[name] = self._value(name, rule, cell, row)
        for name in REQUIRED[self.noun]:
            if name not in data:
                raise Problem("import.empty_cell", row=row.number, field=name, column=self._column(name))
        return data

    def at(self, row: Row) -> str | None:
        """Return the business time of the row. Raises Problem."""
        cell = self._cell(self.mapping.at, row)
        if not cell:
            return None
        found: date | datetime = self._read("at", cell, row, self._moment)
        return found.isoformat(timespec="seconds") if isinstance(found, datetime) else found.isoformat()

    def person(self, role: str, row: Row) -> str | None:
        """Return the login in the role of actor or approver that the row names. Raises Problem."""
        cell = self._cell(getattr(self.mapping, role), row)
        return str(self._read(role, cell, row, text)) if cell else None

    def typed(self, action: Any, data: dict[str, Any], row: Row) -> dict[str, Any]:
        """Return the typed values of one action's share of the data. Raises Problem naming the cell."""
        fields = named_fields(action)
        try:
            return typed(action, {name: value for name, value in data.items() if name in fields})
        except Problem as wrong:
            field = str(wrong.facts["field"])
            facts = {name: wrong.facts[name] for name in ("value", "why", "why_facts") if name in wrong.facts}
            raise Problem(
                "import.bad_cell", row=row.number, field=field, column=self._column(field), **facts
            ) from wrong

    def _value(self, name: str, rule: Rule, cell: Cell, row: Row) -> Any:
        field = self.fields[name]
        if field.kind.word == "date":
            found = self._read(name, cell, row, self._moment)
            return found.date() if isinstance(found, datetime) else found
        if field.kind.word == "number":
            currency = self._text(self.mapping.columns.get("currency"), row)
            return self._read(name, cell, row, lambda cell: amount(cell, rule.times, currency))
        plain = self._read(name, cell, row, text)
        return [part.strip() for part in _LIST.split(plain) if part.strip()] if field.many else plain

    def _read(self, name: str, cell: Cell, row: Row, reader: Callable[[Cell], Any]) -> Any:
        try:
            if cell in ERRORS:
                raise ValueError("the formula in it has no result")
            return reader(cell)
        except ValueError as wrong:
            facts = {"row": row.number, "column": self._column(name), "field": name, "value": text(cell)[:80]}
            raise Problem("import.bad_cell", **facts, why=str(wrong)) from None

    def _moment(self, cell: Cell) -> date | datetime:
        return moment(cell, self.mapping.date_formats, self.zone)

    def _column(self, name: str) -> str:
        return self.mapping.column_of(name) or "-"

    def _rule(self, name: str) -> Rule | None:
        return self.mapping.at if name == "at" else self.mapping.columns.get(name)

    def _text(self, rule: Rule | None, row: Row) -> str:
        return text(self._cell(rule, row))

    def _cell(self, rule: Rule | None, row: Row) -> Cell:
        if rule is None:
            return ""
        for name, wanted in rule.when.items():
            words = [wanted] if isinstance(wanted, str) else wanted
            if folded(self._text(self.mapping.columns[name], row)) not in map(folded, words):
                return ""
        return rule.cell(row.cells)


def _capture(reading: Reading, row: Row, key: str) -> list[Request]:
    values = reading.typed(CaptureLead, reading.data(row), row)
    actor, at = reading.person("actor", row), reading.at(row)
    return [Request(CaptureLead, values, key=key, actor=actor, recorder=reading.importer, at=at)]


def _history(reading: Reading, row: Row, key: str) -> list[Request]:
    data = reading.data(row)
    drafted, signed = reading.typed(DraftContract, data, row), reading.typed(SignContract, data, row)
    at = reading.at(row) or signed["date"].isoformat()
    seller = reading.person("actor", row) or drafted.get("owner")
    approver = reading.person("approver", row)
    if (seller or reading.importer) == (approver or reading.importer):
        raise Problem("import.own_approval", row=row.number, actor=approver or reading.importer)
    common = {"subject": key, "recorder": reading.importer, "at": at}
    return [
        Request(DraftContract, drafted, key=key, actor=seller, recorder=reading.importer, at=at),
        Request(SubmitContract, {}, key=f"{key}/submit", actor=seller, **common),
        Request(ApproveContract, {}, key=f"{key}/approve", actor=approver, **common),
        Request(SignContract, signed, key=f"{key}/sign", actor=seller, **common),
    ]
