"""What this machine has last seen of each store, kept apart from it: whoever puts an older state back is noticed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from infra.db.database import Database


class LastHead(NamedTuple):
    """The last event that was seen: its position, id and recorded time."""

    position: int
    event_id: str
    recorded: str


def note(folder: Path, store_id: str, last: LastHead) -> None:
    """Keep what was seen, unless more was seen before. Raises OSError."""
    before = noted(folder, store_id)
    if before is not None and before.position >= last.position:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _file(folder, store_id)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_text(json.dumps(last._asdict()), "utf-8")
    part.replace(file)


def noted(folder: Path, store_id: str) -> LastHead | None:
    """Return what was last seen of a store, None where nothing readable is known."""
    try:
        said = json.loads(_file(folder, store_id).read_text("utf-8"))
        return LastHead(int(said["position"]), str(said["event_id"]), str(said["recorded"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def still_there(db: Database, seen: LastHead) -> bool:
    """Say whether the log still has what was seen."""
    row = db.one("SELECT event_id FROM log WHERE position = ?", (seen.position,))
    return row is not None and row[0] == seen.event_id


def _file(folder: Path, store_id: str) -> Path:
    plain = "".join(letter for letter in store_id if letter.isalnum() or letter == "-")
    return folder / f"{plain}.json"
