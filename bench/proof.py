"""The proof: a whole log verified, what sealing costs the write path, and one proof made and checked."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median

from bench.measure import ROOT, SALES, Row, environment, millis, percent, ran, rate, took
from bench.stores import Bench, Standard, head
from infra.db.connect import open_database
from infra.event_store.reader import SELECT, EventReader
from infra.event_store.stored_event import Record
from infra.transparency.checkpoint_store import checkpoint, parsed
from infra.transparency.leaf import entry
from infra.transparency.proof_file import check_event, prove_event, read_event, write_event
from infra.transparency.signed_note import Checkpoint, VerifierKey, must_be_signed
from infra.transparency.signing_keys import KeyFolder

SEALER = """
import sys, time
from infra.db.connect import open_database
from infra.transparency.tile_store import seal
db = open_database(sys.argv[1], create=False)
while True:
    seal(db, db.one("SELECT position FROM head")[0])
    time.sleep(1)
"""
PROOFS = 200
TURNS = 5


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure on the standard log in a copy of its SQLite file, which is sealed here."""
    standard = copied(bench.standard(bench.events), bench.place / "proof.db")
    small = copied(bench.standard(bench.events // 10), bench.place / "proof-small.db")
    keys = KeyFolder(bench.place / "keys")
    sealed(small, keys)
    point = sealed(standard, keys)
    yield verified(bench, standard, small)
    yield proven(standard, keys, point)
    yield followed(bench)


def copied(standard: Standard, path: Path) -> Standard:
    shutil.copy(standard.url.removeprefix("sqlite:///"), path)
    return standard._replace(url=f"sqlite:///{path}")


def sealed(standard: Standard, keys: KeyFolder) -> Checkpoint:
    db = open_database(standard.url, create=False)
    point = parsed(checkpoint(db, keys, datetime.now(UTC)))
    db.close()
    return point


def verified(bench: Bench, standard: Standard, small: Standard) -> Row:
    """Verify the whole log as a process of its own, against hashlib over the same bytes already in memory."""
    around = {"SALES_PROOF_KEYS": str(bench.place / "keys")}
    less = ran((*SALES, "verify", "-q"), {**environment(small.url), **around})
    before = of_children()
    ours = ran((*SALES, "verify", "-q"), {**environment(standard.url), **around})
    core = rate(standard.events, of_children() - before)
    floor = hashed(standard.url)
    note = f"{core} by the time of the core; peak {ours.peak:.0f} MB, {less.peak:.0f} MB on {small.events:,} events"
    shown = rate(standard.events, ours.seconds), rate(standard.events, floor), percent(floor, ours.seconds)
    return Row(f"`sales verify`, {standard.events:,} events", *shown, ">= 200 k/s a core, memory flat", note)


def of_children() -> float:
    """Return the seconds that processes we started have kept a core busy, once they have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def hashed(url: str) -> float:
    """Return the seconds of hashing every entry, a part of the log at a time in memory beforehand."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    cursor = connection.execute(f"{SELECT} ORDER BY position")
    seconds = 0.0
    while rows := cursor.fetchmany(50_000):
        raw = [b"\0" + entry(Record._make(row)) for row in rows]
        seconds += took(partial(_all_hashed, raw))
    connection.close()
    return seconds


def _all_hashed(raw: list[bytes]) -> None:
    for each in raw:
        sha256(each).digest()


def proven(standard: Standard, keys: KeyFolder, point: Checkpoint) -> Row:
    """Make proofs of events drawn at random and check each; the floor is reading the event."""
    db = open_database(standard.url, create=False)
    reader, chance, known = EventReader(db), Random(7), keys.known(point.origin)
    making, checking, reading, sizes = [], [], [], []
    for _ in range(PROOFS):
        position = chance.randrange(1, standard.events + 1)
        reading.append(took(partial(reader.record, position)))
        record = reader.record(position)
        assert record is not None
        making.append(took(partial(prove_event, db, record, point)))
        raw = write_event(prove_event(db, record, point))
        checking.append(took(partial(_checked, raw, known)))
        sizes.append(len(raw))
    db.close()
    ours, floor = median(making), median(reading)
    note = f"checked in {millis(median(checking))}; largest of {PROOFS} files {max(sizes):,} bytes"
    return Row("a proof made", millis(ours), millis(floor), f"x{ours / floor:.1f}", "milliseconds, < 2 KB", note)


def _checked(raw: bytes, known: Sequence[VerifierKey]) -> None:
    proof = read_event(raw)
    check_event(proof)
    must_be_signed(proof.checkpoint, known)


def followed(bench: Bench) -> Row:
    """Apply lines to a fresh store, alone and with `sales work` following and sealing; in turns, the fastest of each."""
    lines = bench.events // 20
    file = str(bench.lines(lines))
    alone: list[float] = []
    along: list[float] = []
    for turn in range(TURNS):
        for times, name in ((alone, "alone"), (along, "along")):
            url = f"sqlite:///{bench.place}/{name}-{turn}.db"
            ran((*SALES, "init", "-q"), environment(url))
            with following(url, bench.place / "keys") if name == "along" else nobody():
                times.append(ran((*SALES, "apply", file, "-q"), environment(url)).seconds)
    events = head(f"sqlite:///{bench.place}/along-0.db")
    note = "ours with a sealer on another core, floor without; the fastest of each"
    shown = rate(events, min(along)), rate(events, min(alone)), percent(min(alone), min(along))
    return Row(f"`sales apply` of {lines:,} lines beside a sealer", *shown, "no difference", note)


@contextmanager
def following(url: str, keys: Path) -> Iterator[None]:
    """Seal what is new all the time, far more often than `sales work` does."""
    process = subprocess.Popen([sys.executable, "-c", SEALER, url], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def nobody() -> Iterator[None]:
    yield
