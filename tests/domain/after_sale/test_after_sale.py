"""After the sale: hand-overs with promises, visits with scores, complaints."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from domain.after_sale import events as e
from domain.after_sale.handover import BreakPromise, HandOver, KeepPromise, Pledge, read_pledge, write_pledge
from domain.after_sale.visits import Complain, ResolveComplaint, ScheduleVisit, VisitCustomer
from domain.contract.events import ContractDrafted, ContractSigned
from domain.customer.events import LeadCaptured, LeadsMerged, MergedInto
from tests.domain.context import Around, events, refusal

DAY = dt.date(2024, 2, 19)


def on_customer(around: Around | None = None) -> Around:
    around = around or Around()
    around.subject = "cus_1"
    return around.after("cus_1", LeadCaptured(company="甲", channel="online"))


def test_a_hand_over_makes_a_record_of_each_promise() -> None:
    asked = HandOver(to="li.si", promises=(Pledge("培训", dt.date(2024, 6, 30)), Pledge("备件")))
    before = on_customer().after("cus_1", e.PromiseMade(item="h1", words="旧"))
    assert events(asked, "cus_1", before) == [
        e.HandedOver(item="t1", to="li.si"),
        e.PromiseMade(item="h2", words="培训", due=dt.date(2024, 6, 30)),
        e.PromiseMade(item="h3", words="备件"),
    ]
    assert refusal(HandOver(to="nobody"), "cus_1", on_customer()) == "person.unknown"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("培训 @ 2024-06-30", Pledge("培训", dt.date(2024, 6, 30))),
        ("写信到 a@b.cn", Pledge("写信到 a@b.cn")),
        ({"words": "培训", "due": "2024-06-30"}, Pledge("培训", dt.date(2024, 6, 30))),
        ({"words": "备件"}, Pledge("备件")),
    ],
)
def test_a_promise_is_read_from_a_text_or_an_object(told: object, read: Pledge) -> None:
    assert read_pledge(told) == read
    assert read_pledge(write_pledge(read)) == read


@pytest.mark.parametrize("told", [{"what": "x"}, {}, 3.5, {"words": "x", "due": "soon"}, ""])
def test_what_is_no_promise_is_said_to_be_none(told: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_pledge(told)


def test_the_contract_is_one_of_the_customer_and_signed() -> None:
    asked = HandOver(to="li.si", contract="con_1")
    drafted = ContractDrafted(number="HT-1", customer="cus_1", amount=Decimal(1), currency="CNY")
    around = on_customer().after("con_1", drafted)
    assert refusal(asked, "cus_1", around) == "after_sale.unsigned"
    around.after("con_1", ContractSigned(date=DAY, customer="cus_1"))
    assert len(events(asked, "cus_1", around)) == 1
    other = on_customer().after("cus_9", LeadCaptured(company="乙", channel="online"))
    other.after("con_1", ContractDrafted(number="HT-1", customer="cus_9", amount=Decimal(1), currency="CNY"))
    assert refusal(asked, "cus_1", other) == "after_sale.other_contract"
    other.after("con_1", ContractSigned(date=DAY, customer="cus_9")).after("cus_9", MergedInto(survivor="cus_1"))
    other.after("cus_1", LeadsMerged(duplicate="cus_9"))
    assert len(events(asked, "cus_1", other)) == 1


def test_a_promise_is_kept_or_broken_with_a_reason() -> None:
    made = (e.PromiseMade(item="h1", words="培训"), e.PromiseMade(item="h2", words="备件"))
    assert events(KeepPromise(item="h2"), "cus_1", on_customer().after("cus_1", *made)) == [e.PromiseKept(item="h2")]
    left = on_customer(Around(reason="停产")).after("cus_1", *made, e.PromiseKept(item="h1"))
    assert events(BreakPromise(), "cus_1", left) == [e.PromiseBroken(item="h2")]
    assert refusal(BreakPromise(), "cus_1", on_customer().after("cus_1", *made)) == "reason.missing"
    assert refusal(KeepPromise(item="h1"), "cus_1", left) == "customer.no_such_item"


def test_a_visit_is_the_scheduled_one_or_one_of_its_own() -> None:
    scheduled = e.VisitScheduled(item="v1", due=DAY)
    assert events(ScheduleVisit(due=DAY), "cus_1", on_customer()) == [scheduled]
    asked = VisitCustomer(score=9)
    assert events(asked, "cus_1", on_customer().after("cus_1", scheduled)) == [e.CustomerVisited(item="v1", score=9)]
    done = on_customer().after("cus_1", scheduled, e.CustomerVisited(item="v1"))
    assert events(asked, "cus_1", done) == [
        e.VisitScheduled(item="v2", due=DAY),
        e.CustomerVisited(item="v2", score=9),
    ]
    two = on_customer().after("cus_1", scheduled, e.VisitScheduled(item="v2", due=DAY))
    assert refusal(asked, "cus_1", two) == "customer.no_such_item"
    assert refusal(VisitCustomer(item="v7"), "cus_1", on_customer()) == "customer.no_such_item"


@pytest.mark.parametrize(("score", "good"), [(0, False), (1, True), (10, True), (11, False), (-3, False)])
def test_a_score_is_from_1_to_10(score: int, good: bool) -> None:
    asked = VisitCustomer(score=score)
    if good:
        assert events(asked, "cus_1", on_customer())[-1] == e.CustomerVisited(item="v1", score=score)
    else:
        assert refusal(asked, "cus_1", on_customer()) == "after_sale.score"


def test_a_complaint_is_open_until_it_is_resolved() -> None:
    assert events(Complain(kind="quality"), "cus_1", on_customer()) == [e.CustomerComplained(item="x1", kind="quality")]
    around = on_customer().after("cus_1", e.CustomerComplained(item="x1", kind="quality"))
    around.after("cus_1", e.CustomerComplained(item="x2", kind="delivery"))
    assert events(ResolveComplaint(item="delivery", outcome="已补发"), "cus_1", around) == [
        e.ComplaintResolved(item="x2", outcome="已补发")
    ]
    assert refusal(ResolveComplaint(), "cus_1", around) == "customer.no_such_item"
