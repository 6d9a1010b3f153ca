"""The funnel: for each channel, how many of its leads came how far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from infra.formats.svg.elements import WIDTH, box, drawing, fitted, label, linked

ROW, HEAD, BELOW = 21, 26, 18
COLUMNS: Final = 3
SPACE: Final = 28
NAMES: Final = 96
VALUES: Final = 74


class Step(NamedTuple):
    """How many came this far, and where they are listed."""

    name: str
    reached: int
    href: str | None = None


class Panel(NamedTuple):
    """One channel, its steps from the widest to the narrowest."""

    title: str
    steps: Sequence[Step]


def funnel_chart(key: str, title: str, told: str, panels: Sequence[Panel]) -> str:
    """Return small charts side by side; a bar is the share of the panel's first step."""
    columns = min(COLUMNS, max(len(panels), 1))
    wide = (WIDTH - SPACE * (columns - 1)) / columns
    high = HEAD + ROW * max((len(panel.steps) for panel in panels), default=0) + BELOW
    pieces: list[str] = []
    for n, panel in enumerate(panels):
        pieces += _panel(panel, (n % columns) * (wide + SPACE), (n // columns) * high, wide)
    return drawing(key, title, told, pieces, high * -(-len(panels) // columns) - BELOW)


def _panel(panel: Panel, x: float, y: float, wide: float) -> list[str]:
    first = panel.steps[0].reached if panel.steps else 0
    room = wide - NAMES - VALUES
    pieces = [label(fitted(panel.title, wide), x, y + 14, class_="name")]
    for n, step in enumerate(panel.steps):
        top = y + HEAD + ROW * n
        share = step.reached / first if first else 0.0
        value = f"{step.reached:,}" if n == 0 or not first else f"{step.reached:,} · {100 * share:.0f}%"
        pieces.append(label(fitted(step.name, NAMES - 8), x + NAMES - 8, top + 12, anchor="end", class_="small"))
        pieces.append(box(x + NAMES, top + 2, room, ROW - 8, "ground"))
        pieces.append(
            linked(
                step.href,
                box(x + NAMES, top + 2, room * min(share, 1.0), ROW - 8, "bar known-bar"),
                label(value, x + NAMES + room + 6, top + 12, class_="small"),
            )
        )
    return pieces
