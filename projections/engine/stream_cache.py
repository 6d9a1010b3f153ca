"""Keeping the histories of many subjects at hand while a log is folded, within a bound on memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    @property
    def weight(self) -> int: ...


T = TypeVar("T", bound=Sized)


class Cases(Generic[T]):
    """The most recently used cases by key, together not heavier than `limit` (weights are numbers of events)."""

    def __init__(self, load: Callable[[str, int], T], empty: Callable[[str], T], limit: int = 40_000) -> None:
        self._load, self._empty, self._limit = load, empty, limit
        self._cases: OrderedDict[str, T] = OrderedDict()
        self._held = 0

    def get(self, key: str, upto: int, *, begins: bool = False) -> T:
        """Return the case of `key` as it was after position `upto`, from memory or from the log.

        A case that `begins` has no history, and the log is not asked for it.
        """
        case = self._cases.get(key)
        if case is not None:
            self._cases.move_to_end(key)
            return case
        case = self._cases[key] = self._empty(key) if begins else self._load(key, upto)
        self._held += case.weight + 1
        while self._held > self._limit and len(self._cases) > 1:
            _, dropped = self._cases.popitem(last=False)
            self._held -= dropped.weight + 1
        return case

    def held(self, key: str) -> T | None:
        """Return the case of `key` if it is in memory."""
        return self._cases.get(key)

    def grew(self, by: int) -> None:
        """Note that a held case has taken `by` more events."""
        self._held += by

    def clear(self) -> None:
        self._cases.clear()
        self._held = 0
