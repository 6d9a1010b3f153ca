"""How many columns and lines the terminal has; as shutil tells it, which would load three compressors for that."""

from __future__ import annotations

import os
import sys
from typing import Final

UNKNOWN: Final = (100, 24)
"""Columns and lines where nobody says."""


def window() -> tuple[int, int]:
    """Return the columns and lines of the terminal: as the environment says, else as the terminal does."""
    try:
        size: tuple[int, int] = os.get_terminal_size(sys.__stdout__.fileno()) if sys.__stdout__ else UNKNOWN
    except (ValueError, OSError):  # closed, or no terminal
        size = UNKNOWN
    columns, lines = (
        said or told or unknown
        for said, told, unknown in zip(map(_said, ("COLUMNS", "LINES")), size, UNKNOWN, strict=True)
    )
    return columns, lines


def _said(name: str) -> int:
    number = os.environ.get(name, "")
    return int(number) if number.isdecimal() else 0
