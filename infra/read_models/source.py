"""A store as questions and decisions ask it: its tables in one state, its log, and the moments of a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from zoneinfo import ZoneInfo

    from infra.db.database import Database
    from infra.event_store.reader import EventReader
    from projections.engine.as_of import AsOf
    from projections.engine.projection import Ask


class Shadow(Protocol):
    """The tables that the log gives, folded beside those of the store."""

    def fold(self, names: Sequence[str], position: int) -> None: ...
    def ask(self, names: Sequence[str]) -> Ask: ...


class Source(Protocol):
    """What is asked: a store's tables in one state, its log, the moments of a question, and whom its words name."""

    db: Database
    reader: EventReader
    zone: ZoneInfo
    currency: str
    fiscal_month: int

    def view(self, *names: str) -> AbstractContextManager[Ask]: ...
    def must_be_fresh(self) -> None: ...
    def beside(self) -> Shadow: ...
    def moments(self, as_of: str | None = None, known_at: str | None = None) -> AsOf: ...
    def moments_each(self, days: Sequence[date]) -> list[AsOf]: ...
    def subject(self, named: str) -> str: ...
