"""The checkpoints of a store: made when the log has grown, and kept beside the tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from infra.access.session_role import projecting
from infra.db.database import Database, must_last
from infra.errors.problem import Problem
from infra.event_store.migrations import DEFAULTS, market, read_settings
from infra.transparency.merkle_tree import span
from infra.transparency.signed_note import Checkpoint, check, encoded, parse, text_of
from infra.transparency.signing_keys import KeyFolder
from infra.transparency.tile_store import Tiles, made, seal

SPREAD: Final = """
SELECT size, made, note FROM (SELECT size, made, note, row_number() OVER (ORDER BY size, made) AS n FROM checkpoints) AS c
WHERE n = n / ? * ? OR n = ? ORDER BY n"""


class Kept(NamedTuple):
    """A checkpoint as the store keeps it: when it was made, and its note."""

    size: int
    made: str
    note: str


def origin_of(db: Database) -> str:
    """Return the log's name: salestrail/ and the first half of the store's id."""
    return f"salestrail/{read_settings(db)['store_id'].replace('-', '')[:16]}"


def settings_of(db: Database) -> str:
    """Return a digest of the settings that figures depend on: zone, currency, fiscal month and calendar, by name."""
    settings = read_settings(db)
    said = {**{name: settings.get(name, "") for name in DEFAULTS}, "calendar": market(settings)}
    text = "".join(f"{name} {value}\n" for name, value in sorted(said.items()))
    return encoded(sha256(f"salestrail.settings.v1\n{text}".encode()).digest())


def kept(db: Database, most: int = 1000) -> list[Kept]:
    """Return the checkpoints in the store, the smallest first; of more than `most` evenly spaced ones and the last."""
    row = db.one("SELECT count(*) FROM checkpoints") if made(db) else None
    count = row[0] if row else 0
    step = -(-count // most) or 1
    rows = db.all(SPREAD, (step, step, count)) if count else []
    return [Kept._make(row) for row in rows]


def last(db: Database) -> Kept | None:
    """Return the checkpoint that covers the most."""
    row = db.one("SELECT size, made, note FROM checkpoints ORDER BY size DESC, made DESC LIMIT 1") if made(db) else None
    return Kept._make(row) if row else None


def checkpoint(db: Database, keys: KeyFolder, now: datetime, told: Callable[[int, int], None] | None = None) -> Kept:
    """Seal the log to its end and return a checkpoint of it, the last one if it says the same already.

    Raises Problem, above all where the log no longer is what was sealed: then nothing is signed.
    """
    must_last(db)
    with projecting(db):
        return _checkpoint(db, keys, now, told)


def _checkpoint(db: Database, keys: KeyFolder, now: datetime, told: Callable[[int, int], None] | None) -> Kept:
    row = db.one("SELECT coalesce(max(position), 0) FROM log")
    head = row[0] if row else 0
    signer = keys.signer(origin_of(db))
    size = -1
    while size < head:
        size = seal(db, head, 64 * 1024)
        if told:
            told(size, head)
    if size > head and _shorter(db, head):
        raise Problem("proof.truncated", position=head + 1, size=size, last=head)
    tree = Checkpoint(signer.key.name, size, span(Tiles(db), 0, size), "", ())
    before = last(db)
    for held in _held(before, keys, signer.key.name):
        must_continue(db, held, tree)
        if held.size == size and signer.key in check(held, [signer.key]) and before and before.size == size:
            return before
    signed = signer.sign(tree._replace(text=text_of(*tree[:3], settings_of(db))))
    fresh = Kept(size, now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), signed.note)
    db.many("INSERT INTO checkpoints (size, made, note) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [fresh])
    keys.keep_last(signer.key.name, fresh.note)
    return fresh


def _held(before: Kept | None, keys: KeyFolder, name: str) -> list[Checkpoint]:
    """Return what a new checkpoint has to continue: the store's last one, and the last one that this key signed."""
    note = keys.last(name)
    return [*([parsed(before)] if before else ()), *([_remembered(note, keys, name)] if note else ())]


def _remembered(note: str, keys: KeyFolder, name: str) -> Checkpoint:
    try:
        return parse(note)
    except ValueError as wrong:
        raise Problem("proof.bad_note", file=keys.last_file(name), why=str(wrong)) from None


def _shorter(db: Database, size: int) -> bool:
    """Say whether the log ends at `size`, for somebody may have appended and sealed since."""
    return db.one("SELECT 1 FROM log WHERE position > ?", (size,)) is None


def must_continue(db: Database, held: Checkpoint, fresh: Checkpoint) -> None:
    """See that the tree still begins with what a checkpoint said. Raises Problem."""
    if held.size > fresh.size:
        raise Problem("proof.truncated", position=fresh.size + 1, size=held.size, last=fresh.size)
    if span(Tiles(db), 0, held.size) != held.root:
        raise Problem("proof.not_continued", size=held.size)


def parsed(kept: Kept) -> Checkpoint:
    """Read a kept note. Raises Problem."""
    try:
        return parse(kept.note)
    except ValueError as wrong:
        raise Problem("proof.bad_note", file=f"checkpoints, {kept.made}", why=str(wrong)) from None
