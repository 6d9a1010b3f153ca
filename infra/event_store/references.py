"""Which subjects an event names beside its own, read from the event's declaration."""

from __future__ import annotations

from typing import Any

from domain.kernel.field import fields_of

_fields: dict[type, tuple[tuple[str, bool], ...]] = {}


def named_by(happened: Any) -> list[str]:
    """Return the ids of the subjects that an event names."""
    cls = type(happened)
    fields = _fields.get(cls)
    if fields is None:
        fields = _fields[cls] = tuple((f.attribute, f.many) for f in fields_of(cls) if f.names)
    named: list[str] = []
    for attribute, many in fields:
        value = getattr(happened, attribute)
        if many:
            named += value
        elif value:
            named.append(value)
    return named
