"""What goes on about a contract: reviews, orders, schedules, invoices, refunds, promises, deliveries, completion."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.contract import events as e
from domain.contract.amendment import AmendContract, CancelContract, PlaceOrder
from domain.contract.approval import ApproveContract
from domain.contract.review import ArchiveContract, CompleteContract, ReviewContract
from domain.kernel.refusal import Refused
from tests.domain.context import Around, refusal
from tests.domain.contract.test_contract import DAY, SIGNED, one, way

D = Decimal
LATER = dt.date(2024, 2, 15)


def review(department: str, opinion: Any, digest: str, by: str = "ma.qiao", item: str = "w1") -> e.ContractReviewed:
    return e.ContractReviewed(customer="cus_1", item=item, department=department, opinion=opinion, digest=digest, by=by)


def demanding(*departments: str, by: str = "lin.zong") -> Around:
    around = way("submitted", by=by)
    around.policies["contract-review"] = {"departments": list(departments)}
    return around


def framework(limit: int = 0) -> Around:
    around = Around("zhang.san")
    draft = e.ContractDrafted(number="KJ", customer="cus_1", amount=D(limit), currency="CNY", kind="framework")
    return around.after("con_1", draft, e.ContractSigned(customer="cus_1", date=DAY))


def order(number: str = "DD-1", amount: int = 100, item: str = "o1") -> e.FrameworkOrderPlaced:
    return e.FrameworkOrderPlaced(customer="cus_1", item=item, number=number, amount=D(amount), date=LATER)


def test_a_department_gives_its_opinion_of_the_contract_as_it_reads() -> None:
    around = way("submitted")
    digest = around.load("con_1").digest()
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
    digest = around.load("con_1").digest()
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
    around.after("con_1", review("legal", "for", digest or around.load("con_1").digest(), by))
    assert refusal(ApproveContract(), "con_1", around) == "contract.not_reviewed"


def test_who_is_against_is_overruled_with_a_reason_or_changes_their_mind() -> None:
    around = demanding("legal")
    digest = around.load("con_1").digest()
    around.after("con_1", review("legal", "against", digest))
    assert refusal(ApproveContract(), "con_1", around) == "contract.opposed"
    around.reason = "总经理已知情"
    assert one(ApproveContract(), around)
    around.reason = None
    around.after("con_1", review("legal", "for", digest, item="w2"))
    assert one(ApproveContract(), around)


def test_a_framework_counts_nothing_and_its_orders_count() -> None:
    around = framework()
    assert around.load("con_1").value == 0
    placed = one(PlaceOrder(number="DD-1", amount=D(60000), date=LATER), around)
    assert (placed.item, placed.amount, placed.date) == ("o1", 60000, LATER)
    around.after("con_1", placed)
    assert around.load("con_1").value == 60000
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
    assert around.load("con_1").value == 100
    assert one(PlaceOrder(number="DD-2", amount=D(50)), around)


@pytest.mark.parametrize(("limit", "refused"), [(0, True), (100, False), (101, True)])
def test_a_framework_is_approved_by_the_tier_of_its_limit(limit: int, refused: bool) -> None:
    around = Around("chen.jing")
    draft = e.ContractDrafted(number="KJ", customer="cus_1", amount=D(limit), currency="CNY", kind="framework")
    around.policies["approval-tiers"] = {
        "tiers": [{"up_to": "100", "roles": ["manager"]}, {"up_to": None, "roles": ["director"]}]
    }
    around.after("con_1", draft)
    digest = around.load("con_1").digest()
    around.after("con_1", e.ContractSubmitted(customer="cus_1", digest=digest, by="zhang.san"))
    decided = ApproveContract().decide(around.load("con_1"), around)
    assert isinstance(decided, Refused) == refused


def test_a_cancelled_framework_takes_its_orders_along() -> None:
    around = framework().after("con_1", order())
    around.reason = "客户破产"
    around.after("con_1", one(CancelContract(date=LATER), around))
    assert around.load("con_1").value == 0
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
    assert not around.load("con_1").running
    assert refusal(done, "con_1", around) == "contract.wrong_state"
    assert refusal(AmendContract(delta=D(1)), "con_1", around) == "contract.wrong_state"
    early = CompleteContract(date=dt.date(2024, 2, 9))
    assert refusal(early, "con_1", way(*SIGNED)) == "contract.before_signing"


def test_what_is_completed_with_a_reason_runs_on_while_money_is_outstanding() -> None:
    around = way(*SIGNED)
    around.reason = "余款另议"
    around.after("con_1", one(CompleteContract(date=LATER), around))
    assert around.load("con_1").running
