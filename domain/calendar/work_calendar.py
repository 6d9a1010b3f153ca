"""Which days are worked: published years with their holidays and make-up days, Monday to Friday until a year is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib import import_module
from itertools import accumulate
from typing import Final, TypeAlias

YearDays: TypeAlias = tuple[frozenset[date], frozenset[date]]
"""The days off and the make-up working days of one year."""

DAY: Final = timedelta(days=1)
NO_DAYS: Final[YearDays] = (frozenset(), frozenset())
SHIPPED: Final[Mapping[str, str]] = {"cn": "domain.calendar.china"}
"""The calendars that ship, by country: the module that holds the years of each."""
NONE: Final = "none"
"""The calendar of a market of which none ships: every year is published by its team."""


class WorkCalendar:
    """An immutable calendar of working days; years are counted once, when first asked for."""

    __slots__ = ("_counted", "_published", "_texts")

    def __init__(self, published: Mapping[int, YearDays], texts: Mapping[int, tuple[str, str]]) -> None:
        """Hold the `published` years and, for any other year, the `texts` that a shipped calendar has of it."""
        self._published = dict(published)
        self._texts = texts
        self._counted: dict[int, _Year] = {}

    @classmethod
    def of(cls, published: Mapping[int, YearDays]) -> WorkCalendar:
        """Return a calendar of exactly these years. Raises ValueError as `with_year` does."""
        for year, (holidays, make_up) in published.items():
            _check(year, holidays, make_up)
        return cls(published, {})

    def with_year(self, year: int, holidays: Iterable[date], make_up: Iterable[date]) -> WorkCalendar:
        """Return this calendar with `year` published, in place of what was shipped or published for it before.

        Raises ValueError if a day lies outside the year, or is both off and worked.
        """
        days = (frozenset(holidays), frozenset(make_up))
        _check(year, *days)
        changed = WorkCalendar({**self._published, year: days}, self._texts)
        changed._counted = {known: count for known, count in self._counted.items() if known != year}
        return changed

    def published(self, year: int) -> YearDays | None:
        """Return the days off and the make-up days of `year`, or None while it is not published."""
        if year in self._published:
            return self._published[year]
        if year in self._texts:
            return _read(year, *self._texts[year])
        return None

    def provisional(self, day: date) -> bool:
        """Say whether the year of `day` is not published, so that its working days are only Monday to Friday."""
        return day.year not in self._published and day.year not in self._texts

    def is_working(self, day: date) -> bool:
        """Say whether `day` is worked."""
        year = self._year(day.year)
        return year.before(day) < year.through(day)

    def working_days(self, first: date, last: date) -> int:
        """Count the working days from `first` to `last`, both included; 0 when `last` is before `first`."""
        if last < first:
            return 0
        if first.year == last.year:
            year = self._year(first.year)
            return year.through(last) - year.before(first)
        whole = sum(len(self._year(number).days) for number in range(first.year, last.year))
        return whole + self._year(last.year).through(last) - self._year(first.year).before(first)

    def deadline(self, day: date, n: int) -> date:
        """Return the `n`-th working day after `day`, at whose end the deadline lies; `day` itself is day 0.

        Raises ValueError if `n` is negative, OverflowError if the deadline would lie after the year 9999.
        """
        if n < 0:
            raise ValueError("a deadline is 0 or more working days away")
        if n == 0:
            return day
        number = day.year
        year = self._year(number)
        left, days = n + year.through(day), year.days
        while left > len(days):
            left -= len(days)
            number += 1
            if number > date.max.year:
                raise OverflowError(f"{n} working days after {day} is beyond the year {date.max.year}")
            days = self._year(number).days
        return date.fromordinal(days[left - 1])

    def late_days(self, happened: date, entered: date) -> int:
        """Count the working days after `happened`, up to and including the day it was `entered`."""
        if entered <= happened:
            return 0
        if entered.year == happened.year:
            year = self._year(entered.year)
            return year.through(entered) - year.through(happened)
        return self.working_days(happened + DAY, entered)

    def _year(self, number: int) -> _Year:
        year = self._counted.get(number)
        if year is None:
            year = self._counted[number] = _year(number, *(self.published(number) or NO_DAYS))
        return year


class _Year:
    """One year counted: its working days, and how many of them lie before each day of it."""

    __slots__ = ("_counts", "_first", "days")

    def __init__(self, number: int, holidays: frozenset[date], make_up: frozenset[date]) -> None:
        self._first = date(number, 1, 1).toordinal()
        off = {day.toordinal() for day in holidays}
        added = {day.toordinal() for day in make_up}
        ordinals = range(self._first, date(number, 12, 31).toordinal() + 1)
        # Ordinal 1 was a Monday, so the weekdays are those with a remainder of 1 to 5.
        worked = [o in added or (0 < o % 7 < 6 and o not in off) for o in ordinals]
        self.days: Final = tuple(o for o, works in zip(ordinals, worked, strict=True) if works)
        self._counts = tuple(accumulate(worked, initial=0))

    def before(self, day: date) -> int:
        return self._counts[day.toordinal() - self._first]

    def through(self, day: date) -> int:
        return self._counts[day.toordinal() - self._first + 1]


@lru_cache(maxsize=256)
def _read(year: int, off: str, make_up: str) -> YearDays:
    """Return the days of a year as its texts give them."""
    return frozenset(_days(year, off)), frozenset(_days(year, make_up))


@lru_cache(maxsize=256)
def _year(number: int, holidays: frozenset[date], make_up: frozenset[date]) -> _Year:
    """Return a year counted, one for all calendars that publish the same days: each question makes a calendar anew."""
    return _Year(number, holidays, make_up)


@lru_cache
def shipped(name: str) -> WorkCalendar:
    """Return the calendar that ships under `name`; that of NONE knows no year. Raises LookupError if there is none."""
    if name == NONE:
        return WorkCalendar({}, {})
    home = SHIPPED.get(name)
    if home is None:
        raise LookupError(f"no calendar ships under the name {name!r}; there is {', '.join(SHIPPED)}")
    return WorkCalendar({}, import_module(home).YEARS)


def _check(year: int, holidays: frozenset[date], make_up: frozenset[date]) -> None:
    for day in sorted(holidays | make_up):
        if day.year != year:
            raise ValueError(f"{day} is not in {year}")
    for day in sorted(holidays & make_up):
        raise ValueError(f"{day} is both a day off and a working day")


def _days(year: int, text: str) -> Iterator[date]:
    """Read days written as `0101 0210-0217`."""
    for part in text.split():
        first, _, last = part.partition("-")
        day, end = (date(year, int(end[:2]), int(end[2:])) for end in (first, last or first))
        while day <= end:
            yield day
            day += DAY
