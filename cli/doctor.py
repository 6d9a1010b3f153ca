"""`sales doctor`: what could go wrong on this machine and in this store, found before it does, and what to do about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli import ailing_words, ailments
from cli.ailments import Found
from cli.frame import command
from cli.text import filled, marked
from cli.view import Column, View
from infra.problem import Problem

if TYPE_CHECKING:
    from cli.session import Session

COLUMNS: Final = (
    Column("check", marked("Check")),
    Column("state", marked("State")),
    Column("detail", marked("What was found")),
    Column("remedy", marked("What to do"), missing=""),
)

REMOTE: Final = ("nfs", "cifs", "smb", "9p", "sshfs", "afs", "webdav", "davfs", "glusterfs", "ceph", "lustre", "ncpfs")
"""Kinds of file systems on which SQLite's locks can't be trusted."""
LOCAL_FUSE: Final = (
    "fuse.fuseblk",
    "fuse.fuse-overlayfs",
    "fuse.gocryptfs",
    "fuse.encfs",
    "fuse.ntfs-3g",
    "fuse.bindfs",
)
MENDED: Final = (3, 51, 3)
MENDED_TOO: Final = ((3, 50, 7), (3, 44, 6))
"""Versions of SQLite without the fault that can lose a write-ahead log while it is reset."""
LEAST_ROOM: Final = 64 << 20
LITTLE_ROOM: Final = 0.05


@command(example="sales doctor", shows="plain")
def doctor(session: Session) -> int:
    """Check the machine, the settings and the store; ends with 9 if there is a problem, not for a mere warning."""
    found = [*machine(session), *configuration(session)]
    if all(each.state == "ok" for each in found if each.check == "config"):
        found += [each for check in (*CHECKS, *ailments.CHECKS, *ailing_words.CHECKS) for each in check(session)]
    session.show(View("doctor", COLUMNS, [each._asdict() for each in found]))
    return 9 if any(each.state == "problem" for each in found) else 0


def machine(session: Session) -> Iterator[Found]:
    """Look at the interpreter and the terminal."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Found("python", "ok", version)
    encoding = (sys.stdout.encoding or "utf-8").lower()
    if encoding in ("utf-8", "utf8"):
        yield Found("encoding", "ok", encoding)
    else:
        yield Found("encoding", "warning", encoding, filled(marked("Set PYTHONUTF8=1."), {}))


def configuration(session: Session) -> Iterator[Found]:
    """Look at the settings: do they name a store, and can the password of its server be had?"""
    from cli.errors import message_and_hint
    from infra.database import has_password
    from infra.secrets import Address

    try:
        setting, url = session.setting("store"), session.store_url
        yield Found("config", "ok", setting.origin)
    except Problem as problem:
        yield Found("config", "problem", *message_and_hint(problem))
        return
    if has_password(url):
        line = marked("a password stands in the store's address (from {origin})")
        remedy = marked("Keep it in a file that only you can read: sales config set password_file FILE")
        yield Found("password", "warning", filled(line, {"origin": setting.origin}), filled(remedy, {}))
    elif isinstance(url, Address):
        try:
            yield Found("password", "ok", filled(marked("found"), {}) if url.password else "")
        except Problem as problem:
            yield Found("password", "problem", *message_and_hint(problem))


def affected(version: tuple[int, ...]) -> bool:
    """Say whether a version of SQLite can lose a write-ahead log that is reset while others read and write."""
    return version < MENDED and version not in MENDED_TOO


def library(session: Session) -> Iterator[Found]:
    """Look at the SQLite library; its fault concerns stores that several processes write."""
    import sqlite3

    facts = {"version": sqlite3.sqlite_version}
    if not affected(sqlite3.sqlite_version_info):
        yield Found("sqlite", "ok", filled(marked("{version}: good"), facts))
        return
    line = marked("{version}: rare loss is possible with several writers; 3.51.3 mends it")
    remedy = marked("Take a Python whose SQLite is 3.51.3 or later (or 3.50.7, 3.44.6), or a store on Postgres.")
    yield Found("sqlite", "warning", filled(line, facts), filled(remedy, {}))


