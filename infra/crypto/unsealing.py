"""Opening one sealed value with what the key store gives for its key."""

from __future__ import annotations

from binascii import a2b_base64
from typing import Any, Final

from infra.crypto.key_wrapping import NONCE
from infra.db.errors import StoreFault
from projections.engine.sealed import KEY, MARK, SEALED

ID: Final = KEY


def unsealed(cipher: Any, place: str, body: str) -> str:
    """Return what a sealed value holds, SEALED if it is none or was sealed for another place.

    `cipher` is its key's, or else what stands for the value, what forbids the key's use, or None; `place` what
    the value begins with.
    """
    if isinstance(cipher, str):
        return cipher
    if cipher is None or isinstance(cipher, StoreFault):
        return SEALED
    event_id, _, path = place.removeprefix(f"{MARK}:").rpartition(":")
    try:
        raw = a2b_base64(body[ID:].replace("-", "+").replace("_", "/"))  # b64decode's alphabet, without its detours
        return str(cipher.decrypt(raw[:NONCE], raw[NONCE:], f"{event_id}\0{path}".encode()).decode())
    except ValueError:
        return SEALED
    except Exception as wrong:
        if type(wrong).__name__ == "InvalidTag":
            return SEALED
        raise
