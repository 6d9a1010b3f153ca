"""How a line names what it acts on: by id, by the key that made it, or by its exact name."""

from __future__ import annotations

import pytest

from tests.given import Given, lead, line, signed


@pytest.mark.parametrize("named", ["l", "北方阀门有限公司"])
def test_a_customer_is_named_by_key_or_exact_name(given: Given, named: str) -> None:
    given.happened(lead("l", "北方阀门有限公司"), line("signal.log", named, kind="asks-for-quotation"))
    given.happened(line("signal.log", given.subject("l"), kind="asks-for-quotation"))
    assert len(given.audit("l", name="customer.signal_logged")) == 2


def test_a_contract_is_named_by_its_number(given: Given) -> None:
    given.happened(lead("l"), *signed("c", "l", "1000", "2024-02-01"))
    given.happened(line("payment.receive", "HT-c", amount="400", date="2024-02-02"))
    assert given.customer("l")["collected"] == "400"


def test_a_renamed_customer_is_found_by_its_new_name_and_a_corrected_one_too(given: Given) -> None:
    given.happened(
        lead("l", "北方阀门有限公司"),
        line("customer.change", "l", company="北方流体有限公司"),
        line("signal.log", "北方流体有限公司", kind="asks-for-quotation"),
        lead("m", "南方泵也有限公司"),
        line("event.correct", "m", by="lin.zong", reason="错字", values={"company": "南方泵业有限公司"}),
        line("signal.log", "南方泵业有限公司", kind="asks-for-quotation"),
    )
    (_, again) = given.happened(lead("n", "南方泵业公司"), lead("o", "北方流体"))
    assert again.events[0].duplicates == (given.subject("l"),)  # type: ignore[attr-defined]


def test_what_is_not_there_is_unknown(given: Given) -> None:
    assert given.refused(line("signal.log", "没有这家", kind="x")) == "subject.unknown"
    assert given.refused(line("signal.log", "cus_0000000000000000", kind="x")) == "subject.unknown"
    assert given.refused(line("signal.log", kind="x")) == "subject.missing"
    assert given.refused(line("person.leave", "nobody")) == "person.unknown"
    assert given.refused(lead("l", by="nobody")) == "person.unknown"


def test_two_of_one_name_must_be_told_apart_until_they_are_merged(given: Given) -> None:
    given.happened(lead("a", "北方阀门有限公司"), lead("b", "北方阀门有限公司"))
    assert given.refused(line("signal.log", "北方阀门有限公司", kind="x")) == "subject.ambiguous"
    given.happened(line("lead.merge", "a", duplicate="b"), line("signal.log", "北方阀门有限公司", kind="x"))


def test_a_line_that_named_somebody_stays_repeated_when_the_name_becomes_ambiguous(given: Given) -> None:
    logged = line("signal.log", "北方阀门有限公司", key="s", kind="x")
    given.happened(lead("a", "北方阀门有限公司"), logged, lead("b", "北方阀门有限公司"))
    (answer,) = given.happened(logged)
    assert answer.status == "repeated"


def test_a_key_of_something_else_is_the_wrong_kind(given: Given) -> None:
    given.happened(lead("l"))
    assert given.refused(line("contract.submit", "l")) == "subject.wrong_kind"


def test_what_has_not_happened_yet_is_not_recorded(given: Given) -> None:
    assert given.refused(lead("l", at="2024-03-02", entered="2024-03-01T09:00:00+08:00")) == "event.future"
    given.happened(lead("l", at="2024-02-01"), *signed("c", "l", "1000", "2024-02-02"))
    ahead = line("payment.receive", "c", date="2024-03-02", entered="2024-03-01T10:00:00+08:00", amount="1")
    assert given.refused(ahead) == "event.future"
