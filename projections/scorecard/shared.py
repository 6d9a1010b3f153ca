"""What several questions about one stretch of time ask alike, read once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from projections.moments import Moments
from projections.projection import Ask
from projections.records.ask import Found, found


class Shared:
    """What is read once for questions of which none is as of a later moment than `moments`."""

    def __init__(self, ask: Ask, moments: Moments, owners: Sequence[str] | None = None) -> None:
        """Take what is asked; `owners` are those whose customers alone matter."""
        self._ask, self._moments = ask, moments
        self.files: dict[int, list[tuple[Any, ...]]] = {}
        """How full the files of customers were at a moment, once that was asked."""

    @cached_property
    def handed_over(self) -> Sequence[Found]:
        """The hand-overs after sales."""
        return found(self._ask, self._moments, "hand-over")