def path_of(session: Session) -> Path | None:
    """Return the file of a SQLite store, None for a server's store and for an address that names no file."""
    url = str(session.store_url)
    name = url.removeprefix("sqlite:///")
    return Path(name) if name and name != url else None


def place(session: Session) -> Iterator[Found]:
    """Look at the folder and the file of a SQLite store."""
    path = path_of(session)
    if path is None:
        return
    folder = next((part for part in path.absolute().parents if part.exists()), Path())
    kind = file_system(path if path.exists() else folder)
    facts: dict[str, Any] = {"file": path, "kind": kind}
    good = True
    if not os.access(path if path.exists() else folder, os.W_OK):
        good = False
        remedy = filled(marked("Give yourself the right to write it, or name another store with --store."), facts)
        yield Found("file", "problem", filled(marked("{file} can't be written"), facts), remedy)
    if remote(kind):
        good = False
        line = marked("{file} lies on a network file system ({kind}), whose locks can't be trusted")
        remedy = filled(
            marked("Move the store to a disk of this machine, or to Postgres: sales backup, sales restore."), facts
        )
        yield Found("file", "problem", filled(line, facts), remedy)
    for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if os.name == "posix" and each.exists() and each.stat().st_mode & 0o077:
            good = False
            line = marked("{file} can be read by others; chmod 600 keeps it yours")
            remedy = filled(marked("chmod 600 {file}"), {"file": each})
            yield Found("file", "problem", filled(line, {"file": each}), remedy)
    if good:
        yield Found("file", "ok", str(path))
    yield from room(folder)


def room(folder: Path) -> Iterator[Found]:
    """Look at the room left on the store's disk."""
    import shutil

    disk = shutil.disk_usage(folder)
    facts = {"free": f"{disk.free >> 20:,}", "share": f"{100 * disk.free / max(disk.total, 1):.0f}"}
    line = filled(marked("{free} MiB free ({share} %)"), facts)
    remedy = filled(marked("Make room before the store can't be written."), {})
    if disk.free < LEAST_ROOM:
        yield Found("disk", "problem", line, remedy)
    elif disk.free < LITTLE_ROOM * disk.total and disk.free < LEAST_ROOM * 32:
        yield Found("disk", "warning", line, remedy)
    else:
        yield Found("disk", "ok", line)


def remote(kind: str) -> bool:
    """Say whether a kind of file system lies elsewhere; of a FUSE file system nobody knows, unless it is a local one."""
    return kind.startswith(REMOTE) or (kind.startswith("fuse.") and kind not in LOCAL_FUSE)


def file_system(place: Path) -> str:
    """Return the kind of file system that a file or folder lies on, where the system tells it."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    where = str(place.resolve())
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _device, raw, named, *_rest = line.split(" ")
        point = raw.encode().decode("unicode_escape").encode("latin-1", "replace").decode("utf-8", "replace")
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, named
    return kind


def store(session: Session) -> Iterator[Found]:
    """Look into the store: does it open, is it whole, do its tables stand, is the user known."""
    try:
        opened = session.store()
        if session.store_url.startswith("sqlite:"):
            (said,) = opened.db.one("PRAGMA quick_check") or ("",)
            remedy = filled(marked("Put back the last backup: sales restore FILE --store sqlite:///new.db"), {})
            yield Found("integrity", "ok", "ok") if said == "ok" else Found("integrity", "problem", str(said), remedy)
        head, _recorded = opened.reader.head()
        yield Found(
            "store", "ok", filled(marked("{count} events in {store}."), {"count": head, "store": opened.shown_url})
        )
        if not opened.reader.stream(f"per_{session.login}"):
            line = marked("{login} is registered nowhere")
            remedy = marked("sales person register {login} --name ... --role ...")
            yield Found(
                "actor", "warning", filled(line, {"login": session.login}), filled(remedy, {"login": session.login})
            )
        else:
            yield Found("actor", "ok", session.login)
    except Problem as problem:
        from cli.errors import message_and_hint

        yield Found("store", "problem", *message_and_hint(problem))


CHECKS: Final[tuple[Callable[[Session], Iterator[Found]], ...]] = (library, place, store)
