"""Draws the pictures of the README: what the demo shows on a terminal, as SVG (`python docs/pictures/draw.py`)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from html import escape
from io import StringIO
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from cli.main import run  # noqa: E402 - the checkout is on the path from here on
from infra.i18n.terminal_text import width  # noqa: E402

COLUMNS: Final = 112
CELL, ROW, EDGE, BAR = 7.8, 19, 18, 34  # a letter's width, a line's height, the margin and the window's bar, in pixels
SHOWN: Final = (
    "tracking",
    "progress --period 2024Q1 --metric sales --level group",
    "progress --period 2024Q1 --metric sales --level group --known-at 2024-02-19",
)
NAMES: Final = {"en": "demo.svg", "zh": "demo.zh.svg"}
FONTS: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
WIDE: Final = ' font-size="15"'  # two columns are wider than a letter of the others is high
INK: Final = {"text": "#d7dce4", "faint": "#7d8799", "typed": "#f4f6fa", "prompt": "#6fbf8b"}


class Terminal(StringIO):
    """What a terminal was sent."""

    def isatty(self) -> bool:
        return True


def typed(line: str) -> list[str]:
    """Return the lines that a command shows on a terminal; what it says beside its table is left out."""
    screen, kept = Terminal(), (sys.stdout, sys.stderr)
    sys.stdout, sys.stderr = screen, StringIO()
    try:
        run(line.split())
    finally:
        sys.stdout, sys.stderr = kept
    return screen.getvalue().splitlines()


def pictures(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each picture; the demo is played in `folder`."""
    surroundings = {"HOME": folder, "XDG_CONFIG_HOME": folder, "COLUMNS": COLUMNS, "LINES": 10_000, "NO_COLOR": 1}
    os.environ.update({name: str(value) for name, value in surroundings.items()})
    os.environ["SALES_STORE"] = f"sqlite:///{folder}/demo.db"
    typed(f"demo --dir {folder}")
    for language, name in NAMES.items():
        os.environ["SALES_LANG"], lines = language, []
        for command in SHOWN:
            lines += [f"$ sales {command}", *typed(command), ""]
        yield name, drawn(lines[:-1])


def drawn(lines: list[str]) -> str:
    """Return a window of a terminal with these lines."""
    wide, high = round(COLUMNS * CELL + 2 * EDGE), BAR + ROW * len(lines) + 2 * EDGE
    dots = "".join(
        f'<circle cx="{20 + 18 * place}" cy="{BAR / 2:g}" r="5.5" fill="{ink}"/>'
        for place, ink in enumerate(("#e0605a", "#e2b341", "#5cb562"))
    )
    body = "\n".join(text for number, line in enumerate(lines) for text in row(line, number))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
        f' font-family="{FONTS}" font-size="13" xml:space="preserve">\n'
        f'<rect width="{wide}" height="{high}" rx="10" fill="#1c2230"/>'
        f'<path d="M0 {BAR}V10A10 10 0 0 1 10 0H{wide - 10}A10 10 0 0 1 {wide} 10V{BAR}Z" fill="#2a3245"/>'
        f"{dots}\n{body}\n</svg>\n"
    )


def row(line: str, number: int) -> Iterator[str]:
    """Yield a line's letters in runs of one width, each put at its column, so that columns meet whatever the font."""
    y = BAR + EDGE + ROW * number + 13
    column = 0
    for kind, letters in groupby(line, key=lambda letter: "  " if letter == " " else width(letter)):
        run_of = "".join(letters)
        if kind != "  ":
            ink = colour(line, column, run_of)
            x, long = EDGE + CELL * column, CELL * width(run_of)
            yield (
                f'<text x="{x:.1f}" y="{y}" textLength="{long:.1f}" lengthAdjust="spacingAndGlyphs"'
                f'{WIDE if kind == 2 else ""} fill="{ink}">{escape(run_of)}</text>'
            )
        column += width(run_of)


def colour(line: str, column: int, run_of: str) -> str:
    """Return the ink of a run of letters."""
    if line.startswith("$ "):
        return INK["typed" if column else "prompt"]
    return INK["faint" if set(run_of) <= {"─", "—"} else "text"]


def main() -> int:
    """Write the pictures beside this file; with --check only say whether that would change them."""
    with TemporaryDirectory() as folder:
        made = dict(pictures(Path(folder)))
    stale = [name for name, content in made.items() if not same(HERE / name, content)]
    if "--check" not in sys.argv:
        for name, content in made.items():
            (HERE / name).write_text(content, "utf-8")
    print(*stale)
    return len(stale) if "--check" in sys.argv else 0


def same(file: Path, content: str) -> bool:
    """Say whether a file has this content."""
    return file.exists() and file.read_text("utf-8") == content


if __name__ == "__main__":
    raise SystemExit(main())
