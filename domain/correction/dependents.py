"""What other subjects' events build on an event, so that it can't be withdrawn from under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.kernel.context import Context
from domain.kernel.effective import standing
from domain.kernel.field import fields_of
from domain.kernel.recorded_event import Told
from domain.kernel.registry import event_class


def elsewhere(told: Told, context: Context) -> Iterator[Told]:
    """Yield the first standing event of each other subject that would hang in the air without `told`.

    These are what names a subject whose first event is withdrawn, the practices of a finding, and what has taken the place
    of a target or a plan that was withdrawn.
    """
    if told.version == 1:
        yield from _first_of_each(told.stream, context)
    elif told.name == "review.found":
        yield from _first_of_each(told.stream, context, finding=told.data["item"])
    for stream in _in_place_of(told, context):
        yield from [each.told for each in standing(context.history(stream)) if each.values is not None][:1]


def _first_of_each(subject: str, context: Context, **also: str) -> Iterator[Told]:
    for stream in context.naming(subject):
        if stands_apart(stream, subject):
            continue
        for each in standing(context.history(stream)):
            values = each.values or {}
            if names(subject, each.told.name, values) and all(values.get(name) == said for name, said in also.items()):
                yield each.told
                break


def stands_apart(stream: str, subject: str) -> bool:
    """Say whether what one subject says of another stands without it: who is like a customer, who handed what over."""
    return stream.startswith("per_") or (stream.startswith("cus_") and subject.startswith("cus_"))


def names(subject: str, name: str, values: Mapping[str, Any]) -> bool:
    """Say whether an event of that name, with these values, names a subject."""
    for field in fields_of(event_class(name)) if values else ():
        value = values.get(field.name) if field.names else None
        if value == subject or (field.many and subject in (value or ())):
            return True
    return False


def _in_place_of(told: Told, context: Context) -> Iterable[str]:
    if told.name == "target.withdrawn":
        from domain.target.events import in_place_of

        return in_place_of(told.stream, context)
    if told.name == "plan.withdrawn":
        from domain.plan import events

        return events.in_place_of(told.stream, context)
    return ()
