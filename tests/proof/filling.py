"""Logs to be sealed: rows written straight through the log, quicker than by actions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from infra.db.database import Database
from infra.event_store.event_store import EventStore
from infra.event_store.factory import open_log
from infra.event_store.stored_event import AppendBatch, NewEvent
from infra.transparency.checkpoint_store import checkpoint, parsed
from infra.transparency.signed_note import Checkpoint
from infra.transparency.signing_keys import KeyFolder
from infra.transparency.verifier import Held, Verdict, verify
from tests.conftest import make_store

PLACES = int(os.environ.get("SALES_PLACES", "6"))
"""At how many random places each fault is tried; the catalogue of faults asks for 100."""

NOW = datetime(2024, 4, 1, tzinfo=UTC)


def fresh(stream: str, version: int, n: int, chance: Random) -> NewEvent:
    """Return a row that holds text beyond ASCII, NULL and the empty text now and then."""
    actor = chance.choice(["zhang.san", "li.si", "王五"])
    key = chance.choice([None, f"expo#{n}", ""])
    reason = chance.choice([None, "", "客户改期", "retyped"])
    data = f'{{"n":{n},"note":"{"拜访" * chance.randrange(4)}"}}'.encode()
    return NewEvent(
        stream, version, "customer.followed_up", 1, "2024-01-08", None, actor, actor, "cli", key,
        f"{n:032x}", chance.choice([None, f"{n:064x}"]), None, reason, 0, data,
    )  # fmt: skip


class Filling:
    """A store whose log grows at will, with the folder of its keys."""

    def __init__(self, url: str, folder: Path, count: int = 0, seed: int = 7) -> None:
        self.url, self.keys = url, KeyFolder(folder)
        self.chance = Random(seed)
        self.versions: dict[str, int] = {}
        self.count = 0
        make_store(url)
        self.log: EventStore = open_log(url)
        self.grow(count)

    @property
    def db(self) -> Database:
        return self.log.db

    def grow(self, count: int) -> None:
        """Append `count` events, in batches of a few."""
        rows = [self._next() for _ in range(count)]
        while rows:
            some, rows = rows[:100], rows[100:]
            moment = NOW + timedelta(seconds=self.count - len(rows))
            self.log.append(AppendBatch(records=some, now=moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")))

    def _next(self) -> NewEvent:
        self.count += 1
        stream = f"cus_{self.chance.randrange(60):016x}"
        self.versions[stream] = self.versions.get(stream, 0) + 1
        return fresh(stream, self.versions[stream], self.count, self.chance)

    def checkpoint(self) -> Checkpoint:
        return parsed(checkpoint(self.db, self.keys, NOW + timedelta(seconds=self.count)))

    def verify(self, *given: Checkpoint, keys: Sequence[Any] | None = None) -> Verdict:
        """Hold the log against checkpoints that somebody else kept, and against its own."""
        known = self.keys.known(given[0].origin) if keys is None and given else list(keys or [])
        return verify(self.db, [Held(f"{each.size}.note", each) for each in given], known)

    def reopen(self) -> None:
        self.log.close()
        self.log = open_log(self.url)

    def close(self) -> None:
        self.log.close()
