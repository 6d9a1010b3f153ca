"""Recording the actions of JSON Lines, with an answer for each line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cli.core.command import command
from cli.core.options import argument, option
from cli.core.progress import Meter
from infra.errors.problem import EXITS, Problem
from infra.files import reader
from infra.i18n import translate
from infra.i18n.terminal_text import escaped
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.batch import Answered
    from infra.commands.handler import CommandHandler
    from infra.commands.unit_of_work import CommandResult
    from infra.store.store import Store

_ = translate.translate

WORTH_ORJSON = 100_000


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open a file for reading, or stdin for `-`. Raises Problem."""
    if name == "-":
        if sys.stdin is None:
            raise Problem("file.unreadable", file=reader.STDIN, why="it is closed")
        yield sys.stdin.buffer
        return
    with reader.reading(name):
        file = Path(name).open("rb")  # noqa: SIM115
    with file:
        yield file


def lines(source: IO[bytes], name: str, longest: int) -> Iterator[bytes]:
    """Yield the lines of a file that is open, or of stdin. Raises Problem."""
    return reader.lines(source, reader.STDIN if name == "-" else name, longest)


@command(
    argument("file", help=marked("The JSON Lines, one action a line; - for stdin.")),
    option("--atomic", flag=True, help=marked("Record nothing unless every line holds.")),
    option("--register-people", flag=True, help=marked("Register whom the lines name and nobody knows, as reps.")),
    option(
        "--recorded-as-given",
        flag=True,
        help=marked("Take the lines' recorded times; into an empty store, or one that this file has begun to fill."),
    ),
    example="sales apply actions.jsonl",
    shows="action",
)
def apply(
    session: Session, file: str, atomic: bool | None, register_people: bool | None, recorded_as_given: bool | None
) -> int:
    """Record actions from JSON Lines and answer each line, in order; a line that fails doesn't hold up the others."""
    from infra.commands import batch, batch_resumption
    from projections.engine import json

    with opened(file) as source:
        if file == "-" or os.fstat(source.fileno()).st_size > WORTH_ORJSON:
            json.go_fast()
        read = batch.read(lines(source, file, batch.LONGEST))
        first = list(islice(read, 1))  # what can't be read makes no store
        store = session.empty_store() if recorded_as_given else session.begun()
        ledger = ledger_of(session, store, "batch", migrating=bool(recorded_as_given))
        asked: Iterable[batch.Read] = chain(first, read)
        if recorded_as_given:
            asked = batch_resumption.taken_up(store.reader, asked, register_people=bool(register_people))
        answers = batch.apply(
            ledger,
            asked,
            atomic=bool(atomic),
            dry_run=bool(session.dry_run),
            register_people=bool(register_people),
        )
        return answered(session, answers, atomic=bool(atomic), looks=not (session.dry_run or recorded_as_given))


def ledger_of(session: Session, store: Store, source: str, *, migrating: bool = False) -> CommandHandler:
    """Return the ledger of many actions: whoever they name acts, and who sits at the keyboard records."""
    store.brief = False
    return store.ledger(
        session.actor, source=source, recorder=None if migrating else session.login, migrating=migrating
    )


def answered(session: Session, answers: Iterable[Answered], *, atomic: bool, looks: bool) -> int:
    """Print an answer a line and return the exit status: 8 if a line failed, or with --atomic that line's own.

    With `looks`, leads whose names are like others' are counted and warned of at the end.
    """
    from cli.actions.similar_names import Likened
    from projections.engine import json

    likened = Likened()
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
            likened.note(answer)
            said = {"line": line, "ok": True, **recorded(answer)}
        raw = json.dumps(said)
        write((raw if raw.isascii() else escaped(raw.decode()).encode()) + b"\n")
        meter.at(line)
    sys.stdout.flush()
    meter.done()
    session.say(filled(marked("{recorded} recorded, {repeated} already recorded, {failed} failed."), counts))
    if looks:
        likened.say(session)
    if first is None:
        return 0
    return first.exit_status if atomic else EXITS["partly"]


def recorded(answer: CommandResult) -> dict[str, Any]:
    """Return what a line's answer says of what was recorded."""
    from cli.actions.outcome import warnings_of

    said = {
        "status": answer.status,
        "subject": answer.subject,
        "events": answer.names,
        "position": answer.position,
    }
    warnings = list(warnings_of(answer))
    return {**said, "warnings": warnings} if warnings else said


def error_of(problem: Problem) -> dict[str, Any]:
    from cli.core.errors import body

    return body(problem)
