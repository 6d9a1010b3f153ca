"""Contracts and receipts: approved as they read, signed once, changed by deltas, paid up to what is outstanding."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.contract import events as e
from domain.contract.amendment import AmendContract, CancelContract
from domain.contract.approval import ApproveContract, DraftContract, ReturnContract, SignContract, SubmitContract
from domain.contract.payment import ReceivePayment
from domain.customer import events as customers
from domain.kernel.action import Action
from domain.sales.opportunity import OpportunityOpened, OpportunityWon
from tests.domain.context import Around, decide, events, refusal

DRAFT = e.ContractDrafted(number="HT-1", customer="cus_1", amount=Decimal(300000), currency="CNY")
DAY = dt.date(2024, 2, 10)


def way(*steps: str, by: str = "lin.zong") -> Around:
    """Return surroundings in which the contract has gone these steps."""
    around = Around(by).after("cus_1", customers.LeadCaptured(company="甲", channel="online"))
    around.after("con_1", DRAFT)
    for step in steps:
        digest = around.load("con_1").digest()
        made: dict[str, Any] = {
            "submitted": e.ContractSubmitted(customer="cus_1", digest=digest, by="zhang.san"),
            "approved": e.ContractApproved(customer="cus_1", digest=digest, by="lin.zong"),
            "returned": e.ContractReturned(customer="cus_1"),
            "signed": e.ContractSigned(customer="cus_1", date=DAY),
            "amended": e.ContractAmended(customer="cus_1", delta=Decimal(50000), date=DAY),
            "cancelled": e.ContractCancelled(customer="cus_1", date=DAY),
            "paid": e.PaymentReceived(customer="cus_1", amount=Decimal(90000), currency="CNY", date=DAY),
        }
        around.after("con_1", made[step])
    return around


SIGNED = ("submitted", "approved", "signed")


def draft(**said: Any) -> DraftContract:
    return DraftContract(**{"number": "HT-1", "customer": "cus_1", "amount": Decimal(300000), **said})


def one(action: Action, around: Around) -> Any:
    (made,) = events(action, "con_1", around)
    return made


def test_a_contract_is_drafted_under_a_number_of_its_own() -> None:
    assert one(draft(), Around()) == DRAFT
    assert refusal(draft(), "con_2", way()) == "contract.number_taken"
    assert one(draft(amount=Decimal(320000)), way("submitted")).amount == 320000


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"amount": Decimal(-1)}, "contract.below_zero"),
        ({"owner": "nobody"}, "person.unknown"),
        ({"opportunity": "opp_1"}, "contract.foreign_opportunity"),
    ],
)
def test_a_draft_must_make_sense(said: dict[str, Any], code: str) -> None:
    around = way().after("opp_1", OpportunityOpened(customer="cus_2", amount=Decimal(1), currency="CNY"))
    assert refusal(draft(**said), "con_1", around) == code


def test_nothing_is_drafted_for_a_merged_lead_or_after_the_signing() -> None:
    merged = Around().after("cus_1", customers.MergedInto(survivor="cus_2"))
    assert refusal(draft(), "con_1", merged) == "lead.merged"
    assert refusal(draft(), "con_1", way(*SIGNED)) == "contract.wrong_state"


def test_a_contract_is_submitted_as_it_reads() -> None:
    around = way(by="zhang.san")
    digest = around.load("con_1").digest()
    assert one(SubmitContract(), around) == e.ContractSubmitted(customer="cus_1", digest=digest, by="zhang.san")
    assert refusal(SubmitContract(), "con_1", way("submitted")) == "contract.wrong_state"
    assert one(SubmitContract(), way("submitted", "returned"))


def test_a_second_person_of_the_tier_approves() -> None:
    around = way("submitted")
    digest = around.load("con_1").digest()
    assert one(ApproveContract(), around) == e.ContractApproved(customer="cus_1", digest=digest, by="lin.zong")
    assert refusal(ApproveContract(), "con_1", way()) == "contract.wrong_state"
    assert refusal(ApproveContract(), "con_1", way("submitted", by="zhang.san")) == "contract.own_submission"
    assert refusal(ApproveContract(), "con_1", way("submitted", by="li.si")) == "contract.tier"
    tiers = {"tiers": [{"up_to": "299999", "roles": ["manager"]}, {"up_to": None, "roles": ["director"]}]}
    by_manager = way("submitted", by="chen.jing")
    by_manager.policies["approval-tiers"] = tiers
    assert refusal(ApproveContract(), "con_1", by_manager) == "contract.tier"
    stale = way().after("con_1", e.ContractSubmitted(customer="cus_1", digest="of something else", by="zhang.san"))
    assert refusal(ApproveContract(), "con_1", stale) == "contract.not_approved"


def test_what_is_returned_needs_a_reason() -> None:
    around = way("submitted")
    assert refusal(ReturnContract(), "con_1", around) == "reason.missing"
    around.reason = "付款条件不清"
    assert one(ReturnContract(), around) == e.ContractReturned(customer="cus_1")
    around = way()
    around.reason = "付款条件不清"
    assert refusal(ReturnContract(), "con_1", around) == "contract.wrong_state"


def test_an_approved_contract_is_signed_once() -> None:
    assert one(SignContract(date=DAY), way("submitted", "approved")) == e.ContractSigned(customer="cus_1", date=DAY)
    assert refusal(SignContract(), "con_1", way("submitted")) == "contract.not_approved"
    assert refusal(SignContract(), "con_1", way("submitted", "approved", "amended")) == "contract.not_approved"
    assert refusal(SignContract(), "con_1", way(*SIGNED)) == "contract.wrong_state"


def test_a_signing_wins_the_opportunity() -> None:
    around = Around().after("opp_1", OpportunityOpened(customer="cus_1", amount=Decimal(1), currency="CNY"))
    around.after(
        "con_1", e.ContractDrafted(number="1", customer="cus_1", amount=Decimal(1), currency="CNY", opportunity="opp_1")
    )
    digest = around.load("con_1").digest()
    around.after("con_1", e.ContractApproved(customer="cus_1", digest=digest, by="lin.zong"))
    assert decide(SignContract(date=DAY), "con_1", around) == [
        ("con_1", e.ContractSigned(customer="cus_1", date=DAY)),
        ("opp_1", OpportunityWon(customer="cus_1", contract="con_1", date=DAY)),
    ]


def test_an_amendment_is_a_delta_after_the_signing() -> None:
    asked = AmendContract(delta=Decimal(50000), date=DAY)
    made = e.ContractAmended(customer="cus_1", delta=Decimal(50000), date=DAY)
    assert one(asked, way(*SIGNED)) == made
    assert way(*SIGNED, "amended").load("con_1").value == 350000
    assert refusal(AmendContract(delta=Decimal(0)), "con_1", way(*SIGNED)) == "event.nothing_changes"
    assert refusal(AmendContract(delta=Decimal(-300001)), "con_1", way(*SIGNED)) == "contract.below_zero"
    assert refusal(asked, "con_1", way(*SIGNED, "cancelled")) == "contract.wrong_state"
    early = AmendContract(delta=Decimal(1), date=dt.date(2024, 2, 9))
    assert refusal(early, "con_1", way(*SIGNED)) == "contract.before_signing"


def test_a_cancellation_needs_a_reason_and_ends_the_contract() -> None:
    around = way(*SIGNED)
    assert refusal(CancelContract(date=DAY), "con_1", around) == "reason.missing"
    around.reason = "客户破产"
    assert one(CancelContract(date=DAY), around) == e.ContractCancelled(customer="cus_1", date=DAY)
    assert refusal(CancelContract(date=dt.date(2024, 2, 9)), "con_1", around) == "contract.before_signing"
    around.after("con_1", e.ContractCancelled(customer="cus_1", date=DAY))
    assert refusal(CancelContract(), "con_1", around) == "contract.wrong_state"


@pytest.mark.parametrize(
    ("steps", "said", "code"),
    [
        (SIGNED, {"amount": Decimal(300001)}, "payment.above_outstanding"),
        ((*SIGNED, "paid"), {"amount": Decimal(210001)}, "payment.above_outstanding"),
        ((), {"amount": Decimal(1)}, "payment.above_outstanding"),
        (SIGNED, {"amount": Decimal(0)}, "payment.not_positive"),
        (SIGNED, {"amount": Decimal(1), "currency": "USD"}, "payment.currency"),
    ],
)
def test_a_receipt_is_no_more_than_is_outstanding(steps: tuple[str, ...], said: dict[str, Any], code: str) -> None:
    assert refusal(ReceivePayment(**said), "con_1", way(*steps)) == code


def test_a_receipt_is_booked_and_more_of_it_as_an_advance() -> None:
    paid = e.PaymentReceived(customer="cus_1", amount=Decimal(300000), currency="CNY", date=DAY)
    assert one(ReceivePayment(amount=Decimal(300000), date=DAY), way(*SIGNED)) == paid
    ahead = one(ReceivePayment(amount=Decimal(500000), advance=True), way(*SIGNED))
    assert (ahead.amount, ahead.advance, ahead.date) == (500000, True, dt.date(2024, 2, 19))
