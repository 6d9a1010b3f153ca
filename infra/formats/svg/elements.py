"""The pieces that the charts are drawn from: elements, texts, scales, and short forms of large numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from itertools import pairwise
from typing import Final

from infra.i18n import translate
from infra.i18n.terminal_text import clean, width

WIDTH: Final = 760
FONT: Final = 13
LETTER: Final = 7.4
"""About how wide a letter is; a wide character takes two."""

SHORT: Final = {"en": ((10**9, "bn"), (10**6, "M"), (10**3, "k")), "zh": ((10**8, "亿"), (10**4, "万"))}


def safe(words: object) -> str:
    """Return a text that HTML takes for a text: on one line, escaped, and without what turns a line around."""
    return escape(clean(str(words))).replace(" %", "\u00a0%")


def element(name: str, *inside: str, **attributes: object) -> str:
    """Return an element; `class_` and `stroke_width` are written as class and stroke-width."""
    held = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{safe(number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{held}>{''.join(inside)}</{name}>" if inside or name in ("g", "a", "text") else f"<{name}{held}/>"


def number(value: object) -> object:
    """Return a coordinate with one decimal at most; anything else as it is."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def label(words: str, x: float, y: float, *, anchor: str = "start", class_: str = "") -> str:
    """Return a text at a point, of which `anchor` (start, middle, end) says what part stands there."""
    return element("text", safe(words), x=x, y=y, text_anchor=anchor, class_=class_ or None)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """Return a straight line."""
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=class_)


def box(x: float, y: float, wide: float, high: float, class_: str) -> str:
    """Return a rectangle; one that is too thin to be seen is drawn half a point wide."""
    least = 0.5
    return element(
        "rect", x=float(x), y=float(y), width=max(float(wide), least), height=max(float(high), least), class_=class_
    )


def linked(href: str | None, *inside: str) -> str:
    """Return elements that lead somewhere on the page, or as they are."""
    return element("a", *inside, href=href) if href else "".join(inside)


def drawing(key: str, title: str, told: str, inside: Iterable[str], height: float, wide: float = WIDTH) -> str:
    """Return the whole picture: `title` and `told` are read out in its place."""
    return element(
        "svg",
        f'<title id="{safe(key)}-title">{safe(title)}</title>',
        f'<desc id="{safe(key)}-told">{safe(told)}</desc>',
        *inside,
        viewBox=f"0 0 {number(float(wide))} {number(float(height))}",
        role="img",
        aria_labelledby=f"{key}-title {key}-told",
        class_="chart",
    )


def wide_as(words: str, size: float = FONT) -> float:
    """Return about how many points a text takes."""
    return width(words) * LETTER * size / FONT


def fitted(words: str, room: float) -> str:
    """Return a text that is cut to the points that there are."""
    from infra.i18n.terminal_text import cut

    return cut(clean(words), max(1, int(room / LETTER)))


def short(value: Decimal | int) -> str:
    """Return a number as an axis or a mark writes it: 1.25M and 350k, or 125万 in Chinese."""
    held = Decimal(value)
    for unit, letter in SHORT.get(translate.language(), SHORT["en"]):
        if abs(held) >= unit:
            return f"{_three(held / unit)}{letter}".replace("-", "−")
    return _three(held).replace("-", "−")


def _three(value: Decimal) -> str:
    """Return three digits that count, without zeros behind the point."""
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    written = f"{rounded:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def signed(value: Decimal | int) -> str:
    """Return a short number with its sign."""
    return f"+{short(value)}" if value > 0 else short(value)


def ticks(lowest: Decimal, highest: Decimal, count: int = 4) -> list[Decimal]:
    """Return round numbers from at most `lowest` to at least `highest`, about `count` steps."""
    span = highest - lowest
    if span <= 0:
        return [lowest, lowest + 1]
    step = _round_step(span / count)
    first = (lowest / step).to_integral_value("ROUND_FLOOR") * step
    found = [first]
    while found[-1] < highest:
        found.append(found[-1] + step)
    return found


def _round_step(rough: Decimal) -> Decimal:
    power = Decimal(1).scaleb(rough.adjusted())
    return next(
        power * m for m in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10)) if rough <= power * m
    )


def apart(places: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Return the places, moved as little as it takes to stand `gap` apart between `lowest` and `highest`."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = [max(place, lowest) for place in places]
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    limit = highest
    for n in reversed(order):
        moved[n] = min(moved[n], limit)
        limit = moved[n] - gap
    return moved
