"""A workbook as text: its sheets, what stands in each cell and how it is shown, the widths, what is drawn beside it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from openpyxl import load_workbook


def laid_open(workbook: bytes) -> str:
    """Return all of a workbook that its readers see."""
    return "".join(f"{line}\n" for sheet in load_workbook(BytesIO(workbook)) for line in _sheet(sheet))


def _sheet(sheet: Any) -> Iterator[str]:
    yield f"sheet {sheet.title!r} {sheet.dimensions} frozen {sheet.freeze_panes} filter {sheet.auto_filter.ref}"
    yield f"print {sheet.print_title_rows} {sheet.page_setup.orientation} {sheet.page_setup.fitToHeight} {sheet.sheet_state}"
    yield f"merged {sorted(str(each) for each in sheet.merged_cells.ranges)}"
    for letter, column in sorted(sheet.column_dimensions.items()):
        yield f"column {letter} {column.min}-{column.max} width {column.width} hidden {column.hidden}"
    for checked in sheet.data_validations.dataValidation:
        yield f"choice {checked.sqref} {checked.type} {checked.formula1} {checked.errorTitle} {checked.error}"
    for ruled in sheet.conditional_formatting:
        yield f"rule {ruled.sqref} {[(each.type, each.formula) for each in ruled.rules]}"
    for drawn in sheet._charts:
        places = [
            (str(each.val.numRef.f), str(each.cat and each.cat.numRef and each.cat.numRef.f)) for each in drawn.series
        ]
        yield f"chart {type(drawn).__name__} {_anchor(drawn)} {places}"
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None or cell.comment:
                yield _cell(cell)


def _anchor(drawn: Any) -> str:
    start = drawn.anchor._from
    return f"at {start.col},{start.row} {drawn.width}x{drawn.height}"


def _cell(cell: Any) -> str:
    shown = f"{cell.coordinate} {cell.data_type} {cell.value!r} {cell.number_format}"
    marks = [mark for mark, holds in (("bold", cell.font.b), ("wrapped", cell.alignment.wrap_text)) if holds]
    marks += [f"-> {cell.hyperlink.location or cell.hyperlink.target}"] if cell.hyperlink else []
    marks += [f"# {cell.comment.text!r}"] if cell.comment else []
    return " ".join([shown, *marks])
