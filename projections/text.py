"""JSON inside a table's cell: compact, in any script; `use` puts a quicker encoder of the same form in its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def use(encoder: Callable[[Any], str]) -> None:
    """Encode with `encoder` from now on; it must write the same text."""
    global encode  # noqa: PLW0603
    encode = encoder
