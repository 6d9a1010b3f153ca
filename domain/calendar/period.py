"""Periods by name: `2024Q1`, `2024-02`, `2024-W07`, `2024`, a day, or a range of days."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple, Self

from domain.kernel.unreadable import Unreadable

NAMED: Final = "2024, 2024H1, 2024Q1, 2024-02, 2024-W07, 2024-02-18"
"""How periods that have a name are written."""
FORMS: Final = f"{NAMED}, 2024-01-01..2024-03-31"

# Compiled by the first parse, not by the import: most commands never name a period.
_NAMED: Final = (
    r"(?P<year>[0-9]{4})(?:"
    r"-?H(?P<half>[12])|-?Q(?P<quarter>[1-4])|-?W(?P<week>[0-9]{1,2})|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
)
_MONTHS: Final = {"half": 6, "quarter": 3}
_WORDS: Final = {"H": "half", "Q": "quarter"}
_SUNDAY: Final = timedelta(days=6)
"""How long after its Monday a week ends."""


class NoPeriod(Unreadable):
    """A text that names no period."""


class Period(NamedTuple):
    """The days from `first` to `last`, both included, under their canonical `name`."""

    first: date
    last: date
    name: str

    @classmethod
    def parse(cls, text: str, fiscal_month: int = 1) -> Self:
        """Return the period that `text` names.

        A year, half or quarter follows the fiscal year, which begins in `fiscal_month` of the calendar year it is
        named after: with 4, `2024Q1` is April to June 2024, `2024Q4` January to March 2025. Months and ISO weeks are
        those of the calendar. Raises NoPeriod if `text` names none, ValueError if `fiscal_month` is no month.
        """
        if not 1 <= fiscal_month <= 12:
            raise ValueError(f"a fiscal year begins in a month from 1 to 12, not {fiscal_month}")
        plain = text.strip().upper()
        try:
            return cls._range(plain) if ".." in plain else cls._named(plain, fiscal_month)
        except (ValueError, OverflowError) as wrong:
            raise NoPeriod("it is none of {forms}", forms=FORMS) from wrong

    @classmethod
    def of_days(cls, first: date, last: date) -> Self:
        """Return the period from `first` to `last`. Raises ValueError if `last` is before `first`."""
        if last < first:
            raise ValueError(f"{last} is before {first}")
        return cls(first, last, f"{first}" if first == last else f"{first}..{last}")

    @classmethod
    def week_of(cls, day: date) -> Self:
        """Return the ISO week in which `day` lies; the last one ends with the last day there is, a Friday."""
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return cls(monday, monday + min(_SUNDAY, date.max - monday), _week_name(year, week))

    def before(self, fiscal_month: int = 1) -> Self:
        """Return the period of the same kind before this one: the quarter before, the week before, as many days before."""
        day = self.first - timedelta(days=1)
        named = re.fullmatch(r"([0-9]{4})(?:([HQW-])([0-9W]+))?", self.name)
        if named is None:
            return self.of_days(self.first - (self.last - day), day)
        year, kind, number = int(named[1]), named[2], named[3]
        if number is None:
            return self.parse(f"{year - 1:04}", fiscal_month)
        if kind in "HQ":
            nth = int(number)
            return self.parse(
                f"{year:04}{kind}{nth - 1}" if nth > 1 else f"{year - 1:04}{kind}{12 // _MONTHS[_WORDS[kind]]}",
                fiscal_month,
            )
        return self.week_of(day) if number.startswith("W") else self.parse(day.isoformat()[:7])

    def contains(self, day: date) -> bool:
        """Say whether `day` lies in the period."""
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        """Yield each day of the period in order."""
        return map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1))

    @classmethod
    def _range(cls, plain: str) -> Self:
        first, _, last = plain.partition("..")
        return cls.of_days(_day(first.strip()), _day(last.strip()))

    @classmethod
    def _named(cls, plain: str, fiscal_month: int) -> Self:
        found = re.fullmatch(_NAMED, plain)
        if found is None:
            raise ValueError(plain)
        year = int(found["year"])
        if found["day"]:
            return cls.of_days(_day(plain), _day(plain))
        if found["month"]:
            date(year, int(found["month"]), 1)
            return cls._months(year, int(found["month"]), 1, plain)
        if found["week"]:
            return cls._week(year, int(found["week"]))
        for part, months in _MONTHS.items():
            if found[part]:
                nth = int(found[part])
                return cls._months(year, fiscal_month + months * (nth - 1), months, f"{year:04}{part[0].upper()}{nth}")
        return cls._months(year, fiscal_month, 12, plain)

    @classmethod
    def _months(cls, year: int, month: int, count: int, name: str) -> Self:
        return cls(_first_of(year, month), _first_of(year, month + count) - timedelta(days=1), name)

    @classmethod
    def _week(cls, year: int, week: int) -> Self:
        monday = date.fromisocalendar(year, week, 1)
        return cls(monday, monday + _SUNDAY, _week_name(year, week))


def _week_name(year: int, week: int) -> str:
    return f"{year:04}-W{week:02}"


def _first_of(year: int, month: int) -> date:
    """Return the first day of `month`, which may run past 12 into later years."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _day(text: str) -> date:
    # Python reads other ISO forms too (20240218, 2024-W07-1), which would be a second spelling of a day.
    if len(text) != 10 or not text.isascii() or text[4] != "-" or text[7] != "-":
        raise ValueError(text)
    return date.fromisoformat(text)
