"""Data keys on their way from store to store: a line each at the end of an export, wrapped for whoever may open them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from infra.crypto.key_store import DataKey
from infra.crypto.keyring import Keyring
from infra.crypto.master_key_file import TRANSFER
from infra.crypto.recipient import seal_to, unseal
from infra.db.errors import StoreFault
from infra.errors.problem import Problem, why_of
from projections.engine import json

SIGN: Final = b'{"data_key":'
"""What the line of a key begins with."""
BATCH: Final = 1_000

Cover = Callable[[DataKey, bytes], dict[str, str]]
"""Returns how a key stands in its line: its wrapped form, and for whom."""


def for_oneself(ring: Keyring) -> Cover:
    """Wrap keys for another store of the same file of wrapping keys; the same key is always wrapped the same way."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    transfer = ring.file.transfer()
    wrap = AESSIV(transfer.key)

    def cover(key: DataKey, raw: bytes) -> dict[str, str]:
        return {"by": transfer.fingerprint, "wrapped": b64encode(wrap.encrypt(raw, [place(key)])).decode()}

    return cover


def for_recipient(recipient: str) -> Cover:
    """Seal keys to somebody's public key. Raises Problem for what is none."""
    try:
        seal_to(recipient, b"")
    except ValueError as wrong:
        raise Problem("usage.bad_value", field="to", value=recipient[:80], **why_of(wrong), help="") from None

    def cover(_key: DataKey, raw: bytes) -> dict[str, str]:
        return {"sealed": b64encode(seal_to(recipient, raw)).decode()}

    return cover


def place(key: DataKey) -> bytes:
    """Return what a carried key is bound to."""
    return f"{key.id}\0{key.subject}\0{key.version}".encode()


def lines(ring: Keyring, cover: Cover) -> tuple[int, Iterator[bytes]]:
    """Return how many keys there are, and the line of each; of destroyed ones only that they were."""
    rows = ring.rows()
    keys = rows.every() if rows else []
    return len(keys), (_line(key, raw, cover) for key, raw in ring.unwrapped(keys))


def _line(key: DataKey, raw: bytes | StoreFault | None, cover: Cover) -> bytes:
    if isinstance(raw, StoreFault):
        raise raw
    said: dict[str, Any] = {"data_key": key.id, "subject": key.subject, "version": key.version, "made": key.made}
    covered = {"destroyed": key.destroyed} if raw is None else cover(key, raw)
    return json.dumps(said | covered) + b"\n"


class Taking:
    """Takes the key lines of an export into the key store of a new store."""

    def __init__(self, ring: Keyring, identity: Path | None = None) -> None:
        self._ring, self._identity = ring, identity
        self._waiting: list[tuple[DataKey, bytes | None]] = []
        self.count = self.closed = 0

    def take(self, line: bytes, number: int) -> None:
        """Take one line; a key that can't be opened here is counted as closed. Raises Problem."""
        try:
            said = json.loads(line)
            key = DataKey(
                said["data_key"], said["subject"], said["version"], "", None, said["made"], said.get("destroyed")
            )
            if (
                not all(isinstance(part, str) for part in (key.id, key.subject, key.made))
                or type(key.version) is not int
            ):
                raise TypeError("a member of another type")
            raw = None if key.destroyed else self._opened(key, said)
        except (LookupError, TypeError, ValueError) as wrong:
            raise Problem("migration.bad_export", line=number, why=str(wrong) or type(wrong).__name__) from None
        self.count += 1
        if raw is None and not key.destroyed:
            self.closed += 1
            return
        self._waiting.append((key, raw))
        if len(self._waiting) >= BATCH:
            self.settle()

    def settle(self) -> None:
        """Write what was taken."""
        if self._waiting:
            self._ring.take(self._waiting)
            self._waiting = []

    def _opened(self, key: DataKey, said: dict[str, Any]) -> bytes | None:
        if "sealed" in said:
            return unseal(self._identity, b64decode(said["sealed"])) if self._identity else None
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        known = [each for each in self._ring.file.of(TRANSFER) if each.fingerprint == said["by"]]
        if not known:
            return None
        try:
            return bytes(AESSIV(known[0].key).decrypt(b64decode(said["wrapped"]), [place(key)]))
        except Exception as wrong:
            if type(wrong).__name__ == "InvalidTag":
                raise ValueError("the key was changed") from None
            raise
