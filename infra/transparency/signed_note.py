"""A checkpoint: the size and root of the tree as a signed note (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

salestrail/0f8fad5bd9cb469f          the log's name, its origin
1000000                              how many events the tree covers
mKu1k9GKoF2MjEVC7b4XYnO0fBPl9i...=   its root
settings 9Qv0...=                    a digest of the store's settings, which older ones lack

— salestrail/0f8fad5bd9cb469f 7Wbc...   a signature: the first 4 bytes name the key
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from domain.kernel.field import BadValue
from infra.errors.problem import Problem

ED25519: Final = 1
COSIGNATURE: Final = 4
DASH: Final = "— "
SETTINGS: Final = "settings "
"""What the line begins with that tells the store's settings."""
LARGEST: Final = 64 * 1024


class Signature(NamedTuple):
    """A signature line: who signed, and the bytes that follow, 4 of them naming the key."""

    name: str
    raw: bytes


class Checkpoint(NamedTuple):
    """What a note says, and its text, which is what is signed."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[Signature, ...]

    @property
    def settings(self) -> str | None:
        """What it says of the store's settings, None if it says nothing."""
        lines = self.text.split("\n")[3:]
        return next((line.removeprefix(SETTINGS) for line in lines if line.startswith(SETTINGS)), None)

    @property
    def note(self) -> str:
        """The whole note, as it is kept and given away."""
        lines = "".join(f"{DASH}{each.name} {encoded(each.raw)}\n" for each in self.signatures)
        return f"{self.text}\n{lines}"

    def signed(self, *more: Signature) -> Checkpoint:
        """Return the checkpoint with these signatures too."""
        return self._replace(signatures=(*self.signatures, *more))


class VerifierKey(NamedTuple):
    """A public key as C2SP writes it: name+hash+base64 of the kind and the key."""

    name: str
    kind: int
    raw: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encoded(bytes([self.kind]) + self.raw)}"


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def decoded(text: str) -> bytes:
    """Return the bytes that base64 holds, written in its one canonical way. Raises ValueError."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeError) as wrong:
        raise BadValue("its base64 is wrong") from wrong
    if encoded(raw) != text:
        raise BadValue("its base64 is not canonical")
    return raw


def text_of(origin: str, size: int, root: bytes, settings: str | None = None) -> str:
    """Return the text of a checkpoint, which is what is signed."""
    return f"{origin}\n{size}\n{encoded(root)}\n" + (f"{SETTINGS}{settings}\n" if settings else "")


def parse(note: str) -> Checkpoint:
    """Read a checkpoint. Raises ValueError, which says what is wrong with it."""
    text, gap, signatures = note.rpartition("\n\n")
    if len(note) > LARGEST or not gap or not signatures.endswith("\n"):
        raise BadValue("it is no signed note")
    lines = f"{text}\n".splitlines(keepends=True)
    if len(lines) < 3 or any(not line.endswith("\n") or not line[:-1].isprintable() for line in lines):
        raise BadValue("a line of it is missing or not text")
    origin, size, root = (line[:-1] for line in lines[:3])
    if not origin or not (size.isascii() and size.isdecimal()) or str(int(size)) != size or len(size) > 18:
        raise BadValue("its second line is not the size of a tree")
    hash = decoded(root)
    if len(hash) != 32:
        raise BadValue("its third line is not a root")
    signed = tuple(_signature(line) for line in signatures[:-1].split("\n"))
    return Checkpoint(origin, int(size), hash, f"{text}\n", signed)


def _signature(line: str) -> Signature:
    name, space, raw = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space or not name:
        raise BadValue("a signature line is wrong")
    signature = decoded(raw)
    if len(signature) < 5:
        raise BadValue("a signature is too short")
    return Signature(name, signature)


def read_key(text: str) -> VerifierKey:
    """Read a verifier key. Raises Problem."""
    try:
        name, _, rest = text.strip().partition("+")
        id, _, rest = rest.partition("+")
        raw = decoded(rest)
        key = VerifierKey(name, raw[0] if raw else 0, raw[1:])
        if key.kind not in (ED25519, COSIGNATURE) or len(key.raw) != 32:
            raise BadValue("it is no Ed25519 key")
        if key.id.hex() != id:
            raise BadValue("its parts do not fit together: a character is wrong")
    except ValueError as wrong:
        raise Problem("proof.bad_key", key=text[:160], why=str(wrong)) from None
    return key


def check(checkpoint: Checkpoint, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Return which of `keys` have signed. Raises Problem for a signature that names one of them and is not its own."""
    known = {(key.name, key.id): key for key in keys}
    by = []
    for signature in checkpoint.signatures:
        key = known.get((signature.name, signature.raw[:4]))
        if key is not None:
            if not _holds(key, checkpoint.text, signature.raw[4:]):
                raise Problem("proof.signature", size=checkpoint.size, name=key.name)
            by.append(key)
    return by


def _holds(key: VerifierKey, text: str, raw: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    message = text.encode()
    if key.kind == COSIGNATURE:
        if len(raw) != 72:
            return False
        message, raw = cosigned(text, int.from_bytes(raw[:8])), raw[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def cosigned(text: str, seconds: int) -> bytes:
    """Return what a witness signs: the checkpoint's text, and when it was seen."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def must_be_signed(checkpoint: Checkpoint, keys: Sequence[VerifierKey]) -> None:
    """See that each kind of key given has signed: one of the log's keys at least. Raises Problem."""
    if not check(checkpoint, keys):
        names = ", ".join(dict.fromkeys(key.name for key in keys))
        raise Problem("proof.not_signed", size=checkpoint.size, name=names)
