"""From the rows of a sheet to requests: each row of a form is one action or several, told under keys of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Facts
from datetime import date
from typing import Any, Final, NamedTuple

from domain.kernel.field import fields_of
from infra.commands.request import Request, named_fields, typed
from infra.errors.problem import Problem
from infra.formats.cells import Cell, text
from infra.imports.annotated_copy import column_of
from infra.imports.column_mapping import Mapping, Rule, holes
from infra.imports.example_row import EXAMPLE_WORDS, Example
from infra.imports.form import Form, Step
from infra.imports.row_reader import Columns
from infra.imports.table_reader import Row, Sheet


class RowRef(NamedTuple):
    """A row by its number in the sheet, and the key under which it is recorded; whether the row itself `gave` it."""

    row: int
    key: str
    gave: bool = False


Told = tuple[RowRef, list[Request] | Problem]

RECENT: Final = 2_000
"""So many rows are kept to say which of their cells a refusal speaks of."""


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


class Reading(Columns):
    """One sheet being read by a mapping that fits it."""

    def __init__(
        self,
        sheet: Sheet,
        mapping: Mapping | None,
        form: Form,
        importer: str,
        secret: Callable[[], bytes] = lambda: b"",
        *,
        again: bool = False,
    ) -> None:
        super().__init__(sheet, mapping, form, secret)
        self.importer, self.again = importer, again
        self.example = Example(form, self.mapping)
        self._recent: deque[Row] = deque(maxlen=RECENT)

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
                if (
                    self.form.distinct
                    and not given
                    and not self.again
                    and seen.setdefault(key, row.number) != row.number
                ):
                    said = ", ".join(filter(None, map(self.mapping.column_of, self.form.identifying)))
                    raise Problem("import.same_row", row=row.number, other=seen[key], columns=said)
                yield RowRef(row.number, key, given), requests
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
        return f"{key.rpartition('#')[0] or self.form.name}#{step.cls.SUBJECT}:{said}"

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


def _verb(step: Step) -> str:
    return step.action.partition(".")[2]
