"""JSON in and out: the standard library for a single command, orjson where thousands of events go through.

Both write the same compact UTF-8 bytes; importing orjson costs more than it saves below a few hundred events.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


_decoder = json.JSONDecoder(parse_constant=_no_number)


def _loads(said: bytes | str) -> Any:
    """Read JSON as strictly as orjson does: no NaN, and no half of a surrogate pair."""
    text = said if isinstance(said, str) else said.decode()
    value = _decoder.decode(text)
    if "\\ud" in text or "\\uD" in text:
        _encoder.encode(value).encode()
    return value


def _dumps(value: Any) -> bytes:
    return _encoder.encode(value).encode()


dumps: Callable[[Any], bytes] = _dumps
loads: Callable[[bytes | str], Any] = _loads


def go_fast() -> None:
    """Set this process up for many events: orjson, and a garbage collector that looks seldom at what lives long.

    Done again it changes nothing: what is frozen is never given back, and a process that folds for weeks would keep it all.
    """
    global dumps, loads
    import gc

    import orjson

    if loads is orjson.loads:
        return

    from projections.engine import json as text

    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    dumps, loads = orjson.dumps, orjson.loads
    text.use(lambda value: orjson.dumps(value).decode())
