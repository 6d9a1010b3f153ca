"""The board shows what the views say, follows the log, and names the events behind a line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, Static

from cli.board.app import Board
from cli.board.events_screen import Behind
from cli.board.live_query import Live, beside
from cli.core.session import Session
from domain.calendar.period import Period
from infra.i18n import translate
from tests.given import Given, company, filed, lead, line, signed

Script = Callable[[Board, Pilot[None]], Awaitable[None]]


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    yield from filled(f"sqlite:///{tmp_path}/store.db")


@pytest.fixture
def on_each(store_url: str) -> Iterator[Given]:
    yield from filled(store_url)


def filled(url: str) -> Iterator[Given]:
    store = Given(url, today="2024-03-31T18:00:00+08:00")
    store.happened(*company(), *filed("t", "zhang.san", "800000"), lead("a"), *signed("x", "a", "500000", "2024-02-01"))
    store.happened(line("opportunity.open", by="zhang.san", at="2024-02-05", key="o", customer="a", amount="90000"))
    store.happened(line("next-action.set", "a", by="zhang.san", at="2024-02-05", what="回访", due="2024-02-20"))
    yield store
    store.close()


def played(given: Given, script: Script, lang: str = "en") -> None:
    """Open the board on the store, and let the script press keys."""
    session = Session({"SALES_STORE": given.url, "SALES_LANG": lang, "HOME": "/nowhere"})
    session.use(given.reopened())
    live = Live(session, "2024Q1", None, None)

    async def run() -> None:
        board = Board(live, every=0.05)
        async with board.run_test(size=(140, 40)) as pilot:
            await pilot.pause()
            await script(board, pilot)

    try:
        asyncio.run(run())
    finally:
        translate.use("en")


def cells(table: DataTable[Any]) -> list[list[str]]:
    return [[cell.plain for cell in table.get_row_at(n)] for n in range(table.row_count)]


def head(board: Board) -> str:
    return str(board.query_one("#head", Static).render())


def test_each_tab_shows_what_its_view_says(given: Given) -> None:
    async def script(board: Board, pilot: Pilot[None]) -> None:
        mine = next(row for row in cells(board.table()) if row[1] == "zhang.san" and row[3] == "signed")
        assert mine[4:8] == ["800,000", "500,000", "62.5 %", "█" * 10 + "░" * 5 + "▏"]
        await pilot.press("2")
        await pilot.pause()
        assert [row[3] for row in cells(board.table())] == ["90,000"]
        await pilot.press("3")
        await pilot.pause()
        assert [row[:5] for row in cells(board.table())] == [
            ["2024-02-20", "28", "next-action", "a制造有限公司", "回访"]
        ]

    played(given, script)


def test_it_follows_the_log(on_each: Given) -> None:
    async def script(board: Board, pilot: Pilot[None]) -> None:
        before = board.live.position
        on_each.live(line("opportunity.forecast", "o", amount="120000"))
        await pilot.press("2")
        for _ in range(100):
            await pilot.pause(0.02)
            if board.live.position > before:
                break
        assert [row[3] for row in cells(board.table())] == ["120,000"]
        await pilot.press("5")
        await pilot.pause()
        assert cells(board.table())[0][3] == "opportunity.forecast"
        assert "1 new events" in board.told

    played(on_each, script)


def test_a_line_names_its_events_and_they_what_they_changed(given: Given) -> None:
    async def script(board: Board, pilot: Pilot[None]) -> None:
        await pilot.press("2")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(board.screen, Behind)
        names = [row[4] for row in cells(board.screen.query_one("#events", DataTable))]
        assert names == ["opportunity.opened"]
        assert "amount: 90000" in str(board.screen.query_one("#changes", Static).render())
        await pilot.press("escape")
        assert not isinstance(board.screen, Behind)

    played(given, script)


def test_it_shows_what_was_known_at_a_moment_and_of_whom(given: Given) -> None:
    async def script(board: Board, pilot: Pilot[None]) -> None:
        await pilot.press("t")
        await pilot.press(*"2024-01-31", "enter")
        await pilot.pause()
        assert "as known at 2024-01-31 23:59" in head(board)
        mine = next(row for row in cells(board.table()) if row[1] == "zhang.san" and row[3] == "signed")
        assert mine[5] == "0"
        await pilot.press("slash", *"zhang.san", "enter")
        await pilot.pause()
        assert {row[1] for row in cells(board.table())} == {"zhang.san"}
        await pilot.press("slash", *"nobody", "enter")
        await pilot.pause()
        assert "nobody" in board.told
        assert board.query_one("#asked", Input).display
        await pilot.press("escape", "right_square_bracket")
        await pilot.pause()
        assert head(board).startswith("2024Q2")

    played(given, script)


def test_the_report_of_the_period_is_written(given: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def script(board: Board, pilot: Pilot[None]) -> None:
        await pilot.press("w")
        await pilot.pause()
        assert "500,000" in (tmp_path / "report-2024Q1.html").read_text("utf-8")

    played(given, script)


def test_it_speaks_chinese(given: Given) -> None:
    async def script(board: Board, pilot: Pilot[None]) -> None:
        assert "实时" in head(board)
        assert next(str(tab.label) for tab in board.query("Tab")) == "1 进度"  # type: ignore[attr-defined]

    played(given, script, "zh")


@pytest.mark.parametrize(
    ("name", "before", "after", "month"),
    [
        ("2024Q1", "2023Q4", "2024Q2", 1),
        ("2024Q1", "2023Q4", "2024Q2", 4),
        ("2024-01", "2023-12", "2024-02", 1),
        ("2024-W01", "2023-W52", "2024-W02", 1),
        ("2024", "2023", "2025", 4),
        ("2024H1", "2023H2", "2024H2", 1),
    ],
)
def test_the_periods_beside_one_are_of_its_kind(name: str, before: str, after: str, month: int) -> None:
    period = Period.parse(name, month)
    assert (beside(period, -1, month).name, beside(period, 1, month).name) == (before, after)


def test_beside_a_stretch_of_days_lies_one_as_long() -> None:
    stretch = Period.of_days(date(2024, 1, 8), date(2024, 1, 14))
    assert beside(stretch, -1, 1).name == "2024-01-01..2024-01-07"
