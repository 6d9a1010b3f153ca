"""What the append function knows of each event, made from the domain's declarations: where it lies, and who may record it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from domain.correction.actions import UNDONE_OTHERWISE
from domain.kernel import rights
from domain.kernel.event import Event
from domain.kernel.field import COUNT, FLAG, NUMBER, TABLE, Field, fields_of
from domain.kernel.registry import SUBJECTS, all_events, home_of
from projections.engine import json

ACTS: Final = """
CREATE TABLE IF NOT EXISTS acts (
    name text COLLATE "C" PRIMARY KEY, schema integer NOT NULL, prefixes text[] NOT NULL, begins boolean NOT NULL,
    identity text, needed text[] NOT NULL, roles text[] NOT NULL, changing text[] NOT NULL,
    withdrawing text[] NOT NULL, owning boolean NOT NULL, open boolean NOT NULL, kept text[], blank jsonb)
"""
FIELDS: Final = """
CREATE TABLE IF NOT EXISTS fields (
    event text COLLATE "C", field text COLLATE "C", types text[] NOT NULL, items text, choices text[], pattern text,
    dates boolean NOT NULL, deep boolean NOT NULL,
    PRIMARY KEY (event, field))
"""
BESIDE: Final = frozenset(("opportunity.won",))
"""What is corrected and withdrawn together with the signing that won it, though not alone."""
TOLD_WHOLE: Final = ("event.corrected", "event.voided")
TYPES: Final = {COUNT.word: "number", FLAG.word: "boolean", TABLE.word: "object"}
PATTERNS: Final = {NUMBER.word: r"^-?\d+(\.\d+)?$", COUNT.word: r"^-?\d{1,18}$"}
BLANKS: Final[dict[str, Any]] = {
    NUMBER.word: "0",
    COUNT.word: 0,
    FLAG.word: False,
    TABLE.word: {},
    "date": "0001-01-01",
}


class Act(NamedTuple):
    """One event: its newest schema, the streams it may lie in, its fields, and the roles that may record and change it.

    `begins` says that a history begins with it, under the id that its field `identity` makes; `changing` are the roles
    that may correct it or withdraw another's, `withdrawing` those that may withdraw their own; `owning` that it says whose
    a customer is; `open` that it is recorded only by acts open to all. Of what one can't see, `kept` are the fields that
    a decision is told, and `blank` what stands in the place of the others.
    """

    name: str
    schema: int
    prefixes: list[str]
    begins: bool
    identity: str | None
    needed: list[str]
    roles: list[str]
    changing: list[str]
    withdrawing: list[str]
    owning: bool
    open: bool
    kept: list[str] | None
    blank: str | None


class Form(NamedTuple):
    """What stands in a field of an event: its JSON types and those of its items, and which words or what form of a text or a number."""

    event: str
    field: str
    types: list[str]
    items: str | None
    choices: list[str] | None
    pattern: str | None
    dates: bool
    deep: bool


def forms() -> Iterator[Form]:
    """Yield what stands in each field of each event."""
    for happened in all_events():
        for field in fields_of(happened):
            yield _form(happened.NAME, field)


def _form(event: str, field: Field) -> Form:
    word = field.kind.word
    types = ["array"] if field.many else [TYPES.get(word, "string")]
    if field.personal and not field.many:
        types.append("object")  # sealed
    if not field.required:
        types.append("null")
    items = "string" if field.many and word in ("text", "date") and not field.personal else None
    # A word of the team's own stands for a choice, and that is what is recorded.
    choices = list(field.choices) if field.choices and (field.worded or not field.open) else None
    pattern = None if field.many else PATTERNS.get(word)
    return Form(
        event, field.name, types, items, choices, pattern, word == "date" and not field.many, word == TABLE.word
    )


def acts() -> Iterator[Act]:
    """Yield what is to be known of each event."""
    for happened in all_events():
        yield _act(happened)


def _act(happened: type[Event]) -> Act:
    name, home, fields = happened.NAME, home_of(happened.NAME), fields_of(happened)
    begins = home is not None and home.begins == name
    by_rule = [rights.SYSTEM] if rights.BY_RULE.intersection(happened.BY) else []
    told = rights.TOLD.get(name)
    return Act(
        name,
        happened.SCHEMA,
        [home.prefix] if home else [kind.prefix for kind in SUBJECTS.values()],
        begins,
        home.identity if home and begins else None,
        [field.name for field in fields if field.required] if happened.SCHEMA == 1 else [],
        [*rights.recording(happened), *by_rule],
        _changing(name, withdrawing=False),
        _changing(name, withdrawing=True),
        name in rights.OF_OWNERS,
        rights.open_to_all(happened),
        list(told) if told is not None else [f.name for f in fields] if name in TOLD_WHOLE else None,
        None if told is None else json.dumps({f.name: _blank(f) for f in fields if f.required}).decode(),
    )


def _changing(name: str, *, withdrawing: bool) -> list[str]:
    """Return the roles that may correct an event, or withdraw one of their own."""
    noun = name.partition(".")[0]
    if name in UNDONE_OTHERWISE - BESIDE:
        return []
    if noun in rights.HOUSE:
        return list(rights.roles(noun))
    if name in rights.OF_OWNERS and not withdrawing:
        return list(rights.roles(rights.ASSIGNING))
    return list(rights.roles("event.void" if withdrawing else "event.correct"))


def _blank(field: Field) -> Any:
    if field.many:
        return []
    return field.choices[0] if field.choices else BLANKS.get(field.kind.word, "")
