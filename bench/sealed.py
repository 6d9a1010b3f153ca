"""Views that open what is sealed, against the same done by hand: the SQL, and one loop with the ciphers of its keys.

Both read and unwrap their keys anew for every question, as each command does.
"""

from __future__ import annotations

import re
import sqlite3
from binascii import a2b_base64
from collections.abc import Iterator
from functools import partial
from json.encoder import encode_basestring
from statistics import median
from typing import Any

from bench.asking import entry_days
from bench.entries import AUDITS
from bench.measure import Row, millis, times, took
from bench.model import Question
from bench.stores import Bench
from bench.views import GOAL, answered, fetched, opened, questions, slowest, snapshot
from domain.calendar.work_calendar import shipped
from infra.crypto.key_wrapping import NONCE, cipher_of
from infra.crypto.keyring import Keyring
from infra.crypto.keyrings import ring_of
from infra.crypto.unsealing import ID

SEALED = re.compile(r'"~1:([^"]*)"')
CHANGES = 11
"""The place of the changes among the columns; the day comes after them, when it was recorded stands at 5."""
LATE = entry_days(CHANGES + 1, 5)


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure each view at random pairs of days; the note says what the SQL takes alone."""
    with opened(bench) as (standard, store, by_hand, names):
        asked, ring = questions(store), ring_of(store.db)
        for name, ours, statements in AUDITS:
            sql = [statement.format(**names) for statement in statements]
            floors, mine, alone = [], [], []
            for each in asked:
                ring.forget()
                floors.append(took(partial(_opened, ring, by_hand, sql, each)))
                ring.forget()
                mine.append(took(partial(answered, store, ours, each)))
                alone.append(took(partial(fetched, by_hand, sql, each.params)))
            rows = len(fetched(by_hand, sql[:1], asked[-1].params))
            note = f"{slowest(mine, floors)}; {rows:,} rows at the last; the SQL alone {millis(median(alone))}"
            shown = millis(median(mine)), millis(median(floors)), times(median(mine), median(floors))
            yield Row(f"{name}, {standard.events:,} events", *shown, GOAL, note)


def _opened(ring: Keyring, by_hand: sqlite3.Connection, sql: list[str], asked: Question) -> list[tuple[Any, ...]]:
    with snapshot(by_hand, asked.params):
        rows, *_ = [by_hand.execute(each, asked.params).fetchall() for each in sql]
    LATE(rows, shipped("cn"), asked.params)
    cells = [SEALED.split(row[CHANGES]) for row in rows]
    kept, ids = ring.rows(), {sealed.rpartition(":")[2][:ID] for parts in cells for sealed in parts[1::2]}
    ciphers = {key.id: cipher_of(ring.wrapper.raw(key)) for key in kept.by_ids(ids) if key.wrapped} if kept else {}
    for parts in cells:
        for n in range(1, len(parts), 2):
            place, _, body = parts[n].rpartition(":")
            raw = a2b_base64(body[ID:].replace("-", "+").replace("_", "/"))
            clear = ciphers[body[:ID]].decrypt(raw[:NONCE], raw[NONCE:], place.replace(":", "\0").encode())
            parts[n] = encode_basestring(clear.decode())
    return [(*row[:CHANGES], "".join(parts), *row[CHANGES + 1 :]) for row, parts in zip(rows, cells, strict=True)]
