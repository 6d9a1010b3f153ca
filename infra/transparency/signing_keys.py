"""The keys that sign checkpoints: files of their own, outside of the store, which only their owner can read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.kernel.field import BadValue
from infra.errors.problem import Problem
from infra.transparency.signed_note import (
    ED25519,
    Checkpoint,
    Signature,
    VerifierKey,
    cosigned,
    decoded,
    encoded,
    read_key,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX: Final = "PRIVATE+KEY"


class Signer:
    """A private key and what it signs: checkpoints of a log, or cosignatures of a witness."""

    def __init__(self, name: str, kind: int, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.key = VerifierKey(name, kind, private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        """Return the checkpoint with this key's signature."""
        return checkpoint.signed(Signature(self.key.name, self.key.id + self._private.sign(checkpoint.text.encode())))

    def cosign(self, checkpoint: Checkpoint, seconds: int) -> Checkpoint:
        """Return the checkpoint with a witness's signature, given at `seconds` since 1970."""
        raw = seconds.to_bytes(8) + self._private.sign(cosigned(checkpoint.text, seconds))
        return checkpoint.signed(Signature(self.key.name, self.key.id + raw))


class KeyFolder:
    """The keys of one user: for each log its private key, and beside it the public keys that it has had."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signer(self, name: str, kind: int = ED25519) -> Signer:
        """Return the private key of `name`, made on first use. Raises Problem."""
        file = self._file(name, "key")
        try:
            if not file.exists():
                self._make(name, kind)
            return _read(file, kind)
        except OSError as wrong:
            raise Problem("file.unwritable", file=str(file), why=wrong.strerror or str(wrong)) from None

    def has(self, name: str) -> bool:
        """Say whether the private key of `name` is here."""
        return self._file(name, "key").exists()

    def known(self, name: str) -> list[VerifierKey]:
        """Return the public keys that `name` has had here, the newest last. Raises Problem."""
        file = self._file(name, "pub")
        try:
            return [read_key(line) for line in file.read_text("utf-8").splitlines() if line] if file.exists() else []
        except (OSError, UnicodeError) as wrong:
            raise Problem("file.unreadable", file=str(file), why=str(wrong)) from None

    def trust(self, key: VerifierKey) -> None:
        """Keep a public key. Raises Problem."""
        file = self._file(key.name, "pub")
        if key in self.known(key.name):
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as kept:
                kept.write(f"{key}\n")
        except OSError as wrong:
            raise Problem("file.unwritable", file=str(file), why=wrong.strerror or str(wrong)) from None

    def last(self, name: str) -> str | None:
        """Return the last note that was signed here for `name`. Raises Problem."""
        file = self._file(name, "last")
        try:
            return file.read_text("utf-8") if file.exists() else None
        except (OSError, UnicodeError) as wrong:
            raise Problem("file.unreadable", file=str(file), why=str(wrong)) from None

    def keep_last(self, name: str, note: str) -> None:
        """Remember the last note that was signed for `name`. Raises Problem."""
        file = self._file(name, "last")
        fresh = self._file(name, f"last{os.getpid()}")
        try:
            fresh.write_text(note, "utf-8")
            fresh.replace(file)
        except OSError as wrong:
            raise Problem("file.unwritable", file=str(file), why=wrong.strerror or str(wrong)) from None

    def last_file(self, name: str) -> str:
        """Return the path of that note."""
        return str(self._file(name, "last"))

    def renew(self, name: str, kind: int = ED25519) -> Signer:
        """Replace the private key of `name`; the old one is gone, its public key stays known. Raises Problem.

        The last note is forgotten too: this is also how a log goes on that had to be restored from an older copy.
        """
        file = self._file(name, "key")
        if file.exists():
            self.trust(_read(file, kind).key)
            file.unlink()
            self._file(name, "last").unlink(missing_ok=True)
        return self.signer(name, kind)

    def _make(self, name: str, kind: int) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.generate()
        key = VerifierKey(name, kind, private.public_key().public_bytes_raw())
        text = f"{PREFIX}+{name}+{key.id.hex()}+{encoded(bytes([kind]) + private.private_bytes_raw())}\n"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._file(name, f"new{os.getpid()}")
        descriptor = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, self._file(name, "key"))  # whoever comes second finds the first one's key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        self.trust(_read(self._file(name, "key"), kind).key)

    def _file(self, name: str, suffix: str) -> Path:
        plain = "".join(c if c.isalnum() or c in "._-" else "-" for c in name)
        return self.folder / f"{plain}.{suffix}"


def _read(file: Path, kind: int) -> Signer:
    """Read a private key: C2SP's form, PRIVATE+KEY+name+hash+base64 of the kind and the seed. Raises Problem."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise BadValue("others can read it: chmod 600")
        name, id, rest = (*file.read_text("utf-8").strip().removeprefix(f"{PREFIX}+").split("+", 2), "", "")[:3]
        raw = decoded(rest)
        if not raw or raw[0] != kind or len(raw) != 33:
            raise BadValue("it is no private key")
        signer = Signer(name, kind, Ed25519PrivateKey.from_private_bytes(raw[1:]))
        if signer.key.id.hex() != id:
            raise BadValue("it is damaged")
        return signer
    except ValueError as wrong:
        raise Problem("proof.bad_key_file", file=str(file), why=str(wrong)) from None
