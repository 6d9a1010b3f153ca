"""Proofs as files: that an event is in a checkpoint, and that a checkpoint continues an earlier one.

Each is one line of JSON in one canonical form, so that no byte of a file can change without the check noticing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from domain.kernel.field import BadValue
from infra.db.database import Database
from infra.errors.problem import Problem
from infra.event_store.stored_event import Record
from infra.transparency.leaf import NO_LEAF, NUMBERS, leaf
from infra.transparency.merkle_tree import (
    SIZE,
    BadProof,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    span,
)
from infra.transparency.signed_note import Checkpoint, decoded, encoded, parse
from infra.transparency.tile_store import Tiles

EVENT: Final = "salestrail.event.v1"
GROWTH: Final = "salestrail.growth.v1"
T = TypeVar("T")


class EventProof(NamedTuple):
    """A record, the path from its leaf to the root, and the checkpoint that names the root."""

    record: Record
    path: list[bytes]
    checkpoint: Checkpoint


class GrowthProof(NamedTuple):
    """Two checkpoints, and the path that proves the later one to continue the earlier one."""

    earlier: Checkpoint
    later: Checkpoint
    path: list[bytes]


def prove_event(db: Database, record: Record, checkpoint: Checkpoint) -> EventProof:
    """Return the proof of a record that the checkpoint covers. Raises Problem where the store can't give it."""
    tree = Tiles(db)
    proof = EventProof(record, inclusion(tree, record.position - 1, checkpoint.size), checkpoint)
    try:
        check_event(proof)
    except BadProof:
        if span(tree, 0, checkpoint.size) != checkpoint.root:
            raise Problem("proof.tiles", size=checkpoint.size) from None
        raise Problem("proof.changed", position=record.position, name=record.name) from None
    return proof


def prove_growth(db: Database, earlier: Checkpoint, later: Checkpoint) -> GrowthProof:
    """Return the proof that `later` continues `earlier`. Raises Problem where it doesn't."""
    tree = Tiles(db)
    for each in (earlier, later):
        if span(tree, 0, each.size) != each.root:
            raise Problem("proof.tiles", size=each.size)
    return GrowthProof(earlier, later, consistency(tree, earlier.size, later.size))


def check_event(proof: EventProof) -> None:
    """See that the record is in the checkpoint's tree at its position. Raises BadProof."""
    hash = leaf(proof.record)
    if hash == NO_LEAF:
        raise BadProof("the record is none")
    check_inclusion(hash, proof.record.position - 1, proof.checkpoint.size, proof.path, proof.checkpoint.root)


def check_growth(proof: GrowthProof) -> None:
    """See that the later checkpoint continues the earlier one. Raises BadProof."""
    earlier, later = proof.earlier, proof.later
    if earlier.origin != later.origin:
        raise BadProof("they speak of different logs")
    check_consistency(earlier.size, earlier.root, later.size, later.root, proof.path)


def write_event(proof: EventProof) -> bytes:
    """Return the proof of an event as a file's bytes."""
    fields: dict[str, Any] = proof.record._asdict()
    raw = fields.pop("data")
    try:
        fields["data"] = raw.decode()
    except UnicodeDecodeError:
        fields["data_base64"] = encoded(raw)
    return _written({"proof": EVENT, "record": fields, "path": _path(proof.path), "checkpoint": proof.checkpoint.note})


def write_growth(proof: GrowthProof) -> bytes:
    """Return the proof of growth as a file's bytes."""
    notes = {"earlier": proof.earlier.note, "later": proof.later.note}
    return _written({"proof": GROWTH, "path": _path(proof.path), **notes})


def read_event(raw: bytes) -> EventProof:
    """Read the proof of an event. Raises ValueError, which says what is wrong with it."""
    return _read(raw, _event, write_event)


def read_growth(raw: bytes) -> GrowthProof:
    """Read a proof of growth. Raises ValueError, which says what is wrong with it."""
    return _read(raw, _growth, write_growth)


def _read(raw: bytes, read: Callable[[dict[str, Any]], T], write: Callable[[T], bytes]) -> T:
    try:
        proof = read(json.loads(raw.decode()))
    except (KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise BadValue("a member of it is missing or of another type") from wrong
    if write(proof) != raw:
        raise BadValue("it is not in its one canonical form")
    return proof


def _event(said: dict[str, Any]) -> EventProof:
    fields = dict(said["record"])
    raw = decoded(fields.pop("data_base64")) if "data_base64" in fields else fields.pop("data").encode()
    if any(type(fields[name]) is not int for name in NUMBERS):
        raise BadValue("a number of it is none")
    return EventProof(Record(**fields, data=raw), _hashes(said["path"]), parse(said["checkpoint"]))


def _growth(said: dict[str, Any]) -> GrowthProof:
    return GrowthProof(parse(said["earlier"]), parse(said["later"]), _hashes(said["path"]))


def _hashes(path: Sequence[str]) -> list[bytes]:
    found = [decoded(each) for each in path]
    if any(len(each) != SIZE for each in found):
        raise BadValue("a hash of its path is too short or too long")
    return found


def _path(path: Sequence[bytes]) -> list[str]:
    return [encoded(each) for each in path]


def _written(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
