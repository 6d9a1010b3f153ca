"""Events to the bytes that are stored for ever, and stored bytes to data in the current schema."""

from __future__ import annotations

from typing import Any

from domain.event import Event
from domain.form import lifted, plain
from infra import wire


def encode(happened: Event) -> bytes:
    """Return the bytes of an event's data; they are written once and never made again."""
    return wire.dumps(plain(happened))


def decode(name: str, schema: int, data: bytes) -> dict[str, Any]:
    """Return stored data in the event's current schema version.

    Raises LookupError for an event or version that this program doesn't know, ValueError for bytes that are no JSON.
    """
    loaded: dict[str, Any] = wire.loads(data)
    return lifted(name, schema, loaded)
