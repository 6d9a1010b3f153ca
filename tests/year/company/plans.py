"""Action plans: the key actions that targets are to be reached by."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.year.company.diary import Diary, day_number
from tests.year.company.organisation import DIRECTOR, SPARE

COMMITTED: Final[dict[str, list[tuple[str, int, str, str | None]]]] = {
    "company": [("leads", 5, "week", None), ("contracts", 6, "month", None)],
    "north": [("touches", 2, "day", None), ("needs", 1, "week", None)],
    "r01": [("visits", 2, "week", None), ("leads", 1, "month", "online"), ("quotes", 1, "month", None)],
    "r02": [("intent-touches", 1, "week", None), ("proposals", 1, "month", None), ("calls", 1, "week", None)],
}
"""By the owner of a target, what its plan commits to: kind, count, step, channel."""


def tell(diary: Diary) -> None:
    """Tell of the plans of each quarter; in the third one is returned, changed and filed again."""
    for number in range(1, 5):
        quarter = f"2024Q{number}"
        day = day_number(date(2024, 3 * number - 2, 1)) + 2
        for owner, actions in COMMITTED.items():
            target = f"t {quarter}" if owner == "company" else f"t {quarter} {owner}"
            key = f"p {quarter} {owner}"
            diary.tell("plan.draft", by=SPARE, on=day, key=key, target=target, channels=["online", "exhibition"])
            for kind, count, per, channel in actions:
                diary.tell("plan.commit", key, by=SPARE, on=day, kind=kind, count=count, per=per, channel=channel)
            diary.tell("plan.submit", key, by=SPARE, on=day)
            if owner == "r02":
                diary.tell("plan.return", key, by=DIRECTOR, on=day, reason="太少")
                diary.tell("plan.commit", key, by=SPARE, on=day + 1, kind="calls", count=2, per="week")
                diary.tell("plan.submit", key, by=SPARE, on=day + 1)
                if number == 2:
                    continue
            diary.tell("plan.approve", key, by=DIRECTOR, on=day + 1)
            diary.tell("plan.file", key, by=DIRECTOR, on=day + 1)
    gone = day_number(date(2024, 11, 4))
    diary.tell("plan.withdraw", "p 2024Q4 r02", by=SPARE, on=gone, reason="目标已调整")
    changed, day = "p 2024Q3 r01", day_number(date(2024, 8, 12))
    diary.tell("plan.commit", changed, by=SPARE, on=day, kind="visits", count=3, per="week")
    diary.tell("plan.submit", changed, by=SPARE, on=day)
    diary.tell("plan.approve", changed, by=DIRECTOR, on=day + 1)
    diary.tell("plan.file", changed, by=DIRECTOR, on=day + 1)
