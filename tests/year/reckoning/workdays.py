"""Working days, counted one by one on the calendar that the lines publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any


class Workdays:
    """Monday to Friday, without the holidays and with the make-up days, as each year was published last."""

    def __init__(self, published: Iterable[Mapping[str, Any]]) -> None:
        self.off: set[date] = set()
        self.extra: set[date] = set()
        self.counted: dict[tuple[date, date], int] = {}
        for year in {each["year"]: each for each in published}.values():
            for span in year["holidays"]:
                first, _, last = span.partition("..")
                self.off |= set(days(date.fromisoformat(first), date.fromisoformat(last or first)))
            self.extra |= {date.fromisoformat(day) for day in year["make_up_days"]}

    def works(self, day: date) -> bool:
        return day in self.extra or (day.weekday() < 5 and day not in self.off)

    def count(self, first: date, last: date) -> int:
        """Return how many working days lie in the days from `first` to `last`."""
        if (first, last) not in self.counted:
            self.counted[first, last] = sum(1 for day in days(first, last) if self.works(day))
        return self.counted[first, last]

    def after(self, day: date, last: date) -> int:
        """Return how many working days come after `day` up to `last`; 0 if it isn't later."""
        return self.count(day + timedelta(days=1), last)

    def deadline(self, day: date, number: int) -> date:
        """Return the n-th working day after `day`; of 0 the day itself."""
        while number > 0:
            day += timedelta(days=1)
            number -= self.works(day)
        return day


def days(first: date, last: date) -> list[date]:
    """Return the days from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
