"""The rules of cadence by themselves: windows, what they need, and when they are due."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.calendar.work_calendar import shipped
from domain.policy.cadence import changes, due, standing, windows
from domain.policy.defaults import DEFAULTS, RULES

DEFAULT = (dt.date.min, DEFAULTS["cadence"])


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2024-{text}")


def test_windows_are_weeks_or_counted_from_the_grading() -> None:
    graded = [(day("01-10"), "key"), (day("01-24"), "initial"), (day("03-01"), None)]
    found = [(w.first, w.last, w.cut) for w in windows(graded, [DEFAULT], day("12-31"))]
    assert found == [
        (day("01-10"), day("01-14"), False),
        (day("01-15"), day("01-21"), False),
        (day("01-22"), day("01-23"), True),
        (day("01-24"), day("02-06"), False),
        (day("02-07"), day("02-20"), False),
        (day("02-21"), day("02-29"), True),
    ]


def test_the_last_window_ends_with_the_last_day_and_is_not_cut() -> None:
    (found,) = windows([(dt.date(9999, 12, 28), "initial")], [DEFAULT], dt.date.max)
    assert (found.first, found.last, found.cut) == (dt.date(9999, 12, 28), dt.date.max, False)
    weeks = [(w.first, w.last) for w in windows([(dt.date(9999, 12, 24), "key")], [DEFAULT], dt.date.max)]
    assert weeks == [(dt.date(9999, 12, 24), dt.date(9999, 12, 26)), (dt.date(9999, 12, 27), dt.date.max)]


@pytest.mark.parametrize("since", ["01-01", "01-10", "01-22", "02-05", "02-06", "03-17", "04-14", "05-30"])
def test_windows_that_are_over_can_be_passed_by(since: str) -> None:
    other = (day("03-13"), {"initial": {"touches": 1, "weeks": 3}, "high": {"touches": 1, "weeks": 2}})
    graded = [(day("01-10"), "initial"), (day("02-15"), "high"), (day("04-20"), "key"), (day("05-20"), "high")]
    every = list(windows(graded, [DEFAULT, other], day("06-30")))
    some = list(windows(graded, [DEFAULT, other], day("06-30"), day(since)))
    assert [w for w in every if w.last >= day(since)] == [w for w in some if w.last >= day(since)]
    assert len(some) <= len(every)


def test_only_another_grade_is_a_change_and_the_last_of_a_day_counts() -> None:
    told = [("01-02", None), ("01-05", "high"), ("01-05", "key"), ("01-09", "key"), ("01-10", "high"), ("01-10", "key")]
    assert changes((day(at), grade) for at, grade in told) == [(day("01-05"), "key")]


@pytest.mark.parametrize(
    ("touches", "today", "stood"),
    [
        ([("02-18", "e-mail")], "02-18", (1, 1, ("call", "visit"), "missed")),
        ([("02-18", "visit")], "02-18", (1, 1, (), "met")),
        ([("02-17", "call")], "02-16", (1, 1, (), "met")),
        ([("02-11", "call"), ("02-19", "visit")], "02-17", (1, 0, ("call", "visit"), "open")),
    ],
)
def test_a_short_week_needs_as_many_channels_as_touches(
    touches: list[tuple[str, str]], today: str, stood: tuple[Any, ...]
) -> None:
    (*_, window) = windows([(day("02-05"), "key")], [DEFAULT], day("02-18"))
    kept = standing(window, [(day(at), channel) for at, channel in touches], shipped("cn"), day(today))
    assert (kept.needed, len(kept.days), kept.missing, kept.state) == stood
    assert due(window, shipped("cn"), day(today)) == day("02-18")


def test_what_is_due_on_a_weekend_is_due_by_its_end() -> None:
    (*_, window) = windows([(day("01-08"), "high")], [DEFAULT], day("01-14"))
    dues = [due(window, shipped("cn"), day(today)) for today in ("01-08", "01-12", "01-13", "01-14")]
    assert dues == [day("01-12"), day("01-12"), day("01-14"), day("01-14")]


@pytest.mark.parametrize(
    ("name", "values", "good"),
    [
        ("cadence", {}, True),
        ("cadence", {"high": {"touches": 3, "weeks": 2, "channels": ["visit", "meeting"]}}, True),
        ("cadence", {"high": {"touches": 1, "weeks": 1, "channels": ["visit", "call"]}}, False),
        ("cadence", {"high": {"touches": 2, "weeks": 1, "channels": ["visit", "visit"]}}, False),
        ("cadence", {"high": {"touches": 2, "weeks": 1, "channels": "visit"}}, False),
        ("cadence", {"high": {"touches": True, "weeks": 1}}, False),
        ("cadence", {"high": {"touches": 1, "weeks": 0}}, False),
        ("cadence", {"high": {"touches": 1, "weeks": 1, "days": 2}}, False),
        ("signals", {"working_days": 0}, True),
        ("signals", {"working_days": 3, "kinds": {"asks-for-visit": "1"}}, False),
        ("signals", {"working_days": 3, "kinds": 5}, False),
    ],
)
def test_values_of_the_policies_are_checked(name: str, values: dict[str, Any], good: bool) -> None:
    assert RULES[name].good(values) is good
