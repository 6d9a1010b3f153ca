"""The bars of attainment: what was reached of each target, against the share of working days that has elapsed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Final, NamedTuple

from infra.formats.svg.elements import WIDTH, box, drawing, element, fitted, label, line, linked
from infra.i18n import translate

_ = translate.translate

ROW, TOP, BOTTOM = 28, 24, 24
NAMES: Final = 176
VALUES: Final = 186
BEYOND: Final = Decimal("1.5")


class Reached(NamedTuple):
    """An owner's share of the target, what stands beside the bar, and where its events are listed."""

    name: str
    share: Decimal
    told: str
    depth: int = 0
    href: str | None = None


def attainment_chart(key: str, title: str, told: str, rows: Sequence[Reached], elapsed: Decimal | None) -> str:
    """Return a bar for each owner; a full line stands at the target, a dotted one at the elapsed working days."""
    room = WIDTH - NAMES - VALUES
    most = reach([row.share for row in rows])

    def x(share: Decimal) -> float:
        return NAMES + room * float(max(min(share, most), Decimal(0)) / most)

    bottom = TOP + ROW * len(rows)
    pieces: list[str] = []
    for n, row in enumerate(rows):
        pieces += _row(row, TOP + ROW * n, x, most)
    pieces += [
        line(x(Decimal(1)), TOP - 4, x(Decimal(1)), bottom, "goal"),
        label(_("Target"), x(Decimal(1)), TOP - 9, anchor="middle", class_="small"),
    ]
    if elapsed is not None and elapsed < 1:
        pieces.append(line(x(elapsed), TOP - 4, x(elapsed), bottom, "pace"))
        words = f"{_('Working days elapsed')} {100 * elapsed:.0f}%"
        pieces.append(label(words, x(elapsed), bottom + 15, anchor="middle", class_="small"))
    return drawing(key, title, told, pieces, bottom + (BOTTOM if elapsed is not None and elapsed < 1 else 4))


def reach(shares: Sequence[Decimal]) -> Decimal:
    """Return the share at which the longest bar ends: at least the target, and no outlier makes the others small."""
    middle = median(shares) if shares else Decimal(0)
    return min(max([Decimal(1), *shares]), max(BEYOND, middle * BEYOND))


def _row(row: Reached, top: float, x: object, most: Decimal) -> list[str]:
    assert callable(x)
    indent = 12 * min(row.depth, 3)
    right = WIDTH - VALUES
    wide = x(row.share) - NAMES
    pieces = [
        label(fitted(row.name, NAMES - 12 - indent), indent, top + 17, class_="name" if row.depth == 0 else ""),
        box(NAMES, top + 5, right - NAMES, ROW - 11, "ground"),
    ]
    bar = box(NAMES, top + 5, wide, ROW - 11, "bar known-bar" if row.share > 0 else "bar nothing")
    pieces.append(linked(row.href, bar, label(row.told, right + 10, top + 17)))
    if row.share > most:
        pieces.append(
            element("path", d=f"M{right - 9} {top + 5}l8 {(ROW - 11) / 2}l-8 {(ROW - 11) / 2}Z", class_="beyond")
        )
    return pieces
