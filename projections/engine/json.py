"""JSON inside a table's cell: compact, in any script; `use` puts a quicker encoder of the same form in its place."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Final

MANY: Final = 2_000

encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def use(encoder: Callable[[Any], str]) -> None:
    """Encode with `encoder` from now on; it must write the same text."""
    global encode  # noqa: PLW0603
    encode = encoder


def reader(cells: int) -> Callable[[str], Any]:
    """Return what reads the JSON that we wrote into so many cells; loading orjson pays only from some thousand on."""
    if cells < MANY and "orjson" not in sys.modules:
        decode = json.JSONDecoder().raw_decode
        return lambda cell: decode(cell)[0]
    import orjson

    return orjson.loads  # type: ignore[no-any-return,unused-ignore]
