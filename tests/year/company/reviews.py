"""Looking back: reviews of weeks, quarters and deals, what was found, and what was agreed on."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.year.company.diary import WORKED, Diary, day_number
from tests.year.company.life import Life
from tests.year.company.organisation import DIRECTOR, GROUPS, MANAGERS

HELD: Final = {f"2024-W{n:02d}": n for n in range(2, 50, 3)}
"""Weeks of which a review was held, with the number of the week."""


def tell(diary: Diary, lives: list[Life]) -> None:
    """Tell of the reviews of the year."""
    for period, number in HELD.items():
        group = list(GROUPS)[number % 4]
        after = date.fromisocalendar(2024, number, 7)
        day = day_number(after) + number % 4
        diary.tell("review.hold", by=MANAGERS[group], on=day, key=f"rev {period}", kind="weekly", period=period,
                   group=group)  # fmt: skip
    for number, held in enumerate((date(2024, 4, 9), date(2024, 7, 9), date(2024, 10, 11)), start=1):
        quarterly(diary, f"2024Q{number}", day_number(held))
    for life in [each for each in lives if each.signed][:8]:
        if life.day + 3 < len(WORKED):
            diary.tell("review.hold", by=life.manager, on=life.day + 3, key=f"rev {life.key}", kind="deal-won",
                       customer=life.key, owner=life.by)  # fmt: skip


def quarterly(diary: Diary, period: str, day: int) -> None:
    """Tell of a quarter's review, its findings and improvements."""
    key = f"rev {period}"
    diary.tell("review.hold", by=DIRECTOR, on=day, key=key, kind="quarterly", period=period)
    for number, kind in enumerate(("success", "failure"), start=1):
        diary.tell("review.find", key, by=DIRECTOR, on=day, kind=kind, cause="报价晚了三天", evidence=["c1", "c2"])
        due = {"working_days": 10} if number == 1 else {"due": WORKED[day + 15].isoformat()}
        diary.tell("review.agree", key, by=DIRECTOR, on=day, key=f"{key}/m{number}", what="报价模板先行", owner="r01",
                   finding=f"f{number}", **due)  # fmt: skip
    diary.tell("review.finish", key, by=DIRECTOR, on=day + 1)
    diary.tell("review.complete", key, by="r01", on=day + 12, item="m1", words="模板已上线")
