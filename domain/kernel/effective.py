"""A stream's events as they stand: corrections and voids applied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.kernel.recorded_event import Told


class Corrected:
    """An event of a stream as it stands after its corrections: `values` are its data, None once it is voided."""

    __slots__ = ("told", "values")

    def __init__(self, told: Told, values: dict[str, Any] | None) -> None:
        self.told, self.values = told, values


def standing(history: Sequence[Told]) -> list[Corrected]:
    """Return the events of one stream with their corrections and voids applied, in recorded order.

    The events that correct or void are themselves left out.
    """
    by_position: dict[int, Corrected] = {}
    for told in history:
        if told.name == "event.corrected":
            target = by_position.get(told.data["at"])
            if target and target.values is not None:
                target.values.update(told.data["values"])
        elif told.name == "event.voided":
            target = by_position.get(told.data["at"])
            if target:
                target.values = None
        else:
            by_position[told.position] = Corrected(told, dict(told.data))
    return list(by_position.values())
