"""What this machine remembers of the places of stores, and the signs that one was where none is now."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Final, NamedTuple

FOLDERS: Final = 8
"""In how many folders copies that were begun are remembered."""


class Place(NamedTuple):
    """What is remembered of a place: the id of the store there, its last backup, and the folders where copies were begun."""

    store_id: str
    backup: str | None
    folders: tuple[str, ...] = ()


def path_of(url: str) -> str | None:
    """Return the whole path of a SQLite store, None for any other address."""
    name = url.removeprefix("sqlite:///")
    return os.path.abspath(name) if name and name != url else None


def remember(folder: str, path: str, store_id: str, *, backup: str | None = None, copying: str | None = None) -> None:
    """Note in `folder` that a store is at `path` (or at an address), its last backup, and where a copy of it is begun.

    What was known of the same store stays. Raises OSError.
    """
    before = remembered(folder, path)
    kept = before if before and before.store_id == store_id else Place(store_id, None)
    folders = dict.fromkeys((*kept.folders, *([copying] if copying else ())))
    now = Place(store_id, backup or kept.backup, tuple(folders)[-FOLDERS:])
    if now == before:
        return
    os.makedirs(folder, mode=0o700, exist_ok=True)
    file = note_of(folder, path)
    part = f"{file}.{os.getpid()}"
    with open(part, "w", encoding="utf-8", errors="surrogateescape") as out:
        json.dump({"path": path, **now._asdict()}, out, ensure_ascii=False)
    os.replace(part, file)


def remembered(folder: str, path: str) -> Place | None:
    """Return what is remembered of a place, None where nothing readable is."""
    try:
        with open(note_of(folder, path), encoding="utf-8", errors="surrogateescape") as file:
            said = json.load(file)
        backup = said["backup"]
        folders = tuple(str(each) for each in said.get("folders", ()))
        return Place(str(said["store_id"]), None if backup is None else str(backup), folders)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def signs(folder: str, path: str) -> list[str]:
    """Return the files that show that a store was at `path`: its keys, its journal, and this machine's note."""
    from infra.db.sqlite_read_only import left_beside

    keys = f"{path.removesuffix('.db')}.keys"
    beside = [name for name in (keys, *left_beside(path)) if os.path.isfile(name) and os.path.getsize(name)]
    note = note_of(folder, path)
    return [*beside, *([note] if remembered(folder, path) else [])]


def note_of(folder: str, path: str) -> str:
    """Return the file in which a place is noted."""
    return f"{folder}/at-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}.json"
