"""The example row of a template: how it is marked, and whether somebody has written over it."""

from __future__ import annotations

from typing import Final

from infra.formats.cells import Cell, text
from infra.imports.column_mapping import Mapping, folded
from infra.imports.form import Form

EXAMPLE: Final = "示例 / example"
EXAMPLE_WORDS: Final = frozenset((EXAMPLE, "示例", "example", "Example"))
"""What stands in the column of keys of a row that is no row."""


class Example:
    """The example of a form, in either language, under the headings of a table."""

    def __init__(self, form: Form, mapping: Mapping) -> None:
        self._forms: dict[str, set[str]] = {}
        for column in form.template:
            heading = mapping.column_of(column.column)
            if heading:
                self._forms[heading] = {folded(form.examples(column, language)) for language in ("zh", "en")}

    def untouched(self, cells: dict[str, Cell]) -> bool:
        """Say whether a row says nothing but the example."""
        return all(
            folded(text(cell)) in known for heading, known in self._forms.items() if (cell := cells.get(heading, ""))
        )
