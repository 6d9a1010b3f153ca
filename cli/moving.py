"""Moving data in and out: apply JSON Lines, import spreadsheets, export and import a whole log."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cli import text
from cli.frame import command
from cli.meter import Meter
from cli.options import argument, option
from cli.text import filled, marked
from cli.width import escaped
from infra.faults import as_problems
from infra.problem import EXITS, Problem

if TYPE_CHECKING:
    from cli.session import Session
    from infra.batch import Answered
    from infra.gathered import Recorded
    from infra.ledger import Ledger
    from infra.store import Store

_ = text.translate

WORTH_ORJSON = 100_000


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open a file for reading, or stdin for `-`. Raises Problem."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115
    except OSError as wrong:
        raise Problem("file.unreadable", file=name, why=wrong.strerror or str(wrong)) from None
    with file:
        yield file


@command(
    argument("file", help=marked("The JSON Lines, one action a line; - for stdin.")),
    option("--atomic", flag=True, help=marked("Record nothing unless every line holds.")),
    option("--register-people", flag=True, help=marked("Register whom the lines name and nobody knows, as reps.")),
    option("--recorded-as-given", flag=True, help=marked("Take the lines' recorded times; only into an empty store.")),
    example="sales apply actions.jsonl",
    shows="action",
)
def apply(
    session: Session, file: str, atomic: bool | None, register_people: bool | None, recorded_as_given: bool | None
) -> int:
    """Record actions from JSON Lines and answer each line, in order; a line that fails doesn't hold up the others."""
    from infra import batch, wire

    with opened(file) as source:
        if file == "-" or os.fstat(source.fileno()).st_size > WORTH_ORJSON:
            wire.go_fast()
        store = empty_store(session) if recorded_as_given else session.store()
        ledger = ledger_of(session, store, "batch", migrating=bool(recorded_as_given))
        answers = batch.apply(
            ledger,
            batch.read(source),
            atomic=bool(atomic),
            dry_run=bool(session.dry_run),
            register_people=bool(register_people),
        )
        return answered(session, answers, atomic=bool(atomic))


def ledger_of(session: Session, store: Store, source: str, *, migrating: bool = False) -> Ledger:
    """Return the ledger of many actions: whoever they name acts, and who sits at the keyboard records."""
    return store.ledger(
        session.actor, source=source, recorder=None if migrating else session.login, migrating=migrating
    )


def empty_store(session: Session) -> Store:
    """Return the store at the session's address, made empty or found empty. Raises Problem."""
    store = session.empty_store()
    head, _time = store.reader.head()
    if head:
        raise Problem("migration.not_empty", count=head)
    return store


def answered(session: Session, answers: Iterable[Answered], *, atomic: bool) -> int:
    """Print an answer a line and return the exit status: 8 if a line failed, or with --atomic that line's own."""
    from infra import wire

    meter = Meter(_("lines"), quiet=session.quiet or sys.stdout.isatty())
    counts = {"recorded": 0, "repeated": 0, "failed": 0}
    first: Problem | None = None
    write = sys.stdout.buffer.write
    for line, answer in answers:
        if isinstance(answer, Problem):
            counts["failed"] += 1
            first = first or (None if answer.code == "batch.held_back" else answer)
            said: dict[str, Any] = {"line": line, "ok": False, "error": error_of(answer)}
        else:
            counts[answer.status] += 1
            said = {"line": line, "ok": True, **recorded(answer)}
        raw = wire.dumps(said)
        write((raw if raw.isascii() else escaped(raw.decode()).encode()) + b"\n")
        meter.at(line)
    sys.stdout.flush()
    meter.done()
    session.say(filled(marked("{recorded} recorded, {repeated} already recorded, {failed} failed."), counts))
    if first is None:
        return 0
    return first.exit_status if atomic else EXITS["partly"]


def recorded(answer: Recorded) -> dict[str, Any]:
    """Return what a line's answer says of what was recorded."""
    from cli.answer import warnings_of

    said = {
        "status": answer.status,
        "subject": answer.subject,
        "events": answer.names,
        "position": answer.position,
    }
    warnings = list(warnings_of(answer))
    return {**said, "warnings": warnings} if warnings else said


def error_of(problem: Problem) -> dict[str, Any]:
    from cli.errors import body

    return body(problem)


