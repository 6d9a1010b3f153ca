"""`sales doctor`: what could go wrong on this machine and in this store, found before it does, and what to do about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.commands import health, health_personal
from cli.commands.health import Found
from cli.commands.health_files import broken_off, integrity
from cli.core.command import command
from cli.core.errors import message_and_hint
from cli.core.options import option
from infra.db.errors import StoreFault
from infra.db.sqlite_read_only import left_beside
from infra.errors.problem import EXITS, Problem
from infra.formats.result import Result
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

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


@command(
    option("--clear", flag=True, help=marked("Remove what copies that were broken off have left.")),
    example="sales doctor",
    shows="plain",
)
def doctor(session: Session, clear: bool | None) -> int:
    """Check the machine, the settings and the store; ends with 9 if there is a problem, not for a mere warning.

    Where there is no store, it says so and ends with 4.
    """
    found = [*machine(session), *configuration(session)]
    missing = False
    if all(each.state == "ok" for each in found if each.check == "config"):
        missing = no_store(session)
        found += [each for check in (*CHECKS, *health.CHECKS, *health_personal.CHECKS) for each in check(session)]
        found += broken_off(session, path_of(session), clear=bool(clear))
    session.show(Result("doctor", COLUMNS, [each._asdict() for each in found]))
    if missing:
        return EXITS["missing"]
    return EXITS["check"] if any(each.state == "problem" for each in found) else 0


def no_store(session: Session) -> bool:
    """Say whether there is no store at all."""
    try:
        session.store()
    except Problem as problem:
        return problem.text.kind == "missing"
    return False


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
    from infra.config.secrets import Address
    from infra.db.errors import has_password

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
    if path.exists() and not os.access(path, os.W_OK) and os.access(path, os.R_OK):
        good = False
        line = marked("{file} can't be written: it is asked and verified as it stands, and nothing is recorded in it")
        yield Found("file", "warning", filled(line, facts), filled(marked("See: sales help reliability"), {}))
        for journal in left_beside(str(path)):
            line = marked("{file} was not folded into the store: it is read with it, in a passing copy")
            remedy = filled(marked("Copy a store with: sales backup FILE"), {})
            yield Found("journal", "warning", filled(line, {"file": journal}), remedy)
    elif not os.access(path if path.exists() else folder, os.W_OK):
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
    except Problem as problem:
        yield health.failed("store", problem)
        return
    if session.store_url.startswith("sqlite:"):
        yield from integrity(opened)
    try:
        head, _recorded = opened.reader.head()
        said = filled(marked("{count} events in {store}."), {"count": head, "store": opened.shown_url})
        yield Found("store", "ok", said)
        yield actor(session, opened)
    except (Problem, StoreFault) as wrong:
        yield health.failed("store", wrong)


def actor(session: Session, opened: Store) -> Found:
    """Look whether the user is known to the store."""
    if opened.reader.stream(f"per_{session.login}"):
        return Found("actor", "ok", session.login)
    facts = {"login": session.login}
    remedy = filled(marked("sales person register {login} --name ... --role ..."), facts)
    return Found("actor", "warning", filled(marked("{login} is registered nowhere"), facts), remedy)


CHECKS: Final[tuple[Callable[[Session], Iterator[Found]], ...]] = (library, place, store)
