"""The stored bytes of every event and schema version, kept for ever: one JSON file each, `<event>.v<schema>.json`."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def file_of(name: str, schema: int) -> Path:
    """Return the golden file of an event's schema version, whether it exists or not."""
    return FOLDER / f"{name}.v{schema}.json"
