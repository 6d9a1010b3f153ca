"""Working days: the published facts, the deadlines built on them, and the laws of counting."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.china import YEARS
from domain.calendar.work_calendar import WorkCalendar, shipped

CN = shipped("cn")
DAYS = st.dates(date(2003, 6, 1), date(2028, 6, 30))


def one_by_one(first: date, last: date) -> int:
    return sum(CN.is_working(first + timedelta(days=n)) for n in range((last - first).days + 1))


@pytest.mark.parametrize("day", [date(2024, 2, 4), date(2024, 2, 18), date(2024, 2, 9), date(2024, 1, 2)])
def test_a_make_up_sunday_and_an_ordinary_weekday_are_worked(day: date) -> None:
    assert CN.is_working(day)


@pytest.mark.parametrize(
    "day", [date(2024, 1, 1), *(date(2024, 2, d) for d in range(12, 17)), date(2024, 1, 6), date(2024, 2, 17)]
)
def test_a_holiday_and_a_weekend_are_not_worked(day: date) -> None:
    assert not CN.is_working(day)


def test_the_first_quarter_of_2024_has_61_working_days_and_31_of_them_are_over_on_the_evening_of_18_february() -> None:
    assert CN.working_days(date(2024, 1, 1), date(2024, 3, 31)) == 61
    assert CN.working_days(date(2024, 1, 1), date(2024, 2, 18)) == 31


@pytest.mark.parametrize(("week", "count"), [(5, 6), (6, 5), (7, 1), (8, 5)])
def test_a_week_around_the_spring_festival_has_the_days_that_were_worked(week: int, count: int) -> None:
    assert CN.working_days(date.fromisocalendar(2024, week, 1), date.fromisocalendar(2024, week, 7)) == count


@pytest.mark.parametrize(
    ("day", "n", "due"),
    [
        (date(2024, 2, 7), 3, date(2024, 2, 18)),
        (date(2024, 1, 5), 3, date(2024, 1, 10)),
        (date(2024, 2, 5), 15, date(2024, 3, 1)),
        (date(2023, 12, 29), 1, date(2024, 1, 2)),
        (date(2024, 2, 10), 0, date(2024, 2, 10)),
    ],
)
def test_a_deadline_is_the_nth_working_day_after_the_day_itself(day: date, n: int, due: date) -> None:
    assert CN.deadline(day, n) == due


def test_a_deadline_in_the_past_or_after_the_last_year_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        CN.deadline(date(2024, 1, 1), -1)
    with pytest.raises(OverflowError, match="beyond the year 9999"):
        CN.deadline(date(9999, 12, 30), 5)


def test_a_contact_of_wednesday_entered_on_monday_is_late_by_three_working_days() -> None:
    assert CN.late_days(date(2024, 1, 10), date(2024, 1, 15)) == 3
    assert CN.late_days(date(2024, 1, 10), date(2024, 1, 10)) == 0
    assert CN.late_days(date(2024, 1, 10), date(2024, 1, 9)) == 0


def test_a_span_that_ends_before_it_begins_has_no_working_days() -> None:
    assert CN.working_days(date(2024, 1, 10), date(2024, 1, 9)) == 0


def test_every_year_from_2004_to_2026_is_shipped_and_read() -> None:
    assert list(YEARS) == list(range(2004, 2027))
    for year in YEARS:
        days = CN.published(year)
        assert days is not None
        assert {day.year for day in days[0] | days[1]} == {year}
        assert not days[0] & days[1]


def test_every_make_up_day_of_every_shipped_year_is_a_weekend_day() -> None:
    for year in YEARS:
        _, make_up = CN.published(year) or (frozenset(), frozenset())
        assert all(day.weekday() >= 5 for day in make_up)


def test_working_saturdays_before_new_year_count_in_the_year_they_lie_in() -> None:
    assert CN.is_working(date(2005, 12, 31))
    assert CN.is_working(date(2006, 12, 30))
    assert CN.is_working(date(2011, 12, 31))


def test_a_year_not_yet_published_is_monday_to_friday_and_provisional() -> None:
    assert CN.published(2031) is None
    assert CN.provisional(date(2031, 10, 1))
    assert CN.is_working(date(2031, 10, 1))
    assert not CN.is_working(date(2031, 10, 4))
    assert not CN.provisional(date(2024, 10, 1))


def test_publishing_a_year_moves_its_deadlines_and_leaves_the_other_years_and_the_old_calendar_alone() -> None:
    before = CN.deadline(date(2031, 9, 30), 1)
    known = CN.with_year(2031, [date(2031, 10, d) for d in range(1, 8)], [date(2031, 10, 11)])
    assert before == date(2031, 10, 1)
    assert known.deadline(date(2031, 9, 30), 1) == date(2031, 10, 8)
    assert known.is_working(date(2031, 10, 11))
    assert not known.provisional(date(2031, 10, 1))
    assert known.published(2024) == CN.published(2024)
    assert CN.deadline(date(2031, 9, 30), 1) == before


def test_a_published_year_overrides_the_shipped_one() -> None:
    assert CN.with_year(2024, [], []).is_working(date(2024, 2, 12))


def test_a_year_is_refused_if_a_day_is_not_in_it_or_is_both_off_and_worked() -> None:
    with pytest.raises(ValueError, match="2030-01-01 is not in 2031"):
        CN.with_year(2031, [date(2030, 1, 1)], [])
    with pytest.raises(ValueError, match="2031-01-04 is both"):
        WorkCalendar.of({2031: (frozenset({date(2031, 1, 4)}), frozenset({date(2031, 1, 4)}))})


def test_a_calendar_of_given_years_knows_no_shipped_ones() -> None:
    own = WorkCalendar.of({2024: (frozenset({date(2024, 3, 4)}), frozenset())})
    assert not own.is_working(date(2024, 3, 4))
    assert own.is_working(date(2024, 2, 12))
    assert own.provisional(date(2023, 3, 6))


def test_a_calendar_that_does_not_ship_is_named() -> None:
    with pytest.raises(LookupError, match="'xx'"):
        shipped("xx")


@given(DAYS, DAYS)
def test_counting_by_year_equals_counting_day_by_day(a: date, b: date) -> None:
    first, last = min(a, b), min(max(a, b), min(a, b) + timedelta(days=800))
    assert CN.working_days(first, last) == one_by_one(first, last)


@given(DAYS, DAYS, DAYS)
def test_working_days_of_two_adjoining_spans_add_up(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    whole = CN.working_days(first, last)
    assert whole == CN.working_days(first, middle) + CN.working_days(middle + timedelta(days=1), last)


@given(DAYS, DAYS)
def test_a_deadline_of_as_many_working_days_as_lie_between_is_never_after_the_end(a: date, b: date) -> None:
    day, end = sorted((a, b))
    assert CN.deadline(day, CN.working_days(day + timedelta(days=1), end)) <= end


@given(DAYS, st.integers(1, 900))
def test_a_deadline_is_worked_and_n_working_days_late(day: date, n: int) -> None:
    due = CN.deadline(day, n)
    assert CN.is_working(due)
    assert CN.late_days(day, due) == n
