"""The company's diary: who did what on which day, and when it was entered."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

Line = dict[str, Any]

ZONE: Final = ZoneInfo("Asia/Shanghai")
FIRST: Final = date(2024, 1, 1)
LAST: Final = date(2024, 12, 31)
HOLIDAYS: Final = {
    2024: ["2024-01-01", "2024-02-10..2024-02-17", "2024-04-04..2024-04-06", "2024-05-01..2024-05-05", "2024-06-10",
           "2024-09-15..2024-09-17", "2024-10-01..2024-10-07"],
    2025: ["2025-01-01", "2025-01-28..2025-02-04", "2025-04-04..2025-04-06", "2025-05-01..2025-05-05",
           "2025-05-31..2025-06-02", "2025-10-01..2025-10-08"],
}  # fmt: skip
MAKE_UP_DAYS: Final = {
    2024: ["2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29",
           "2024-10-12"],
    2025: ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
}  # fmt: skip


def _off(year: int) -> set[date]:
    days: set[date] = set()
    for span in HOLIDAYS[year]:
        first, _, last = span.partition("..")
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last or first):
            days.add(day)
            day += timedelta(days=1)
    return days


def _worked() -> list[date]:
    extra = {date.fromisoformat(day) for day in MAKE_UP_DAYS[2024]}
    off = _off(2024)
    every = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in every if day in extra or (day.weekday() < 5 and day not in off)]


WORKED: Final = _worked()
"""The working days of the year, in their order; an act lies on one of them."""


def day_number(day: date) -> int:
    """Return the number of the first working day from `day` on."""
    return bisect_left(WORKED, day)


class Diary:
    """Lines with their business time and their entry time; each has a moment of its own."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._entries: list[tuple[datetime, int, Line]] = []
        self._acts: Counter[date] = Counter()
        self._keys: Counter[str] = Counter()
        self.handed: set[str] = set()

    def new_key(self, stem: str) -> str:
        """Return a key that no line has yet."""
        self._keys[stem] += 1
        return f"{stem}{self._keys[stem]}"

    def tell(
        self,
        action: str,
        subject: str | None = None,
        *,
        by: str,
        on: int | date,
        key: str | None = None,
        late: int = 0,
        reason: str | None = None,
        recorder: str | None = None,
        dated: bool = False,
        fields: Line | None = None,
        **data: Any,
    ) -> str:
        """Tell an act on a working day, by its number, entered `late` days after it; return the line's key.

        Its fields are `fields` and the others that are given, `from` as `from_`. An act with a plain date of its own says so
        by `dated`.
        """
        data |= fields or {}
        day = on if isinstance(on, date) else WORKED[on]
        at = self._moment(day)
        entered = at if not late else self._moment(day + timedelta(days=late))
        key = key or self.new_key("e")
        if dated:
            data["date"] = day.isoformat()
        said = {
            "action": action,
            "key": key,
            "actor": by,
            "recorder": recorder or by,
            "at": at.isoformat(),
            "recorded": entered.isoformat(),
            "subject": subject,
            "reason": reason,
            "data": {name.rstrip("_"): value for name, value in data.items() if value is not None},
        }
        line = {name: value for name, value in said.items() if value not in (None, {})}
        self._entries.append((entered, len(self._entries), line))
        return key

    def lines(self) -> list[Line]:
        """Return the lines by their entry times."""
        return [line for _, _, line in sorted(self._entries, key=lambda entry: entry[:2])]

    def _moment(self, day: date) -> datetime:
        """Return the next free moment of a day."""
        self._acts[day] += 1
        return datetime(day.year, day.month, day.day, 8, tzinfo=ZONE) + timedelta(seconds=30 * self._acts[day])
