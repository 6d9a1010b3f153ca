"""Protection, release, claim, dispute and ruling: what each needs, and what it makes of the customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.contract import events as contracts
from domain.customer import events as e
from domain.customer import ownership as o
from domain.customer.dispute import DisputeOwnership, RuleOnOwnership
from domain.customer.lead import AssignLead, InvalidateLead
from domain.customer.pool import ClaimCustomer, RecallCustomer, ReleaseCustomer
from domain.customer.protection import ProtectCustomer
from domain.organisation.person import PersonDeparted, PersonRegistered
from domain.policy.defaults import DEFAULTS, RULES, whole
from tests.domain.context import Around, events, refusal
from tests.domain.customer.test_lead import CAPTURED, lead

DAY = dt.date(2024, 2, 19)
RELEASED = o.CustomerReleased(former="zhang.san")
DISPUTED = o.OwnershipDisputed(item="t1", claimant="li.si", owner="zhang.san", evidence="已报价")


def pool(by: str, **values: Any) -> Around:
    """Return a customer that zhang.san has released on 2024-02-19, to be asked by somebody."""
    around = lead(RELEASED, by=by)
    around.policies["pool"] = whole("pool", values)
    return around


def test_a_protection_lasts_as_long_as_the_policy_says() -> None:
    (made,) = events(ProtectCustomer(), "cus_1", lead())
    assert made == o.CustomerProtected(owner="zhang.san", protected_until=dt.date(2024, 3, 11))
    (made,) = events(ProtectCustomer(working_days=3), "cus_1", lead())
    assert made.protected_until == dt.date(2024, 2, 22)  # type: ignore[attr-defined]
    (made,) = events(ProtectCustomer(until=dt.date(2024, 4, 1)), "cus_1", lead(by="chen.jing"))
    assert made.protected_until == dt.date(2024, 4, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "by", "code"),
    [
        (ProtectCustomer(working_days=16), "zhang.san", "ownership.too_long"),
        (ProtectCustomer(working_days=-1), "zhang.san", "ownership.too_long"),
        (ProtectCustomer(working_days=61), "chen.jing", "ownership.too_long"),
        (ProtectCustomer(until=dt.date(2024, 2, 18)), "zhang.san", "ownership.too_long"),
        (ProtectCustomer(until=dt.date(2025, 1, 1)), "chen.jing", "ownership.too_long"),
        (ProtectCustomer(until=DAY, working_days=3), "zhang.san", "ownership.two_ends"),
        (ProtectCustomer(), "li.si", "lead.owned"),
        (ProtectCustomer(), "ma.qiao", "right.role"),
    ],
)
def test_no_protection_is_longer_or_somebody_elses(asked: ProtectCustomer, by: str, code: str) -> None:
    assert refusal(asked, "cus_1", lead(by=by)) == code


def test_only_whom_the_policy_names_protects_again() -> None:
    protected = o.CustomerProtected(owner="zhang.san", protected_until=dt.date(2024, 3, 1))
    assert refusal(ProtectCustomer(), "cus_1", lead(protected)) == "ownership.extension"
    assert refusal(ProtectCustomer(working_days=3), "cus_1", lead(protected, by="chen.jing")) == "ownership.protected"
    assert events(ProtectCustomer(), "cus_1", lead(protected, by="chen.jing"))
    around = lead(protected)
    around.policies["pool"] = whole("pool", {"extended_by": ["rep"]})
    assert events(ProtectCustomer(), "cus_1", around)
    another = lead(protected, e.CustomerAssigned(owner="li.si"), by="li.si")
    assert another.state("cus_1").protected_until is None
    assert events(ProtectCustomer(), "cus_1", another)


def test_the_owner_or_a_manager_releases() -> None:
    assert events(ReleaseCustomer(), "cus_1", lead()) == [RELEASED]
    assert events(ReleaseCustomer(), "cus_1", lead(by="chen.jing")) == [RELEASED]
    assert refusal(ReleaseCustomer(), "cus_1", lead(by="li.si")) == "lead.owned"
    assert refusal(ReleaseCustomer(), "cus_1", lead(RELEASED)) == "pool.unowned"
    around = lead().after(
        "con_1",
        contracts.ContractDrafted(number="1", customer="cus_1", amount=1, currency="CNY"),  # type: ignore[arg-type]
        contracts.ContractSigned(customer="cus_1", date=DAY),
    )
    assert refusal(ReleaseCustomer(), "cus_1", around) == "pool.signed"
    assert lead(RELEASED).state("cus_1").former == "zhang.san"


def test_a_claim_is_protected_and_the_former_owner_waits() -> None:
    (claimed,) = events(ClaimCustomer(), "cus_1", pool("li.si"))
    assert claimed == o.CustomerClaimed(owner="li.si", protected_until=dt.date(2024, 3, 11))
    assert refusal(ClaimCustomer(), "cus_1", pool("zhang.san")) == "pool.wait"
    assert events(ClaimCustomer(), "cus_1", pool("zhang.san", wait_days=0))
    (claimed,) = events(ClaimCustomer(), "cus_1", pool("li.si", protection_days=1))
    assert claimed.protected_until == dt.date(2024, 2, 20)  # type: ignore[attr-defined]
    later = pool("zhang.san", wait_days=2)
    later.day, later.today = dt.date(2024, 2, 20), dt.date(2024, 2, 21)
    assert refusal(ClaimCustomer(), "cus_1", pool("zhang.san", wait_days=2)) == "pool.wait"
    later.day = dt.date(2024, 2, 21)
    assert events(ClaimCustomer(), "cus_1", later)


def test_nobody_claims_what_is_owned_invalid_or_before_it_was_there() -> None:
    assert refusal(ClaimCustomer(), "cus_1", lead(by="li.si")) == "pool.owned"
    assert refusal(ClaimCustomer(), "cus_1", lead(RELEASED, e.LeadInvalidated(), by="li.si")) == "lead.invalid"
    early = pool("li.si")
    early.day = dt.date(2024, 2, 18)
    assert refusal(ClaimCustomer(), "cus_1", early) == "pool.before"
    assert refusal(ClaimCustomer(), "cus_1", pool("ma.qiao")) == "right.role"
    gone = pool("li.si").after(
        "per_li.si",
        PersonRegistered(login="li.si", name="李四", role="rep"),
        PersonDeparted(date=dt.date(2024, 2, 1)),
    )
    assert refusal(ClaimCustomer(), "cus_1", gone) == "right.departed"


@pytest.mark.parametrize(("cap", "code"), [(0, "pool.cap"), (1, "pool.cap"), (2, None), (None, None)])
def test_nobody_holds_more_than_the_cap(cap: int | None, code: str | None) -> None:
    around = pool("li.si", holding_cap=cap)
    around.after("cus_2", e.LeadCaptured(company="乙", channel="online", owner="li.si"))
    if code:
        assert refusal(ClaimCustomer(), "cus_1", around) == code
    else:
        assert events(ClaimCustomer(), "cus_1", around)


def test_an_assignment_is_no_way_around_the_pools_rules() -> None:
    assert refusal(AssignLead(owner="zhang.san"), "cus_1", pool("zhang.san")) == "pool.wait"
    assert refusal(AssignLead(owner="zhang.san"), "cus_1", pool("li.si")) == "pool.wait"
    assert events(AssignLead(owner="li.si"), "cus_1", pool("li.si"))
    assert refusal(AssignLead(owner="li.si"), "cus_1", pool("li.si", holding_cap=9)) == "pool.by_claim"
    assert events(AssignLead(owner="zhang.san"), "cus_1", pool("chen.jing", holding_cap=1))


def test_a_dispute_names_both_and_stops_what_would_move_the_customer() -> None:
    (made,) = events(DisputeOwnership(evidence="已报价"), "cus_1", lead(by="li.si"))
    assert made == DISPUTED
    (made,) = events(DisputeOwnership(claimant="li.si", evidence="已报价"), "cus_1", lead(by="chen.jing"))
    assert made == DISPUTED
    owner: Any
    for owner in (ReleaseCustomer(), ProtectCustomer(), AssignLead(owner="ma.qiao")):
        assert refusal(owner, "cus_1", lead(DISPUTED)) == "ownership.disputed"
    assert refusal(RecallCustomer(), "cus_1", lead(DISPUTED, by="chen.jing")) == "ownership.disputed"
    assert events(InvalidateLead(), "cus_1", lead_with_reason())


def lead_with_reason() -> Around:
    return Around("zhang.san", reason="空号").after("cus_1", CAPTURED, DISPUTED)


@pytest.mark.parametrize(
    ("asked", "around", "code"),
    [
        (DisputeOwnership(), lead(), "ownership.own"),
        (DisputeOwnership(), lead(RELEASED, by="li.si"), "ownership.nobodys"),
        (DisputeOwnership(claimant="li.si"), lead(), "ownership.for_another"),
        (DisputeOwnership(claimant="x"), lead(by="chen.jing"), "person.unknown"),
        (DisputeOwnership(), lead(DISPUTED, by="li.si"), "ownership.disputed"),
        (RuleOnOwnership(owner="li.si"), lead(by="chen.jing"), "customer.no_such_item"),
        (RuleOnOwnership(owner="li.si", dispute="t2"), lead(DISPUTED, by="chen.jing"), "customer.no_such_item"),
        (RuleOnOwnership(owner="x"), lead(DISPUTED, by="chen.jing"), "person.unknown"),
        (RuleOnOwnership(owner="li.si"), lead(DISPUTED), "right.role"),
    ],
)
def test_a_dispute_needs_an_owner_and_a_ruling_a_dispute(asked: Any, around: Around, code: str) -> None:
    assert refusal(asked, "cus_1", around) == code


@pytest.mark.parametrize("party", ["owner", "claimant", "present owner"])
def test_no_party_rules(party: str) -> None:
    of = {"owner": "zhang.san", "claimant": "li.si"}
    if party != "present owner":
        of[party] = "chen.jing"
    around = lead(o.OwnershipDisputed(item="t1", **of), by="chen.jing")
    if party == "present owner":
        around.after("cus_1", e.CustomerAssigned(owner="chen.jing"))
    assert refusal(RuleOnOwnership(owner="li.si"), "cus_1", around) == "ownership.party"


@pytest.mark.parametrize("owner", ["li.si", "zhang.san"])
def test_a_ruling_moves_the_owner_or_not_and_frees_the_customer(owner: str) -> None:
    around = lead(DISPUTED, by="chen.jing")
    assert events(RuleOnOwnership(owner=owner), "cus_1", around) == [o.OwnershipRuled(item="t1", owner=owner)]
    around.after("cus_1", o.OwnershipRuled(item="t1", owner=owner))
    assert around.state("cus_1").owner == owner
    assert events(AssignLead(owner="zhang.san"), "cus_1", around)


@pytest.mark.parametrize(
    ("values", "good"),
    [
        ({"recall_after": 15}, True),
        ({"recall_after": None}, True),
        ({"holding_cap": 50, "wait_days": 0}, True),
        ({"extended_by": ["director"]}, True),
        ({}, False),
        ({"recall_after": -1}, False),
        ({"recall_after": True}, False),
        ({"recall_after": 1_000_000}, False),
        ({"protection_days": 61}, False),
        ({"protection_days": 90, "protection_most": 90}, True),
        ({"wait_days": None}, False),
        ({"holding_cap": "5"}, False),
        ({"extended_by": "director"}, False),
        ({"extended_by": ["boss"]}, False),
        ({"extended_by": [["director"]]}, False),
        ({"hold": 5}, False),
    ],
)
def test_the_pools_values_are_checked_and_filled_in(values: dict[str, Any], good: bool) -> None:
    assert RULES["pool"].good(values) is good
    if good:
        assert whole("pool", values) == {**DEFAULTS["pool"], **values}
