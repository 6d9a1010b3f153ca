"""JSON in and out, compact and in any script: the standard library for a single command, orjson where thousands of events go through.

Both write the same compact UTF-8 bytes; importing orjson costs more than it saves below a few hundred events.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Final

MANY: Final = 2_000

encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Returns a value as the text of a table's cell."""
_plainly: Final = encode


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


_decoder = json.JSONDecoder(parse_constant=_no_number)


def _loads(said: bytes | str) -> Any:
    """Read JSON as strictly as orjson does: no NaN, and no half of a surrogate pair."""
    text = said if isinstance(said, str) else said.decode()
    value = _decoder.decode(text)
    if "\\ud" in text or "\\uD" in text:
        _plainly(value).encode()
    return value


def _dumps(value: Any) -> bytes:
    return _plainly(value).encode()


dumps: Callable[[Any], bytes] = _dumps
loads: Callable[[bytes | str], Any] = _loads


def go_fast() -> None:
    """Set this process up for many events: orjson, and a garbage collector that looks seldom at what lives long.

    Done again it changes nothing: what is frozen is never given back, and a process that folds for weeks would keep it all.
    """
    global dumps, encode, loads
    import gc

    import orjson

    if loads is orjson.loads:
        return
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    dumps, loads, encode = orjson.dumps, orjson.loads, lambda value: orjson.dumps(value).decode()


def reader(cells: int) -> Callable[[str], Any]:
    """Return what reads the JSON that we wrote into so many cells; loading orjson pays only from some thousand on."""
    if cells < MANY and "orjson" not in sys.modules:
        decode = json.JSONDecoder().raw_decode
        return lambda cell: decode(cell)[0]
    import orjson

    return orjson.loads  # type: ignore[no-any-return,unused-ignore]
