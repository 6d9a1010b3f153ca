"""Moments: what one types for a point in time, and what the log keeps of it, in the store's zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.calendar.period import NAMED, Period
from domain.kernel.unreadable import Unreadable

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

SECOND: Final = 1_000_000
"""Microseconds in a second."""

_NOW: Final = ("now", "现在")
_HOUR: Final = timedelta(hours=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class NoTime(Unreadable):
    """A time of a day that clocks passed over, or that they showed twice."""


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """Return a time without an offset as one of `zone`; one that has an offset stays as it is.

    Raises NoTime for a time that was skipped, or came twice, when clocks were changed: the offset alone says what is meant.
    """
    if moment.tzinfo:
        return moment
    first, second = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    real = [each.astimezone(UTC).astimezone(zone) for each in (second, first)]
    before, after = (
        each.isoformat(timespec="minutes" if not each.second else "auto")
        for each in sorted(real, key=datetime.timestamp)
    )
    if real[1].replace(tzinfo=None) != moment:
        raise NoTime("clocks were put forward over it; write {before} or {after}", before=before, after=after)
    raise NoTime(
        "clocks were put back over it, so it came twice; write {before} or {after}", before=before, after=after
    )


def parse_moment(
    text: str, zone: tzinfo, now: datetime, fiscal_month: int = 1, calendar: Callable[[], WorkCalendar] | None = None
) -> datetime:
    """Return the moment that `text` names, with an offset.

    A time is taken as it is, in `zone` if it has no offset. A day or a period means its end, as do words for days
    (yesterday, last friday, +3wd: domain.calendar.date_words), which are reckoned from `now` (aware) in `zone`, working days by
    `calendar`; a word with a time of day (yesterday 15:30) means that time. Raises ValueError if `text` names no moment.
    """
    plain = text.strip()
    if plain.lower() in _NOW:
        return now.astimezone(zone)
    try:
        if plain[10:11] in ("T", "t", " ") and plain[:4].isdecimal():
            return in_zone(datetime.fromisoformat(plain), zone)
        if ".." not in plain:
            return end_of(Period.parse(plain, fiscal_month).last, zone)
    except NoTime:
        raise
    except ValueError:
        pass
    return _worded(text, zone, now, calendar)


def _worded(text: str, zone: tzinfo, now: datetime, calendar: Callable[[], WorkCalendar] | None) -> datetime:
    from domain.calendar.date_words import NoDay, Reckoning, named_day, split_time
    from domain.calendar.work_calendar import WorkCalendar

    today = now.astimezone(zone).date()
    try:
        words, hour = split_time(text)
        day = named_day(
            words if hour is None or words else "today",
            Reckoning(today, today, calendar or (lambda: WorkCalendar.of({})), back=True),
        )
    except NoDay:
        forms = f"{NAMED}, 2024-02-18T18:00, 2024-02-18T18:00+08:00, now, yesterday, last friday, -3d"
        raise NoDay("it names no moment; write {forms}", forms=forms) from None
    return end_of(day, zone) if hour is None else in_zone(datetime.combine(day, hour), zone)


def start_of(day: date, zone: tzinfo) -> datetime:
    """Return the first moment of `day` in `zone`."""
    return datetime.combine(day, time.min, zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the last microsecond of `day` in `zone`."""
    # Where clocks go back at midnight the last hour comes twice; fold=1 is the later one.
    return datetime.combine(day, time.max, zone).replace(fold=1)


def instant(occurred: str, zone: tzinfo) -> int:
    """Return microseconds since 1970 UTC of an ISO time with an offset, or of the start of a plain day in `zone`.

    A time without an offset is taken in `zone`. Raises ValueError for any other text.
    """
    return _start(occurred, zone) if len(occurred) == 10 else _micros(_aware(occurred, zone))


def day_of(occurred: str, zone: tzinfo) -> date:
    """Return the business day in `zone` of an ISO time or of a plain day. Raises ValueError as `instant` does."""
    return date.fromisoformat(occurred) if len(occurred) == 10 else _aware(occurred, zone).astimezone(zone).date()


def placed(occurred: str, zone: tzinfo) -> tuple[int, date]:
    """Return `instant` and `day_of` at once, reading the text once. Raises ValueError as they do."""
    if len(occurred) == 10:
        return _start(occurred, zone), _day(occurred)
    moment = _aware(occurred, zone)
    return _micros(moment), moment.astimezone(zone).date()


def utc_text(moment: datetime) -> str:
    """Return an aware `moment` as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, whose order as text is its order in time."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no offset")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def local_text(occurred: str, zone: tzinfo) -> str:
    """Return an ISO time as one with the offset of `zone`, without microseconds where they are 0; a plain day as it is."""
    if len(occurred) == 10:
        return occurred
    return _aware(occurred, zone).astimezone(zone).isoformat()


class Day(NamedTuple):
    """A day without a change of clocks: its ordinal, its offset as texts end with it, and by UTC's hour its own.

    An hour of UTC is told as how many days further it is and what the local text has of it.
    """

    ordinal: int
    offset: str
    hours: Mapping[str, tuple[int, str]]


class Days(dict[str, Day | None]):
    """The days of one zone by their texts, each reckoned once: `local_text` for many texts at once.

    None for a day on which clocks are changed, or whose offset is no whole hours.
    """

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, text: str) -> Day | None:
        found = self[text] = _whole_day(text, self._zone)
        return found

    def occurred(self, text: str) -> str:
        """Return `local_text` of what the log keeps of when something happened."""
        if len(text) == 25 and text[10:17:3] == "T::":  # 2024-02-18T18:00:00+08:00
            day = self[text[:10]]
            if day is not None and day.offset == text[19:]:
                return text
        return local_text(text, self._zone)

    def recorded(self, text: str) -> tuple[str, int]:
        """Return `local_text` of what `utc_text` made, and the ordinal of the local day."""
        name, day = text[:10], self[text[:10]]
        if day is not None:
            further, hour = day.hours[text[11:13]]
            offset = day.offset
            if further:
                name = date.fromordinal(day.ordinal + further).isoformat()
                day = self[name]
            if day is not None and day.offset == offset:
                micros = text[19:26]
                return f"{name}{hour}{text[13:19]}{micros if micros != '.000000' else ''}{offset}", day.ordinal
        moment = _aware(text, self._zone).astimezone(self._zone)
        return moment.isoformat(), moment.toordinal()


@lru_cache(maxsize=4096)
def _whole_day(text: str, zone: tzinfo) -> Day | None:
    day = date.fromisoformat(text)
    offset = start_of(day, zone).utcoffset()
    whole = offset is not None and not offset % _HOUR and offset == end_of(day, zone).utcoffset()
    return Day(day.toordinal(), *_shifted(offset // _HOUR)) if whole and offset is not None else None


@cache
def _shifted(hours: int) -> tuple[str, Mapping[str, tuple[int, str]]]:
    """Return an offset of so many hours as a Day has it: how texts end, and what becomes of UTC's hours."""
    told = {hour: divmod(hour + hours, 24) for hour in range(24)}
    shifted = {f"{hour:02}": (further, f"T{local:02}") for hour, (further, local) in told.items()}
    return f"{hours:+03}:00", shifted


def _aware(text: str, zone: tzinfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _micros(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


# A rebuild asks for the same few thousand days again and again.
@lru_cache(maxsize=4096)
def _start(text: str, zone: tzinfo) -> int:
    return _micros(start_of(date.fromisoformat(text), zone))


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return date.fromisoformat(text)
