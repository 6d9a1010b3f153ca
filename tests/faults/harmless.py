"""What input from strangers may come to: a code of the contract, nothing that a terminal obeys, views that still hold."""

from __future__ import annotations

import os

from infra.errors.problem import EXITS
from tests.faults.running import Done, sales

CONTRACT = set(EXITS.values()) | {0}
LONG = bool(os.environ.get("SALES_TORTURE"))


def harmless(done: Done) -> None:
    """See that an answer obeys the contract and that nothing in it is obeyed by a terminal."""
    assert done.status in CONTRACT
    assert done.status != 1, done.err
    if done.out.startswith('{"salestrail"'):
        return  # an export into a file or a pipe is the stored bytes
    for odd in ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\x00"):
        assert odd not in done.out + done.err


VIEWS = (
    "tracking", "tracking --json", "tracking -o csv", "audit -o plain", "tracking -o plain", "tracking -o html", "audit",
    "log -n 1000", "log --json", "progress --period 2024Q1", "objections", "pipeline", "funnel --period 2024Q1", "status",
    "tracking --explain", "export",
)  # fmt: skip


def views_hold(store: str, many: int = len(VIEWS) if LONG else 4) -> None:
    """See that the forms of the views still come, and that none holds what a terminal obeys."""
    for words in VIEWS[:many]:
        done = sales(*words.split(), store=store)
        assert done.status in (0, 2), (words, done.err)
        harmless(done)
