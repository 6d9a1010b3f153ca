"""A view for spreadsheets, browsers and documents: CSV, a workbook's cells, HTML, Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from infra.formats.cells import FORMULA, guarded, is_number
from infra.formats.result import Result
from infra.formats.text_table import bare, written
from infra.i18n import translate
from infra.i18n.terminal_text import clean, clean_lines, width
from projections.views.column import NUMBERS, Column

_ = translate.translate

_MARKUP: Final = re.compile(r"[\\`*_\[\]<&|~]")


def harmless(column: Column, value: Any) -> str:
    """Return a value as a CSV cell that no spreadsheet runs."""
    cell = clean_lines(bare(value))
    return cell if column.kind in NUMBERS and is_number(cell) else guarded(cell)


def csv_lines(view: Result) -> Iterator[str]:
    """Yield the lines of a CSV file: keys first, values as in JSON."""
    import csv
    import io

    held = io.StringIO()
    writer = csv.writer(held, lineterminator="")
    for cells in (
        [column.key for column in view.columns],
        *([harmless(column, row.get(column.key)) for column in view.columns] for row in view.rows),
    ):
        writer.writerow(cells)
        yield held.getvalue()
        held.seek(0)
        held.truncate()


LONG: Final = 32
"""So many columns of a terminal a cell of a page may take before it is wrapped."""

STYLE: Final = (
    "body{font:14px/1.5 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;margin:2em;color:#1c2430}"
    "h1{font-size:1.3em}table{border-collapse:collapse}"
    "td,th{padding:.3em .8em;text-align:left;border-bottom:1px solid #d9dee6;vertical-align:top}"
    "th{background:#eef1f5;position:sticky;top:0;white-space:nowrap}"
    "td{white-space:nowrap}.n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.l{white-space:normal;min-width:18em;max-width:32em}"
    "dl{display:grid;grid-template-columns:max-content auto;gap:.1em 1em;color:#5b6675;font-size:.85em;margin-top:2em}"
    "dd{margin:0;overflow-wrap:anywhere}@media print{th{position:static}body{margin:0}}"
)


def html_lines(view: Result, words: Sequence[str] = ()) -> Iterator[str]:
    """Yield a page that needs nothing else: the table under its title, and below it the question and its times."""
    from html import escape

    from infra.formats.provenance import about, title_of

    rows = list(view.rows)
    cells = [written(column, [row.get(column.key) for row in rows]) for column in view.columns]
    title = escape(title_of(view))
    language = {"zh": "zh-Hans"}.get(translate.language(), translate.language())
    yield f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<style>{STYLE}</style></head><body><h1>{title}</h1><table><thead><tr>"
    kinds = [_class(column, held) for column, held in zip(view.columns, cells, strict=True)]
    heads = zip(view.columns, kinds, strict=True)
    yield "".join(f"<th{kind}>{escape(_(column.title))}</th>" for column, kind in heads)
    yield "</tr></thead><tbody>"
    for n in range(len(rows)):
        line = (f"<td{kind}>{escape(held[n])}</td>" for kind, held in zip(kinds, cells, strict=True))
        yield f"<tr>{''.join(line)}</tr>"
    yield "</tbody></table><dl>"
    for what, said in about(view, words):
        yield f"<dt>{escape(what)}</dt><dd>{escape(clean(said))}</dd>"
    yield "</dl></body></html>"


def _class(column: Column, cells: Sequence[str]) -> str:
    """Return the attribute of a column that holds numbers, or texts to be wrapped; other words stay on one line."""
    name = "n" if column.right else "l" if max(map(width, cells), default=0) > LONG else ""
    return f' class="{name}"' if name else ""


def markdown_lines(view: Result) -> Iterator[str]:
    """Yield a table as GitHub and most editors read it."""
    rows = list(view.rows)
    cells = [written(column, [row.get(column.key) for row in rows]) for column in view.columns]
    yield _markdown_line(_(column.title) for column in view.columns)
    yield _markdown_line("--:" if column.right else ":--" for column in view.columns)
    for n in range(len(rows)):
        yield _markdown_line(held[n] for held in cells)


def _markdown_line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_MARKUP.sub(_escaped, cell) for cell in cells)} |"


def _escaped(mark: re.Match[str]) -> str:
    return {"<": "&lt;", "&": "&amp;"}.get(mark[0], f"\\{mark[0]}")


LONGEST: Final = 32_000
"""A cell holds 32,767 letters."""


def fill(cell: Any, column: Column, value: Any) -> None:
    """Put a value into a cell under its own type; a text is never a formula."""
    if value is None:
        return
    if column.kind in NUMBERS and is_number(bare(value)):
        cell.value = Decimal(bare(value))
        cell.number_format = {"ratio": "0.0 %", "amount": "#,##0.00", "count": "#,##0"}[column.kind]
    elif column.kind in ("date", "time") and (moment := _moment(value)):
        timed = column.kind == "time" and isinstance(moment, datetime)
        cell.value = moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment
        cell.number_format = "yyyy-mm-dd hh:mm" if timed else "yyyy-mm-dd"
    else:
        cell.value = clean(bare(value)[:LONGEST])
        cell.data_type = "s"
        if cell.value.startswith(FORMULA):
            cell.quotePrefix = True  # so that it stays a text when somebody edits it


def _moment(value: Any) -> date | None:
    """Return the day or the time that a value says, a time as the clock of its place showed it."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
