"""The faults that a store may answer with, the problems that they are for its user, and how they name its address and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from infra.errors.problem import Problem


class StoreFault(Exception):
    """The store could not do what was asked. `code` names the kind of fault, `facts` what its text needs.

    StoreFault
      StoreMissing       no store there yet
      StoreUnreachable   cannot be opened or connected to, or is not a database
      StoreTooNew        made by a newer program
      StoreBusy          somebody else holds it
        StoreSwapped       a rebuild has put another table in the place of the one that was asked
      StoreFull          no room on its disk
      StoreUncertain     the connection was lost before the answer: look up whether the batch was recorded
      StoreRefused       a constraint, a trigger or a privilege said no
        RecordedTooEarly   a given recorded time lies before the log's last
        StoreUnstorable    a row holds what its table can't
      StoreBroken        anything else the database complained about
    """

    code: ClassVar[str] = "store.fault"

    def __init__(self, **facts: Any) -> None:
        # Libraries break lines in what they say, and an error is told in one.
        facts = {name: " ".join(said.split()) if name == "why" else said for name, said in facts.items()}
        super().__init__(", ".join(f"{name}: {value}" for name, value in facts.items()))
        self.facts = facts


class StoreMissing(StoreFault):
    """There is no store at this address yet."""

    code = "store.missing"


class StoreUnreachable(StoreFault):
    """The store cannot be opened or connected to, or is not a database."""

    code = "store.unreachable"


class StoreTooNew(StoreFault):
    """The store was made by a newer program; it is left as it is."""

    code = "store.too_new"


class StoreBusy(StoreFault):
    """Somebody else held the store for longer than we wait."""

    code = "store.busy"


class StoreSwapped(StoreBusy):
    """A rebuild has put another table in the place of the one that was asked."""


class StoreFull(StoreFault):
    """The store's disk has no room; nothing was recorded."""

    code = "store.full"


class StoreUncertain(StoreFault):
    """The connection was lost before the answer came: the batch is recorded wholly or not at all."""

    code = "store.uncertain"


class StoreRefused(StoreFault):
    """A constraint, a trigger or a privilege said no."""

    code = "store.refused"


class RecordedTooEarly(StoreRefused):
    """A given recorded time lies before the log's last; recorded times never go back."""

    code = "store.recorded_too_early"


class StoreUnstorable(StoreRefused):
    """A row holds what its table can't: a number beyond 64 bits, a character that is none, nothing where something must be."""


class StoreBroken(StoreFault):
    """The database complained about something that no other fault covers."""

    code = "store.broken"


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


FOLDED: Final = re.compile(r"\b[a-z][a-z_]*_[0-9]+\b")
"""How the tables are named that are folded from the log: each with the number of its generation at the end."""


def names_folded(complaint: str) -> bool:
    """Say whether a database's complaint names a table that a rebuild makes anew under another name."""
    return FOLDED.search(complaint) is not None


PASSWORD: Final = r"(://[^/@:?#]*):([^?#\s]*)@|([?&]password=)([^&]*)"


def without_password(url: str) -> str:
    """Return `url` fit for a message."""
    if "@" not in url and "password=" not in url:
        return url
    return re.sub(PASSWORD, lambda found: f"{found[1]}@" if found[1] else f"{found[3]}***", url)


def has_password(url: str) -> bool:
    """Say whether an address holds a password."""
    return any(found[2] or found[4] for found in re.finditer(PASSWORD, url))
