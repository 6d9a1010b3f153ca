"""Importing spreadsheets: a verdict for each row, and a marked copy where something is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.commands.apply import error_of, ledger_of
from cli.core.command import command
from cli.core.options import argument, option
from cli.core.progress import Meter
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.imports.form import Form

_ = translate.translate

Verdicts = tuple[str, "str | Problem", "list[tuple[Problem, str | None]]"]
"""A row's key, what became of it, and each of its problems with the column to blame."""


@command(
    argument("what", help=marked("A form, as sales template lists them, or log (a whole log as exported).")),
    argument("file", help=marked("The .xlsx, .csv or .jsonl file.")),
    option("--map", metavar="FILE", help=marked("How columns become fields: a mapping file (see: sales help import).")),
    option("--sheet", help=marked("Which sheet of a workbook; the first unless given.")),
    option("--register-people", flag=True, help=marked("Register whom the rows name and nobody knows, as reps.")),
    option(
        "--again",
        flag=True,
        help=marked("Record rows that are recorded already once more, as happenings of their own."),
    ),
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
    again: bool | None,
    marked: str | None,
    identity: str | None,
) -> int:
    """Record the rows of a workbook or a CSV file; imported again, only what is new or was mended is recorded."""
    if what == "log":
        from cli.commands.export import import_log

        return import_log(session, file, identity)
    return import_rows(session, what, file, map, sheet, bool(register_people), marked, again=bool(again))


def import_rows(
    session: Session,
    what: str,
    file: str,
    map: str | None,
    sheet: str | None,
    register: bool,
    copy: str | None,
    *,
    again: bool = False,
) -> int:
    """Import the rows of a sheet as a form has them, and return the exit status. Raises Problem."""
    from cli.actions.similar_names import Likened
    from infra.imports import annotated_copy, column_mapping, table_reader
    from infra.imports.importer import outcomes
    from infra.imports.row_commands import Reading
    from projections.engine import json

    form = form_of(what)
    json.go_fast()
    table = table_reader.read(Path(file), sheet)
    rules = column_mapping.load(Path(map), form) if map else None
    store = session.begun()
    reading = Reading(table, rules, form, session.login, store.reader.ring.secret, again=again)
    ledger = ledger_of(session, store, "import")
    counts = {"recorded": 0, "repeated": 0, "failed": 0, "events": 0}
    verdicts: dict[int, Verdicts] = {}
    meter = Meter(_("rows"), quiet=session.quiet)
    likened = Likened()
    for ref, verdict, fresh in outcomes(ledger, reading, register, dry_run=bool(session.dry_run)):
        counts[verdict if isinstance(verdict, str) else "failed"] += 1
        counts["events"] += sum(len(answer.names) for answer in fresh)
        for answer in fresh:
            likened.note(answer)
        parts = problems_of(verdict)
        verdicts[ref.row] = (ref.key, verdict, [(part, reading.blamed(ref, part)) for part in parts])
        tell(session, ref.row, verdict)
        meter.at(len(verdicts))
    meter.done()
    failed = counts["failed"] > 0
    if copy or (failed and not session.dry_run):
        target = Path(copy) if copy else annotated_copy.copy_of(Path(file))
        annotated_copy.mark(table, target, verdicts_for(verdicts))
        session.say(filled(marked("The verdict for each row stands in {file}."), {"file": str(target)}))
    if hidden := table.hidden():
        session.say(filled(marked("{count} hidden rows were read like the others."), {"count": hidden}))
    summary(session, counts)
    if not session.dry_run:
        likened.say(session)
    return 8 if failed else 0


def form_of(name: str) -> Form:
    """Return the form of that name. Raises Problem."""
    from infra.imports import form as forms

    form = forms.named(name)
    if form is None:
        why = marked("There is no table called {what}: {known}.")
        known = ", ".join(forms.forms())
        raise Problem("usage.options", why=why, why_facts={"what": name, "known": known}, command="template")
    return form


def tell(session: Session, row: int, verdict: str | Problem) -> None:
    """Print the verdict for a row: all of them as JSON, else only what failed."""
    if session.json:
        said: dict[str, Any] = {"row": row, "ok": not isinstance(verdict, Problem)}
        errors = [error_of(part) for part in problems_of(verdict)]
        said |= {"error": errors[0], "errors": errors} if errors else {"status": verdict}
        session.answer(said)
        return
    from cli.core.errors import message_and_hint

    for part in problems_of(verdict):
        message, hint = message_and_hint(part)
        print(filled(marked("row {row}: {message} {hint} [{code}]"), {
            "row": row, "message": message, "hint": hint, "code": part.code
        }), file=sys.stdout)  # fmt: skip


def problems_of(verdict: str | Problem) -> list[Problem]:
    """Return all that is wrong in a row."""
    return [verdict, *getattr(verdict, "others", ())] if isinstance(verdict, Problem) else []


def verdicts_for(verdicts: dict[int, Verdicts]) -> dict[int, Any]:
    """Return the verdicts in words, with the column that is to blame where one is named."""
    from cli.core.errors import message_and_hint
    from infra.imports.annotated_copy import Verdict

    words = {"recorded": _("recorded"), "repeated": _("already recorded")}
    found = {}
    for row, (key, said, parts) in verdicts.items():
        if isinstance(said, str):
            found[row] = Verdict(words[said], None, key)
            continue
        told = [message_and_hint(part)[0] for part, _column in parts]
        whole = ("\n" if len(parts) > 1 else " ").join([*told, message_and_hint(parts[-1][0])[1]])
        others = [(column, about) for (_part, column), about in zip(parts, told, strict=True) if column]
        found[row] = Verdict(whole, parts[0][1] if len(parts) == 1 else None, key, tuple(others))
    return found


def summary(session: Session, counts: dict[str, int]) -> None:
    """Say how many rows became what."""
    line = marked("{recorded} rows recorded ({events} events), {repeated} already recorded, {failed} failed.")
    if session.dry_run:
        line = marked("Nothing was recorded; {recorded} rows would be, {repeated} are already, {failed} would fail.")
    session.say(filled(line, counts))
