"""The full screen of the board: tabs of tables that follow the log, and the events behind a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Input, Static, TabbedContent, TabPane

from cli.board.data_table import filled_with, place_of
from cli.board.events_screen import Behind
from cli.board.live_query import Live
from cli.views.log import LOG
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

_ = translate.translate

LOG_TAB: Final = "log"
ASKS: Final = {
    "moment": marked("Known at: a day, a time, yesterday; nothing for now"),
    "scope": marked("A login or a group's code; nothing for everybody"),
}


class Board(App[None]):
    """The board of one session; `every` is how many seconds lie between two looks at the log."""

    CSS_PATH = "board.tcss"
    TITLE = "Salestrail"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, live: Live, every: float) -> None:
        super().__init__()
        self.live, self.every = live, every
        self.told = ""
        self.asking = ""
        for keys, action, description in (
            ("q", "quit", marked("Quit")),
            ("left_square_bracket", "step(-1)", marked("Period before")),
            ("right_square_bracket", "step(1)", marked("Period after")),
            ("t", "ask('moment')", marked("Known at")),
            ("slash", "ask('scope')", marked("Filter")),
            ("w", "report", marked("Report")),
            ("r", "refresh", marked("Look again")),
        ):
            self.bind(keys, action, description=_(description), key_display={"slash": "/"}.get(keys))
        self.bind("escape", "unask", show=False)
        for number, tab in enumerate((*live.panels, LOG_TAB), 1):
            self.bind(str(number), f"tab('{tab}')", show=False)

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        with TabbedContent(id="tabs"):
            for number, (key, panel) in enumerate(self.live.panels.items(), 1):
                with TabPane(f"{number} {_(panel.title)}", id=key):
                    yield DataTable(id=f"table-{key}", cursor_type="row", zebra_stripes=True)
            with TabPane(f"{len(self.live.panels) + 1} {_('Log')}", id=LOG_TAB):
                yield DataTable(id=f"table-{LOG_TAB}", cursor_type="row", zebra_stripes=True)
        yield Input(id="asked")
        yield Static(id="said")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#asked").display = False
        self.set_interval(self.every, self.look)
        self.look()
        self.show()
        self.table().focus()

    # What is on the screen.

    @property
    def tab(self) -> str:
        """The tab in front."""
        return self.query_one(TabbedContent).active or next(iter(self.live.panels))

    def table(self) -> DataTable[Any]:
        """Return the table in front."""
        return self.query_one(f"#table-{self.tab}", DataTable)

    def on_tabbed_content_tab_activated(self) -> None:
        self.show()
        self.table().focus()

    def look(self) -> None:
        """See whether the log has grown, and show what it brought."""
        before = self.live.position
        if self.answered(self.live.grown) and before:
            count = self.live.position - before
            line = marked("{count} new events at {time}")
            self.say(filled(line, {"count": count, "time": f"{datetime.now():%H:%M:%S}"}))  # noqa: DTZ005
        if self.live.position != before:
            self.show()

    def show(self) -> None:
        """Fill the table in front, with the cursor on the line where it was, and the line above it."""
        key = self.tab
        if key == LOG_TAB:
            rows = self.answered(self.live.log)
            columns: tuple[Column, ...] = LOG
        else:
            rows = self.answered(lambda: self.live.rows(key))
            columns = self.live.panels[key].columns
        if rows is not None:
            filled_with(self.table(), columns, rows)
        self.head(rows)

    def head(self, rows: Sequence[Mapping[str, Any]] | None) -> None:
        """Say above the tables what they show: period, moment, of whom, and how far the log has come."""
        live = self.live
        moment = self.answered(live.moment) or ""
        known = _("live") if live.known_at is None else filled(marked("as known at {time}"), {"time": moment})
        parts = [
            live.period.name,
            known,
            live.owner or live.group or _("everybody"),
            filled(marked("{count} lines"), {"count": len(rows or ())}),
            filled(
                marked("{count} events in {store}."), {"count": live.position, "store": live.session.store().shown_url}
            ),
        ]
        self.query_one("#head", Static).update(Text(" · ".join(parts), no_wrap=True, overflow="ellipsis"))

    def say(self, line: str) -> None:
        """Say something below the tables."""
        self.told = line
        self.query_one("#said", Static).update(Text(line, no_wrap=True, overflow="ellipsis"))

    def answered(self, ask: Callable[[], Any]) -> Any:
        """Return what is asked, or say why there is no answer; a store that was away is opened anew at the next look."""
        from cli.core.errors import message_and_hint

        try:
            return ask()
        except Problem as problem:
            self.say(" ".join(message_and_hint(problem)))
            if problem.retry:
                self.live.session.reopen()
            return None

    # What the keys do.

    def on_data_table_row_selected(self, chosen: DataTable.RowSelected) -> None:
        """Show the events behind the line."""
        if self.screen is not self.screen_stack[0]:
            return
        key, place = self.tab, place_of(chosen)
        if key == LOG_TAB:
            position = int(chosen.data_table.get_row_at(place)[0].plain.replace(",", ""))
            events = self.answered(lambda: self.live.audit([position]))
        else:
            events = self.answered(lambda: self.live.behind(key, place))
        if events is not None:
            title = " ".join(cell.plain for cell in chosen.data_table.get_row_at(place)[:2])
            self.push_screen(Behind(title, events))

    def action_tab(self, key: str) -> None:
        """Bring a tab to the front."""
        self.query_one(TabbedContent).active = key

    def action_refresh(self) -> None:
        self.show()

    def action_step(self, way: int) -> None:
        """Go to the period before or after."""
        self.answered(lambda: self.live.step(way))
        self.show()

    def action_ask(self, what: str) -> None:
        """Ask for a moment or for whom, on a line below."""
        line = self.query_one("#asked", Input)
        self.asking, line.placeholder, line.value = what, _(ASKS[what]), ""
        line.display = True
        line.focus()

    def action_unask(self) -> None:
        """Put the line away."""
        self.query_one("#asked", Input).display = False
        self.table().focus()

    def on_input_submitted(self, typed: Input.Submitted) -> None:
        """Take what was asked for; what can't be taken is said, and asked again."""
        take = self.live.travel if self.asking == "moment" else self.live.narrow
        self.say("")
        self.answered(lambda: take(typed.value.strip()))
        if not self.told:
            self.action_unask()
            self.show()

    def action_report(self) -> None:
        """Write the report of the period into the folder one stands in."""
        page = self.answered(self.live.report)
        if page is None:
            return
        target = Path(f"report-{self.live.period.name}.html")
        try:
            target.write_bytes(page)
        except OSError as wrong:
            self.say(wrong.strerror or str(wrong))
            return
        facts = {"file": str(target.absolute()), "size": f"{len(page) / 1000:,.0f}"}
        self.say(filled(marked("Written: {file} ({size} kB)"), facts))


def opened(live: Live, every: float) -> None:
    """Let the board have the terminal until it is left."""
    Board(live, every).run()
