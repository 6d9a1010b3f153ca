"""How a field's text or JSON value becomes its typed value: one reading for the command line and for batches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from domain.kernel import money
from domain.kernel.declared import NOTHING, Spec
from domain.kernel.marks import Bound, Currency, Names, Open, Personal, Role, Worded
from domain.kernel.unreadable import Unreadable


class BadValue(Unreadable):
    """A value that a field can't take."""


class Kind(NamedTuple):
    """A field's type: its word in help, how it is read, and how it is written in JSON (None: as it is)."""

    word: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] | None = None


class Field(NamedTuple):
    """A field of an action or event, as its declaration says it."""

    attribute: str
    name: str
    flag: str
    kind: Kind
    choices: tuple[str, ...]
    many: bool
    required: bool
    default: Any
    help: str
    positional: bool
    also: tuple[str, ...]
    personal: bool
    names: bool
    role: str | None
    open: bool = False
    bound: Bound | None = None
    worded: str | None = None


def read_text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadValue("a text is expected")
    text = value.strip()
    if not text:
        raise BadValue("it is empty")
    if not text.isprintable() and ("\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)):
        raise BadValue("it holds characters that are none")
    return text


def read_number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise BadValue('a number is expected, as 120000 or "120000.50"')
    try:
        return money.plain(money.amount(repr(value) if isinstance(value, float) else value))
    except Unreadable as wrong:
        raise BadValue(wrong.why, **wrong.facts) from None


MOST: Final = 10**9
"""No count of anything comes near it, and sums of such still are numbers of a database."""


def read_count(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and value.strip().lstrip("+-").isdecimal() and value.isascii():
        number = int(value) if len(value) < 20 else MOST
    else:
        raise BadValue("a whole number is expected")
    if abs(number) >= MOST:
        raise BadValue("a whole number is below 1,000,000,000")
    return number


def read_flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "yes", "no"):
        return value.lower() in ("true", "yes")
    raise BadValue("true or false is expected")


def read_date(value: Any) -> dt.date:
    if isinstance(value, str):
        text = value.strip()
        if len(text) == 10 and text[4] == "-":
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                raise BadValue("{value} is no day of the calendar", value=text) from None
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise BadValue("a date is written 2024-02-18")


def read_code(value: Any) -> str:
    from domain.kernel.currency import read_currency  # a list that only what names a currency needs

    try:
        return read_currency(value)
    except Unreadable as wrong:
        raise BadValue(wrong.why, **wrong.facts) from None


def read_table(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        import json

        try:
            value = json.loads(value)
        except ValueError:
            raise BadValue("it is no JSON object, as {example}", example='{"up_to": 1}') from None
    if not isinstance(value, Mapping):
        raise BadValue("a JSON object is expected")
    return value


TEXT: Final = Kind("text", read_text)
NUMBER: Final = Kind("number", read_number, lambda value: format(value, "f"))
COUNT: Final = Kind("count", read_count)
FLAG: Final = Kind("flag", read_flag)
DATE: Final = Kind("date", read_date, lambda value: value.isoformat())
TABLE: Final = Kind("table", read_table)
CURRENCY: Final = Kind("currency", read_code)

KINDS: Final[dict[Any, Kind]] = {
    str: TEXT,
    Decimal: NUMBER,
    int: COUNT,
    bool: FLAG,
    dt.date: DATE,
    dict: TABLE,
    Mapping: TABLE,
    Any: Kind("any", lambda value: value),
}


def choice(choices: tuple[str, ...]) -> Kind:
    """Return the kind of a field that takes one of `choices`, however its words are joined."""

    def read(value: Any) -> str:
        if isinstance(value, str):
            if value in choices:
                return value
            word = "-".join(value.strip().lower().replace("_", " ").replace("-", " ").split())
            if word in choices:
                return word
            from domain.kernel.synonyms import meant

            if (other := meant(word, choices)) is not None:
                return other
        raise BadValue("it is one of {choices}", choices=", ".join(choices))

    return Kind("choice", read)


def open_choice(choices: tuple[str, ...]) -> Kind:
    """Return the kind of a field that takes one of `choices`, or another word."""
    among = choice(choices)

    def read(value: Any) -> str:
        try:
            return str(among.read(value))
        except BadValue:
            return read_text(value)

    return Kind("choice", read)


def rows(kind: Kind) -> Kind:
    """Return the kind of a field that takes several values of `kind`."""
    write = kind.write

    def read(value: Any) -> tuple[Any, ...]:
        if isinstance(value, str | Mapping):
            value = [value]
        if not isinstance(value, list | tuple):
            raise BadValue("a list is expected")
        return tuple(kind.read(part) for part in value)

    return Kind(kind.word, read, (lambda values: [write(v) for v in values]) if write else list)


_fields: dict[type, tuple[Field, ...]] = {}


def fields_of(cls: type) -> tuple[Field, ...]:
    """Return the fields of an action or event class, in the order of their declaration."""
    known = _fields.get(cls)
    if known is None:
        known = _fields[cls] = tuple(_declared(cls))
    return known


def _declared(cls: Any) -> list[Field]:
    hints = get_type_hints(cls, include_extras=True)
    return [_field(name, spec, hints[name]) for name, spec in cls.FIELDS.items()]


def _field(attribute: str, spec: Spec, hint: Any) -> Field:
    marks, hint = _unwrapped(hint)
    many = get_origin(hint) is tuple
    if many:
        inner, hint = _unwrapped(get_args(hint)[0])
        marks += inner
    choices: tuple[str, ...] = get_args(hint) if get_origin(hint) is Literal else ()
    more = any(isinstance(mark, Open | Worded) for mark in marks)
    kind = (open_choice if more else choice)(choices) if choices else KINDS.get(get_origin(hint) or hint) or hint.KIND
    if any(isinstance(mark, Currency) for mark in marks):
        kind = CURRENCY
    name = attribute.rstrip("_")
    missing = spec.default is NOTHING
    return Field(
        attribute=attribute,
        name=name,
        flag=name.replace("_", "-"),
        kind=rows(kind) if many else kind,
        choices=choices,
        many=many,
        required=missing,
        default=None if missing else spec.default,
        help=spec.help,
        positional=spec.positional,
        also=spec.also,
        personal=any(isinstance(mark, Personal) for mark in marks),
        names=any(isinstance(mark, Names) for mark in marks),
        role=next((mark.noun for mark in marks if isinstance(mark, Role)), None),
        open=more,
        bound=next((mark for mark in marks if isinstance(mark, Bound)), None),
        worded=next((mark.policy for mark in marks if isinstance(mark, Worded)), None),
    )


def _unwrapped(hint: Any) -> tuple[list[Any], Any]:
    marks: list[Any] = []
    while True:
        if get_origin(hint) is Annotated:
            first, *rest = get_args(hint)
            marks += rest
            hint = first
        elif get_origin(hint) in (Union, UnionType):
            hint = next(part for part in get_args(hint) if part is not NoneType)
        else:
            return marks, hint
