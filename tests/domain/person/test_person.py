"""People, groups, calendars and policies: who may be named, and what a team decides about itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.calendar.publishing import PublishCalendar, WorkCalendarPublished
from domain.contract import events as contracts
from domain.contract.person_handover import HandOver
from domain.customer import events as customers
from domain.organisation.group import FormGroup, GroupFormed
from domain.organisation.person import (
    ChangeRole,
    Depart,
    HandoverCompleted,
    JoinGroup,
    LeaveGroup,
    PersonDeparted,
    PersonJoinedGroup,
    PersonLeftGroup,
    PersonRegistered,
    PersonRoleChanged,
    RegisterPerson,
)
from domain.policy.actions import AdoptPolicy, PolicyAdopted
from tests.domain.context import Around, decide, events, refusal

ZHANG = PersonRegistered(login="zhang.san", name="张三", role="rep")
LI = PersonRegistered(login="li.si", name="李四", role="rep")
GROUP = GroupFormed(code="g1", name="一组")
FEBRUARY = dt.date(2024, 2, 1)
TODAY = dt.date(2024, 2, 19)


def test_a_login_is_registered_once() -> None:
    asked = RegisterPerson(login="zhang.san", name="张三", role="rep")
    assert events(asked, "per_zhang.san", Around("lin.zong")) == [ZHANG]
    assert refusal(asked, "per_zhang.san", Around("lin.zong").after("per_zhang.san", ZHANG)) == "person.exists"


def test_a_person_joins_a_group_that_is_there() -> None:
    asked = JoinGroup(group="g1", from_=FEBRUARY)
    around = Around("lin.zong").after("per_zhang.san", ZHANG)
    assert refusal(asked, "per_zhang.san", around) == "group.unknown"
    around.after("grp_g1", GROUP)
    assert events(asked, "per_zhang.san", around) == [PersonJoinedGroup(group="g1", from_=FEBRUARY)]
    assert events(JoinGroup(group="g1"), "per_zhang.san", around) == [PersonJoinedGroup(group="g1", from_=TODAY)]
    around.after("per_zhang.san", PersonDeparted(date=FEBRUARY))
    assert refusal(asked, "per_zhang.san", around) == "person.departed"


def test_who_is_in_no_group_leaves_none() -> None:
    around = Around("lin.zong").after("per_zhang.san", ZHANG, PersonJoinedGroup(group="g1", from_=FEBRUARY))
    assert events(LeaveGroup(), "per_zhang.san", around) == [PersonLeftGroup(group="g1", from_=TODAY)]
    assert refusal(LeaveGroup(from_=dt.date(2024, 1, 31)), "per_zhang.san", around) == "person.not_in_group"


def test_a_person_changes_role_and_departs_once() -> None:
    around = Around("lin.zong").after("per_zhang.san", ZHANG)
    assert events(ChangeRole(role="manager"), "per_zhang.san", around) == [PersonRoleChanged(role="manager")]
    assert events(Depart(), "per_zhang.san", around) == [PersonDeparted(date=TODAY)]
    around.after("per_zhang.san", PersonDeparted(date=FEBRUARY))
    assert refusal(Depart(), "per_zhang.san", around) == "person.departed"


def test_customers_and_running_contracts_are_handed_to_somebody_who_is_here() -> None:
    around = Around("chen.jing").after("per_zhang.san", ZHANG)
    assert refusal(HandOver(to="nobody"), "per_zhang.san", around) == "person.unknown"
    around.after("cus_1", customers.LeadCaptured(company="甲", channel="online", owner="zhang.san"))
    around.after("con_1", contracts.ContractDrafted(number="1", customer="cus_1", amount=Decimal(1000), currency="CNY"))
    around.after("per_li.si", LI)
    assert decide(HandOver(to="li.si"), "per_zhang.san", around) == [
        ("per_zhang.san", HandoverCompleted(to="li.si", customers=("cus_1",), contracts=("con_1",))),
        ("cus_1", customers.CustomerAssigned(owner="li.si")),
        ("con_1", contracts.ContractHandedOver(customer="cus_1", owner="li.si")),
    ]
    around.after("per_li.si", PersonDeparted(date=FEBRUARY))
    assert refusal(HandOver(to="li.si"), "per_zhang.san", around) == "person.departed"


def test_a_group_has_a_code_of_its_own_and_a_parent_that_is_there() -> None:
    asked = FormGroup(code="g2", name="二组", parent="g1")
    assert refusal(asked, "grp_g2", Around("lin.zong")) == "group.unknown"
    around = Around("lin.zong").after("grp_g1", GROUP)
    assert events(asked, "grp_g2", around) == [GroupFormed(code="g2", name="二组", parent="g1")]
    assert refusal(FormGroup(code="g1", name="又一组"), "grp_g1", around) == "group.exists"


def test_a_calendar_holds_days_of_its_year() -> None:
    asked = PublishCalendar(year=2027, holidays=("2027-01-01..2027-01-03",), make_up_days=("2027-01-10",))
    days = tuple(dt.date(2027, 1, day) for day in (1, 2, 3))
    assert events(asked, "cal_2027", Around("lin.zong")) == [
        WorkCalendarPublished(year=2027, holidays=days, make_up_days=(dt.date(2027, 1, 10),))
    ]
    for wrong in ("2026-12-31", "Neujahr", "2027-01-03..2027-01-01"):
        asked = PublishCalendar(year=2027, holidays=(wrong,))
        assert refusal(asked, "cal_2027", Around("lin.zong")) == "calendar.not_the_year"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("entry-deadline", {"working_days": 2}, {"working_days": -1}),
        ("new-customer-window", {"months": 18}, {"months": 0}),
        ("sales-basis", {"basis": "collected"}, {"basis": "hoped"}),
        ("approval-tiers", {"tiers": [{"up_to": None, "roles": ["director"]}]}, {"tiers": []}),
        ("approval-tiers", {"tiers": [{"up_to": None, "roles": []}]}, {"tiers": [{"up_to": "1", "roles": []}]}),
        ("grading", {"high": {"budget": "matches"}}, {"highest": {}}),
        ("cadence", {"high": {"touches": 2, "weeks": 1}}, {"high": {"touches": 2}}),
        ("cadence", {"key": {"touches": 2, "weeks": 1, "channels": ["visit"]}}, {"key": {"touches": 0, "weeks": 1}}),
        ("cadence", {}, {"key": {"touches": 1, "weeks": 1, "channels": ["minutes"]}}),
        ("capability", {"weights": {"zhang.san": "1.2", "li.si": 1}}, {"weights": {"zhang.san": "0"}}),
        ("capability", {"weights": {}}, {"weights": {"zhang.san": "gut"}}),
        ("capability", {"weights": {"zhang.san": 0.8}}, {"zhang.san": "1.2"}),
    ],
)
def test_a_policy_is_adopted_by_who_leads_and_has_values_of_its_form(name: Any, good: Any, bad: Any) -> None:
    asked = AdoptPolicy(name=name, values=good, from_=FEBRUARY)
    stream = f"pol_{name}"
    assert events(asked, stream, Around("chen.jing")) == [PolicyAdopted(name=name, values=good, from_=FEBRUARY)]
    assert refusal(asked, stream, Around("zhang.san")) == "right.role"
    assert refusal(AdoptPolicy(name=name, values=bad), stream, Around("chen.jing")) == "policy.bad_value"
