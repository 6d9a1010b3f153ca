"""Curves drawn with braille dots: each cell of the terminal holds two dots by four."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from cli.replay.styled_line import Line, Span

DOTS: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bits of a braille cell by column, from above."""
BLANK: Final = 0x2800


class Series(NamedTuple):
    """A curve: (place from 0 to 1, value) from left to right, and for each dot along it whether that is drawn.

    Of several in one cell the first one's style is seen. With `steps` a value holds until the next, and its jumps are
    drawn; else a line leads from one to the next.
    """

    points: Sequence[tuple[float, float]]
    style: str
    drawn: Callable[[int], bool]
    steps: bool = True


def solid(dot: int) -> bool:
    """Draw every dot: what was known."""
    return True


def dotted(dot: int) -> bool:
    """Draw two dots of four: hindsight."""
    return dot % 4 < 2


def sparse(dot: int) -> bool:
    """Draw one dot of four: the pace."""
    return dot % 4 == 0


def drawn(several: Sequence[Series], columns: int, rows: int, low: float, high: float) -> list[Line]:
    """Return the curves between the values `low` and `high` as `rows` lines of `columns`."""
    cells = [[0] * columns for _ in range(rows)]
    styles = [[""] * columns for _ in range(rows)]
    for series in several:
        for column, dot in dots(series, columns * 2, rows * 4, low, high):
            row, cell = dot // 4, column // 2
            cells[row][cell] |= DOTS[column % 2][dot % 4]
            styles[row][cell] = styles[row][cell] or series.style
    return [_line(cells[row], styles[row]) for row in range(rows)]


def dots(series: Series, width: int, height: int, low: float, high: float) -> Iterator[tuple[int, int]]:
    """Yield the dots that are set, as (column, dot counted from above)."""
    before: int | None = None
    for column in range(width):
        value = value_at(series, column / max(width - 1, 1))
        if value is None:
            continue
        share = (value - low) / (high - low) if high > low else 0.0
        dot = height - 1 - round(min(max(share, 0.0), 1.0) * (height - 1))
        if series.drawn(column):
            yield column, dot
        if series.steps and before is not None:
            jump = range(min(before, dot), max(before, dot) + 1) if before != dot else ()
            yield from ((column, each) for each in jump if series.drawn(each))
        before = dot


def value_at(series: Series, place: float) -> float | None:
    """Return the value at a place: of the last point up to it, or on the way to the next; None outside of the curve."""
    points = series.points
    if not points or place < points[0][0] or place > points[-1][0] + 1e-9:
        return None
    at = max(n for n, (where, _) in enumerate(points) if where <= place + 1e-9)
    where, value = points[at]
    if series.steps or at + 1 == len(points):
        return value
    further, next_value = points[at + 1]
    return value + (next_value - value) * (place - where) / (further - where)


def _line(cells: Sequence[int], styles: Sequence[str]) -> Line:
    line: Line = []
    for bits, style in zip(cells, styles, strict=True):
        letter = chr(BLANK + bits) if bits else " "
        if line and line[-1].style == style:
            line[-1] = Span(line[-1].text + letter, style)
        else:
            line.append(Span(letter, style))
    return line
