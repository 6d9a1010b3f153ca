"""One subject laid out on a screen: its parts one below the other, each with a title on the left."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from infra.formats.subject_sheet import customer, others
from infra.formats.subject_sheet.parts import COMMAND, Rows, Sheet, deal_contracts, deal_opportunities, steps
from infra.formats.text_table import bare
from infra.i18n import translate
from infra.i18n.terminal_text import clean, cut, pad, width
from infra.i18n.translate import marked

_ = translate.translate

WIDE: Final = 100


def laid_out(sheet: Sheet) -> list[str]:
    """Return the lines of the screen."""
    wide = shutil.get_terminal_size((WIDE, 24)).columns if sys.stdout.isatty() else WIDE
    parts = [(_(title), aligned(list(rows(sheet)))) for title, rows in PARTS[sheet["kind"]]]
    shown = [(title, lines) for title, lines in parts if lines]
    left = max((width(title) for title, _lines in shown), default=0)
    lines = [cut(line, wide) for line in HEADS[sheet["kind"]](sheet)]
    for title, rows in shown:
        for number, row in enumerate(rows):
            line = f"{pad('' if number else title, left)}  {row}".rstrip()
            lines.append(line if row.startswith(COMMAND) else cut(line, wide))
    return lines


def aligned(rows: list[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines in which the cells but the last stand in columns."""
    cells = [[clean(cell) for cell in row] for row in rows]
    columns = max((len(row) for row in cells), default=0)
    widths = [max([width(row[n]) for row in cells if len(row) > n + 1], default=0) for n in range(columns)]
    return ["  ".join(pad(cell, widths[n]) for n, cell in enumerate(row)).rstrip() for row in cells]


def as_rows(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Yield the sheet as rows of part, field and value."""
    for name, value in sheet.items():
        if isinstance(value, Mapping):
            yield from ({"section": name, "field": field, "value": bare(part)} for field, part in value.items())
        elif isinstance(value, list):
            for number, part in enumerate(value, 1):
                yield {"section": name, "field": str(number), "value": bare(part)}
        else:
            yield {"section": "", "field": name, "value": bare(value)}


HEADS: Final[dict[str, Callable[[Sheet], Iterator[str]]]] = {
    "customer": customer.head,
    "contract": others.contract_head,
    "opportunity": others.opportunity_head,
    "target": others.target_head,
    "person": others.person_head,
    "group": others.group_head,
}
PARTS: Final[dict[str, tuple[tuple[str, Callable[[Sheet], Rows]], ...]]] = {
    "customer": (
        (marked("file"), customer.file),
        (marked("grade"), customer.grade),
        (marked("next"), customer.actions),
        (marked("objections"), customer.objections),
        (marked("contacts"), customer.contacts),
        (marked("records"), customer.records),
        (marked("opportunities"), deal_opportunities),
        (marked("contracts"), deal_contracts),
        (marked("missing for"), customer.missing),
    ),
    "contract": (
        (marked("money"), others.contract_money),
        (marked("about"), others.contract_about),
        (marked("course"), steps),
    ),
    "opportunity": (
        (marked("money"), others.opportunity_money),
        (marked("contracts"), deal_contracts),
        (marked("course"), steps),
    ),
    "target": ((marked("figures"), others.target_values), (marked("course"), steps)),
    "person": (
        (marked("customers"), others.person_customers),
        (marked("next"), others.person_actions),
        (marked("pipeline"), others.pipeline),
        (marked("progress"), others.progress),
    ),
    "group": (
        (marked("members"), others.group_members),
        (marked("pipeline"), others.pipeline),
        (marked("progress"), others.progress),
    ),
}
"""By kind of subject, the parts of its screen in their order; a further part is one entry."""