@command(
    option(
        "--personal",
        choices=("wrapped", "none", "encrypt"),
        help=marked("The keys of personal data: wrapped for your own stores, left out, or encrypted to a recipient."),
    ),
    option("--to", metavar="RECIPIENT", help=marked("Who may read it, as their `sales keys recipient` prints it.")),
    example="sales export > log.jsonl",
    shows="none",
)
def export(session: Session, personal: str | None, to: str | None) -> None:
    """Write the whole log as JSON Lines: a line an event, with its stored bytes; import it with: sales import log."""
    from infra import transfer, wire

    wire.go_fast()
    store = session.store()
    store.must_see_all(marked("The whole log"))
    head, _time = store.reader.head()
    meter = Meter(_("events"), quiet=session.quiet)
    out = session.out
    cover = covering(store, personal, to)
    try:
        target: IO[bytes] = Path(out).open("wb") if out else sys.stdout.buffer  # noqa: SIM115
    except OSError as wrong:
        raise Problem("file.unwritable", file=str(out), why=wrong.strerror or str(wrong)) from None
    to_file = bool(out) or not sys.stdout.isatty()
    try:
        for done, line in enumerate(transfer.lines(store.reader, store.settings, cover)):
            target.write(line if to_file else escaped(line.decode()).encode())
            meter.at(min(done, head), head)
        target.flush()
    finally:
        meter.done()
        if out:
            target.close()


def covering(store: Store, personal: str | None, to: str | None) -> Any:
    """Return how the data keys stand in an export, None where they are left out. Raises Problem."""
    from infra import carried

    if personal == "encrypt" or (to and personal is None):
        if not to:
            raise Problem("usage.missing_field", action="export", field="to", help=_("Name the recipient with --to."))
        return carried.for_recipient(to)
    with as_problems(store.shown_url):
        return (
            None if personal == "none" or store.reader.ring.rows() is None else carried.for_oneself(store.reader.ring)
        )


@command(
    argument("what", help=marked("A form, as sales template lists them, or log (a whole log as exported).")),
    argument("file", help=marked("The .xlsx, .csv or .jsonl file.")),
    option("--map", metavar="FILE", help=marked("How columns become fields: a mapping file (see: sales help import).")),
    option("--sheet", help=marked("Which sheet of a workbook; the first unless given.")),
    option("--register-people", flag=True, help=marked("Register whom the rows name and nobody knows, as reps.")),
    option("--marked", metavar="FILE", help=marked("Write a copy with the verdict beside each row into this file.")),
    option("--identity", metavar="FILE", help=marked("Your identity, where an exported log was encrypted to it.")),
    example="sales import leads leads.xlsx --dry-run",
    name="import",
    shows="action",
)
def import_(
    session: Session,
    what: str,
    file: str,
    map: str | None,
    sheet: str | None,
    register_people: bool | None,
    marked: str | None,
    identity: str | None,
) -> int:
    """Record the rows of a workbook or a CSV file; imported again, only what is new or was mended is recorded."""
    if what == "log":
        return import_log(session, file, identity)
    from cli.importing import import_rows

    return import_rows(session, what, file, map, sheet, bool(register_people), marked)


def import_log(session: Session, file: str, identity: str | None = None) -> int:
    """Fill an empty store with an exported log: positions, times and stored bytes are kept."""
    from infra import transfer, wire
    from infra.carried import Taking

    wire.go_fast()
    with opened(file) as source:
        told = transfer.header_of(source.readline())
        store = session.empty_store(told.settings)
        head, _time = store.reader.head()
        if head:
            raise Problem("store.has_events", count=head)
        meter = Meter(_("events"), quiet=session.quiet)
        done = 0
        keys = Taking(store.reader.ring, Path(identity) if identity else None)
        with as_problems(store.shown_url):
            for done in transfer.take(store.log, source, told.events, keys):
                meter.at(done)
        meter.done()
        if keys.count != told.keys:
            why = f"the file ends after {keys.count} of {told.keys} data keys"
            raise Problem("migration.bad_export", line=done + keys.count + 2, why=why)
        if keys.closed:
            message = text.marked("{count} data keys can't be opened here: what they seal is shown as [sealed].")
            session.say(_("warning: ") + filled(message, {"count": keys.closed}))
    session.say(filled(text.marked("{count} events imported."), {"count": done}))
    return 0
