"""The curve of a period: what was known each day beside hindsight, against the pace of working days and the target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from infra.formats.svg.elements import WIDTH, apart, drawing, element, label, line, linked, safe, short, ticks, wide_as
from infra.i18n import translate

_ = translate.translate

HEIGHT: Final = 330
LEFT, TOP, BOTTOM = 62, 18, 34
GAP: Final = 17


class Dot(NamedTuple):
    """A day on the curve that is named: by a number, which leads to its event."""

    day: date
    name: str
    href: str
    told: str


class Lines(NamedTuple):
    """What the chart draws. `first` to `last` is the whole period; the curves may end before it does."""

    first: date
    last: date
    days: Sequence[date]
    known: Sequence[Decimal]
    hindsight: Sequence[Decimal]
    pace: Sequence[Decimal]
    target: Decimal | None
    dots: Sequence[Dot] = ()


def curve_chart(key: str, title: str, told: str, lines: Lines) -> str:
    """Return the chart; every line is named where it ends."""
    values = [*lines.known, *lines.hindsight, *lines.pace, lines.target or Decimal(0), Decimal(0)]
    marks = ticks(min(values), max(values))
    place = _Place(lines, marks[0], marks[-1])
    pieces = [*_axes(place, marks), *_between(place), *_drawn(place), *_named(place), *_dotted(place)]
    return drawing(key, title, told, pieces, HEIGHT)


class _Place:
    """Where a day and a value stand."""

    def __init__(self, lines: Lines, lowest: Decimal, highest: Decimal) -> None:
        self.lines, self.lowest = lines, lowest
        self.days = (lines.last - lines.first).days + 1
        self.scale = (HEIGHT - TOP - BOTTOM) / float(highest - lowest)
        self.ends = list(_ends(lines))
        self.right = WIDTH - 18 - max((1.13 * wide_as(words) for _name, words, _value in self.ends), default=0.0)

    def x(self, day: date) -> float:
        """Return where a day ends."""
        return LEFT + (self.right - LEFT) * ((day - self.lines.first).days + 1) / self.days

    def y(self, value: Decimal) -> float:
        return HEIGHT - BOTTOM - float(value - self.lowest) * self.scale


def _axes(place: _Place, marks: Sequence[Decimal]) -> list[str]:
    pieces = []
    for mark in marks:
        y = place.y(mark)
        pieces += [
            line(LEFT, y, place.right, y, "zero" if mark == 0 else "grid"),
            label(short(mark), LEFT - 8, y + 4, anchor="end"),
        ]
    bottom = HEIGHT - BOTTOM
    for day in days_named(place.lines.first, place.lines.last):
        x = place.x(day - timedelta(days=1))
        pieces += [line(x, bottom, x, bottom + 5, "zero"), label(day_name(day), x, bottom + 20, anchor="middle")]
    return pieces


def days_named(first: date, last: date) -> list[date]:
    """Return the days that an axis names: each of a week, weeks of a month, months and half-months of a quarter."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(every) <= 8:
        return every
    if len(every) <= 45:
        return every[::7]
    if len(every) <= 100:
        return [day for day in every if day.day in (1, 16)]
    return [day for day in every if day.day == 1][:: 1 if len(every) < 190 else 2]


def day_name(day: date) -> str:
    """Return a day as an axis writes it."""
    if translate.language() == "zh":
        return f"{day.month}月{day.day}日"
    return f"{day.day} {day:%b}"


def _step(place: _Place, values: Sequence[Decimal], *, begun: bool = True) -> str:
    """Return a path on which each day's value holds to the day's end."""
    x, pieces = float(LEFT), [f"M{LEFT} {place.y(Decimal(0)):.1f}"] if begun else []
    for day, value in zip(place.lines.days, values, strict=False):
        y = place.y(value)
        pieces.append(f"{'L' if pieces else 'M'}{x:.1f} {y:.1f}")
        x = place.x(day)
        pieces.append(f"L{x:.1f} {y:.1f}")
    return "".join(pieces)


def _between(place: _Place) -> list[str]:
    """Shade what hindsight knows and the day did not."""
    known, seen = place.lines.known, place.lines.hindsight
    if list(known) == list(seen) or not known:
        return []
    there = _step(place, known)
    points = _step(place, seen, begun=False)[1:].split("L")
    return [element("path", d=f"{there}L{'L'.join(reversed(points))}Z", class_="between")]


def _drawn(place: _Place) -> list[str]:
    pieces = []
    if place.lines.target is not None:
        y = place.y(place.lines.target)
        pieces.append(line(LEFT, y, place.right, y, "target"))
    for values, name in (
        (place.lines.pace, "pace"),
        (place.lines.hindsight, "hindsight"),
        (place.lines.known, "known"),
    ):
        if values:
            pieces.append(element("path", d=_step(place, values), class_=name))
    return pieces


def _ends(lines: Lines) -> Iterator[tuple[str, str, Decimal]]:
    """Yield what each line is called where it ends, and at which value."""
    if lines.target is not None:
        yield "target", f"{_('Target')} {short(lines.target)}", lines.target
    for name, words, values in (
        ("pace", _("Working-day pace"), lines.pace),
        ("known", _("As known each day"), lines.known),
        ("hindsight", _("In hindsight"), lines.hindsight),
    ):
        if values:
            yield name, f"{words} {short(values[-1])}", values[-1]


def _named(place: _Place) -> list[str]:
    """Name each line at its end, apart from each other."""
    last = place.x(place.lines.days[-1]) if place.lines.days else float(LEFT)
    heights = apart([place.y(value) for _name, _words, value in place.ends], GAP, TOP, HEIGHT - BOTTOM)
    pieces = []
    for (name, words, value), y in zip(place.ends, heights, strict=True):
        x = place.right if name == "target" else last
        pieces.append(line(x + 2, place.y(value), place.right + 10, y, "leader"))
        pieces.append(label(words, place.right + 13, y + 4, class_=f"name {name}-name"))
    return pieces


def _dotted(place: _Place) -> list[str]:
    """Put the numbers of the events that moved most onto the curve of hindsight."""
    levels = dict(zip(place.lines.days, place.lines.hindsight, strict=False))
    pieces: list[str] = []
    taken: list[tuple[float, float]] = []
    for dot in place.lines.dots:
        if dot.day not in levels:
            continue
        x, y = place.x(dot.day - timedelta(days=1)), place.y(levels[dot.day])
        while any(abs(x - a) < 15 and abs(y - b) < 15 for a, b in taken):
            y -= 15
        taken.append((x, y))
        half = max(7.5, wide_as(dot.name, 10) / 2 + 3)
        mark = element("circle", cx=x, cy=y, r=half, class_="dot")
        pieces.append(
            linked(
                dot.href,
                f"<title>{safe(dot.told)}</title>",
                mark,
                label(dot.name, x, y + 3.5, anchor="middle", class_="dot-name"),
            )
        )
    return pieces
