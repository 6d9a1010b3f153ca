"""A2: a contact's personal data erased: shown as erased, counts unchanged, and nothing of the log has changed."""

from __future__ import annotations

from decimal import Decimal

from infra.errors.problem import Problem
from tests.faults.running import sales
from tests.given import Given, lead, line, signed


def test_a2_a_contacts_data_is_erased_and_everything_else_stands(given: Given) -> None:
    given.happened(
        lead("a", "甲公司", contact="王经理", phone="13800000000", need="替换旧产线"),
        lead("b", "乙公司", contact="李总"),
        line(
            "follow-up.log", "a", by="zhang.san", at="2024-01-10", channel="call", contact="王经理", feedback="价格偏高"
        ),
        *signed("x", "a", "80000", "2024-02-01"),
    )
    before, figure = given.customer("a"), given.figure("company")["actual"]
    count, records = len(given.audit("a")), given.store.reader.read(0, 1_000)
    answer = given.live(line("customer.erase-contact", "a", reason="本人要求删除"))
    assert not isinstance(answer, Problem)

    row = given.customer("a")
    assert row["contact"] == "[erased]"
    assert {**row, "contact": None} == {**before, "contact": None}
    assert given.customer("b")["contact"] == "李总"
    assert given.figure("company")["actual"] == figure
    assert Decimal(figure) == 80_000
    said = {c["field"]: c["to"] for event in given.audit("a") for c in event["changes"]}
    assert (said["phone"], said["need"], said["feedback"], said["company"]) == (*["[erased]"] * 3, "甲公司")
    assert len(given.audit("a")) == count + 1
    assert given.store.reader.read(0, len(records)) == records
    assert sales("verify", store=given.url).status == 0


def test_a2_it_is_erased_from_what_was_known_before_too(given: Given) -> None:
    given.happened(lead("a", "甲公司", contact="王经理"))
    given.live(line("customer.erase-contact", "a", reason="本人要求删除"))
    assert given.customer("a", as_of="2024-02-01", known_at="2024-02-01")["contact"] == "[erased]"
