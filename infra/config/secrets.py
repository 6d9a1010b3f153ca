"""The password of a store's server: from a file, a command or the keyring, asked for when a connection is made."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from infra.errors.problem import Problem

PATIENCE: Final = 60
"""How many seconds a command may take; it may ask somebody for a passphrase."""


class Address(str):
    """A store's address without its password, and how that is found; as a text it is the address alone."""

    __slots__ = ("_find", "_found")

    def __new__(cls, url: str, find: Callable[[], str]) -> Address:
        made = super().__new__(cls, url)
        made._find, made._found = find, None
        return made

    _find: Callable[[], str]
    _found: str | None

    @property
    def password(self) -> str:
        """The password. Raises Problem where it can't be had."""
        if self._found is None:
            self._found = self._find()
        return self._found


def password_of(url: str) -> str | None:
    """Return the password that goes with an address, or None where it has none of its own. Raises Problem."""
    return url.password if isinstance(url, Address) else None


def from_file(named: str) -> str:
    """Return the first line of a file that nobody else can read. Raises Problem."""
    path = Path(named).expanduser()
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Problem("secret.unusable", source=str(path), why="others can read it: chmod 600")
        lines = path.read_text("utf-8").splitlines()
    except OSError as wrong:
        raise Problem("secret.unusable", source=str(path), why=wrong.strerror or str(wrong)) from None
    except UnicodeDecodeError:
        raise Problem("secret.unusable", source=str(path), why="it is no text") from None
    return _found(str(path), lines[0] if lines else "")


def from_command(command: str) -> str:
    """Return the first line that a command prints; what it says on stderr is seen. Raises Problem."""
    source = command.split(maxsplit=1)[0] if command.split() else command
    try:
        done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as wrong:
        raise Problem("secret.unusable", source=source, why=type(wrong).__name__) from None
    if done.returncode:
        raise Problem("secret.unusable", source=source, why="the command failed")
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return _found(source, lines[0] if lines else "")


def from_keyring(entry: str) -> str:
    """Return what the system's keyring holds under SERVICE/USER. Raises Problem."""
    service, _, user = entry.rpartition("/")
    if not service or not user:
        raise Problem("secret.unusable", source=entry, why="an entry is written SERVICE/USER")
    try:
        keyring: Any = import_module("keyring")
    except ImportError:
        raise Problem("secret.no_keyring") from None
    try:
        held = keyring.get_password(service, user)
    except Exception as wrong:  # noqa: BLE001 - each system's keyring fails in its own way
        raise Problem("secret.unusable", source=entry, why=str(wrong)) from None
    return _found(entry, held or "")


def _found(source: str, password: str) -> str:
    if not password:
        raise Problem("secret.unusable", source=source, why="it holds nothing")
    return password


SOURCES: Final[dict[str, Callable[[str], str]]] = {
    "password_file": from_file,
    "password_command": from_command,
    "password_keyring": from_keyring,
}
"""By setting, how a password is found; the first one that is set is taken."""
