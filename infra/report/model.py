"""What a report is made of: sections with tables, and behind each number the events that make it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from infra.formats.grid import Grid, Row

Link = Callable[[Grid, Row, str], "str | None"]
"""Returns where the page lists the events behind one number of a table."""

Draw = Callable[[Link], str]


class Picture(NamedTuple):
    """A chart, with the title that stands above it where there are several."""

    title: str
    draw: Draw


class Section(NamedTuple):
    """A part of the report: what it says in words, its charts, its tables; `drawn` are those that only a workbook needs."""

    key: str
    title: str
    said: Sequence[str]
    grids: Sequence[Grid]
    charts: Sequence[Picture] = ()
    drawn: Sequence[Grid] = ()


class Head(NamedTuple):
    """What stands above everything: the question, its two times, and how to ask it again."""

    title: str
    period: str
    answer: str
    as_of: str
    known_at: str
    position: int
    command: str
