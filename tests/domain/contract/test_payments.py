"""Schedules, invoices, refunds, promises and deliveries: what each must add up to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.contract import events as e
from domain.contract.delivery import AcceptDelivery, Deliver
from domain.contract.instalments import read_instalment
from domain.contract.payment import InvoicePayment, PromisePayment, ReceivePayment, RefundPayment, SchedulePayments
from domain.kernel.action import Action
from tests.domain.context import events, refusal
from tests.domain.contract.test_contract import DAY, SIGNED, one, way

D = Decimal
LATER = dt.date(2024, 2, 15)


def schedule(*said: str) -> Any:
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
    assert refusal(schedule(*said), "con_1", way(*steps)) == code


def test_a_schedule_may_come_before_the_signing_and_be_replaced() -> None:
    around = way()
    around.after("con_1", one(schedule("30%", "210000"), around))
    assert around.load("con_1").planned == 300000
    around.after("con_1", one(schedule("100% @ signing+30"), around))
    assert around.load("con_1").instalments == ({"percent": "100", "after": "signing", "days": 30},)


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
    assert around.load("con_1").outstanding == 300000
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
    around.after("con_1", one(schedule("50%", "50%"), around))
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
    assert around.load("con_1").delivered == 180000
    assert refusal(Deliver(milestone="首批"), "con_1", around) == "delivery.again"
    assert refusal(Deliver(milestone="尾批", amount=D(120001)), "con_1", around) == "delivery.above_value"
    assert refusal(Deliver(milestone="尾批", amount=D(0)), "con_1", around) == "payment.not_positive"
    assert refusal(Deliver(milestone="尾批", date=dt.date(2024, 2, 9)), "con_1", around) == "contract.before_signing"
    assert refusal(Deliver(milestone="首批"), "con_1", way("submitted")) == "contract.wrong_state"
    assert one(Deliver(milestone="培训"), around).item == "d2"


def test_a_delivery_is_accepted_by_its_number_its_name_or_being_the_only_one() -> None:
    first = e.MilestoneDelivered(customer="cus_1", item="d1", milestone="首批", date=LATER)
    around = way(*SIGNED).after("con_1", first)
    assert one(AcceptDelivery(), around).item == "d1"
    assert refusal(AcceptDelivery(date=DAY), "con_1", around) == "delivery.not_yet"
    around.after("con_1", e.MilestoneDelivered(customer="cus_1", item="d2", milestone="尾批", date=LATER))
    assert refusal(AcceptDelivery(), "con_1", around) == "delivery.unknown"
    assert one(AcceptDelivery(item="尾批"), around).item == "d2"
    around.after("con_1", one(AcceptDelivery(item="d2"), around))
    assert refusal(AcceptDelivery(item="d2"), "con_1", around) == "delivery.unknown"
    assert events(AcceptDelivery(), "con_1", around)
