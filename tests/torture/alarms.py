"""A store that nobody has touched is found whole, again and again, while others write, project, erase and rebuild."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random
from threading import Event, Thread
from typing import NamedTuple

from infra.commands.request import request
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from infra.store.open import create_store, open_store
from infra.store.shadow_rebuild import make_again
from infra.store.store import Store
from infra.store.thorough_check import derived_sound
from projections.read_models.registry import ON_DEMAND, VERSIONS
from tests.faults.running import BOSS
from tests.given import lead, line
from tests.torture.writing import eventually

PATIENCE = 60.0


class Looks(NamedTuple):
    """How often a store was looked at, what was found (nothing, one hopes), and what others did meanwhile."""

    runs: int
    alarms: list[str]
    events: int
    rebuilds: int
    erasures: int


class Crowd:
    """Those who use a store at once, each over a connection of their own, until told to stop."""

    def __init__(self, url: str, seed: int) -> None:
        self.url, self.seed = url, seed
        self.stop, self.go = Event(), Event()
        self.done: Counter[str] = Counter()

    def _at_it(self, act: Callable[[Store, Random], None], name: str) -> None:
        chance = Random(f"{self.seed} {name}")
        while not self.stop.is_set():
            # A table that is swapped away, a lock that another holds: whoever works here tries again.
            with suppress(Problem, StoreFault):
                store = open_store(self.url)
                try:
                    while not self.stop.is_set():
                        act(store, chance)
                        self.done[name] += 1
                finally:
                    with suppress(StoreFault):
                        store.close()
            self.stop.wait(0.02)

    def write(self, store: Store, chance: Random) -> None:
        """Record a few acts; no more of them than looks let through, so that the log stays short."""
        self.go.wait(0.5)
        self.go.clear()
        n = self.done["write"]
        some = [lead(f"l{n}", f"公司{n % 40}", by=BOSS, contact=f"王{n}", phone=f"138{n:08}")]
        if n:
            known = f"l{chance.randrange(n)}"
            some.append(line("follow-up.log", known, by=BOSS, channel="call", summary="价格太高"))
            some.append(
                line("opportunity.open", None, by=BOSS, customer=known, name="机会", amount="1000", currency="CNY")
            )
            draft = {"customer": known, "number": f"HT-{n % 25}", "amount": "500", "currency": "CNY"}
            some.append(line("contract.draft", None, by=BOSS, key=f"c{n}", **draft))
            if chance.random() < 0.15:
                some.append(line("customer.erase-contact", known, by=BOSS, reason="要求"))
        for each in store.ledger(BOSS, source="batch").record([request(words) for words in some]):
            self.done["erased"] += not isinstance(each, Problem) and "customer.contact_erased" in each.names

    def project(self, store: Store, chance: Random) -> None:
        store.catch_up(asked=ON_DEMAND if chance.random() < 0.5 else ())
        time.sleep(0.01)

    def rebuild(self, store: Store, chance: Random) -> None:
        if chance.random() < 0.3:
            make_again(store.log)
        store.projector.rebuild(chance.sample([*VERSIONS], chance.randint(1, 4)))
        time.sleep(0.05)

    def under_way(self) -> bool:
        """Let more be written, and say whether everybody has begun."""
        self.go.set()
        return self.done["write"] > 2 and self.done["rebuild"] > 0

    @contextmanager
    def working(self) -> Iterator[None]:
        acts = ((self.write, "write"), (self.write, "write too"), (self.project, "project"), (self.rebuild, "rebuild"))
        threads = [Thread(target=self._at_it, args=each, daemon=True) for each in acts]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join(PATIENCE)


def looks(url: str, runs: int, seed: int = 1) -> Looks:
    """Look at a store in use `runs` times, thoroughly; return what was found."""
    store, _ = create_store(url, first_actor=BOSS)
    crowd, alarms = Crowd(url, seed), []
    with crowd.working():
        eventually(crowd.under_way, PATIENCE)
        for n in range(runs):
            crowd.go.set()
            with suppress(StoreFault):  # the store is another's for too long: that is said, and is no alarm
                alarms += [f"{n}: {each.code} {each.facts}"[:200] for each in derived_sound(store.db).problems]
    events, _ = store.reader.head()
    # What the crowd left is whole as well, once nobody moves any more.
    alarms += [f"end: {each.code} {each.facts}" for each in derived_sound(store.db).problems]
    store.close()
    return Looks(runs, alarms, events, crowd.done["rebuild"], crowd.done["erased"])


def many(urls: Iterator[str], runs: int, each: int = 50) -> Looks:
    """Look `runs` times in all, at a new store after each so many, so that a log stays short."""
    told = [looks(next(urls), min(each, runs - done), done) for done in range(0, runs, each)]
    alarms = [alarm for one in told for alarm in one.alarms]
    events, rebuilds, erasures = (sum(figures) for figures in zip(*(one[2:] for one in told), strict=True))
    return Looks(runs, alarms, events, rebuilds, erasures)
