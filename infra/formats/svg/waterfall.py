"""The waterfall: from the pipeline at the beginning, over what came and went, to the pipeline at the end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from infra.formats.svg.elements import WIDTH, box, drawing, fitted, label, line, linked, short, signed, ticks

HEIGHT: Final = 300
LEFT, TOP, BOTTOM = 62, 26, 40


class Bar(NamedTuple):
    """A bar: a level where it stands for the whole, a change otherwise."""

    kind: str
    name: str
    amount: Decimal
    whole: bool = False
    href: str | None = None


def spans(bars: Sequence[Bar]) -> list[tuple[Decimal, Decimal]]:
    """Return from where to where each bar reaches."""
    level, found = Decimal(0), []
    for bar in bars:
        begin = Decimal(0) if bar.whole else level
        level = begin + bar.amount
        found.append((begin, level))
    return found


def waterfall_chart(key: str, title: str, told: str, bars: Sequence[Bar]) -> str:
    """Return the chart: changes hang from the level before, a thin line carries it on."""
    reach = spans(bars)
    ends = [Decimal(0), *(end for span in reach for end in span)]
    marks = ticks(min(ends), max(ends))
    scale = (HEIGHT - TOP - BOTTOM) / float(marks[-1] - marks[0])

    def y(value: Decimal) -> float:
        return HEIGHT - BOTTOM - float(value - marks[0]) * scale

    pieces = []
    for mark in marks:
        pieces += [
            line(LEFT, y(mark), WIDTH, y(mark), "zero" if mark == 0 else "grid"),
            label(short(mark), LEFT - 8, y(mark) + 4, anchor="end"),
        ]
    room = (WIDTH - LEFT) / max(len(bars), 1)
    for n, (bar, (begin, end)) in enumerate(zip(bars, reach, strict=True)):
        x = LEFT + room * n + room * 0.16
        top, low = y(max(begin, end)), y(min(begin, end))
        if n + 1 < len(bars):
            pieces.append(line(x + room * 0.68, y(end), x + room, y(end), "leader"))
        value = short(bar.amount) if bar.whole else signed(bar.amount)
        middle = x + room * 0.34
        pieces.append(
            linked(
                bar.href,
                box(x, top, room * 0.68, low - top, f"bar {bar.kind}"),
                label(value, middle, top - 6, anchor="middle", class_="value"),
            )
        )
        pieces.append(label(fitted(bar.name, room), middle, HEIGHT - BOTTOM + 20, anchor="middle"))
    return drawing(key, title, told, pieces, HEIGHT)
