"""An event as it stands in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Told(Protocol):
    """An event as it stands in the log, for the decisions that speak about events."""

    @property
    def position(self) -> int: ...
    @property
    def event_id(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def occurred(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
