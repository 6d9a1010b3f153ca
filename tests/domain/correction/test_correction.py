"""Corrections and withdrawals of events: what they may touch, who may make them, and what must still add up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from domain.contract import events as contracts
from domain.correction.actions import CorrectEvent, EventCorrected, EventVoided, VoidEvent
from domain.customer import events as customers
from domain.organisation.person import PersonRegistered
from domain.target import events as targets
from tests.domain.context import Around, events, refusal

DAY = dt.date(2024, 2, 10)


def happened(reason: str | None = "误录", by: str = "chen.jing") -> Around:
    """Return surroundings with a lead, its contract on the way to the signing and a filed target."""
    around = Around(by, reason=reason)
    around.after("per_zhang.san", PersonRegistered(login="zhang.san", name="张三", role="rep"))
    around.after(
        "cus_1",
        customers.LeadCaptured(company="甲", channel="exhibition", campaign="展会", owner="zhang.san"),
        customers.NextActionSet(item="n1", what="报价", due=DAY),
    )
    drafted = contracts.ContractDrafted(number="1", customer="cus_1", amount=Decimal(80000), currency="CNY")
    around.after("con_1", drafted, contracts.ContractSubmitted(customer="cus_1", digest="d", by="zhang.san"))
    around.after("tgt_1", targets.TargetSet(metric="sales", value=Decimal(1), period="2024Q1", owner="zhang.san"))
    return around


def signed(by: str = "chen.jing") -> Around:
    around = happened(by=by).after("con_1", contracts.ContractSigned(customer="cus_1", date=DAY))
    return around.after(
        "con_1", contracts.PaymentReceived(customer="cus_1", amount=Decimal(5000), currency="CNY", date=DAY)
    )


def correct(around: Around, name: str, /, **values: Any) -> Any:
    (made,) = events(CorrectEvent(values=values), around.heard(name), around)
    return made


def wrong(around: Around, name: str, /, **values: Any) -> str:
    return refusal(CorrectEvent(values=values), around.heard(name), around)


def void(around: Around, name: str) -> str:
    return refusal(VoidEvent(), around.heard(name), around)


def test_a_correction_names_the_event_and_only_what_changes() -> None:
    around = happened()
    made = correct(around, "contract.drafted", amount="800000", currency="CNY")
    assert made == EventCorrected(
        event="e4", at=4, name="contract.drafted", values={"amount": "800000"}, customer="cus_1", by="chen.jing"
    )
    around.after("con_1", made)
    assert wrong(around, "contract.drafted", amount=800000) == "event.nothing_changes"


def test_a_correction_and_a_withdrawal_need_a_reason() -> None:
    around = happened(reason=None)
    assert wrong(around, "contract.drafted", amount="1") == "reason.missing"
    assert void(around, "customer.next_action_set") == "reason.missing"


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("contract.drafted", {"amout": "1"}, "event.no_such_field"),
        ("contract.drafted", {"customer": "cus_2"}, "event.fixed_field"),
        ("contract.drafted", {"amount": "12万"}, "event.bad_value"),
        ("contract.drafted", {"amount": "-1"}, "contract.below_zero"),
        ("contract.submitted", {"digest": "x"}, "event.not_correctable"),
        ("person.registered", {"login": "zhang.si"}, "event.fixed_field"),
        ("target.set", {"period": "2024Q2"}, "event.fixed_field"),
        ("target.set", {"value": "-1"}, "target.below_zero"),
        ("customer.lead_captured", {"owner": "nobody"}, "person.unknown"),
        ("customer.lead_captured", {"campaign": None}, "lead.untraceable"),
        ("customer.lead_captured", {"channel": "partner"}, "lead.untraceable"),
    ],
)
def test_a_correction_must_make_sense(name: str, values: dict[str, Any], code: str) -> None:
    assert wrong(happened(), name, **values) == code


def test_what_is_signed_or_approved_is_corrected_by_a_second_person() -> None:
    assert wrong(signed(by="zhang.san"), "contract.drafted", amount="800000") == "event.second_person"
    assert correct(signed(), "contract.drafted", amount="800000")
    filed = happened(by="zhang.san").after("tgt_1", targets.TargetFiled(digest="d"))
    assert wrong(filed, "target.set", value="2") == "event.second_person"
    assert correct(happened(by="zhang.san"), "target.set", value="2")


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("contract.signed", {"date": "2024-02-21"}, "event.future"),
        ("payment.received", {"amount": "0"}, "payment.not_positive"),
        ("payment.received", {"amount": "80001"}, "payment.above_outstanding"),
    ],
)
def test_a_contract_must_still_add_up(name: str, values: dict[str, Any], code: str) -> None:
    assert wrong(signed(), name, **values) == code


def test_no_amendment_comes_to_lie_before_the_signing_nor_below_nothing() -> None:
    around = signed().after("con_1", contracts.ContractAmended(customer="cus_1", delta=Decimal(1), date=DAY))
    assert wrong(around, "contract.signed", date="2024-02-11") == "contract.before_signing"
    assert wrong(around, "contract.amended", date="2024-02-09") == "contract.before_signing"
    assert wrong(around, "contract.amended", delta="-80001") == "contract.below_zero"


def test_a_number_stays_unique() -> None:
    around = happened()
    around.after("con_2", contracts.ContractDrafted(number="2", customer="cus_1", amount=Decimal(1), currency="CNY"))
    assert (
        refusal(CorrectEvent(values={"number": "1"}), around.heard("contract.drafted"), around)
        == "contract.number_taken"
    )


def test_a_withdrawal_names_the_event() -> None:
    around = happened()
    assert events(VoidEvent(), around.heard("customer.next_action_set"), around) == [
        EventVoided(event="e3", at=3, by="chen.jing")
    ]


def test_a_name_is_corrected_and_a_person_not_withdrawn() -> None:
    assert correct(happened(), "person.registered", name="张三丰").values == {"name": "张三丰"}
    assert void(happened(), "person.registered") == "event.not_correctable"


def test_what_was_withdrawn_is_gone() -> None:
    around = happened().after("cus_1", EventVoided(event="e3", at=3, by="lin.zong"))
    assert void(around, "customer.next_action_set") == "event.gone"
    assert wrong(around, "customer.next_action_set", what="回访") == "event.gone"


def test_nothing_is_withdrawn_that_later_events_build_on() -> None:
    around = happened()
    assert void(around, "customer.lead_captured") == "event.followed"
    assert void(around, "contract.drafted") == "event.followed"
    around.after("cus_1", customers.NextActionCompleted(item="n1"))
    assert void(around, "customer.next_action_set") == "event.followed"
    around.after("con_1", EventVoided(event="e5", at=5, by="lin.zong"))
    assert events(VoidEvent(), around.heard("contract.drafted"), around)


def test_a_lead_with_contracts_is_not_withdrawn() -> None:
    around = happened()
    around.after("cus_2", customers.LeadCaptured(company="乙", channel="online"))
    around.after("con_2", contracts.ContractDrafted(number="2", customer="cus_2", amount=Decimal(1), currency="CNY"))
    assert refusal(VoidEvent(), around.heard("customer.lead_captured"), around) == "event.followed"


def test_an_event_that_is_not_there_is_unknown() -> None:
    asked: list[Any] = [CorrectEvent(values={"amount": "1"}), VoidEvent()]
    for each in asked:
        around = happened()
        around.subject = "999"
        assert each.decide(None, around).code == "event.unknown"
