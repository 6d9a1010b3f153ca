"""Faults of the store as problems with a text, a hint and an exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from infra.errors.problem import Problem
from infra.event_store.stored_event import StoreFault


def problem_of(fault: StoreFault, where: str) -> Problem:
    """Return the problem that a store's fault is for its user."""
    from infra.errors.catalogue import PROBLEMS

    facts = {"store": where, "why": str(fault), **fault.facts}
    return Problem(fault.code if fault.code in PROBLEMS else "store.broken", **facts)


@contextmanager
def as_problems(where: str) -> Iterator[None]:
    """Turn the faults of the store at `where` into problems."""
    try:
        yield
    except StoreFault as fault:
        raise problem_of(fault, where) from fault
