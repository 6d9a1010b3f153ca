"""What the commands of the proof share: notes and proofs in files, keys, and the store that is checked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from infra.errors.problem import Problem
from infra.i18n.translate import marked
from infra.transparency.signed_note import Checkpoint, VerifierKey, must_be_signed, parse, read_key
from infra.transparency.signing_keys import KeyFolder

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

T = TypeVar("T")
LARGEST = 16 * 1024 * 1024


def key_folder(session: Session) -> KeyFolder:
    """Return the folder in which this user's keys lie."""
    return KeyFolder(Path(session.setting("proof_keys").value))


def bytes_of(name: str) -> bytes:
    """Return what a file holds, or stdin for `-`. Raises Problem."""
    from cli.commands.apply import opened
    from infra.files.reader import STDIN, at_most, reading

    shown = STDIN if name == "-" else name
    with opened(name) as file, reading(shown):
        raw = file.read(LARGEST + 1)
    return at_most(raw, LARGEST, shown)


def note_of(name: str) -> Checkpoint:
    """Return the checkpoint in a file. Raises Problem."""
    try:
        return parse(bytes_of(name).decode())
    except ValueError as wrong:
        raise Problem("proof.bad_note", file=name, why=str(wrong)) from None


def proof_of(name: str, raw: bytes, read: Callable[[bytes], T]) -> T:
    """Return the proof that a file holds. Raises Problem."""
    try:
        return read(raw)
    except ValueError as wrong:
        raise Problem("proof.bad_bundle", file=name, why=str(wrong)) from None


def keys_of(session: Session, origin: str, given: tuple[str, ...]) -> list[VerifierKey]:
    """Return the keys given, or else those that are known here for `origin`. Raises Problem."""
    return [read_key(each) for each in given] or key_folder(session).known(origin)


def signed(checkpoint: Checkpoint, keys: list[VerifierKey], given: tuple[str, ...]) -> bool:
    """Say whether a key that is known has signed. Raises Problem for a false signature, or none of a key given."""
    from infra.transparency.signed_note import check

    if given:
        must_be_signed(checkpoint, keys)
        return True
    return bool(check(checkpoint, keys))


@contextmanager
def existing(session: Session) -> Iterator[Store]:
    """Open the session's store for a check, which makes none where there is none."""
    from infra.db.errors import as_problems

    store = session.store()
    with as_problems(store.shown_url):
        store.must_see_all(marked("The whole log"))
        yield store


def given_out(session: Session, text: str) -> None:
    """Write a note or a proof into --out, or print it."""
    if session.out:
        from cli.core.output import write_text

        write_text(session.out, [text])
    else:
        sys.stdout.write(text)
        sys.stdout.flush()
