"""Handing data keys to somebody else: sealed to their public key (X25519), opened with the private one in their file."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, Final

from domain.kernel.unreadable import Unreadable
from infra.crypto.key_wrapping import ALTERED, NONCE, cipher_of
from infra.crypto.master_key_file import KeysUnusable

PUBLIC: Final = "sales-recipient-"
PRIVATE: Final = "SALES-IDENTITY-"


def recipient_of(file: Path) -> str:
    """Return the public key of the identity in `file`, which is made where there is none. Raises KeysUnusable."""
    if not file.exists():
        _make(file)
    return _written(PUBLIC, _private(file).public_key().public_bytes_raw())


def public_of(private: bytes) -> str:
    """Return the recipient whose private key this is."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return _written(PUBLIC, X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw())


def unsealed_with(private: bytes, sealed: bytes, bound: bytes | None = None) -> bytes:
    """Return what was sealed to whom this private key is of. Raises InvalidTag for what was not."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    mine = X25519PrivateKey.from_private_bytes(private)
    theirs, nonce, rest = sealed[:32], sealed[32 : 32 + NONCE], sealed[32 + NONCE :]
    shared = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
    key = _agreed(shared, theirs, mine.public_key().public_bytes_raw())
    return bytes(cipher_of(key).decrypt(nonce, rest, bound))


def seal_to(recipient: str, raw: bytes, bound: bytes | None = None) -> bytes:
    """Return `raw` so that only the recipient reads it, `bound` to a place. Raises ValueError for what is no recipient."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    theirs = _read(PUBLIC, recipient)
    once = X25519PrivateKey.generate()
    mine, nonce = once.public_key().public_bytes_raw(), os.urandom(NONCE)
    key = _agreed(once.exchange(X25519PublicKey.from_public_bytes(theirs)), mine, theirs)
    return mine + nonce + bytes(cipher_of(key).encrypt(nonce, raw, bound))


def unseal(file: Path, sealed: bytes) -> bytes | None:
    """Return what was sealed to the identity in `file`; None if it was sealed to another. Raises KeysUnusable."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    private = _private(file)
    theirs, nonce, rest = sealed[:32], sealed[32 : 32 + NONCE], sealed[32 + NONCE :]
    shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
    try:
        return bytes(
            cipher_of(_agreed(shared, theirs, private.public_key().public_bytes_raw())).decrypt(nonce, rest, None)
        )
    except InvalidTag:
        return None


def _agreed(shared: bytes, once: bytes, recipient: bytes) -> bytes:
    from hashlib import sha256

    return sha256(b"salestrail data key" + shared + once + recipient).digest()


def _make(file: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    text = _written(PRIVATE, X25519PrivateKey.generate().private_bytes_raw())
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
    except OSError as wrong:
        raise KeysUnusable(file=str(file), why=wrong.strerror or str(wrong)) from None


def _private(file: Path) -> Any:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise KeysUnusable(file=str(file), why="others can read it: chmod 600")
        return X25519PrivateKey.from_private_bytes(_read(PRIVATE, file.read_text("ascii").strip()))
    except OSError as wrong:
        raise KeysUnusable(file=str(file), why=wrong.strerror or str(wrong)) from None
    except ValueError:
        raise KeysUnusable(file=str(file), why="it is no identity") from None


def _written(prefix: str, raw: bytes) -> str:
    return prefix + b64encode(raw, ALTERED).decode().rstrip("=")


def _read(prefix: str, text: str) -> bytes:
    raw = b64decode(text.removeprefix(prefix) + "=", ALTERED, validate=True) if text.startswith(prefix) else b""
    if len(raw) != 32:
        raise Unreadable("it is not whole") if raw else Unreadable("it does not begin with {prefix}", prefix=prefix)
    return raw
