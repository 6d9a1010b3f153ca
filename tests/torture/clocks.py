"""Clocks that jump, and clocks of several machines that disagree: recorded times follow the positions."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from infra.commands.request import request
from infra.store.open import create_store, open_store
from tests.faults.running import BOSS
from tests.given import lead
from tests.torture.writing import whole


def jumps(url: str, events: int) -> int:
    """Record with two clocks that jump by an hour now and then; return how many jumps there were."""
    chance = random.Random(events)
    jumped = 0
    present = [datetime(2024, 3, 29, 12, tzinfo=UTC), datetime(2024, 3, 29, 13, tzinfo=UTC)]
    create_store(url, first_actor=BOSS, clock=lambda: present[0])[0].close()
    stores = [open_store(url, clock=lambda: present[0]), open_store(url, clock=lambda: present[1])]
    ledgers = [store.ledger(BOSS) for store in stores]
    for n in range(events):
        who = chance.randrange(2)
        if chance.random() < 0.3:
            present[who] += timedelta(hours=chance.choice((-1, 1)))
            jumped += 1
        present[who] += timedelta(milliseconds=chance.randrange(5))
        (answer,) = ledgers[who].record([request(lead(f"k{n}", by=BOSS))])
        assert getattr(answer, "status", answer) == "recorded"
    records = whole(stores[0].log)
    for record in records:
        at = stores[0].reader.position_at(record.recorded)
        assert records[at - 1].recorded == record.recorded
    for store in stores:
        store.close()
    return jumped
