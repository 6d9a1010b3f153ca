"""Ids of subjects and events: made from the key where there is one, so that any order of an import makes the same."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import count
from typing import Final

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def letters(number: int, length: int) -> str:
    """Return the low 5 * `length` bits of `number` in Crockford's base 32, lower case."""
    out = []
    for _ in range(length):
        out.append(ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(out))


def from_key(prefix: str, key: str, nth: int = 0) -> str:
    """Return the id that the `nth` subject made under `key` has wherever it is made."""
    import hashlib  # loads OpenSSL: only where there are keys

    digest = hashlib.blake2b(f"{key}\x00{nth}".encode(), digest_size=10).digest()
    return prefix + letters(int.from_bytes(digest), 16)


def fresh(prefix: str) -> str:
    """Return a new id; ids made later sort later, by the millisecond."""
    moment = int(time.time() * 1000) & (1 << 45) - 1
    return prefix + letters(moment << 35 | int.from_bytes(os.urandom(5)) & (1 << 35) - 1, 16)


def event_ids() -> Iterator[str]:
    """Yield new event ids: 48 bits of time, 48 random ones and a count, so that an index of ids grows at its end."""
    begun = f"{time.time_ns() // 1_000_000:012x}{os.urandom(6).hex()}"
    return (f"{begun}{n:08x}" for n in count())
