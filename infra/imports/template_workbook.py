"""A form as a workbook to fill in: headings with notes, drop-downs, an example, and a sheet that explains it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from infra import __version__
from infra.i18n import translate
from infra.i18n.terminal_text import width
from infra.i18n.translate import filled, marked
from infra.imports.column_mapping import KEY_HEADING
from infra.imports.example_row import EXAMPLE
from infra.imports.form import Column, Form
from infra.imports.template_choices import Names

_ = translate.translate

HEADING: Final = 3
"""The row of the headings: a title and a line of advice stand above it."""
ROWS: Final = 1_000
"""So many rows have drop-downs."""
RULED: Final = 30
"""So many have lines, so that the form looks like one and prints on few pages."""

NAME: Final = "Calibri"
NEEDED: Final = PatternFill("solid", fgColor="0B3C5D")
FREE: Final = PatternFill("solid", fgColor="5B6675")
LINE: Final = Side("thin", color="D9DEE6")
RULES: Final = Border(LINE, LINE, LINE, LINE)
FORMS: Final = {"date": "yyyy-mm-dd", "number": "#,##0.00", "count": "0"}
ENVELOPE: Final = {
    "at": marked("When it happened: a date, or a date with a time; now unless given."),
    "actor": marked("Whose act it is, by login; whoever imports the file unless given."),
    "approver": marked("Who approved it, by login."),
    "id": marked("A number of its own, by which the row is known when the file is imported again."),
}
KEY_HELP: Final = marked(
    "Leave it empty: by its key a row that is imported again is not recorded twice. The copy with the verdicts fills it in."
)


def workbook(form: Form, names: Names) -> bytes:
    """Return the workbook of a form, with the names that the store knows in its drop-downs."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    language = translate.language()
    page.title = form.title.said(language)[:31]
    lists = Lists(book)
    columns = [Told(form, column, names) for column in form.template]
    _above(page, form, language)
    for place, told in enumerate(columns, 1):
        _column(page, place, told, lists)
    _keys(page, len(columns) + 1)
    _finish(page, len(columns) + 1)
    _explain(book, form, columns, language)
    lists.hide()
    book.properties.title, book.properties.creator = form.title.said(language), f"Salestrail {__version__}"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


class Told:
    """A column of a template, with what its declaration says of it."""

    def __init__(self, form: Form, column: Column, names: Names) -> None:
        field = form.fields().get(column.column)
        language = translate.language()
        name = column.column
        self.name, self.title = name, column.title(language)
        self.kind = column.kind or (field.kind.word if field else "date" if name == "at" else "text")
        self.needed = name in form.required
        self.closed = bool(field and field.choices and not field.open) or self.kind == "flag"
        self.choices: Sequence[str] = [form.label(name, code, language) for code in form.choices(name)]
        role = column.role or (field.role if field else None) or ("person" if name in ("actor", "approver") else None)
        self.offered = self.choices or names.get(role or "", ())
        declared = _(field.help) if field and field.help else _(ENVELOPE[name]) if name in ENVELOPE else ""
        self.help = column.help.said(language) if column.help else declared
        self.example = form.examples(column, language)
        self.raw = column.example

    @property
    def heading(self) -> str:
        """Return the heading: what must be filled has a star."""
        return f"{self.title} *" if self.needed else self.title

    def note(self) -> str:
        """Return what is told of the column beside its heading."""
        said = [_("Must be filled.")] if self.needed else []
        said += [self.help] if self.help else []
        if self.choices:
            said.append(filled(marked("One of: {choices}"), {"choices": _comma().join(self.choices)}))
        return "\n".join(said)


def _comma() -> str:
    return "、" if translate.language() == "zh" else ", "


class Lists:
    """The hidden sheet on which the drop-downs' words stand."""

    def __init__(self, book: Workbook) -> None:
        self._page: Any = book.create_sheet("lists")
        self._places: dict[tuple[str, ...], str] = {}

    def place(self, words: Sequence[str]) -> str:
        """Return where a list of words stands; the same list stands once."""
        known = tuple(words)
        if known not in self._places:
            letter = get_column_letter(len(self._places) + 1)
            for n, word in enumerate(known, 1):
                cell = self._page[f"{letter}{n}"]
                cell.value, cell.data_type = word, "s"
            self._places[known] = f"lists!${letter}$1:${letter}${len(known)}"
        return self._places[known]

    def hide(self) -> None:
        """Hide the sheet, and leave it out where it is empty."""
        if self._places:
            self._page.sheet_state = "hidden"
        else:
            self._page.parent.remove(self._page)


def _above(page: Worksheet, form: Form, language: str) -> None:
    page["A1"] = form.title.said(language)
    page["A1"].font = Font(NAME, 16, bold=True, color="0B3C5D")
    page["A2"] = _("Columns with a star must be filled. The grey example is not imported. More on the next sheet.")
    page["A2"].font = Font(NAME, 10, italic=True, color="5B6675")
    page.row_dimensions[1].height = 26


