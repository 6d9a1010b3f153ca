"""What the cells of a row say, column by column: words, numbers, days, the row's key, or what is wrong in them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.kernel.field import BadValue
from domain.kernel.registry import SUBJECTS
from infra.errors.problem import Problem, why_of
from infra.formats.cells import Cell, Spoilt, amount, is_error, moment, text
from infra.imports.column_mapping import ENVELOPE, Mapping, Rule, filled, fitted, folded, holes
from infra.imports.form import Form
from infra.imports.table_reader import Row, Sheet

_COPIES: Final = re.compile(r"(\s*[(（]\d+[)）]|[-_ ]+(result|结果|副本|copy))+$", re.IGNORECASE)
_LIST: Final = re.compile(r"[、,;，；\n]")
_MONTH: Final = 7
_PERSON: Final = re.compile("@[0-9a-f]{20}(?=/|$)")


def stem(sheet: Sheet) -> str:
    """Return the name of the sheet's file without what a browser, a desk or a marked copy appends to it."""
    name = unicodedata.normalize("NFC", sheet.path.stem)
    return _COPIES.sub("", name) or name


def _digest(said: Sequence[str], secret: bytes = b"") -> str:
    return hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=10, key=secret).hexdigest()


class Wrong(Problem):
    """What is wrong in a row: the first cell's problem, with those of the `others`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].code, **problems[0].facts)
        self.others = tuple(problems[1:])


class Columns:
    """The columns of a form in one sheet, read row by row through a mapping that fits the sheet."""

    def __init__(
        self, sheet: Sheet, mapping: Mapping | None, form: Form, secret: Callable[[], bytes] = lambda: b""
    ) -> None:
        self.sheet, self.form, self.secret = sheet, form, secret
        self.mapping = fitted(mapping, sheet, form)
        self.zone = ZoneInfo(self.mapping.zone) if self.mapping.zone else None
        self.fields, self.stem = form.fields(), stem(sheet)
        self._ids: dict[str, str] | None = None
        self._kinds = {column.column: column.kind for column in form.template}

    def key(self, row: Row) -> tuple[str, bool]:
        """Return the row's key and whether it was given: as mapped, else by its id, else by what it says.

        It is never made from the row's place in the file, and from the file's name only where an id names the row: two
        files may count their rows alike.
        """
        given = filled(self.mapping.key, row.cells) if self.mapping.key else ""
        if given:
            return given, True
        if number := self._text(self.mapping.id, row):
            return f"{self.stem}#{number}", True
        if named := self._text(self._rule(self.form.named), row) if self.form.named else "":
            return f"{self.form.name}#{named}", True
        said = [self._identifying(name, row) for name in self.form.identifying]
        return f"{self.form.name}#{_digest(said)}{self._person(row)}", False

    def _person(self, row: Row) -> str:
        """Return what of a key tells the row's person from others of the company."""
        told = ((name, self._text(self._rule(name), row).strip()) for name in self.form.persons)
        first = next((each for each in told if each[1]), None)
        return f"@{_digest(first, self.secret())}" if first else ""

    def earlier(self, key: str) -> str | None:
        """Return the key that earlier programs made where this one makes `key`: from the name of the file."""
        form, mark, rest = key.partition("#")
        return f"{self.stem}#{_PERSON.sub('', rest)}" if mark and form == self.form.name else None

    def _identifying(self, name: str, row: Row) -> str:
        cell = self._cell(self._rule(name), row)
        try:
            return self._moment(cell).isoformat() if cell and name == "at" else text(cell)
        except ValueError:
            return text(cell)

    def data(self, row: Row) -> dict[str, Any]:
        """Return what the row holds for each column of the form. Raises Problem, one for all cells that are wrong."""
        data: dict[str, Any] = {}
        wrong: list[Problem] = []
        for name, rule in self.mapping.columns.items():
            try:
                if cell := self._cell(rule, row):
                    data[name] = self._value(name, rule, cell, row)
                    self._typed(name, data[name], row)
            except Problem as problem:
                wrong.append(problem)
        try:
            self.at("at", row)
        except Problem as problem:
            wrong.append(problem)
        said = {problem.facts["field"] for problem in wrong} | data.keys()
        wrong += [self._empty(name, row) for name in self._lacking(row) if name not in said]
        if wrong:
            raise Wrong(wrong)
        return data

    def _typed(self, name: str, value: Any, row: Row) -> None:
        """See whether a value is one that its field takes. Raises Problem."""
        try:
            self.fields[name].kind.read(value)
        except BadValue as wrong:
            facts = {"value": text(self._cell(self._rule(name), row))[:80], **wrong.told}
            raise Problem("import.bad_cell", row=row.number, field=name, column=self._column(name), **facts) from None

    def _lacking(self, row: Row) -> Iterator[str]:
        """Yield the columns that must be filled and are not."""
        for needed in self.form.required:
            names = needed.split("|")
            if not any(self._cell(self._rule(name), row) for name in names):
                yield next((name for name in names if self.mapping.fills(name)), names[0])

    def _empty(self, name: str, row: Row) -> Problem:
        return Problem("import.empty_cell", row=row.number, field=name, column=self._column(name))

    def at(self, name: str, row: Row) -> str | None:
        """Return the business time that a column of the row says. Raises Problem."""
        cell = self._cell(self._rule(name), row)
        if not cell:
            return None
        found: date | datetime = self._read(name, cell, row, self._moment)
        if name != "at" and isinstance(found, datetime):
            found = found.date()
        return found.isoformat(timespec="seconds") if isinstance(found, datetime) else found.isoformat()

    def person(self, name: str, row: Row) -> str | None:
        """Return the login that a column of the row names. Raises Problem."""
        cell = self._cell(self._rule(name), row)
        return str(self._read(name, cell, row, text)) if cell else None

    def _value(self, name: str, rule: Rule, cell: Cell, row: Row) -> Any:
        field = self.fields[name]
        word = self._kinds.get(name) or field.kind.word
        if word == "date":
            found = self._read(name, cell, row, self._moment)
            return found.date() if isinstance(found, datetime) else found
        if word == "number":
            currency = self._text(self.mapping.columns.get("currency"), row)
            return self._read(name, cell, row, lambda cell: amount(cell, rule.times, currency))
        if word == "flag":
            return self._read(name, cell, row, lambda cell: field.kind.read(text(cell)))
        if word == "period" and isinstance(cell, date) and cell.day == 1:
            return cell.isoformat()[:_MONTH]  # 2024-02, which a spreadsheet took for a day
        plain = self._read(name, cell, row, text)
        if name in self.form.refers:
            plain = self.ids().get(plain, plain)
        if field.many:
            return [part.strip() for part in _LIST.split(plain) if part.strip()]
        return self._named(plain, field.role)

    def _named(self, said: str, noun: str | None) -> str:
        """Return how a subject is named, without the words that a drop-down shows beside its id."""
        first = said.split(maxsplit=1)[0] if said.split() else said
        kind = SUBJECTS.get(noun or "")
        return first if kind and first.startswith(kind.prefix) else said

    def ids(self) -> dict[str, str]:
        """Return the keys of the sheet's rows by the numbers that they bear in it."""
        if self._ids is None:
            named = ((self._text(self.mapping.id, row), self.key(row)[0]) for row in self.sheet.rows())
            self._ids = {number: key for number, key in named if number}
        return self._ids

    def _read(self, name: str, cell: Cell, row: Row, reader: Callable[[Cell], Any]) -> Any:
        facts: dict[str, Any] = {"row": row.number, "column": self._column(name), "field": name}
        try:
            if isinstance(cell, Spoilt):
                raise cell.why
            if is_error(cell):
                raise BadValue("the formula in it has no result")
            return reader(cell)
        except ValueError as wrong:
            facts |= why_of(wrong)
        raise Problem("import.bad_cell", **facts, value=text(cell)[:80])

    def _moment(self, cell: Cell) -> date | datetime:
        return moment(cell, self.mapping.date_formats, self.zone)

    def _column(self, name: str) -> str:
        return (
            self.mapping.column_of(name) if name != "key" else next(iter(holes(self.mapping.key or "")), None)
        ) or "-"

    def _rule(self, name: str) -> Rule | None:
        found: Rule | None = getattr(self.mapping, name) if name in ENVELOPE else self.mapping.columns.get(name)
        return found

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
