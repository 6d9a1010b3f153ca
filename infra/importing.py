"""From the rows of a sheet to requests: each row of a form is one action or several, told under keys of its own."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Facts
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from domain.catalogue import SUBJECTS
from domain.field import BadValue, fields_of
from infra.cells import Cell, Spoilt, amount, is_error, moment, text
from infra.examples import EXAMPLE_WORDS, Example
from infra.forms import Form, Step
from infra.mapping import ENVELOPE, Mapping, Rule, filled, fitted, folded, holes
from infra.marking import column_of
from infra.problem import Problem
from infra.request import Request, named_fields, typed
from infra.sheets import Row, Sheet


class RowRef(NamedTuple):
    """A row by its number in the sheet, and the key under which it is recorded."""

    row: int
    key: str


Told = tuple[RowRef, list[Request] | Problem]

RECENT: Final = 2_000
"""So many rows are kept to say which of their cells a refusal speaks of."""

_COPIES: Final = re.compile(r"(\s*[(（]\d+[)）]|[-_ ]+(result|结果|副本|copy))+$", re.IGNORECASE)
_LIST: Final = re.compile(r"[、,;，；\n]")
_MONTH: Final = 7


def rows(sheet: Sheet, mapping: Mapping | None, form: Form, *, importer: str) -> Iterator[Told]:
    """Return each row with its requests, or with what is wrong in it; without a mapping the columns are guessed.

    Whom a row names as its author is the actor, else the importer, who is the recorder in any case. Raises Problem
    at once where the sheet and the mapping don't fit.
    """
    return Reading(sheet, mapping, form, importer).told()


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

    def __init__(self, sheet: Sheet, mapping: Mapping | None, form: Form, importer: str) -> None:
        self.sheet, self.form, self.importer = sheet, form, importer
        self.mapping = fitted(mapping, sheet, form)
        self.zone = ZoneInfo(self.mapping.zone) if self.mapping.zone else None
        self.fields, self.stem = form.fields(), stem(sheet)
        self.example = Example(form, self.mapping)
        self._recent: deque[Row] = deque(maxlen=RECENT)
        self._ids: dict[str, str] | None = None
        self._kinds = {column.column: column.kind for column in form.template}

    def told(self) -> Iterator[Told]:
        """Yield each row with its requests or its problem; the example of a template is passed over."""
        seen: dict[str, int] = {}
        for row in self.sheet.rows():
            key, given = self.key(row)
            if key in EXAMPLE_WORDS:
                if self.example.untouched(row.cells):
                    continue
                yield RowRef(row.number, ""), Problem("import.example", row=row.number, column=self._column("key"))
                continue
            try:
                if row.surplus:
                    raise Problem("import.surplus_cells", row=row.number, count=row.surplus)
                self._recent.append(row)
                requests = self.requests(row, key)
                if self.form.distinct and not given and seen.setdefault(key, row.number) != row.number:
                    said = ", ".join(filter(None, map(self.mapping.column_of, self.form.identifying)))
                    raise Problem("import.same_row", row=row.number, other=seen[key], columns=said)
                yield RowRef(row.number, key), requests
            except Problem as problem:
                yield RowRef(row.number, key), problem

    def requests(self, row: Row, key: str) -> list[Request]:
        """Return the actions that a row makes. Raises Problem."""
        data = self.data(row)
        author = next(filter(None, (self.person(name, row) for name in self.form.authors)), None)
        found: list[Request] = []
        made = None
        for n, step in enumerate(self.form.steps):
            if step.when and not any(data.get(name) not in (None, False) for name in step.when):
                continue
            own = self._shared(step, key, data, row) if step.by else key if n == 0 else f"{key}/{_verb(step)}"
            actor = author if step.actor == "actor" else self._approver(author, row)
            subject = self._subject(step, row) if step.subject else made
            values = self._values(step, data, row)
            at = next(filter(None, (self.at(name, row) for name in step.at)), None)
            asked = Request(step.cls, values, key=own, actor=actor, recorder=self.importer, at=at)
            if step.cls.CREATES:
                made = own
            else:
                asked = asked._replace(subject=subject)
            found.append(asked)
        return found

    def _shared(self, step: Step, key: str, data: Facts[str, Any], row: Row) -> str:
        """Return the key of an action that several rows share: the same for all that say the same."""
        said = "/".join(text(self._cell(self._rule(name), row)) for name in step.by)
        return f"{key.rpartition('#')[0] or self.stem}#{step.cls.SUBJECT}:{said}"

    def _approver(self, author: str | None, row: Row) -> str | None:
        approver = self.person("approver", row)
        if (author or self.importer) == (approver or self.importer):
            facts = {"actor": approver or self.importer, "column": self._column("approver")}
            raise Problem("import.own_approval", row=row.number, **facts)
        return approver

    def _subject(self, step: Step, row: Row) -> str:
        name = step.subject or ""
        cell = self._cell(self._rule(name), row)
        if not cell:
            raise self._empty(name, row)
        return self._named(str(self._read(name, cell, row, text)), step.cls.SUBJECT)

    def _named(self, said: str, noun: str | None) -> str:
        """Return how a subject is named, without the words that a drop-down shows beside its id."""
        first = said.split(maxsplit=1)[0] if said.split() else said
        kind = SUBJECTS.get(noun or "")
        return first if kind and first.startswith(kind.prefix) else said

    def key(self, row: Row) -> tuple[str, bool]:
        """Return the row's key and whether it was given: as mapped, else by its id, else by what it says.

        It is never made from the row's place in the file.
        """
        given = filled(self.mapping.key, row.cells) if self.mapping.key else ""
        if given:
            return given, True
        named = self._text(self.mapping.id, row) or (
            self._text(self._rule(self.form.named), row) if self.form.named else ""
        )
        if named:
            return f"{self.stem}#{named}", True
        said = [self._identifying(name, row) for name in self.form.identifying]
        digest = hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=10).hexdigest()
        return f"{self.stem}#{digest}", False

    def _identifying(self, name: str, row: Row) -> str:
        cell = self._cell(self._rule(name), row)
        try:
            return self._moment(cell).isoformat() if cell and name == "at" else text(cell)
        except ValueError:
            return text(cell)

    def data(self, row: Row) -> dict[str, Any]:
        """Return what the row holds for each column of the form. Raises Problem naming the cell."""
        data: dict[str, Any] = {}
        for name, rule in self.mapping.columns.items():
            cell = self._cell(rule, row)
            if cell:
                data[name] = self._value(name, rule, cell, row)
        for needed in self.form.required:
            names = needed.split("|")
            if not any(name in data or (name in ENVELOPE and self._cell(self._rule(name), row)) for name in names):
                raise self._empty(next((name for name in names if self.mapping.fills(name)), names[0]), row)
        return data

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

    def _values(self, step: Step, data: Facts[str, Any], row: Row) -> dict[str, Any]:
        """Return the typed values of one action's share of the data. Raises Problem naming the cell."""
        known = named_fields(step.cls)
        columns = step.fields or {name: name for name in data if name in known}
        given = {field: data[column] for column, field in columns.items() if column in data}
        for field, parts in step.joined.items():
            given[field] = [said for part in parts if (said := self._joined(part, data, row))]
        try:
            return typed(step.cls, given)
        except Problem as wrong:
            field = str(wrong.facts["field"])
            column = next((column for column, name in columns.items() if name == field), field)
            if wrong.code == "usage.missing_field":
                raise self._empty(column, row) from wrong
            facts = {name: wrong.facts[name] for name in ("value", "why", "why_facts") if name in wrong.facts}
            raise Problem(
                "import.bad_cell", row=row.number, field=field, column=self._column(column), **facts
            ) from wrong

    def _joined(self, part: str, data: Facts[str, Any], row: Row) -> str:
        names = holes(part)
        lacking = [name for name in names if name not in data]
        if len(lacking) == len(names):
            return ""
        if lacking:
            raise self._empty(lacking[0], row)
        return part.format_map({name: text(data[name]) for name in names})

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

    def ids(self) -> dict[str, str]:
        """Return the keys of the sheet's rows by the numbers that they bear in it."""
        if self._ids is None:
            named = ((self._text(self.mapping.id, row), self.key(row)[0]) for row in self.sheet.rows())
            self._ids = {number: key for number, key in named if number}
        return self._ids

    def blamed(self, ref: RowRef, problem: Problem) -> str | None:
        """Return the heading of the column that a row's problem speaks of, if one can be told."""
        if "column" in problem.facts:
            return column_of(problem)
        for fact in ("field", "missing", "flag"):
            name = str(problem.facts.get(fact) or "").replace("-", "_")
            if name in self.mapping.columns:
                return self.mapping.column_of(name)
        row = next((row for row in self._recent if row.number == ref.row), None)
        told = {str(fact) for fact in problem.facts.values() if isinstance(fact, str | date) and str(fact)}
        for _place, rule in self.mapping.rules() if row else ():
            if row and rule.columns and text(self._safe(rule, row)) in told:
                return rule.columns[0]
        return None

    def _safe(self, rule: Rule, row: Row) -> Cell:
        try:
            return self._cell(rule, row)
        except KeyError:
            return ""

    def _read(self, name: str, cell: Cell, row: Row, reader: Callable[[Cell], Any]) -> Any:
        facts: dict[str, Any] = {"row": row.number, "column": self._column(name), "field": name}
        try:
            if isinstance(cell, Spoilt):
                raise cell.why
            if is_error(cell):
                raise BadValue("the formula in it has no result")
            return reader(cell)
        except BadValue as wrong:
            facts |= {"why": wrong.why, "why_facts": wrong.facts}
        except ValueError as wrong:
            facts |= {"why": str(wrong)}
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


def _verb(step: Step) -> str:
    return step.action.partition(".")[2]
