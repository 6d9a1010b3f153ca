"""Which column fills which field: a mapping file in TOML, or a guess from the headings in Chinese and English."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from time import gmtime, strftime, strptime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from infra.errors.problem import Problem
from infra.files.reader import whole
from infra.formats.cells import Cell, text
from infra.imports.form import Form
from infra.imports.table_reader import Sheet

ENVELOPE: Final = ("actor", "approver", "at", "id")

MOST_BYTES: Final = 1 << 20
KEY_HEADING: Final = "键 / key"

_HOLE: Final = re.compile(r"\{([^{}]+)\}")
_BRACKETS: Final = re.compile(r"[(\[【].*?[)\]】]")
_IN_WAN: Final = re.compile(r"万元|[(（]万[)）]")
_STRICT: Final = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


def folded(words: str) -> str:
    """Return the form in which headings and words are compared: without case, width, spaces and punctuation."""
    wide = unicodedata.normalize("NFKC", words).casefold()
    return "".join(c for c in wide if c.isalnum() or unicodedata.category(c) == "Sc") or wide.strip()


class Rule(BaseModel):
    """Where a field's value comes from: a column, a template over columns, or a constant.

    `default` stands where the cell is empty; `when` names fields and the values that they must have; `values` turns
    the cell's word into another; `times` multiplies a number, as 10000 does for a column in 万元.
    """

    model_config = _STRICT

    column: str | None = None
    template: str | None = None
    default: str | None = None
    when: dict[str, str | tuple[str, ...]] = {}
    values: dict[str, str] = {}
    times: Decimal | None = None

    @model_validator(mode="after")
    def _has_a_source(self) -> Rule:
        sources = [source for source in (self.column, self.template) if source is not None]
        if len(sources) > 1 or (not sources and self.default is None):
            raise ValueError("it takes a column or a template, or else a default alone")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headings that the rule reads."""
        if self.column is not None:
            return (self.column,)
        return holes(self.template or "")

    def cell(self, cells: dict[str, Cell]) -> Cell:
        """Return what a row holds for the field; "" for nothing."""
        found = filled(self.template or "", cells) if self.column is None else cells[self.column]
        if found and self.values:
            found = _words(tuple(self.values.items())).get(folded(text(found)), found)
        return found or self.default or ""


def _as_rule(given: Any) -> Any:
    return {"column": given} if isinstance(given, str) else given


From = Annotated[Rule, BeforeValidator(_as_rule)]


class Mapping(BaseModel):
    """How the rows of a sheet become actions; `columns` holds a rule for each field.

    `key` is a template of the idempotency key, `id` says what names a row where there is none. Times without an
    offset are in `zone`, the store's unless given. With `guess` the fields that it leaves out are looked for.
    """

    model_config = _STRICT

    columns: dict[str, From] = Field(default_factory=dict)
    key: str | None = None
    id: From | None = None
    actor: From | None = None
    approver: From | None = None
    at: From | None = None
    date_formats: tuple[str, ...] = ()
    zone: str | None = None
    guess: bool = False

    @field_validator("date_formats")
    @classmethod
    def _readable(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for one in formats:
            strptime(strftime(one, gmtime(0)), one)  # raises ValueError for what strptime can't read
        return formats

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str | None) -> str | None:
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (OSError, LookupError, ValueError):
                raise ValueError(f"there is no time zone {zone}") from None
        return zone

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Yield each rule with its place in the mapping file."""
        yield from ((f"columns.{name}", rule) for name, rule in self.columns.items())
        yield from ((name, rule) for name in ENVELOPE if (rule := getattr(self, name)))

    def fills(self, field: str) -> bool:
        """Say whether there is a rule for a field."""
        return field in self.columns or (field in ENVELOPE and getattr(self, field) is not None)

    def column_of(self, field: str) -> str | None:
        """Return the heading of the column that fills a field, where it is one."""
        rule: Rule | None = self.columns.get(field) or (getattr(self, field) if field in ENVELOPE else None)
        return rule.columns[0] if rule and rule.columns else None


@cache
def _words(values: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {folded(word): value for word, value in values}


def holes(template: str) -> tuple[str, ...]:
    """Return the headings that a template names in braces."""
    return tuple(_HOLE.findall(template))


def filled(template: str, cells: dict[str, Cell]) -> str:
    """Return the template with its holes filled; "" if one of the cells is empty, for half a key names nothing."""
    if not all(cells[heading] for heading in holes(template)):
        return ""
    return _HOLE.sub(lambda hole: text(cells[hole[1]]), template)


def load(path: Path, form: Form) -> Mapping:
    """Read the mapping file of an import of a form's rows. Raises Problem."""
    try:
        mapping = Mapping.model_validate(
            tomllib.loads(whole(path, MOST_BYTES).decode("utf-8-sig").replace("\r\n", "\n"))
        )
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _bad(
            path, ".".join(map(str, first["loc"])) or "TOML", first["msg"].removeprefix("Value error, ")
        ) from None
    except (ValueError, RecursionError) as wrong:  # no TOML, or not UTF-8
        raise _bad(path, "TOML", str(wrong)) from wrong
    known = form.fields()
    for name in mapping.columns:
        if name not in known:
            raise _bad(path, f"columns.{name}", f"there is no field {name}; fields are {', '.join(known)}")
    columns = {known[name].name: rule for name, rule in mapping.columns.items()}
    for place, rule in mapping.rules():
        for other in rule.when:
            if other not in columns:
                raise _bad(path, f"{place}.when", f"{other} is no field of this mapping")
    return mapping.model_copy(update={"columns": columns})


