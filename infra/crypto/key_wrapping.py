"""Wrapping data keys and taking them out: with the wrapping key that a key store has in use."""

from __future__ import annotations

import os
from functools import cached_property
from typing import Any, Final

from domain.kernel.unreadable import Unreadable
from infra.crypto.key_store import DataKey, KeyRows
from infra.crypto.master_key_file import KeysUnusable, MasterKey, WrappingFile, made

NONCE: Final = 12
ALTERED: Final = b"-_"
"""What stands for the + and / of base64 in stored texts."""


def cipher_of(key: bytes) -> Any:
    """Return AES-256-GCM with `key`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


class KeyWrapper:
    """The wrapping keys of one file, read where they are needed."""

    def __init__(self, file: WrappingFile) -> None:
        self.file = file
        self._ciphers: dict[str, Any] = {}

    def current(self, rows: KeyRows) -> MasterKey:
        """Return the wrapping key in use, made on first use; within a transaction of the key store."""
        fingerprint = rows.wrapping(
            hold=not rows.grouped
        )  # where a desk may not hold it, the key store itself checks it
        return self.of(fingerprint) if fingerprint else self.exchanged(rows)

    def exchanged(self, rows: KeyRows) -> MasterKey:
        """Make a new wrapping key and have it in use; within a transaction of the key store."""
        wrapping = made(rows.id)
        self.file.add(wrapping)
        rows.use_wrapping(wrapping.fingerprint)
        self.forget()
        return wrapping

    def of(self, fingerprint: str) -> MasterKey:
        """Return the wrapping key of that fingerprint. Raises KeysUnusable."""
        if fingerprint not in self._known:
            self.forget()  # somebody else may have exchanged it
        if fingerprint not in self._known:
            lacking = Unreadable("it lacks the wrapping key {key} of this store", key=fingerprint)
            raise KeysUnusable(file=self.file.name, **lacking.told)
        return self._known[fingerprint]

    def must_make_secrets(self) -> None:
        """Raise KeysUnusable unless what is everybody's may be made here."""

    def wrapped(self, key: DataKey, raw: bytes, wrapping: MasterKey) -> DataKey:
        """Return a key wrapped with that wrapping key."""
        nonce = os.urandom(NONCE)
        cipher = bytes(self._cipher(wrapping).encrypt(nonce, raw, place_of_key(key)))
        return key._replace(wrap=wrapping.fingerprint, wrapped=nonce + cipher)

    def raw(self, key: DataKey) -> bytes:
        """Return the data key itself, of one that is not destroyed. Raises KeysUnusable."""
        assert key.wrapped is not None
        cipher = self._cipher(self.of(key.wrap))
        try:
            return bytes(cipher.decrypt(key.wrapped[:NONCE], key.wrapped[NONCE:], place_of_key(key)))
        except Exception as wrong:
            damaged = Unreadable("the data key is damaged ({fault})", fault=type(wrong).__name__)
            raise KeysUnusable(file=key.id, **damaged.told) from wrong

    def outdated(self) -> bool:
        """Say whether the wrapping keys were exchanged since they were looked up, and what is at hand has to be forgotten."""
        return False  # one that is lacking has had the file read again

    def forget(self) -> None:
        """Read the file again when it is needed."""
        self.__dict__.pop("_known", None)
        self._ciphers.clear()

    @cached_property
    def _known(self) -> dict[str, MasterKey]:
        return {each.fingerprint: each for each in self.file.all()}

    def _cipher(self, wrapping: MasterKey) -> Any:
        known = self._ciphers.get(wrapping.fingerprint)
        if known is None:
            known = self._ciphers[wrapping.fingerprint] = cipher_of(wrapping.key)
        return known


def place_of_key(key: DataKey) -> bytes:
    """Return what a wrapped key is bound to."""
    return f"{key.id}\0{key.subject}".encode()
