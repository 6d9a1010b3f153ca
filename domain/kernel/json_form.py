"""The JSON form of events and actions: plain objects out, typed events in, old schema versions lifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.kernel.event import upcasted
from domain.kernel.field import DATE, NUMBER, Field, fields_of
from domain.kernel.registry import event_class

Writer = tuple[str, str, Callable[[Any], Any] | None]

_schemas: dict[str, int] = {}
_writers: dict[type, list[Writer]] = {}
_readers: dict[str, tuple[type, list[tuple[str, str, Callable[[Any], Any] | None]]]] = {}


def plain(happened: Any) -> dict[str, Any]:
    """Return an event or action as the JSON object that stands for it; fields that are None or empty lists are left out."""
    cls = type(happened)
    writers = _writers.get(cls)
    if writers is None:
        writers = _writers[cls] = [(f.attribute, f.name, f.kind.write) for f in fields_of(cls)]
    data = {}
    for attribute, name, write in writers:
        value = getattr(happened, attribute)
        if value is not None and value != ():
            data[name] = write(value) if write else value
    return data


def lifted(name: str, schema: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return stored data in the event's current schema version."""
    current = _schemas.get(name)
    if current is None:
        current = _schemas[name] = event_class(name).SCHEMA
    return data if schema == current else upcasted(name, schema, current, data)


def revive(name: str, data: Mapping[str, Any]) -> Any:
    """Return the event called `name` from its data in the current schema.

    Raises LookupError for an unknown name, TypeError or ValueError for data that the event can't hold.
    """
    reader = _readers.get(name)
    if reader is None:
        cls = event_class(name)
        fields = fields_of(cls)
        odd = [f for f in fields if _loader(f) or f.name != f.attribute]
        reader = _readers[name] = (cls, [(f.name, f.attribute, _loader(f)) for f in odd])
    cls, readers = reader
    if readers:
        data = dict(data)
        for field, attribute, load in readers:
            if field in data:
                value = data.pop(field)
                data[attribute] = load(value) if load and value is not None else value
    return cls(**data)


def _loader(field: Field) -> Callable[[Any], Any] | None:
    one: Callable[[Any], Any] | None = None
    if field.kind.word == DATE.word:
        one = date.fromisoformat
    elif field.kind.word == NUMBER.word:
        one = Decimal
    if not field.many:
        return one
    return (lambda values: tuple(one(v) for v in values)) if one else tuple
