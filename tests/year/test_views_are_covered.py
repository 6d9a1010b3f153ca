"""No view is left out of the year: its totals are reckoned a second time, or it says why they are not."""

from __future__ import annotations

from typing import Final

from cli.registry import COMMANDS, EXTRAS
from tests.year.views import COMPARED

BY_THEMSELVES: Final = {"diff", "log", "period diff", "period show", "replay"}
"""Those that test_year.py asks about in tests of their own."""

WITHOUT: Final = {
    "board": "a full screen of what tracking, progress, pipeline and log show",
    "guide": "steps, fields and texts, nothing that is summed",
    "report": "the figures of progress, pipeline, waterfall and targets on a page; tests/slow/test_reports.py holds its sums",
    "show": "one subject: its row of tracking, contracts or targets, and its events as audit has them",
}
"""Why the totals of a view are not reckoned."""


def test_every_view_is_reckoned_or_says_why_not() -> None:
    views = {name for name, entry in COMMANDS.items() if entry.heading == "Views"}
    views |= {" ".join(words) for words, entry in EXTRAS.items() if entry.heading == "Views"}
    assert {*COMPARED, *BY_THEMSELVES, *WITHOUT} == views
