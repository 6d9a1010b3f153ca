"""Words for days, as people say them in English and Chinese: tomorrow, 下周一, next friday, +3wd, 3月5日, end of month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.kernel.unreadable import Unreadable

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

FORMS: Final = "2024-02-18, today, tomorrow, friday, next monday, +3d, +2w, +3wd, 3/5, end of month"
FORMS_ZH: Final = "2024-02-18、今天、明天、周五、下周一、+3d、+2w、3个工作日、3月5日、月底"
FARTHEST: Final = 3650
"""The most days that a number may count from today."""

_NAMED: Final = {
    "today": 0, "今天": 0, "今日": 0,
    "yesterday": -1, "昨天": -1, "昨日": -1,
    "tomorrow": 1, "明天": 1, "明日": 1,
    "day after tomorrow": 2, "the day after tomorrow": 2, "后天": 2, "大后天": 3,
    "day before yesterday": -2, "the day before yesterday": -2, "前天": -2, "大前天": -3,
}  # fmt: skip
_MONTH_ENDS: Final = {
    "end of month": 0, "end of the month": 0, "end of this month": 0, "month end": 0, "eom": 0,
    "月底": 0, "月末": 0, "本月底": 0, "本月末": 0, "这个月底": 0,
    "end of next month": 1, "下月底": 1, "下月末": 1, "下个月底": 1, "下个月末": 1,
    "end of last month": -1, "上月底": -1, "上月末": -1, "上个月底": -1, "上个月末": -1,
}  # fmt: skip
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DIGITS: Final = {letter: n for n, letter in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMBER: Final = r"[0-9]{1,5}|[〇零一二两三四五六七八九十]{1,3}"
_UNITS: Final = {"d": "d", "day": "d", "days": "d", "天": "d", "日": "d"} | {
    "w": "w", "week": "w", "weeks": "w", "周": "w", "星期": "w", "礼拜": "w",
    "wd": "wd", "working day": "wd", "working days": "wd", "工作日": "wd",
}  # fmt: skip

_OFFSETS: Final = (
    r"(?P<sign>[+-]?)(?P<n>[0-9]{1,5}) ?(?P<unit>d|w|wd)",
    r"(?P<then>in )(?P<n>[0-9]{1,5}) (?P<unit>days?|weeks?|working days?)",
    r"(?P<n>[0-9]{1,5}) (?P<unit>days?|weeks?|working days?)(?P<then> ago| from now| later)?",
    rf"(?P<n>{_NUMBER})个?(?P<unit>天|周|星期|礼拜|工作日)(?P<then>以?后|之后|以?前|之前|以?内|之内)?",
    rf"(?P<n>{_NUMBER})(?P<unit>日)(?P<then>以?后|之后|以?前|之前|以?内|之内)",
)
_WEEKDAY: Final = (
    r"(?:(?P<which>next|last|this|coming) )?(?P<day>mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|"
    + "|".join(_WEEKDAYS)
    + r")",
    r"(?P<which>下{1,2}|上{1,2}|本|这)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])",
)
_DATES: Final = (
    rf"(?:(?P<year>[0-9]{{4}})年)?(?P<month>{_NUMBER})月(?P<day>{_NUMBER})[日号]?",
    r"(?:(?P<year>[0-9]{4})/)?(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})",
    r"(?P<year>[0-9]{4})(?P<dash>[-.])(?P<month>[0-9]{1,2})(?P=dash)(?P<day>[0-9]{1,2})",
)
_DAY_OF_MONTH: Final = rf"(?P<which>下个?月|上个?月|本月|这个?月)?(?P<day>{_NUMBER})[日号]"
_TIME: Final = (
    r"(?P<words>.*?)[ t]?(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?|点(?P<half>半)?)"
)


class NoDay(Unreadable):
    """A text that names no day."""


class Reckoning(NamedTuple):
    """From where words are reckoned.

    `today` is the present day, `since` the one that +3d and 3个工作日 are counted from, `calendar` gives the working
    days. A word that leaves the week or the year open means the next such day, or with `back` the last one; today counts.
    """

    today: date
    since: date
    calendar: Callable[[], WorkCalendar]
    back: bool = False


def named_day(text: str, at: Reckoning) -> date:
    """Return the day that `text` names. Raises NoDay."""
    word = plain(text)
    try:
        for form in (_iso, _said, _counted, _weekday, _dated, _day_of_month):
            day = form(word, at)
            if day is not None:
                return day
    except (ValueError, LookupError, OverflowError):
        raise NoDay("it is no day of the calendar") from None
    raise NoDay("it names no day; write {forms}", forms=forms_for(word))


def working_days_of(text: str) -> int | None:
    """Return n where `text` says the n-th working day from now on (3wd, +3wd, 3个工作日), else None."""
    found = _match(_OFFSETS, plain(text))
    if found is None or _UNITS[found["unit"]] != "wd" or _backwards(found):
        return None
    return _number(found["n"])


def split_time(text: str) -> tuple[str, time | None]:
    """Return the words of a moment without its time of day, and that time: `yesterday 15:30`, `昨天9点`. Raises NoDay."""
    found = re.fullmatch(_TIME, plain(text).replace("：", ":"))
    if found is None:
        return text.strip(), None
    minute = 30 if found["half"] else int(found["minute"] or 0)
    try:
        return found["words"].strip(), time(int(found["hour"]), minute, int(found["second"] or 0))
    except ValueError:
        raise NoDay("it is no time of the day") from None


def forms_for(text: str) -> str:
    """Return the forms that one may write, in the language of what was typed."""
    return FORMS if text.isascii() else FORMS_ZH


def plain(text: str) -> str:
    """Return `text` in small letters, with single spaces and the narrow forms of wide letters."""
    if not text.isascii():
        import unicodedata

        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.lower().split())


def _iso(word: str, at: Reckoning) -> date | None:
    return date.fromisoformat(word) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word) else None


def _said(word: str, at: Reckoning) -> date | None:
    if word in _NAMED:
        return at.today + timedelta(days=_NAMED[word])
    return _month(at.today, _MONTH_ENDS[word] + 1) - timedelta(days=1) if word in _MONTH_ENDS else None


def _counted(word: str, at: Reckoning) -> date | None:
    found = _match(_OFFSETS, word)
    if found is None:
        return None
    n, unit = _number(found["n"]), _UNITS[found["unit"]]
    if n > FARTHEST:
        raise OverflowError(word)
    if unit == "wd":
        return _working_days_before(n, at) if _backwards(found) else at.calendar().deadline(at.since, n)
    days = n * (7 if unit == "w" else 1)
    return at.since + timedelta(days=-days if _backwards(found) else days)


def _backwards(found: re.Match[str]) -> bool:
    said = found.groupdict()
    then = said.get("then") or ""
    return said.get("sign") == "-" or then == " ago" or "前" in then


def _working_days_before(n: int, at: Reckoning) -> date:
    day, calendar = at.since, at.calendar()
    while n:
        day -= timedelta(days=1)
        n -= calendar.is_working(day)
    return day


def _weekday(word: str, at: Reckoning) -> date | None:
    found = _match(_WEEKDAY, word)
    if found is None:
        return None
    which, said = found["which"] or "", found["day"]
    number = "一二三四五六日天".find(said)
    number = min(number, 6) if number >= 0 else next(n for n, day in enumerate(_WEEKDAYS) if day.startswith(said[:3]))
    if which in ("", "coming"):
        back = at.back and not which
        away = (at.today.weekday() - number) % 7 if back else (number - at.today.weekday()) % 7
        return at.today + timedelta(days=-away if back else away)
    weeks = {"next": 1, "last": -1, "下": 1, "下下": 2, "上": -1, "上上": -2}.get(which, 0)
    return at.today + timedelta(days=number - at.today.weekday() + 7 * weeks)


def _dated(word: str, at: Reckoning) -> date | None:
    found = _match(_DATES, word)
    if found is None:
        return None
    month, day = _number(found["month"]), _number(found["day"])
    if found["year"]:
        return date(int(found["year"]), month, day)
    date(2000, month, day)  # raises for 2/30; 2/29 is one, in some years
    return _nearest(((year, month, day) for year in range(at.today.year - 8, at.today.year + 9)), at)


def _day_of_month(word: str, at: Reckoning) -> date | None:
    found = re.fullmatch(_DAY_OF_MONTH, word)
    if found is None:
        return None
    day = _number(found["day"])
    if found["which"]:
        months = {"下": 1, "上": -1}.get(found["which"][0], 0)
        return _month(at.today, months).replace(day=day)
    date(2000, 1, day)
    first = [_month(at.today, months) for months in range(-2, 3)]
    return _nearest(((each.year, each.month, day) for each in first), at)


def _nearest(days: Iterator[tuple[int, int, int]], at: Reckoning) -> date:
    real = []
    for parts in days:
        try:
            real.append(date(*parts))
        except ValueError:
            continue  # a month without a 31st, a year without 29 February
    return max(day for day in real if day <= at.today) if at.back else min(day for day in real if day >= at.today)


def _month(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _match(forms: tuple[str, ...], word: str) -> re.Match[str] | None:
    return next(filter(None, (re.fullmatch(form, word) for form in forms)), None)


def _number(text: str) -> int:
    """Return the number that figures or Chinese numerals up to 九十九 write. Raises ValueError."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        if len(text) != 1:
            raise ValueError(text)
        return _DIGITS[text]
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
