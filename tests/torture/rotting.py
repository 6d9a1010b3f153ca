"""Events that rot where they are stored: another byte, a NULL, an unknown name; each place is named, nothing else lost."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from infra.db.database import Database
from infra.event_store.stored_event import Record
from infra.read_models import tables
from infra.read_models.projector import Projector
from infra.store.open import create_store
from infra.store.store import Store
from projections.read_models import registry
from tests.faults.running import BOSS
from tests.given import lead, line, signed
from tests.infra.recording import hold
from tests.torture.killing import everything

KINDS = ("a byte", "no data", "an unknown name", "a time that is none", "half", "a schema of tomorrow")


def history(store: Store) -> None:
    """Record some customers, contracts and what happened to them."""
    hold(
        store,
        line("person.register", login="zhang.san", name="张三"),
        line("person.register", login="lin.er", name="林二", role="director"),
        *(lead(f"l{n}", f"公司{n}", at=f"2024-01-{20 - n:02}") for n in range(12)),
        *signed("c1", "l1", "80000", "2024-02-01", approver="lin.er"),
        *(line("follow-up.log", f"l{n}", by="zhang.san", at="2024-02-05", channel="call") for n in range(12)),
    )


class Unlocked:
    """Lets a test write over what the log refuses to change, as whoever holds the file or the server could."""

    def __init__(self, db: Database) -> None:
        self.db = db
        if db.dialect == "postgres":
            db.run("ALTER TABLE log DISABLE TRIGGER ALL")
            db.run("ALTER TABLE log ALTER COLUMN data DROP NOT NULL")
            self.raw: Any = None
            return
        import sqlite3

        self.raw = sqlite3.connect(db.where, isolation_level=None)
        for (name,) in self.raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log'"
        ).fetchall():
            self.raw.execute(f"DROP TRIGGER {name}")
        self.raw.execute("PRAGMA writable_schema = ON")
        self.raw.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'data BLOB NOT NULL', 'data BLOB') WHERE name = 'log'"
        )
        self.raw.execute("PRAGMA writable_schema = RESET")
        self.raw.close()
        self.raw = sqlite3.connect(db.where, isolation_level=None)

    def put(self, position: int, column: str, value: Any) -> None:
        """Write over one value."""
        sql = f"UPDATE log SET {column} = ? WHERE position = ?"
        if self.raw is None:
            self.db.run(sql, (value, position))
        else:
            self.raw.execute(sql, (value, position))

    def close(self) -> None:
        if self.raw is not None:
            self.raw.close()


def rotten(chance: random.Random, kind: str, record: Record) -> tuple[str, Any]:
    """Return a column of a record and what it holds after it has rotted."""
    if kind == "a byte":
        data = bytearray(record.data)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return "data", bytes(data)
    return {
        "no data": ("data", None), "an unknown name": ("name", "customer.abducted"), "half": ("data", record.data[: len(record.data) // 2]),
        "a time that is none": ("occurred", "2024-13-45"), "a schema of tomorrow": ("schema", 99),
    }[kind]  # fmt: skip


def rot(url: str, places: int) -> Counter[str]:
    """Let events rot at random places, one at a time; return how many rebuilds named the place, and how many read on.

    A changed byte may leave an event that can be read: that is found by its leaf (sales verify), not by a fold.
    """
    chance = random.Random(places)
    store = create_store(url, first_actor=BOSS)[0]
    history(store)
    store.catch_up(asked=registry.ON_DEMAND)
    whole = everything(store)
    records = store.reader.read(0, 10_000)
    unlocked = Unlocked(store.db)
    told: Counter[str] = Counter()
    for turn in range(places):
        kind = KINDS[turn % len(KINDS)]
        record = chance.choice(records[1:])
        column, value = rotten(chance, kind, record)
        unlocked.put(record.position, column, value)
        Projector(store.reader, store.zone).rebuild(tuple(registry.VERSIONS))
        stopped = {at.stopped for at in tables.standings(store.db).values() if at.stopped is not None}
        if kind == "a byte":  # what still reads may mislead a fold at a later event of the same subject
            assert min(stopped, default=record.position) >= record.position, (kind, stopped, record.position)
        else:
            assert stopped == {record.position}, (kind, stopped, record.position)
        others = [each for each in store.reader.read(0, 10_000) if each.position != record.position]
        assert others == [each for each in records if each.position != record.position]
        told["named" if record.position in stopped else "read on"] += 1
        unlocked.put(record.position, column, getattr(record, column))
        Projector(store.reader, store.zone).rebuild(tuple(registry.VERSIONS))
        assert everything(store) == whole
    unlocked.close()
    store.close()
    return told
