"""The file of wrapping keys: what the data keys in a key store are wrapped with, kept apart from every store.

A line holds whose it is (the id of a key store, or `transfer` for what an export is wrapped with), the key's
fingerprint, and the key. The file is its owner's alone; it is replaced as a whole, and what it held is overwritten.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from infra.db.errors import StoreFault

if TYPE_CHECKING:
    from pathlib import Path

TRANSFER: Final = "transfer"
VARIABLE: Final = "SALES_WRAPPING_KEY_FILE"


class KeysUnusable(StoreFault):
    """The file of wrapping keys can't be used, or lacks the one that is needed."""

    code = "keys.unusable"


class MasterKey(NamedTuple):
    """A wrapping key: whose it is, its fingerprint, and the key."""

    owner: str
    fingerprint: str
    key: bytes


def made(owner: str, length: int = 32) -> MasterKey:
    """Return a new wrapping key."""
    from hashlib import sha256  # loads OpenSSL: only where a key is made

    key = os.urandom(length)
    return MasterKey(owner, sha256(b"salestrail wrapping key" + key).hexdigest()[:16], key)


def default_file(environ: Mapping[str, str]) -> str:
    """Return where a user's wrapping keys lie, unless a setting says otherwise."""
    from infra.config.environment import config_folder

    return environ.get(VARIABLE) or os.path.join(config_folder(environ), "wrapping-keys")


class WrappingFile:
    """The wrapping keys of one user."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def path(self) -> Path:
        from pathlib import Path  # a command that makes or exchanges no wrapping key does without

        return Path(self.name)

    def all(self) -> list[MasterKey]:
        """Return the keys, the oldest first. Raises KeysUnusable for a file that can't be read, or that others can read."""
        try:
            if os.name == "posix" and os.stat(self.name).st_mode & 0o077:
                raise KeysUnusable(file=self.name, why="others can read it: chmod 600")
            with open(self.name, encoding="ascii") as file:
                lines = file.read().splitlines()
            parts = [line.split() for line in lines if line and not line.startswith("#")]
            return [MasterKey(owner, fingerprint, b64decode(key, validate=True)) for owner, fingerprint, key in parts]
        except FileNotFoundError:
            return []
        except OSError as wrong:
            raise KeysUnusable(file=self.name, why=wrong.strerror or str(wrong)) from None
        except ValueError:
            raise KeysUnusable(file=self.name, why="a line of it is no wrapping key") from None

    def of(self, owner: str) -> list[MasterKey]:
        """Return the keys of a key store, or of TRANSFER, the oldest first."""
        return [each for each in self.all() if each.owner == owner]

    def add(self, wrapping: MasterKey) -> None:
        """Keep one more key, durably."""
        with self._alone():
            self._write([*self.all(), wrapping])

    def transfer(self) -> MasterKey:
        """Return the key that an export is wrapped with, made on first use."""
        with self._alone():
            known = self.all()
            mine = [each for each in known if each.owner == TRANSFER]
            if not mine:
                mine = [made(TRANSFER, 64)]
                self._write([*known, *mine])
            return mine[-1]

    def leave(self, owner: str, fingerprint: str) -> None:
        """Destroy every key of `owner` but one, and what earlier exports were wrapped with."""
        with self._alone():
            known = self.all()
            kept = [each for each in known if each.owner not in (owner, TRANSFER) or each.fingerprint == fingerprint]
            if any(each.owner == TRANSFER for each in known):
                kept.append(made(TRANSFER, 64))
            self._write(kept)

    def hold(self, wrapping: MasterKey) -> None:
        """Keep this key in the place of all others of its owner."""
        with self._alone():
            self._write([*(each for each in self.all() if each.owner != wrapping.owner), wrapping])

    def _write(self, keys: list[MasterKey]) -> None:
        """Put these keys into the place of what the file held, which is overwritten."""
        path = self.path.resolve()  # a link to where the keys are kept stays one
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        lines = [f"{each.owner} {each.fingerprint} {b64encode(each.key).decode()}\n" for each in keys]
        try:
            descriptor = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(
                    "".join(
                        ["# salestrail: what data keys are wrapped with; keep it secret, and a copy safe\n", *lines]
                    )
                )
                out.flush()
                os.fsync(out.fileno())
            old = self.path.open("r+b") if self.path.exists() else None
            fresh.replace(path)
            if old:
                with old:
                    old.write(bytes(os.fstat(old.fileno()).st_size))
                    old.flush()
                    os.fsync(old.fileno())
            _settle(path.parent)
        except OSError as wrong:
            raise KeysUnusable(file=self.name, why=wrong.strerror or str(wrong)) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep every other process from changing the file meanwhile."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path.with_name(f"{self.path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as wrong:
            raise KeysUnusable(file=self.name, why=wrong.strerror or str(wrong)) from None
        try:
            with suppress(ImportError):
                import fcntl

                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _settle(folder: Path) -> None:
    """See to it that a renamed file stays renamed."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
