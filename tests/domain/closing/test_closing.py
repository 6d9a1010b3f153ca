"""Closing a period: once, after its last day, by who leads."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.correction.actions import CorrectEvent, VoidEvent
from domain.customer import events as customers
from domain.kernel.field import BadValue
from domain.period_close import ClosePeriod, PeriodClosed, read_period
from tests.domain.context import Around, events, refusal

JANUARY = ClosePeriod(period=read_period("2024-01"))
CLOSED = PeriodClosed(
    period="2024-01", as_of=dt.date(2024, 1, 31), position=0, digests={"progress": "digest of 2024-01"}
)
FOLLOWED_UP = customers.FollowUpLogged(item="f1", channel="call")


def test_a_period_is_closed_with_the_position_and_the_digests_of_its_figures() -> None:
    assert events(JANUARY, "prd_2024-01", Around("chen.jing")) == [CLOSED]
    assert events(JANUARY, "prd_2024-01", Around("lin.zong")) == [CLOSED]


def test_a_closed_period_is_not_closed_again() -> None:
    assert refusal(JANUARY, "prd_2024-01", Around("chen.jing").after("prd_2024-01", CLOSED)) == "period.closed"


@pytest.mark.parametrize("period", ["2024-02", "2024Q1", "2024-02-19", "2024-W08"])
def test_a_period_is_closed_only_after_its_last_day(period: str) -> None:
    asked = ClosePeriod(period=read_period(period))
    assert refusal(asked, f"prd_{period}", Around("chen.jing")) == "period.running"


def test_who_leads_closes() -> None:
    assert refusal(JANUARY, "prd_2024-01", Around("zhang.san")) == "right.role"
    assert refusal(JANUARY, "prd_2024-01", Around("ma.qiao")) == "right.role"


@pytest.mark.parametrize(("typed", "name"), [("2024q1", "2024Q1"), (" 2024-w7 ", "2024-W07"), (2024, "2024")])
def test_a_period_has_one_name_however_it_is_written(typed: str, name: str) -> None:
    assert read_period(typed) == name


@pytest.mark.parametrize("wrong", ["2024Q5", "quarter", ""])
def test_what_names_no_period_closes_none(wrong: str) -> None:
    with pytest.raises(BadValue):
        read_period(wrong)


def test_a_closing_is_neither_corrected_nor_withdrawn() -> None:
    around = Around("chen.jing", reason="错了").after("prd_2024-01", CLOSED, by="lin.zong")
    told = around.heard("period.closed")
    assert refusal(VoidEvent(), told, around) == "event.not_correctable"
    assert refusal(CorrectEvent(values={"position": 3}), told, around) == "event.not_correctable"


def test_a_fact_of_a_closed_period_is_corrected_by_a_second_person() -> None:
    around = Around("zhang.san", reason="重复录入")
    around.at = "2024-01-10T09:00:00+08:00"
    around.after("cus_1", customers.LeadCaptured(company="甲", channel="online"), FOLLOWED_UP)
    told = around.heard("customer.followed_up")
    assert [happened.NAME for happened in events(VoidEvent(), told, around)] == ["event.voided"]
    around.after("prd_2024-01", CLOSED)
    assert refusal(VoidEvent(), told, around) == "event.second_person"
    around.actor = "li.si"
    assert [happened.NAME for happened in events(VoidEvent(), told, around)] == ["event.voided"]
