"""What is wrong with an object of a store, as either store tells it."""

from __future__ import annotations

from typing import NamedTuple


class Wrong(NamedTuple):
    """One object that is not as it should be: `what` is missing, changed or foreign; `table` is whose it is."""

    what: str
    kind: str
    name: str
    table: str
