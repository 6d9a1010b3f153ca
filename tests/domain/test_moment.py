"""Moments: what one types, what the log keeps, and the day in the store's zone."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.moment import (
    Days,
    NoTime,
    day_of,
    end_of,
    in_zone,
    instant,
    local_text,
    parse_moment,
    start_of,
    utc_text,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 2, 18, 17, 30, tzinfo=UTC)  # already the 19th in Shanghai
ZONES = st.sampled_from(["Asia/Shanghai", "America/Asuncion", "America/Havana", "Europe/London", "Asia/Kathmandu"]).map(
    ZoneInfo
)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-18", "2024-02-18T23:59:59.999999+08:00"),
        ("2024-W07", "2024-02-18T23:59:59.999999+08:00"),
        ("2024-02", "2024-02-29T23:59:59.999999+08:00"),
        ("2024Q1", "2024-03-31T23:59:59.999999+08:00"),
        ("2024", "2024-12-31T23:59:59.999999+08:00"),
        ("today", "2024-02-19T23:59:59.999999+08:00"),
        ("今天", "2024-02-19T23:59:59.999999+08:00"),
        ("Yesterday", "2024-02-18T23:59:59.999999+08:00"),
        ("昨天", "2024-02-18T23:59:59.999999+08:00"),
        ("now", "2024-02-19T01:30:00+08:00"),
        ("2024-02-18T18:00", "2024-02-18T18:00:00+08:00"),
        (" 2024-02-18 18:00:05 ", "2024-02-18T18:00:05+08:00"),
        ("2024-02-18T18:00:00-05:00", "2024-02-18T18:00:00-05:00"),
        ("2024-02-18T18:00:00.25Z", "2024-02-18T18:00:00.250000+00:00"),
    ],
)
def test_a_day_or_a_period_means_its_end_and_a_time_means_itself(text: str, moment: str) -> None:
    assert parse_moment(text, SHANGHAI, NOW).isoformat() == moment


def test_a_quarter_ends_where_the_fiscal_year_puts_it() -> None:
    assert parse_moment("2024Q1", SHANGHAI, NOW, fiscal_month=4).date() == date(2024, 6, 30)


@pytest.mark.parametrize(
    "text", ["", "soon", "20240218", "2024-02-30", "2024-02-18T25:00", "2024-02-18T", "2024-01-01..2024-02-01"]
)
def test_anything_else_is_refused_with_the_forms_one_may_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no moment; write 2024, .*2024-02-18T18:00, .*yesterday"):
        parse_moment(text, SHANGHAI, NOW)


def test_an_instant_is_microseconds_of_utc_and_a_plain_day_begins_at_midnight_of_the_zone() -> None:
    assert instant("1970-01-01T08:00:00+08:00", SHANGHAI) == 0
    assert instant("1970-01-01T00:00:00.000001Z", SHANGHAI) == 1
    assert instant("1970-01-02", SHANGHAI) == 16 * 3600 * 1_000_000
    assert instant("2024-02-18", SHANGHAI) == instant("2024-02-17T16:00:00Z", SHANGHAI)
    assert instant("2024-02-18T09:00", SHANGHAI) == instant("2024-02-18T01:00:00Z", SHANGHAI)
    assert instant("1969-12-31T23:59:59Z", SHANGHAI) == -1_000_000


def test_the_same_day_begins_at_another_instant_in_another_zone() -> None:
    assert instant("2024-02-18", UTC) - instant("2024-02-18", SHANGHAI) == 8 * 3600 * 1_000_000


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "2024-02-18T99:00:00+08:00"])
def test_a_text_that_is_no_time_has_neither_instant_nor_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|range|hour"):
        instant(text, SHANGHAI)
    with pytest.raises(ValueError, match=r"isoformat|range|hour"):
        day_of(text, SHANGHAI)


def test_the_business_day_is_that_of_the_zone_not_of_the_offset_written() -> None:
    assert day_of("2024-02-18", SHANGHAI) == date(2024, 2, 18)
    assert day_of("2024-02-18T23:59:59+08:00", SHANGHAI) == date(2024, 2, 18)
    assert day_of("2024-02-18T17:30:00Z", SHANGHAI) == date(2024, 2, 19)
    assert day_of("2024-02-18T03:00:00+14:00", SHANGHAI) == date(2024, 2, 17)


def test_utc_text_has_a_fixed_width_and_needs_an_offset() -> None:
    assert utc_text(datetime(2024, 2, 18, 18, tzinfo=timezone(timedelta(hours=8)))) == "2024-02-18T10:00:00.000000Z"
    with pytest.raises(ValueError, match="no offset"):
        utc_text(datetime(2024, 2, 18, 18))


def test_local_text_carries_the_offset_of_the_zone_and_microseconds_only_where_there_are_some() -> None:
    assert local_text("2024-02-18T10:00:00.000000Z", SHANGHAI) == "2024-02-18T18:00:00+08:00"
    assert local_text("2024-02-18T10:00:00.000250Z", SHANGHAI) == "2024-02-18T18:00:00.000250+08:00"
    assert local_text("2024-02-18T10:00:00+00:00", SHANGHAI) == "2024-02-18T18:00:00+08:00"
    assert local_text("2024-02-18", SHANGHAI) == "2024-02-18"


@given(st.lists(TIMES, min_size=1, max_size=5), ZONES, st.integers(-12, 14))
def test_many_texts_are_told_as_each_by_itself(moments: list[datetime], zone: tzinfo, hours: int) -> None:
    days = Days(zone)
    for moment in moments:
        local = moment.astimezone(zone)
        assert days.recorded(utc_text(moment)) == (local.isoformat(), local.toordinal())
        there = moment.astimezone(timezone(timedelta(hours=hours)))
        for told in (local, there, there.replace(microsecond=0)):
            for text in (told.isoformat(), told.isoformat(" "), told.isoformat(timespec="minutes")):
                assert days.occurred(text) == local_text(text, zone)
        assert days.occurred(text[:10]) == text[:10]


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)
def test_many_texts_of_a_day_on_which_clocks_change_are_told_as_each_by_itself(zone: str) -> None:
    there, begun = ZoneInfo(zone), datetime(2011, 1, 1, tzinfo=UTC)
    hours = [begun + timedelta(hours=n) for n in range(366 * 24)]
    days = Days(there)
    for before, after in pairwise(hours):
        if before.astimezone(there).utcoffset() != after.astimezone(there).utcoffset():
            for minutes in range(-30 * 60, 30 * 60, 15):
                local = (before + timedelta(minutes=minutes)).astimezone(there)
                assert days.recorded(utc_text(local)) == (local.isoformat(), local.toordinal())
                assert days.occurred(local.isoformat()) == local.isoformat()


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), ZONES)
def test_a_day_ends_one_microsecond_before_the_next_begins_even_where_clocks_change_at_midnight(
    day: date, zone: tzinfo
) -> None:
    following = start_of(day + timedelta(days=1), zone).astimezone(UTC)
    assert end_of(day, zone).astimezone(UTC) + timedelta(microseconds=1) == following
    assert end_of(day, zone).date() == day


def test_the_night_on_which_clocks_go_back_over_midnight_belongs_to_the_day_that_is_repeated() -> None:
    asuncion = ZoneInfo("America/Asuncion")
    assert utc_text(end_of(date(2024, 3, 23), asuncion)) == "2024-03-24T03:59:59.999999Z"


@given(TIMES, TIMES)
def test_the_order_of_utc_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    assert (utc_text(one) < utc_text(other)) == (one < other)


@given(TIMES, ZONES)
def test_an_instant_does_not_depend_on_the_offset_it_is_written_with(moment: datetime, zone: tzinfo) -> None:
    text = utc_text(moment)
    assert instant(text, zone) == instant(local_text(text, zone), UTC)
    assert day_of(text, zone) == day_of(local_text(text, zone), zone)


@given(TIMES, ZONES)
def test_a_time_lies_within_its_business_day(moment: datetime, zone: tzinfo) -> None:
    day = day_of(utc_text(moment), zone)
    assert start_of(day, zone).astimezone(UTC) <= moment <= end_of(day, zone).astimezone(UTC)


NEW_YORK = ZoneInfo("America/New_York")
TOLD = [
    ("2024-03-10T02:30", ("2024-03-10T01:30-05:00", "2024-03-10T03:30-04:00"), "forward"),
    ("2024-03-10 02:00:01", ("2024-03-10T01:00:01-05:00", "2024-03-10T03:00:01-04:00"), "forward"),
    ("2024-11-03T01:30", ("2024-11-03T01:30-04:00", "2024-11-03T01:30-05:00"), "twice"),
]


@pytest.mark.parametrize(("text", "both", "why"), TOLD)
def test_a_time_that_was_skipped_or_came_twice_is_asked_about_with_both_of_its_neighbours(
    text: str, both: tuple[str, str], why: str
) -> None:
    with pytest.raises(NoTime, match=why) as wrong:
        parse_moment(text, NEW_YORK, NOW)
    assert (wrong.value.facts["before"], wrong.value.facts["after"]) == both
    for each in both:
        assert parse_moment(each, NEW_YORK, NOW).isoformat(timespec="minutes" if len(each) == 22 else "auto") == each


@pytest.mark.parametrize("text", ["2024-03-10T01:59:59", "2024-03-10T03:00", "2024-11-03T00:59", "2024-11-03T02:00"])
def test_beside_a_change_of_clocks_a_time_means_itself(text: str) -> None:
    assert parse_moment(text, NEW_YORK, NOW).isoformat().startswith(text)


def test_a_word_with_such_a_time_is_asked_about_too() -> None:
    morning = datetime(2024, 3, 10, 18, tzinfo=UTC)
    with pytest.raises(NoTime):
        parse_moment("today 02:30", NEW_YORK, morning)
    assert parse_moment("today", NEW_YORK, morning).date() == date(2024, 3, 10)


@given(moment=TIMES, zone=ZONES)
def test_every_time_of_a_zone_is_read_or_comes_twice(moment: datetime, zone: tzinfo) -> None:
    local = moment.astimezone(zone)
    try:
        assert in_zone(local.replace(tzinfo=None), zone) == local
    except NoTime as wrong:
        both = [datetime.fromisoformat(wrong.facts[name]) for name in ("before", "after")]
        assert [each for each in both if abs(each - local) < timedelta(minutes=1)]
