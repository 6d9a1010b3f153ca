"""Which events an action can make, read from the code of its decision."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isclass, isfunction, unwrap
from types import CodeType, FunctionType
from typing import Any

from domain.kernel.action import Action
from domain.kernel.event import Event
from domain.kernel.registry import all_events


def events_of(action: type[Action]) -> list[type[Event]]:
    """Return the events that the decision of `action` names, in the order of the catalogue."""
    named = set(_names(vars(action).values(), set()))
    return [event for event in all_events() if event.__name__ in named]


def _names(things: Any, seen: set[CodeType]) -> Iterator[str]:
    """Yield every name that these functions use, and those that the domain's functions behind the names use."""
    for thing in things:
        function = getattr(thing, "__func__", thing)
        function = unwrap(function) if isfunction(function) else function
        if not isfunction(function) or function.__code__ in seen:
            continue
        seen.add(function.__code__)
        names = set(_used(function.__code__))
        yield from names
        yield from _names(_behind(function, names), seen)


def _used(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _used(inner)


def _behind(function: FunctionType, names: set[str]) -> Iterator[Any]:
    for name in names:
        found = function.__globals__.get(name)
        if isclass(found) and found.__module__.startswith("domain.") and not issubclass(found, Event | Action):
            yield from vars(found).values()
        elif isfunction(found) and found.__module__.startswith("domain."):
            yield found
