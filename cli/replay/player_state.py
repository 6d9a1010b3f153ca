"""The player's state, and what each key makes of it; nothing here knows of a terminal."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
BASE: Final = 2.0
"""Frames a second at speed 1."""
WEEK: Final = timedelta(days=7)
WORD: Final = "0123456789-"


class Player(NamedTuple):
    """Which frame is shown, whether it plays and how fast; `asking` is what has been typed of a date, None if nothing is asked.

    `scroll` is how far the list of what happened is scrolled; `wrong` says that what was typed names no day.
    """

    at: int = 0
    playing: bool = False
    speed: int = 2
    asking: str | None = None
    wrong: bool = False
    help: bool = False
    scroll: int = 0
    done: bool = False

    @property
    def pause(self) -> float | None:
        """Seconds until the next frame; None while it stands still."""
        return 1 / (BASE * SPEEDS[self.speed]) if self.playing else None


def pressed(player: Player, key: str, days: Sequence[date]) -> Player:
    """Return the player after a key: a letter, or a name like `left`, `page-down`, `enter`."""
    if player.asking is not None:
        return asked(player, key, days)
    if player.help:
        return player._replace(help=False, done=key == "q")
    match key:
        case "q" | "Q":
            return player._replace(done=True)
        case "?":
            return player._replace(help=True, playing=False)
        case " ":
            ended = player.at == len(days) - 1
            start = player if player.playing or not ended else moved(player, 0, days)
            return start._replace(playing=not player.playing)
        case "g":
            return player._replace(asking="", wrong=False, playing=False)
        case "+" | "=":
            return player._replace(speed=min(player.speed + 1, len(SPEEDS) - 1))
        case "-" | "_":
            return player._replace(speed=max(player.speed - 1, 0))
        case "down" | "j":
            return player._replace(scroll=player.scroll + 1)
        case "up" | "k":
            return player._replace(scroll=max(player.scroll - 1, 0))
    to = target(player.at, key, days)
    return player if to is None else moved(player, to, days)._replace(playing=False)


def target(at: int, key: str, days: Sequence[date]) -> int | None:
    """Return the frame to which a key goes, or None where it goes nowhere."""
    match key:
        case "right" | "l":
            return at + 1
        case "left" | "h":
            return at - 1
        case "page-down":
            return max(at + 1, bisect_left(days, days[at] + WEEK))
        case "page-up":
            return min(at - 1, bisect_right(days, days[at] - WEEK) - 1)
        case "home":
            return 0
        case "end":
            return len(days) - 1
    return None


def moved(player: Player, to: int, days: Sequence[date]) -> Player:
    """Return the player at another frame, or at the first or last where `to` lies beyond."""
    at = min(max(to, 0), len(days) - 1)
    return player._replace(at=at, scroll=0 if at != player.at else player.scroll)


def ticked(player: Player, days: Sequence[date]) -> Player:
    """Return the player one frame on; at the last it stops."""
    on = moved(player, player.at + 1, days)
    return on._replace(playing=on.at < len(days) - 1)


def asked(player: Player, key: str, days: Sequence[date]) -> Player:
    """Return the player after a key, while a date is typed."""
    typed = player.asking or ""
    match key:
        case "enter":
            to = named(typed, days)
            if to is None:
                return player._replace(asking=typed or None, wrong=bool(typed))
            return moved(player, to, days)._replace(asking=None, wrong=False)
        case "escape" | "q":
            return player._replace(asking=None, wrong=False)
        case "backspace":
            return player._replace(asking=typed[:-1], wrong=False)
    return player._replace(asking=(typed + key)[:10], wrong=False) if key in WORD else player


def named(typed: str, days: Sequence[date]) -> int | None:
    """Return the frame that shows a day, typed as 2024-02-18 or 02-18: its own, else the next; None for no such day."""
    for year in ("", *(f"{year}-" for year in sorted({days[0].year, days[-1].year}))):
        try:
            day = date.fromisoformat(year + typed)
        except ValueError:
            continue
        if days[0] <= day <= days[-1] or year == "":
            return min(bisect_left(days, day), len(days) - 1)
    return None
