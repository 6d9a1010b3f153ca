"""What the steps of a period demand: full weeks, short ones, and those that the period cuts."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.calendar.period import Period
from domain.calendar.work_calendar import shipped
from domain.plan.demand import demanded, steps


def demands(period: str, count: int, per: str) -> dict[str, int]:
    days = Period.parse(period)
    return {step.part.name: demanded(step, count, per, shipped("cn")) for step in steps(days, per)}


@pytest.mark.parametrize(
    ("count", "week", "due"),
    [
        (3, "2024-W02", 3),  # five working days
        (3, "2024-W05", 3),  # six: a make-up Sunday asks for no more
        (3, "2024-W01", 3),  # four
        (5, "2024-W01", 4),
        (3, "2024-W07", 1),  # one
        (7, "2024-W07", 2),  # two on the fullest day of a full week
        (10, "2024-W01", 8),
        (6, "2024-W01", 6),
        (3, "2024-W40", 1),  # 30 September, before the holidays
    ],
)
def test_a_short_week_demands_no_more_on_a_day_than_a_full_one(count: int, week: str, due: int) -> None:
    assert demands(week, count, "week") == {week: due}


def test_f6_a_day_is_demanded_on_each_working_day() -> None:
    assert sum(demands("2024Q1", 2, "day").values()) == 122
    assert sum(demands("2024Q1", 3, "day").values()) == 183
    assert demands("2024-W07", 2, "day") == {"2024-W07": 2}
    assert demands("2024Q2", 1, "day")["2024-W18"] == 2


def test_a_week_at_the_edge_of_the_period_is_a_short_week() -> None:
    february = demands("2024-02", 3, "week")
    assert list(february) == ["2024-W05", "2024-W06", "2024-W07", "2024-W08", "2024-W09"]
    assert list(february.values()) == [3, 3, 1, 3, 3]
    assert demands("2024-02-29..2024-03-04", 3, "week") == {"2024-W09": 2, "2024-W10": 1}


def test_a_month_demands_the_whole_count_and_a_part_of_it_by_its_days() -> None:
    assert demands("2024Q1", 8, "month") == {"2024-01": 8, "2024-02": 8, "2024-03": 8}
    assert demands("2024-03-29..2024-04-01", 8, "month") == {"2024-03": 1, "2024-04": 1}
    assert demands("2024-03-18..2024-03-31", 8, "month") == {"2024-03": 8}


def test_days_off_demand_nothing() -> None:
    assert demands("2024-02-12..2024-02-16", 3, "week") == {"2024-W07": 0}
    assert demands("2024-02-12..2024-02-16", 2, "day") == {"2024-W07": 0}
    assert demands("2024-02-12..2024-02-16", 2, "month") == {"2024-02": 0}


def test_the_steps_of_a_year_are_all_its_days_once() -> None:
    for per in ("day", "week", "month"):
        days = [day for step in steps(Period.parse("2024"), per) for day in step.part.days()]
        assert (days[0], days[-1], len(days)) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31), 366)


def test_the_last_step_ends_with_the_last_day() -> None:
    last = Period.of_days(dt.date(9999, 12, 25), dt.date.max)
    assert [(step.part.name, step.part.last) for step in steps(last, "week")] == [
        ("9999-W51", dt.date(9999, 12, 26)),
        ("9999-W52", dt.date.max),
    ]
