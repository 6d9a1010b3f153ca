"""Corrections and withdrawals of what goes on about a contract: it must still add up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.contract import events as e
from domain.correction.actions import CorrectEvent, VoidEvent
from tests.domain.context import Around, events, refusal

DAY, LATER = dt.date(2024, 2, 10), dt.date(2024, 2, 15)
D = Decimal
OF: dict[str, Any] = {"customer": "cus_1"}
MONEY: dict[str, Any] = {**OF, "currency": "CNY"}


def going(*more: Any, kind: str = "sale", amount: int = 1000, by: str = "chen.jing") -> Around:
    """Return surroundings in which a contract was signed and more has happened to it, and a second person acts."""
    around = Around(by, reason="笔误")
    around.after("con_1", e.ContractDrafted(number="1", amount=D(amount), kind=kind, **MONEY))
    return around.after("con_1", e.ContractSigned(date=DAY, **OF), *more)


def received(amount: int) -> e.PaymentReceived:
    return e.PaymentReceived(amount=D(amount), date=LATER, **MONEY)


def refunded(amount: int) -> e.PaymentRefunded:
    return e.PaymentRefunded(item="u1", amount=D(amount), date=LATER, **MONEY)


def ordered(number: str, amount: int, item: str) -> e.FrameworkOrderPlaced:
    return e.FrameworkOrderPlaced(item=item, number=number, amount=D(amount), date=LATER, **OF)


def invoiced(number: str, amount: int, item: str = "b1") -> e.PaymentInvoiced:
    return e.PaymentInvoiced(item=item, number=number, amount=D(amount), date=LATER, **MONEY)


def delivered(milestone: str, amount: int | None, item: str = "d1") -> e.MilestoneDelivered:
    worth = None if amount is None else D(amount)
    return e.MilestoneDelivered(item=item, milestone=milestone, amount=worth, date=LATER, **OF)


ACCEPTED = e.DeliveryAccepted(item="d1", date=LATER, **OF)
SCHEDULED = e.PaymentScheduled(instalments=({"percent": "100"},), **OF)  # type: ignore[arg-type]
PAID = (received(500), refunded(100))
CANCELLED = e.ContractCancelled(date=LATER, **OF)
FRAMED = (ordered("A", 300, "o1"), ordered("B", 200, "o2"))
BILLED = (invoiced("F1", 500), invoiced("F2", -200, "b2"))
BROUGHT = (delivered("首批", 600), ACCEPTED, delivered("尾批", None, "d2"))


@pytest.mark.parametrize(
    ("around", "name", "values"),
    [
        (going(*PAID), "payment.refunded", {"amount": "500"}),
        (going(*PAID), "payment.received", {"amount": "100"}),
        (going(*FRAMED, kind="framework", amount=0), "contract.order_placed", {"amount": "900", "number": "C"}),
        (going(*BILLED), "payment.invoiced", {"amount": "-500", "number": "F3"}),
        (going(*BROUGHT), "delivery.delivered", {"amount": "400", "milestone": "中批"}),
        (going(*BROUGHT), "delivery.accepted", {"date": "2024-02-18"}),
        (going(SCHEDULED), "payment.scheduled", {"instalments": ["40% @ signing+3", "60%"]}),
        (going(*PAID, CANCELLED), "payment.received", {"amount": "1100"}),
    ],
)
def test_it_is_corrected_where_it_adds_up(around: Around, name: str, values: dict[str, Any]) -> None:
    assert events(CorrectEvent(values=values), around.heard(name), around)


@pytest.mark.parametrize(
    ("around", "name", "values", "code"),
    [
        (going(*PAID), "payment.refunded", {"amount": "501"}, "payment.overdrawn"),
        (going(*PAID, CANCELLED), "payment.received", {"amount": "1101"}, "payment.above_outstanding"),
        (going(*PAID), "payment.refunded", {"amount": "0"}, "payment.not_positive"),
        (going(*PAID), "payment.received", {"amount": "99"}, "payment.overdrawn"),
        (going(SCHEDULED, *PAID), "payment.refunded", {"instalment": 2}, "payment.no_such_instalment"),
        (going(*FRAMED, kind="framework", amount=0), "contract.order_placed", {"number": "A"}, "contract.order_taken"),
        (going(*FRAMED, kind="framework", amount=600), "contract.order_placed", {"amount": "301"}, "contract.above_limit"),
        (going(*FRAMED, kind="framework", amount=600), "contract.drafted", {"amount": "499"}, "contract.above_limit"),
        (going(*FRAMED, kind="framework", amount=0), "contract.drafted", {"kind": "sale"}, "contract.not_framework"),
        (going(*FRAMED, kind="framework", amount=0), "contract.order_placed", {"date": "2024-02-09"},
         "contract.before_signing"),
        (going(*BILLED), "payment.invoiced", {"number": "F1"}, "payment.invoice_taken"),
        (going(*BILLED), "payment.invoiced", {"amount": "-501"}, "payment.above_value"),
        (going(*BILLED), "payment.invoiced", {"amount": "501"}, "payment.above_value"),
        (going(*BROUGHT), "delivery.delivered", {"milestone": "首批"}, "delivery.again"),
        (going(*BROUGHT), "delivery.delivered", {"amount": "401"}, "delivery.above_value"),
        (going(*BROUGHT), "delivery.accepted", {"date": "2024-02-14"}, "delivery.not_yet"),
        (going(SCHEDULED), "payment.scheduled", {"instalments": ["40%", "50%"]}, "payment.uneven"),
        (going(SCHEDULED), "payment.scheduled", {"instalments": ["a part"]}, "event.bad_value"),
        (going(*PAID, by="zhang.san"), "payment.refunded", {"amount": "1"}, "event.second_person"),
    ],
)  # fmt: skip
def test_it_is_not_corrected_where_it_would_not(around: Around, name: str, values: dict[str, Any], code: str) -> None:
    assert refusal(CorrectEvent(values=values), around.heard(name), around) == code


@pytest.mark.parametrize(
    ("around", "name"),
    [
        (going(*PAID), "payment.refunded"),
        (going(*FRAMED, kind="framework", amount=0), "contract.order_placed"),
        (going(*BROUGHT), "delivery.delivered"),
        (going(*BROUGHT), "delivery.accepted"),
        (going(SCHEDULED, *PAID), "payment.scheduled"),
        (going(*BILLED), "payment.invoiced"),
        (going(e.ContractCompleted(date=LATER, **OF), *PAID), "contract.completed"),
        (going(e.ContractArchived(place="A", **OF), *PAID), "contract.archived"),
    ],
)
def test_it_is_withdrawn_where_nothing_builds_on_it(around: Around, name: str) -> None:
    assert events(VoidEvent(), around.heard(name), around)


@pytest.mark.parametrize(
    ("around", "name", "code"),
    [
        (going(*PAID), "payment.received", "payment.overdrawn"),
        (going(delivered("首批", 600), ACCEPTED), "delivery.delivered", "event.followed"),
        (going(*PAID), "contract.signed", "event.followed"),
        (going(invoiced("F1", 500), invoiced("F2", -200, "b2")), "contract.signed", "event.followed"),
    ],
)
def test_it_is_not_withdrawn_where_something_would_hang_in_the_air(around: Around, name: str, code: str) -> None:
    assert refusal(VoidEvent(), around.heard(name), around) == code


def test_an_opinion_is_not_withdrawn_after_the_approval() -> None:
    around = Around("chen.jing", reason="笔误").after("con_1", e.ContractDrafted(number="1", amount=D(1), **MONEY))
    around.after(
        "con_1", e.ContractReviewed(item="w1", department="legal", opinion="for", digest="d", by="li.si", **OF)
    )
    assert events(VoidEvent(), around.heard("contract.reviewed"), around)
    around.after("con_1", e.ContractApproved(digest="d", by="lin.zong", **OF))
    assert refusal(VoidEvent(), around.heard("contract.reviewed"), around) == "event.followed"