def fitted(mapping: Mapping | None, sheet: Sheet, form: Form) -> Mapping:
    """Return the mapping made fit for a sheet: guessed where there is none, with the common words for each value.

    Raises Problem import.no_column for a column that the sheet lacks and for a required field that none fills.
    """
    if mapping is None or mapping.guess:
        mapping = _guessed(mapping or Mapping(), sheet, form.synonyms())
    if mapping.key is None and KEY_HEADING in sheet.headings:
        mapping = mapping.model_copy(update={"key": f"{{{KEY_HEADING}}}"})
    for place, rule in [*mapping.rules(), *([("key", Rule(template=mapping.key))] if mapping.key else [])]:
        for heading in rule.columns:
            if heading not in sheet.headings:
                raise _no_column(f"{place.removeprefix('columns.')} ({heading})", sheet)
    missing = [needed for needed in form.required if not any(mapping.fills(name) for name in needed.split("|"))]
    if missing:
        raise _no_column(", ".join(missing).replace("|", "/"), sheet)
    columns = dict(mapping.columns)
    for name, common in form.common_words().items():
        if name in columns:
            columns[name] = columns[name].model_copy(update={"values": {**common, **columns[name].values}})
    return mapping.model_copy(update={"columns": columns})


def _guessed(mapping: Mapping, sheet: Sheet, headings: dict[str, list[str]]) -> Mapping:
    """Return `mapping` with a column for each field that it leaves out and a heading names; none is used twice."""
    used = {"", *(heading for _, rule in mapping.rules() for heading in rule.columns)}
    forms = {heading: _forms(heading) for heading in sheet.headings if heading not in used}
    found: dict[str, Rule] = {}
    for field, synonyms in headings.items():
        if field in mapping.columns or getattr(mapping, field, None):
            continue
        heading = next((h for s in synonyms for h, known in forms.items() if folded(s) in known), None)
        if heading is not None:
            del forms[heading]
            found[field] = Rule(column=heading, times=Decimal(10_000) if _IN_WAN.search(heading) else None)
    update: dict[str, Any] = {field: found.pop(field) for field in ENVELOPE if field in found}
    if "key" in found:
        update["key"] = f"{{{found.pop('key').column}}}"
    update["columns"] = {**mapping.columns, **found}
    return mapping.model_copy(update={**update, "guess": False})


def _forms(heading: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", heading)
    bare = _BRACKETS.sub("", plain)
    return {folded(form) for form in (plain, bare, *re.split(r"[/|]", bare), *_BRACKETS.findall(plain)) if form}


def _bad(path: Path, where: str, why: str) -> Problem:
    return Problem("import.bad_map", file=str(path), where=where, why=why)


def _no_column(field: str, sheet: Sheet) -> Problem:
    columns = ", ".join(heading for heading in sheet.headings if heading)
    return Problem("import.no_column", field=field, file=str(sheet.path), columns=columns)