def _column(page: Worksheet, place: int, told: Told, lists: Lists) -> None:
    letter = get_column_letter(place)
    _head(page, place, told.heading, told.needed, told.note())
    form = FORMS.get(told.kind, "@")
    page.column_dimensions[letter].width = _width(told)
    right = told.kind in ("number", "count")
    for number in range(HEADING + 1, HEADING + 2 + RULED):
        cell = page.cell(number, place)
        cell.number_format, cell.border = form, RULES
        cell.alignment = Alignment(horizontal="right" if right else "left", vertical="center")
    example = page.cell(HEADING + 1, place)
    example.value = _typed(told)
    if isinstance(example.value, str):
        example.data_type = "s"
    example.font = Font(NAME, 11, italic=True, color="8A94A3")
    check = _check(told, lists)
    if check is not None:
        check.add(f"{letter}{HEADING + 1}:{letter}{HEADING + 1 + ROWS}")
        page.add_data_validation(check)


def _head(page: Worksheet, place: int, heading: str, needed: bool, note: str) -> None:
    head = page.cell(HEADING, place, heading)
    head.font = Font(NAME, 11, bold=True, color="FFFFFF")
    head.fill, head.border = (NEEDED if needed else FREE), RULES
    head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if note:
        lines = sum(1 + width(line) // 36 for line in note.splitlines())
        head.comment = Comment(note, "Salestrail", height=24 + 20 * lines, width=280)


def _typed(told: Told) -> Any:
    if told.kind == "date" and told.example:
        return date.fromisoformat(told.example)
    return told.raw if isinstance(told.raw, int | float) else told.example or None


def _width(told: Told) -> float:
    usual = {"date": 13, "number": 15, "count": 9, "flag": 9}.get(told.kind, 14)
    words = [*told.choices, told.example]
    return float(min(max(usual, width(told.heading) + 5, *(width(word) + 4 for word in words)), 34))


def _check(told: Told, lists: Lists) -> DataValidation | None:
    """Return the rule that the cells of a column are held to; other words than those of an open list are warned of."""
    if told.offered:
        check = DataValidation("list", formula1=lists.place(told.offered), allow_blank=True)
        check.errorStyle = "stop" if told.closed else "warning"
        check.error = (
            _("Choose one from the list.") if told.closed else _("It is not in the list. Take it all the same?")
        )
    elif told.kind == "date":
        check = DataValidation("date", operator="between", formula1="36526", formula2="73415", allow_blank=True)
        check.error = _("A date is wanted, as 2024-02-18.")
    elif told.kind in ("number", "count"):
        kind = "decimal" if told.kind == "number" else "whole"
        check = DataValidation(kind, operator="between", formula1="-1E15", formula2="1E15", allow_blank=True)
        check.error = _("A number is wanted.")
    else:
        return None
    check.errorTitle, check.showErrorMessage = told.title[:32], True
    return check


def _keys(page: Worksheet, place: int) -> None:
    _head(page, place, KEY_HEADING, needed=False, note=_(KEY_HELP))
    page.column_dimensions[get_column_letter(place)].width = 22
    for number in range(HEADING + 1, HEADING + 2 + RULED):
        page.cell(number, place).number_format, page.cell(number, place).border = "@", RULES
    page.cell(HEADING + 1, place, EXAMPLE).font = Font(NAME, 11, italic=True, color="8A94A3")


def _finish(page: Worksheet, last: int) -> None:
    for number in range(HEADING + 1, HEADING + 2 + RULED):
        page.row_dimensions[number].height = 18
    page.row_dimensions[HEADING].height = 30
    page.freeze_panes = f"B{HEADING + 1}"
    page.auto_filter.ref = f"A{HEADING}:{get_column_letter(last)}{HEADING + 1 + RULED}"
    page.print_title_rows = f"{HEADING}:{HEADING}"
    _printed(page)


def _printed(page: Worksheet) -> None:
    page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", 9, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _explain(book: Workbook, form: Form, columns: Sequence[Told], language: str) -> None:
    page: Any = book.create_sheet(_("How to fill it in"), 1)
    line = "sales import {name} {title}.xlsx --dry-run"
    said = [
        form.about.said(language),
        _("Each row is recorded with its author; whoever imports the file is its recorder."),
        _("Look first, then import; mend what is wrong in the copy with the verdicts, and import the copy:"),
        line.format(name=form.name, title=form.title.said(language)),
    ]
    for number, words in enumerate(said, 1):
        page.cell(number, 1, words).font = Font(NAME, 11, bold=number == 1)
    page.cell(len(said), 1).font = Font("Consolas", 11, color="0B3C5D")
    start = len(said) + 2
    heads = (_("Column"), _("Must be given"), _("What it holds"), _("Words for it"), _("Example"))
    for place, words in enumerate(heads, 1):
        _explained_head(page.cell(start, place), words)
    for number, told in enumerate(columns, start + 1):
        cells = (told.title, _("yes") if told.needed else "", told.help, _comma().join(told.choices), told.example)
        for place, words in enumerate(cells, 1):
            cell = page.cell(number, place, words or None)
            cell.alignment, cell.border = Alignment(vertical="top", wrap_text=True), RULES
    for letter, wide in zip("ABCDE", (24, 8, 56, 48, 26), strict=True):
        page.column_dimensions[letter].width = wide
    page.freeze_panes = f"A{start + 1}"
    _printed(page)


def _explained_head(cell: Any, words: str) -> None:
    cell.value, cell.font, cell.fill, cell.border = words, Font(NAME, 11, bold=True, color="FFFFFF"), NEEDED, RULES
