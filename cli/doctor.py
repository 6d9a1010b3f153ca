"""`sales doctor`: what could go wrong on this machine and in this store, found before it does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

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
)

REMOTE: Final = ("nfs", "cifs", "smb", "9p", "sshfs", "afs", "webdav", "glusterfs")
"""Kinds of file systems on which SQLite's locks can't be trusted."""


class Found(NamedTuple):
    """What a check found: ok, warning or problem."""

    check: str
    state: str
    detail: str


@command(example="sales doctor", shows="plain")
def doctor(session: Session) -> int:
    """Check the machine, the settings and the store; ends with 9 if there is a problem, not for a mere warning."""
    found = [each for check in CHECKS for each in check(session)]
    session.show(View("doctor", COLUMNS, [each._asdict() for each in found]))
    return 9 if any(each.state == "problem" for each in found) else 0


def machine(session: Session) -> Iterator[Found]:
    """Look at the interpreter and the terminal."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Found("python", "ok" if sys.version_info >= (3, 11) else "problem", version)
    encoding = (sys.stdout.encoding or "utf-8").lower()
    yield Found("encoding", "ok" if encoding in ("utf-8", "utf8") else "warning", encoding)


def library(session: Session) -> Iterator[Found]:
    """Look at the SQLite library: versions before 3.51.3 can lose a write-ahead log that is reset while it is read."""
    import sqlite3

    numbers = sqlite3.sqlite_version_info
    mended = numbers >= (3, 51, 3) or numbers in ((3, 50, 7), (3, 44, 6))
    line = (
        marked("{version}: good")
        if mended
        else marked("{version}: rare loss is possible with several writers; 3.51.3 mends it")
    )
    yield Found("sqlite", "ok" if mended else "warning", filled(line, {"version": sqlite3.sqlite_version}))


def place(session: Session) -> Iterator[Found]:
    """Look at the folder and the file of a SQLite store."""
    url = session.store_url
    if not url.startswith("sqlite:///"):
        return
    path = Path(url.removeprefix("sqlite:///"))
    folder = next((part for part in path.parents if part.exists()), Path())
    if not os.access(path if path.exists() else folder, os.W_OK):
        yield Found("file", "problem", filled(marked("{file} can't be written"), {"file": path}))
    kind = file_system(folder)
    if kind.startswith(REMOTE) or any(kind == f"fuse.{name}" for name in REMOTE):
        line = marked("{file} lies on a network file system ({kind}), whose locks can't be trusted")
        yield Found("file", "problem", filled(line, {"file": path, "kind": kind}))
    elif path.exists() and os.name == "posix" and path.stat().st_mode & 0o077:
        line = marked("{file} can be read by others; chmod 600 keeps it yours")
        yield Found("file", "warning", filled(line, {"file": path}))
    elif os.access(folder, os.W_OK):
        yield Found("file", "ok", str(path))


def file_system(folder: Path) -> str:
    """Return the kind of file system that `folder` lies on, where the system tells it."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    where = str(folder.resolve())
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _device, point, named, *_rest = line.split(" ")
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
            yield Found("integrity", "ok" if said == "ok" else "problem", str(said))
        head, _recorded = opened.reader.head()
        yield Found(
            "store", "ok", filled(marked("{count} events in {store}."), {"count": head, "store": opened.shown_url})
        )
        yield from tables(session)
        if not opened.reader.stream(f"per_{session.login}"):
            line = marked("{login} is registered nowhere: sales person register {login} --name ... --role ...")
            yield Found("actor", "warning", filled(line, {"login": session.login}))
        else:
            yield Found("actor", "ok", session.login)
    except Problem as problem:
        from cli.errors import message_and_hint

        yield Found("store", "problem", " ".join(message_and_hint(problem)))


def tables(session: Session) -> Iterator[Found]:
    """Look for tables that an event has stopped."""
    from infra.tables import standings

    for name, at in standings(session.store().db).items():
        if at.stopped is None:
            yield Found(name, "ok", filled(marked("position {position}"), {"position": at.position}))
        else:
            line = marked("stopped at event {position} ({event}): {why}")
            facts = {"position": at.stopped, "event": at.event, "why": at.why}
            yield Found(name, "problem", filled(line, facts))


def calendar(session: Session) -> Iterator[Found]:
    """Look whether the present year's working days are published."""
    from datetime import date

    try:
        opened = session.store()
        known = opened.ledger(session.login).world.calendar()
        year = opened.clock().astimezone(opened.zone).year
    except Problem:
        return
    if known.provisional(date(year, 1, 1)):
        line = marked("{year} is not published; Monday to Friday count until then: sales calendar publish {year} ...")
        yield Found("calendar", "warning", filled(line, {"year": year}))
    else:
        yield Found("calendar", "ok", str(year))


CHECKS: Final[tuple[Callable[[Session], Iterator[Found]], ...]] = (machine, library, place, store, calendar)
