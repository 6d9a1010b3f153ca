"""The events behind a line of the board: a table of them, and below it what the one under the cursor changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import DataTable, Footer, Static

from cli.board.data_table import filled_with
from infra.formats.text_table import told
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.audit import Audit, telling

_ = translate.translate

SHOWN: Final = ("position", "occurred", "recorded", "late_days", "name", "actor", "recorder", "reason", "corrected_by")
COLUMNS: Final = tuple(column for column in Audit.COLUMNS if column.key in SHOWN)


class Behind(ModalScreen[None]):
    """The events behind one line; Escape goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", marked("Back")),
        Binding("q", "dismiss", marked("Back"), show=False),
    ]

    def __init__(self, title: str, events: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.line, self.events = title, events

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys in use, in the language of the moment."""
        return {
            key: active._replace(binding=replace(active.binding, description=_(active.binding.description)))
            for key, active in super().active_bindings.items()
        }

    def compose(self) -> ComposeResult:
        head = filled(marked("{line}: the events behind it ({count})"), {"line": self.line, "count": len(self.events)})
        yield Static(Text(head, no_wrap=True, overflow="ellipsis"), id="line")
        yield DataTable(id="events", cursor_type="row", zebra_stripes=True)
        yield Static(id="changes")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        table = self.query_one("#events", DataTable)
        filled_with(table, COLUMNS, self.events)
        table.focus()

    def on_data_table_row_highlighted(self, at: DataTable.RowHighlighted) -> None:
        """Say what the event under the cursor changed, from and to."""
        if at.cursor_row < len(self.events):
            changes = telling(self.events[at.cursor_row])
            self.query_one("#changes", Static).update(Text("\n".join(map(told, changes)) or _("Nothing changed.")))
