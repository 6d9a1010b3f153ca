"""Periods: each name, the fiscal year, and what is no period."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.period import Period


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2024"),
        ("2024H1", date(2024, 1, 1), date(2024, 6, 30), "2024H1"),
        ("2024-h2", date(2024, 7, 1), date(2024, 12, 31), "2024H2"),
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31), "2024Q1"),
        (" 2024-q4 ", date(2024, 10, 1), date(2024, 12, 31), "2024Q4"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31), "2023-12"),
        ("2024-W07", date(2024, 2, 12), date(2024, 2, 18), "2024-W07"),
        ("2024w7", date(2024, 2, 12), date(2024, 2, 18), "2024-W07"),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3), "2020-W53"),
        ("2024-02-18", date(2024, 2, 18), date(2024, 2, 18), "2024-02-18"),
        ("2024-01-15..2024-03-31", date(2024, 1, 15), date(2024, 3, 31), "2024-01-15..2024-03-31"),
        ("2024-02-18 .. 2024-02-18", date(2024, 2, 18), date(2024, 2, 18), "2024-02-18"),
    ],
)
def test_a_name_gives_its_days_and_its_canonical_name(text: str, first: date, last: date, name: str) -> None:
    assert Period.parse(text) == Period(first, last, name)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024Q1", date(2024, 4, 1), date(2024, 6, 30)),
        ("2024Q4", date(2025, 1, 1), date(2025, 3, 31)),
        ("2024H2", date(2024, 10, 1), date(2025, 3, 31)),
        ("2024", date(2024, 4, 1), date(2025, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-W07", date(2024, 2, 12), date(2024, 2, 18)),
    ],
)
def test_quarters_halves_and_years_follow_a_fiscal_year_from_april_but_months_and_weeks_do_not(
    text: str, first: date, last: date
) -> None:
    assert Period.parse(text, fiscal_month=4) == Period(first, last, text)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            "24",
            "Q1",
            "2024Q5",
            "2024Q0",
            "2024H3",
            "2024-13",
            "2024-00",
            "2024-2",
            "0000",
            "20240218",
            "2024-02-30",
            "last week",
        ],
        *["2023-W53", "2024-W00", "2024-W07-1", "..", "2024-01-01..", "2024-03-01..2024-02-01", "2024Q1..2024Q2"],
        "\N{FULLWIDTH DIGIT TWO}024",
    ],
)
def test_anything_else_is_refused_with_the_forms_one_may_write(text: str) -> None:
    with pytest.raises(ValueError, match="it is none of 2024, 2024H1, 2024Q1"):
        Period.parse(text)


@pytest.mark.parametrize("month", [0, 13])
def test_a_fiscal_year_begins_in_a_month(month: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 12"):
        Period.parse("2024Q1", fiscal_month=month)


def test_a_period_contains_both_its_ends_and_nothing_beside_them() -> None:
    quarter = Period.parse("2024Q1")
    assert quarter.contains(date(2024, 1, 1))
    assert quarter.contains(date(2024, 3, 31))
    assert not quarter.contains(date(2023, 12, 31))
    assert not quarter.contains(date(2024, 4, 1))
    assert len(list(quarter.days())) == 91


def test_a_day_of_january_may_lie_in_a_week_of_the_year_before() -> None:
    assert Period.week_of(date(2021, 1, 3)).name == "2020-W53"


def test_the_last_week_ends_with_the_last_day() -> None:
    assert Period.week_of(date.max) == (date(9999, 12, 27), date.max, "9999-W52")
    assert Period.week_of(date(9999, 12, 26)) == (date(9999, 12, 20), date(9999, 12, 26), "9999-W51")
    assert Period.week_of(date.min) == (date.min, date(1, 1, 7), "0001-W01")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_the_canonical_name_names_the_same_period(day: date, month: int) -> None:
    names = [f"{day.year}", f"{day.year}Q{day.day % 4 + 1}", f"{day:%Y-%m}", f"{day}", Period.week_of(day).name]
    for period in (Period.parse(name, month) for name in names):
        assert Period.parse(period.name, month) == period


@given(st.integers(2000, 2100), st.integers(1, 12))
def test_the_four_quarters_tile_the_year(year: int, month: int) -> None:
    quarters = [Period.parse(f"{year}Q{n}", month) for n in (1, 2, 3, 4)]
    whole = Period.parse(f"{year}", month)
    assert (quarters[0].first, quarters[3].last) == (whole.first, whole.last)
    for one, after in pairwise(quarters):
        assert one.last + timedelta(days=1) == after.first
