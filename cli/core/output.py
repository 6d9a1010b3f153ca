"""A view printed in the format that was asked for, to stdout or into a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.terminal_text import escaped
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

FOR_THE_EYE: Final = ("table", "html", "md")
"""The formats that nobody reckons with: --unit holds in them."""


def show(session: Session, view: Result) -> None:
    """Print `view` as -o says. The shape depends on nothing else; only a terminal's table is cut to its width, and the demo's."""
    if session.output == "xlsx":
        write_bytes(session, view)
        return
    if translate.unit() != "1" and session.output in FOR_THE_EYE:
        from infra.formats.units import scaled

        view = scaled(view)
    if session.out:
        pieces = (f"{line}\n" for line in lines(session.output, view, session.words))
        write_text(session.out, pieces, bom=session.output == "csv")
    elif session.output == "table" and (sys.stdout.isatty() or session.for_the_eye):
        on_terminal(session, view)
    else:
        if session.output == "csv":
            sys.stdout.write("\ufeff")  # without it Excel takes UTF-8 for the code page of the country
        for line in lines(session.output, view, session.words):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()  # a reader that has gone, or a full disk, is noticed here
    if session.output == "table" and not view.rows:
        from cli.core.empty_view import nothing

        session.say(nothing(session, view.name))


def lines(form: str, view: Result, words: Sequence[str] = ()) -> Iterable[str]:
    """Return the lines of a view in one of the text formats."""
    if form == "json":
        return [json_text({"schema": 1, "view": view.name, **view.meta, "rows": [plain(row) for row in view.rows]})]
    if form == "jsonl":
        return (json_text(plain(row)) for row in view.rows)
    if form in ("csv", "html", "md"):
        return written(form, view, words)
    from infra.formats import text_table

    return text_table.tabbed(view) if form == "plain" else text_table.table(view)[0]


def written(form: str, view: Result, words: Sequence[str]) -> Iterable[str]:
    """Return the lines of a view for a spreadsheet, a browser or a document."""
    from infra.formats import csv_html_markdown

    if form == "csv":
        return csv_html_markdown.csv_lines(view)
    return (
        csv_html_markdown.html_lines(with_line(view, words), words)
        if form == "html"
        else csv_html_markdown.markdown_lines(view)
    )


def with_line(view: Result, words: Sequence[str]) -> Result:
    """Return a view without a title with the line that help has of it."""
    if view.title:
        return view
    from cli.registry import COMMANDS, EXTRAS

    entry = COMMANDS.get(view.name) or EXTRAS.get(tuple(words[:2]))  # type: ignore[arg-type]
    return view._replace(line=entry.help if entry else "")


def cell(value: Any, column: Column) -> str:
    """Return one value as a table shows it."""
    from infra.formats.text_table import written

    return written(column, [value])[0]


def json_text(value: Any) -> str:
    """Return a value as one line of JSON."""
    from projections.engine import json

    return escaped(json.dumps(value).decode())


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON can hold it: decimals and dates as text."""
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return plain(value)
    return value.isoformat() if hasattr(value, "isoformat") else format(value, "f")


def on_terminal(session: Session, view: Result) -> None:
    """Print a table that fits the terminal, through a pager where it is longer than the screen."""
    from infra.formats import text_table

    shown, hidden = text_table.table(view, shutil.get_terminal_size((100, 24)).columns)
    printed(session, shown)
    if hidden:
        message = marked("No room for: {columns}. Every column: -o csv, -o json or a wider window.")
        session.say(filled(message, {"columns": translate.listed(title.rstrip(".") for title in hidden)}))


def printed(session: Session, shown: Sequence[str]) -> None:
    """Print lines; on a terminal through a pager, where they are more than the screen holds."""
    long = sys.stdout.isatty() and len(shown) >= shutil.get_terminal_size((100, 24)).lines
    if long and not session.no_pager and not session.no_input:
        paged(shown)
    else:
        for line in shown:
            print(line)


def paged(shown: Iterable[str]) -> None:
    """Let the user's pager show the lines; print them where there is none."""
    import subprocess

    command = os.environ.get("PAGER") or "less"
    surroundings = {"LESS": "-FRSX", "LESSCHARSET": "utf-8", **os.environ}
    try:
        pager = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, env=surroundings)
    except OSError:
        for line in shown:
            print(line)
        return
    assert pager.stdin is not None
    try:
        pager.stdin.write("".join(f"{line}\n" for line in shown).encode())
        pager.stdin.close()
    except BrokenPipeError:
        pass  # left before the end
    pager.wait()


def write_text(path: str, pieces: Iterable[str], *, bom: bool = False) -> None:
    """Write text into a file. Raises Problem."""
    from pathlib import Path

    try:
        with Path(path).open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as wrong:
        raise unwritable(path, wrong) from None


def write_bytes(session: Session, view: Result) -> None:
    """Write the view as a workbook, into --out or a stdout that is no terminal. Raises Problem."""
    from pathlib import Path

    from infra.formats.xlsx import workbook

    if session.out:
        made = workbook(with_line(view, session.words), session.words)
        try:
            Path(session.out).write_bytes(made)
        except OSError as wrong:
            raise unwritable(session.out, wrong) from None
    elif sys.stdout.isatty():
        why = marked("A workbook is no text for a terminal: name a file with --out.")
        raise Problem("usage.options", why=why, command=view.name)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(workbook(with_line(view, session.words), session.words))


def unwritable(path: str, wrong: OSError) -> Problem:
    """Return the problem of a file that can't be written."""
    return Problem("file.unwritable", file=path, why=wrong.strerror or str(wrong))
