"""Events to the bytes that are stored for ever, and stored bytes to data in the current schema.

A person's data is sealed in the stored bytes: in the place of the value stands `{"~1": key id, nonce and cipher text}`.
Read back it is a Sealed, which is opened by what shows it. Values of events stored in the clear are read as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.event import Event
from domain.kernel.field import fields_of
from domain.kernel.json_form import lifted, plain
from domain.kernel.registry import event_class
from projections.engine import json
from projections.engine.sealed import MARK, Sealed, sealed_form, shown

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring

Seal = Callable[[str, str], str]
"""Returns the sealed form of a value, by its path in the event's data."""

SIGN: Final = f'{{"{MARK}":'.encode()
CORRECTED: Final = "event.corrected"


@cache
def personal_fields(name: str) -> frozenset[str]:
    """Return the fields of an event that hold a person's data."""
    return frozenset(field.name for field in fields_of(event_class(name)) if field.personal)


def encode(happened: Event, seal: Seal | None = None) -> bytes:
    """Return the bytes of an event's data, with a person's data sealed; they are written once and never made again."""
    data = plain(happened)
    if seal is not None:
        if happened.NAME == CORRECTED:
            data["values"] = _sealed(personal_fields(data["name"]), data["values"], "values/", seal)
        else:
            data = _sealed(personal_fields(happened.NAME), data, "", seal)
    return json.dumps(data)


def said_sealed(happened: Event) -> str | None:
    """Return the personal field of an event that would hold a sealed form as if it were words, if there is one."""
    if happened.NAME == CORRECTED:
        named = personal_fields(happened.name)  # type: ignore[attr-defined]
        data: Mapping[str, Any] = happened.values  # type: ignore[attr-defined]
    else:
        named = personal_fields(happened.NAME)
        data = {name: getattr(happened, name) for name in named}
    for name in named & data.keys():
        value = data[name]
        for each in (value,) if isinstance(value, str) else value or ():
            if sealed_form(shown(each)):
                return name
    return None


def _sealed(fields: frozenset[str], data: Mapping[str, Any], within: str, seal: Seal) -> dict[str, Any]:
    kept = dict(data)
    for name in fields & kept.keys():
        value = kept[name]
        if isinstance(value, str):
            kept[name] = {MARK: seal(within + name, shown(value))}
        elif value is not None:
            kept[name] = [{MARK: seal(f"{within}{name}/{n}", shown(each))} for n, each in enumerate(value)]
    return kept


def decode(name: str, schema: int, data: bytes, event_id: str = "", ring: Keyring | None = None) -> dict[str, Any]:
    """Return stored data in the event's current schema version; what is sealed can be opened if `ring` has its key.

    Raises LookupError for an event or version that this program doesn't know, ValueError for bytes that are no JSON.
    """
    loaded: dict[str, Any] = json.loads(data)
    if SIGN in data:
        _unsealed(loaded, "", event_id, ring)
        if name == CORRECTED and isinstance(loaded.get("values"), dict):
            _unsealed(loaded["values"], "values/", event_id, ring)
    return lifted(name, schema, loaded)


def _unsealed(data: dict[str, Any], within: str, event_id: str, ring: Keyring | None) -> None:
    """Put in the place of each sealed value what can be opened."""
    for name, value in data.items():
        if value.__class__ is dict and MARK in value:
            data[name] = _opening(value[MARK], within + name, event_id, ring)
        elif value.__class__ is list:
            data[name] = [
                _opening(each[MARK], f"{within}{name}/{n}", event_id, ring)
                if each.__class__ is dict and MARK in each
                else each
                for n, each in enumerate(value)
            ]


def _opening(body: Any, path: str, event_id: str, ring: Keyring | None) -> Sealed:
    if ring is not None:
        ring.ask(str(body)[:12])
    return Sealed(f"{MARK}:{event_id}:{path}:{body}", ring)


def readable(data: Mapping[str, Any]) -> str:
    """Return an event's data as JSON with everything opened, for whoever may see it."""
    return json.dumps(opened(data)).decode()


def opened(value: Any) -> Any:
    """Return data with every sealed value in it opened."""
    if isinstance(value, Mapping):
        return {name: opened(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [opened(each) for each in value]
    return shown(value)
