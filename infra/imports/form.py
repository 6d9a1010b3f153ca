"""The forms of the process that are filled in as a table: each is a TOML file in maps/, its rows become actions.

A form names its steps (an action each), the columns of its template in both languages, and the headings and words by
which a table of somebody's own is understood. A form whose actions this program lacks is not offered.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.kernel.action import Action
from domain.kernel.field import COUNT, DATE, FLAG, NUMBER, TEXT
from domain.kernel.field import Field as FieldOfAction
from domain.kernel.registry import ACTION_HOMES, action_class
from domain.kernel.synonyms import SYNONYMS, meant
from infra.commands.request import named_fields

MAPS: Final = Path(__file__).parent / "forms"
KINDS: Final = {"text": TEXT, "number": NUMBER, "count": COUNT, "flag": FLAG, "date": DATE, "period": TEXT}
YES: Final = {"yes": ("是", "y", "true", "1", "√"), "no": ("否", "n", "false", "0", "×")}

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)


class Both(BaseModel):
    """A text in Chinese and in English."""

    model_config = _STRICT

    zh: str
    en: str

    def said(self, language: str) -> str:
        """Return the text in a language."""
        return self.zh if language == "zh" else self.en


class Column(BaseModel):
    """A column of the template: which column of the form it is, its titles, an example.

    What is no field of an action says itself of which `kind` it is, and what `help` it needs; `role` names the noun that
    a column names without being a field that does.
    """

    model_config = _STRICT

    column: str
    zh: str
    en: str
    example: str | int | float | Both | None = None
    help: Both | None = None
    kind: Literal["text", "number", "count", "flag", "date", "period"] | None = None
    role: str | None = None

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.zh if language == "zh" else self.en


class Step(BaseModel):
    """One action of a row; it is taken where no column is named in `when`, or one of them is filled.

    `fields` says which column fills which field, where it is not simply the one of its name; `joined` makes a field of
    texts over several columns, each left out while one of its columns is empty. `subject` is a column; without it a step
    acts on what the step before it brought into being. Rows that say the same `by` some columns share one action.
    """

    model_config = _STRICT

    action: str
    subject: str | None = None
    fields: dict[str, str] | None = None
    joined: dict[str, tuple[str, ...]] = {}
    when: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    actor: Literal["actor", "approver"] = "actor"
    at: tuple[str, ...] = ("at",)

    @property
    def cls(self) -> type[Action]:
        """Return the action's class."""
        cls = action_class(self.action)
        assert cls is not None
        return cls

    def columns(self) -> dict[str, FieldOfAction]:
        """Return the columns that the step reads, each with the field that it fills."""
        known = named_fields(self.cls)
        if self.fields is not None:
            return {column: known[name]._replace(name=column) for column, name in self.fields.items()}
        return {name: field for name, field in known.items() if field.name not in self.joined}


class Form(BaseModel):
    """A form: its `required` columns, or one of several ("at|date"), and what makes a row's key.

    That is the column by which it is `named`, else the `identifying` ones, and the first filled one of `persons`, who tells
    people of one company apart. Where rows are `distinct`, two that say the same are one too many. `authors` say whose act
    a row is.
    """

    model_config = _STRICT

    name: str
    order: int
    title: Both
    about: Both
    steps: tuple[Step, ...]
    required: tuple[str, ...]
    named: str | None = None
    identifying: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    distinct: bool = False
    authors: tuple[str, ...] = ("actor",)
    refers: tuple[str, ...] = ()
    template: tuple[Column, ...] = ()
    headings: dict[str, list[str]] = Field(default_factory=dict)
    values: dict[str, dict[str, list[str]]] = Field(default_factory=dict)

    def fields(self) -> dict[str, FieldOfAction]:
        """Return the columns that the form can have, by each name that they go by, with the fields that they fill."""
        found: dict[str, FieldOfAction] = {}
        for step in self.steps:
            for name, field in step.columns().items():
                found.setdefault(name, field)
            if step.subject:
                found.setdefault(step.subject, _plain(step.subject, role=step.cls.SUBJECT))
        for column in self.template:
            if column.column not in found and column.column not in ENVELOPE:
                found[column.column] = _plain(column.column, column.kind or "text", column.role)
        return found

    def common_words(self) -> dict[str, dict[str, str]]:
        """Return for each column the words that people write in it, and what they mean."""
        words = {
            name: {also: word for word, known in held.items() for also in known} for name, held in self.values.items()
        }
        for name, field in self.fields().items():
            if field.kind.word == "flag":
                words.setdefault(name, {also: word for word, known in YES.items() for also in known})
        return words

    def synonyms(self) -> dict[str, list[str]]:
        """Return the headings by which each column is known, those of the template first."""
        found = {column.column: [column.zh, column.en] for column in self.template}
        for name, known in self.headings.items():
            found.setdefault(name, []).extend(known)
        return found

    def choices(self, column: str) -> tuple[str, ...]:
        """Return the codes that a column takes, or of which it mostly takes one."""
        field = self.fields().get(column)
        if field is not None and field.kind.word == "flag":
            return ("yes", "no")
        return (field.choices if field else ()) or tuple(self.values.get(column, ()))

    def label(self, column: str, code: str, language: str) -> str:
        """Return the word for a code in a language; the import knows it again."""
        if language != "zh":
            return code
        field = self.fields().get(column)
        known = self.values.get(column, {}).get(code) or (YES[code] if code in YES and _is_flag(field) else ())
        word = next((word for word in known if not word.isascii()), None)
        if word is None and field is not None and field.choices:
            others = (word for word in SYNONYMS if not word.isascii() and meant(word, field.choices) == code)
            word = next(others, None)
        return word or code

    def examples(self, column: Column, language: str) -> str:
        """Return the example of a column as somebody of that language writes it."""
        said = column.example
        if said is None:
            return ""
        if isinstance(said, Both):
            return said.said(language)
        return self.label(column.column, str(said), language)


ENVELOPE: Final = ("actor", "approver", "at", "id", "key")


def _is_flag(field: FieldOfAction | None) -> bool:
    return field is not None and field.kind.word == "flag"


def _plain(name: str, kind: str = "text", role: str | None = None) -> FieldOfAction:
    flag = name.replace("_", "-")
    return FieldOfAction(name, name, flag, KINDS[kind], (), False, False, None, "", False, (), False, False, role)


@cache
def form(name: str) -> Form:
    """Return the form of that name."""
    loaded = tomllib.loads((MAPS / f"{name}.toml").read_text(encoding="utf-8"))
    return Form.model_validate({"name": name, **loaded})


@cache
def forms() -> tuple[str, ...]:
    """Return the names of the forms whose actions this program knows, in the order of the process."""
    every = sorted((form(path.stem) for path in MAPS.glob("*.toml")), key=lambda each: each.order)
    return tuple(each.name for each in every if all(_known(step.action) for step in each.steps))


def _known(action: str) -> bool:
    return action.partition(".")[0] in ACTION_HOMES and action_class(action) is not None


def named(name: str) -> Form | None:
    """Return the form that is called `name`, in either language, or None."""
    if name in forms():
        return form(name)
    return next((form(each) for each in forms() if name in (form(each).title.zh, form(each).title.en)), None)
