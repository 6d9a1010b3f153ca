"""What the company tells its people to say and ask."""

from __future__ import annotations

from typing import Final

from tests.year.company.diary import Diary
from tests.year.company.life import Life

ADOPTED: Final = {"pra1": (4, 150), "pra2": (60, None), "pra3": (90, 240)}
"""From which working day on each is known, and on which it is retired."""


def tell(diary: Diary) -> None:
    """Tell of their adoption and retirement."""
    kinds = {"pra1": "script", "pra2": "case", "pra3": "discovery-question"}
    for key, (day, until) in ADOPTED.items():
        told = {"objection": "price"} if key == "pra1" else {"stage": "proposed", "grade": "high"}
        diary.tell("practice.adopt", by="m1", on=day, key=key, kind=kinds[key], text=f"先算总成本 {key}", fields=told)
        if until:
            diary.tell("practice.retire", key, by="dir", on=until, reason="已有新话术")


def known_practice(life: Life) -> str | None:
    """Return one that an answer on this day may follow, or none."""
    known = [key for key, (day, until) in ADOPTED.items() if day < life.day < (until or 999)]
    return life.chance.choice([*known, None])
