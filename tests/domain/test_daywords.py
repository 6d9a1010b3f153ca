"""Words for days: what each is taken for, and the laws of weekdays, working days and nonsense."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.date_words import NoDay, Reckoning, named_day, split_time, working_days_of
from domain.calendar.work_calendar import WorkCalendar, shipped

WEDNESDAY = date(2024, 2, 7)
EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ZH = "一二三四五六日"
DAYS = st.dates(date(2010, 1, 1), date(2027, 12, 31))


def china() -> WorkCalendar:
    return shipped("cn")


def day(text: str, today: date = WEDNESDAY, *, since: date | None = None, back: bool = False) -> date:
    return named_day(text, Reckoning(today, since or today, china, back))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2024-02-18", "2024-02-18"),
        ("today 今天 今日 Today", "2024-02-07"),
        ("yesterday 昨天", "2024-02-06"),
        ("tomorrow 明天 +1d 1天后", "2024-02-08"),
        ("后天 +2d 两天后 ２天后", "2024-02-09"),
        ("前天 -2d 2天前", "2024-02-05"),
        ("wednesday 周三 本周三", "2024-02-07"),
        ("friday fri 周五 本周五 这周五 星期五", "2024-02-09"),
        ("monday 下周一 下个星期一 礼拜一", "2024-02-12"),
        ("下周五", "2024-02-16"),
        ("上周五", "2024-02-02"),
        ("下下周一", "2024-02-19"),
        ("周日 周天 sunday", "2024-02-11"),
        ("+2w 2周后 两周后 2w", "2024-02-21"),
        ("+3wd 3wd 3个工作日 三个工作日 3个工作日内 3工作日后", "2024-02-18"),
        ("-3wd 3个工作日前", "2024-02-04"),
        ("月底 本月底 月末 eom", "2024-02-29"),
        ("下月底 下个月底", "2024-03-31"),
        ("上月底", "2024-01-31"),
        ("3月5日 3/5 03/05 3月5号 三月五日 2024年3月5日 2024/3/5 2024-3-5 2024.3.5", "2024-03-05"),
        ("2月6日 2/6", "2025-02-06"),
        ("2/29", "2024-02-29"),
        ("20号 二十日 本月20号", "2024-02-20"),
        ("6号 下月6号", "2024-03-06"),
        ("十二月三十一号", "2024-12-31"),
    ],
)
def test_a_word_names_a_day(words: str, meant: str) -> None:
    assert {word: day(word).isoformat() for word in words.split()} == dict.fromkeys(words.split(), meant)


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("next monday", "2024-02-12"),
        ("next  Friday", "2024-02-16"),
        ("this friday", "2024-02-09"),
        ("last friday", "2024-02-02"),
        ("end of month", "2024-02-29"),
        ("end of next month", "2024-03-31"),
        ("day after tomorrow", "2024-02-09"),
        ("3 working days", "2024-02-18"),
        ("in 2 weeks", "2024-02-21"),
        ("5 days ago", "2024-02-02"),
    ],
)
def test_a_phrase_names_a_day(phrase: str, meant: str) -> None:
    assert day(phrase).isoformat() == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("friday", "2024-02-02"),
        ("周三", "2024-02-07"),
        ("3/5", "2023-03-05"),
        ("2/29", "2020-02-29"),
        ("31号", "2024-01-31"),
    ],
)
def test_of_what_has_happened_the_last_such_day_is_meant(word: str, meant: str) -> None:
    assert day(word, back=True).isoformat() == meant


def test_numbers_count_from_the_acts_own_day_and_names_from_today() -> None:
    assert day("+3wd", since=date(2024, 1, 29)) == date(2024, 2, 1)
    assert day("tomorrow", since=date(2024, 1, 29)) == date(2024, 2, 8)


@pytest.mark.parametrize(
    "text", ["", "someday", "某天", "2/30", "13/1", "2024-02-30", "32号", "下周八", "+99999d", "3", "十十日"]
)
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(NoDay):
        day(text)


@pytest.mark.parametrize(
    ("text", "words", "hour"),
    [
        ("昨天 15:30", "昨天", time(15, 30)),
        ("昨天9点半", "昨天", time(9, 30)),
        ("yesterday 8:05:10", "yesterday", time(8, 5, 10)),
        ("15:00", "", time(15)),
        ("last friday", "last friday", None),
    ],
)
def test_a_time_of_day_may_follow(text: str, words: str, hour: time | None) -> None:
    assert split_time(text) == (words, hour)


def test_working_days_can_be_told_from_days() -> None:
    told = ["3wd", "+3wd", " 3个工作日 ", "三个工作日内", "3d", "-3wd", "2024-02-18", ""]
    assert [working_days_of(text) for text in told] == [3, 3, 3, 3, None, None, None, None]


@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_said_alike_in_both_languages_and_lies_where_it_should(today: date, n: int) -> None:
    assert day(EN[n], today) == day(f"周{ZH[n]}", today)
    assert 0 <= (day(EN[n], today) - today).days < 7
    assert 0 <= (today - day(EN[n], today, back=True)).days < 7
    monday = today - timedelta(days=today.weekday())
    for week, phrases in {-7: ("last ", "上周"), 0: ("this ", "本周"), 7: ("next ", "下周")}.items():
        meant = monday + timedelta(days=week + n)
        assert day(phrases[0] + EN[n], today) == day(phrases[1] + ZH[n], today) == meant


@given(DAYS, st.integers(0, 40))
def test_working_days_are_those_of_the_calendar(today: date, n: int) -> None:
    due = day(f"{n}个工作日", today)
    assert due == day(f"+{n}wd", today) == china().deadline(today, n)
    if n and china().is_working(today):
        assert china().deadline(day(f"-{n}wd", today), n) == today


@given(st.text("0123456789+-/.: 年月日号周天下上个工作前后内一二十dw next", max_size=12), DAYS, st.booleans())
def test_any_text_is_a_day_or_refused(text: str, today: date, back: bool) -> None:
    try:
        words, _hour = split_time(text)
        assert isinstance(day(words, today, back=back), date)
    except NoDay:
        pass
