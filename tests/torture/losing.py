"""A connection between program and server that loses the reply to what was committed, or what was asked."""

from __future__ import annotations

import random
import selectors
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from infra.commands.request import request
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from infra.store.open import create_store, open_store
from tests.faults.running import BOSS
from tests.given import lead, line
from tests.torture.writing import whole

MARKS = (b"customer.lead_captured", b"customer.followed_up")
READY = b"Z\x00\x00\x00\x05"
"""What a server says last, when a transaction is committed."""


class Proxy:
    """Passes bytes between clients and the server's socket; an append is lost, with its reply or without, by chance."""

    def __init__(self, path: str, chance: random.Random, share: float) -> None:
        self.path, self.chance, self.share = path, chance, share
        self.lost: Counter[str] = Counter()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server, suppress(OSError):
            server.connect(self.path)
            chooser = selectors.DefaultSelector()
            chooser.register(client, selectors.EVENT_READ)
            chooser.register(server, selectors.EVENT_READ)
            swallowing = ""
            while True:
                for ready, _ in chooser.select():
                    one = ready.fileobj
                    assert isinstance(one, socket.socket)
                    data = one.recv(1 << 20)
                    if not data:
                        return
                    if one is client:
                        if any(mark in data for mark in MARKS) and self.chance.random() < self.share:
                            swallowing = self.chance.choice(("reply", "request"))
                            self.lost[swallowing] += 1
                            if swallowing == "request":
                                return
                        server.sendall(data)
                    elif not swallowing:
                        client.sendall(data)
                    elif READY in data:
                        return  # committed, and nobody was told


@contextmanager
def proxied(url: str, seed: int, share: float) -> Iterator[tuple[str, Proxy]]:
    """Give the address of the same schema behind a connection that loses that share of the appends."""
    told = parse_qs(urlsplit(url).query)
    host, schema = told["host"][0], told["schema"][0]
    proxy = Proxy(f"{host}/.s.PGSQL.5432", random.Random(seed), share)
    user = urlsplit(url).username or "postgres"
    try:
        yield f"postgresql://{user}@127.0.0.1:{proxy.port}/postgres?schema={schema}&sslmode=disable", proxy
    finally:
        proxy.listening.close()


class Lost(NamedTuple):
    """What became of appends whose replies or requests were lost."""

    actions: int
    replies: int
    requests: int
    missing: int
    doubled: int


def _again(problem: Problem) -> None:
    """See that a problem is one after which the same call may go through."""
    assert problem.retry, (problem.code, problem.facts)


def replies(url: str, actions: int, share: float = 0.3) -> Lost:
    """Record actions under keys over such a connection, each until it is answered; then look for each event.

    A key repeated by the program itself or by its user leads to one event; nothing is told to be a conflict.
    """
    create_store(url, first_actor=BOSS)[0].close()
    with proxied(url, actions, share) as (losing, proxy):
        store = open_store(losing)
        ledger = store.ledger(BOSS)
        for n in range(actions):
            for _ in range(20):
                try:
                    (answer,) = ledger.record([request(lead(f"k{n}", by=BOSS))])
                except Problem as problem:
                    _again(problem)
                    continue
                if isinstance(answer, Problem):
                    _again(answer)
                    continue
                assert answer.status in ("recorded", "repeated")
                break
            else:
                raise AssertionError(f"k{n} was never answered")
        store.close()
    opened = open_store(url)
    counted = Counter(record.key for record in whole(opened.log) if record.key)
    opened.close()
    missing = sum(f"k{n}" not in counted for n in range(actions))
    return Lost(actions, proxy.lost["reply"], proxy.lost["request"], missing, sum(n > 1 for n in counted.values()))


def without_keys(url: str, actions: int) -> tuple[int, int]:
    """Record the same without keys, each until it is answered; return how often it was uncertain, and events too many.

    This is what the keys are for: who only tries again records twice.
    """
    store, _ = create_store(url, first_actor=BOSS)
    store.ledger(BOSS).record([request(lead("l1", by=BOSS))])
    store.close()
    uncertain = 0
    with proxied(url, actions, 0.5) as (losing, _proxy):
        store = open_store(losing)
        ledger = store.ledger(BOSS)
        for n in range(actions):
            said = line("follow-up.log", "l1", by=BOSS, at=f"2024-01-{1 + n:02}", channel="call")
            answer: object = None
            while not isinstance(answer, CommandResult):
                try:
                    (answer,) = ledger.record([request(said)])
                except Problem as problem:
                    _again(problem)
                    uncertain += problem.code == "store.uncertain"
        store.close()
    opened = open_store(url)
    days = Counter(record.occurred for record in whole(opened.log) if record.name == "customer.followed_up")
    opened.close()
    assert len(days) == actions
    return uncertain, sum(count - 1 for count in days.values())
