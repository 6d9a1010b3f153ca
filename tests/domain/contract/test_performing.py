"""What goes on about a contract: reviews, orders, schedules, invoices, refunds, promises, deliveries, completion."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.action import Action
from domain.contract import events as e
from domain.contract.approval import ApproveContract
from domain.contract.change import AmendContract, CancelContract, PlaceOrder
from domain.contract.review import ArchiveContract, CompleteContract, ReviewContract
from domain.delivery import AcceptDelivery, Deliver
from domain.payment import InvoicePayment, PromisePayment, ReceivePayment, RefundPayment, SchedulePayments
from domain.refusal import Refused
from tests.domain.context import Around, events, refusal
from tests.domain.contract.test_contract import DAY, SIGNED, one, way

D = Decimal
LATER = dt.date(2024, 2, 15)


def review(department: str, opinion: Any, digest: str, by: str = "ma.qiao", item: str = "w1") -> e.ContractReviewed:
    return e.ContractReviewed(customer="cus_1", item=item, department=department, opinion=opinion, digest=digest, by=by)


def demanding(*departments: str, by: str = "lin.zong") -> Around:
    around = way("submitted", by=by)
    around.policies["contract-review"] = {"departments": list(departments)}
    return around


def with_(*happened: Any, steps: tuple[str, ...] = SIGNED, by: str = "lin.zong") -> Around:
    return way(*steps, by=by).after("con_1", *happened)


def framework(limit: int = 0) -> Around:
    around = Around("zhang.san")
    draft = e.ContractDrafted(number="KJ", customer="cus_1", amount=D(limit), currency="CNY", kind="framework")
    return around.after("con_1", draft, e.ContractSigned(customer="cus_1", date=DAY))


def order(number: str = "DD-1", amount: int = 100, item: str = "o1") -> e.FrameworkOrderPlaced:
    return e.FrameworkOrderPlaced(customer="cus_1", item=item, number=number, amount=D(amount), date=LATER)


def test_a_department_gives_its_opinion_of_the_contract_as_it_reads() -> None:
    around = way("submitted")
    digest = around.contract("con_1").digest()
    said = ReviewContract(department="legal", opinion="with-conditions", words="违约金下调")
    made = one(said, around)
    assert (made.item, made.digest, made.by, made.words) == ("w1", digest, "lin.zong", "违约金下调")
    assert (
        refusal(ReviewContract(department="legal", opinion="with-conditions"), "con_1", around)
        == "contract.no_conditions"
    )
    assert refusal(said, "con_1", way("submitted", by="zhang.san")) == "contract.own_review"
    assert refusal(said, "con_1", way(*SIGNED)) == "contract.wrong_state"


def test_an_approval_needs_the_opinions_that_the_policy_demands() -> None:
    around = demanding("legal", "finance")
    digest = around.contract("con_1").digest()
    assert refusal(ApproveContract(), "con_1", around) == "contract.not_reviewed"
    around.after("con_1", review("legal", "for", digest))
    assert refusal(ApproveContract(), "con_1", around) == "contract.not_reviewed"
    around.after("con_1", review("finance", "with-conditions", digest, item="w2"))
    assert one(ApproveContract(), around)


@pytest.mark.parametrize(
    ("digest", "by"), [("of what it said before", "ma.qiao"), (None, "zhang.san")], ids=["stale", "the submitter's"]
)
def test_an_opinion_of_something_else_or_of_the_submitter_does_not_count(digest: str | None, by: str) -> None:
    around = demanding("legal")
    around.after("con_1", review("legal", "for", digest or around.contract("con_1").digest(), by))
    assert refusal(ApproveContract(), "con_1", around) == "contract.not_reviewed"


def test_who_is_against_is_overruled_with_a_reason_or_changes_their_mind() -> None:
    around = demanding("legal")
    digest = around.contract("con_1").digest()
    around.after("con_1", review("legal", "against", digest))
    assert refusal(ApproveContract(), "con_1", around) == "contract.opposed"
    around.reason = "总经理已知情"
    assert one(ApproveContract(), around)
    around.reason = None
    around.after("con_1", review("legal", "for", digest, item="w2"))
    assert one(ApproveContract(), around)


def test_a_framework_counts_nothing_and_its_orders_count() -> None:
    around = framework()
    assert around.contract("con_1").value == 0
    placed = one(PlaceOrder(number="DD-1", amount=D(60000), date=LATER), around)
    assert (placed.item, placed.amount, placed.date) == ("o1", 60000, LATER)
    around.after("con_1", placed)
    assert around.contract("con_1").value == 60000
    assert refusal(PlaceOrder(number="DD-1", amount=D(1)), "con_1", around) == "contract.order_taken"
    assert one(PlaceOrder(number="DD-2", amount=D(1)), around).item == "o2"


@pytest.mark.parametrize(
    ("around", "said", "code"),
    [
        (way(*SIGNED), {}, "contract.not_framework"),
        (framework(), {"amount": D(0)}, "payment.not_positive"),
        (framework(), {"date": dt.date(2024, 2, 9)}, "contract.before_signing"),
        (framework(99), {}, "contract.above_limit"),
    ],
)
def test_an_order_must_make_sense(around: Around, said: dict[str, Any], code: str) -> None:
    assert refusal(PlaceOrder(**{"number": "DD-1", "amount": D(100), **said}), "con_1", around) == code


def test_the_amount_of_a_framework_is_the_limit_of_its_orders() -> None:
    around = framework(100).after("con_1", order())
    assert refusal(PlaceOrder(number="DD-2", amount=D(1)), "con_1", around) == "contract.above_limit"
    assert refusal(AmendContract(delta=D(-1), date=LATER), "con_1", around) == "contract.above_limit"
    around.after("con_1", one(AmendContract(delta=D(50), date=LATER), around))
    assert around.contract("con_1").value == 100
    assert one(PlaceOrder(number="DD-2", amount=D(50)), around)


@pytest.mark.parametrize(("limit", "refused"), [(0, True), (100, False), (101, True)])
def test_a_framework_is_approved_by_the_tier_of_its_limit(limit: int, refused: bool) -> None:
    around = Around("chen.jing")
    draft = e.ContractDrafted(number="KJ", customer="cus_1", amount=D(limit), currency="CNY", kind="framework")
    around.policies["approval-tiers"] = {
        "tiers": [{"up_to": "100", "roles": ["manager"]}, {"up_to": None, "roles": ["director"]}]
    }
    around.after("con_1", draft)
    digest = around.contract("con_1").digest()
    around.after("con_1", e.ContractSubmitted(customer="cus_1", digest=digest, by="zhang.san"))
    decided = ApproveContract().decide(around.contract("con_1"), around)
    assert isinstance(decided, Refused) == refused


def test_a_cancelled_framework_takes_its_orders_along() -> None:
    around = framework().after("con_1", order())
    around.reason = "客户破产"
    around.after("con_1", one(CancelContract(date=LATER), around))
    assert around.contract("con_1").value == 0
    assert refusal(PlaceOrder(number="DD-2", amount=D(1)), "con_1", around) == "contract.wrong_state"


def test_a_contract_is_archived_when_it_is_signed_and_may_be_moved() -> None:
    assert refusal(ArchiveContract(place="A-12"), "con_1", way("submitted", "approved")) == "contract.wrong_state"
    around = way(*SIGNED)
    around.after("con_1", one(ArchiveContract(place="A-12"), around))
    assert refusal(ArchiveContract(place="A-12"), "con_1", around) == "event.nothing_changes"
    assert one(ArchiveContract(place="B-1"), around).place == "B-1"


def test_a_completion_waits_for_the_money_and_for_what_is_not_accepted() -> None:
    done = CompleteContract(date=LATER)
    around = way(*SIGNED)
    assert refusal(done, "con_1", around) == "contract.unfinished"
    around.after("con_1", e.PaymentReceived(customer="cus_1", amount=D(300000), currency="CNY", date=LATER))
    delivered = e.MilestoneDelivered(customer="cus_1", item="d1", milestone="首批", date=DAY)
    around.after("con_1", delivered)
    assert refusal(done, "con_1", around) == "contract.unfinished"
    around.after("con_1", e.DeliveryAccepted(customer="cus_1", item="d1", date=LATER))
    around.after("con_1", one(done, around))
    assert not around.contract("con_1").running
    assert refusal(done, "con_1", around) == "contract.wrong_state"
    assert refusal(AmendContract(delta=D(1)), "con_1", around) == "contract.wrong_state"
    early = CompleteContract(date=dt.date(2024, 2, 9))
    assert refusal(early, "con_1", way(*SIGNED)) == "contract.before_signing"


def test_what_is_completed_with_a_reason_runs_on_while_money_is_outstanding() -> None:
    around = way(*SIGNED)
    around.reason = "余款另议"
    around.after("con_1", one(CompleteContract(date=LATER), around))
    assert around.contract("con_1").running


def schedule(*said: str, around: Around) -> Any:
    from domain.contract.instalments import read_instalment

    return SchedulePayments(instalments=tuple(map(read_instalment, said)))


@pytest.mark.parametrize(
    ("steps", "said", "code"),
    [
        (SIGNED, (), "payment.no_instalments"),
        (SIGNED, ("30%", "60%"), "payment.uneven"),
        (SIGNED, ("60%", "60%"), "payment.above_whole"),
        (SIGNED, ("90000", "180000", "30001"), "payment.uneven"),
        ((*SIGNED, "amended"), ("300000",), "payment.uneven"),
        ((*SIGNED, "cancelled"), ("100%",), "payment.no_contract"),
    ],
)
def test_a_schedule_comes_to_what_the_contract_is_worth(
    steps: tuple[str, ...], said: tuple[str, ...], code: str
) -> None:
    assert refusal(schedule(*said, around=way()), "con_1", way(*steps)) == code


def test_a_schedule_may_come_before_the_signing_and_be_replaced() -> None:
    around = way()
    around.after("con_1", one(schedule("30%", "210000", around=around), around))
    assert around.contract("con_1").planned == 300000
    around.after("con_1", one(schedule("100% @ signing+30", around=around), around))
    assert around.contract("con_1").instalments == ({"percent": "100", "after": "signing", "days": 30},)


def test_an_invoice_has_a_number_of_its_own_and_is_no_more_than_the_contract() -> None:
    around = way(*SIGNED)
    made = one(InvoicePayment(number="FP-1", amount=D(90000), date=LATER), around)
    assert (made.item, made.amount, made.currency) == ("b1", 90000, "CNY")
    around.after("con_1", made)
    assert refusal(InvoicePayment(number="FP-1", amount=D(1)), "con_1", around) == "payment.invoice_taken"
    assert refusal(InvoicePayment(number="FP-2", amount=D(210001)), "con_1", around) == "payment.above_value"
    assert refusal(InvoicePayment(number="FP-2", amount=D(-90001)), "con_1", around) == "payment.above_value"
    assert refusal(InvoicePayment(number="FP-2", amount=D(0)), "con_1", around) == "payment.not_positive"
    assert one(InvoicePayment(number="FP-2", amount=D(-90000)), around).item == "b2"
    assert refusal(InvoicePayment(number="FP-2", amount=D(1)), "con_1", way("submitted")) == "payment.no_contract"


def test_the_number_of_another_contracts_invoice_is_taken() -> None:
    around = way(*SIGNED).after("con_2", e.ContractDrafted(number="2", customer="cus_1", amount=D(9), currency="CNY"))
    other = e.PaymentInvoiced(customer="cus_1", item="b1", number="FP-1", amount=D(9), currency="CNY", date=DAY)
    around.after("con_2", other)
    assert refusal(InvoicePayment(number="FP-1", amount=D(1)), "con_1", around) == "payment.invoice_taken"


def test_no_more_is_paid_back_than_came_in() -> None:
    around = way(*SIGNED, "paid")
    made = one(RefundPayment(amount=D(90000), date=LATER), around)
    assert (made.item, made.amount) == ("u1", 90000)
    assert refusal(RefundPayment(amount=D(90001)), "con_1", around) == "payment.above_collected"
    assert refusal(RefundPayment(amount=D(-1)), "con_1", around) == "payment.not_positive"
    around.after("con_1", made)
    assert around.contract("con_1").outstanding == 300000
    assert refusal(RefundPayment(amount=D(1)), "con_1", around) == "payment.above_collected"
    assert one(RefundPayment(amount=D(90000)), way(*SIGNED, "paid", "cancelled"))


@pytest.mark.parametrize(
    "made",
    [
        ReceivePayment(amount=D(1), instalment=3),
        RefundPayment(amount=D(1), instalment=0),
        InvoicePayment(number="FP-1", amount=D(1), instalment=3),
        PromisePayment(amount=D(1), due=dt.date(2024, 3, 1), instalment=-1),
    ],
)
def test_an_instalment_that_is_not_there_is_refused(made: Action) -> None:
    around = way(*SIGNED, "paid")
    around.after("con_1", one(schedule("50%", "50%", around=around), around))
    assert refusal(made, "con_1", around) == "payment.no_such_instalment"


def test_a_promise_names_a_day_to_come() -> None:
    around = way(*SIGNED)
    made = one(PromisePayment(amount=D(100), due=dt.date(2024, 3, 1)), around)
    assert (made.item, made.due, made.currency) == ("g1", dt.date(2024, 3, 1), "CNY")
    assert refusal(PromisePayment(amount=D(1), due=LATER), "con_1", around) == "payment.promised_past"
    assert refusal(PromisePayment(amount=D(0), due=dt.date(2024, 3, 1)), "con_1", around) == "payment.not_positive"
    assert refusal(PromisePayment(amount=D(1), due=dt.date(2024, 3, 1)), "con_1", way()) == "payment.no_contract"


def test_a_milestone_is_delivered_once_and_no_more_than_the_contract() -> None:
    around = way(*SIGNED)
    around.after("con_1", one(Deliver(milestone="首批", amount=D(180000), date=LATER), around))
    assert around.contract("con_1").delivered == 180000
    assert refusal(Deliver(milestone="首批"), "con_1", around) == "delivery.again"
    assert refusal(Deliver(milestone="尾批", amount=D(120001)), "con_1", around) == "delivery.above_value"
    assert refusal(Deliver(milestone="尾批", amount=D(0)), "con_1", around) == "payment.not_positive"
    assert refusal(Deliver(milestone="尾批", date=dt.date(2024, 2, 9)), "con_1", around) == "contract.before_signing"
    assert refusal(Deliver(milestone="首批"), "con_1", way("submitted")) == "contract.wrong_state"
    assert one(Deliver(milestone="培训"), around).item == "d2"


def test_a_delivery_is_accepted_by_its_number_its_name_or_being_the_only_one() -> None:
    first = e.MilestoneDelivered(customer="cus_1", item="d1", milestone="首批", date=LATER)
    around = with_(first)
    assert one(AcceptDelivery(), around).item == "d1"
    assert refusal(AcceptDelivery(date=DAY), "con_1", around) == "delivery.not_yet"
    around.after("con_1", e.MilestoneDelivered(customer="cus_1", item="d2", milestone="尾批", date=LATER))
    assert refusal(AcceptDelivery(), "con_1", around) == "delivery.unknown"
    assert one(AcceptDelivery(item="尾批"), around).item == "d2"
    around.after("con_1", one(AcceptDelivery(item="d2"), around))
    assert refusal(AcceptDelivery(item="d2"), "con_1", around) == "delivery.unknown"
    assert events(AcceptDelivery(), "con_1", around)
