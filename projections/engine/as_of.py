"""The two times of a question: as of when in business, and as known at which position of the log."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from domain.calendar.moment import end_of
from domain.calendar.period import Period

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class AsOf(NamedTuple):
    """`as_of` is a moment in the store's zone and `day` its day; `position` is the last event known then."""

    as_of: datetime
    day: date
    micros: int
    known_at: datetime
    position: int
    zone: tzinfo

    def day_of(self, micros: int) -> date:
        """Return the day in the store's zone of a moment in microseconds since 1970."""
        return (EPOCH + timedelta(microseconds=micros)).astimezone(self.zone).date()


def days_within(moments: AsOf, period: Period) -> tuple[int, int]:
    """Return the first and the last day of a period as ordinals, without those after the day asked about.

    What happened on a day has a moment on it or after it, so that nothing of later days has happened yet: they need not be read.
    """
    return period.first.toordinal(), min(period.last, moments.day).toordinal()


def at_the_end(moments: AsOf, period: Period) -> AsOf:
    """Return the moments at the end of a period, or as they are where that is yet to come."""
    if moments.day <= period.last:
        return moments
    end = end_of(period.last, moments.zone)
    micros = moments.micros - round((moments.as_of - end).total_seconds() * 1_000_000)
    return moments._replace(as_of=end, day=period.last, micros=micros)
