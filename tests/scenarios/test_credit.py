"""M1 and M2: who is credited when people move and leave, and which customers are new."""

from __future__ import annotations

import pytest

from tests.given import Given, filed, lead, line, signed


@pytest.mark.parametrize(
    ("before", "after", "moved"), [("300000", "200000", "2024-02-19"), ("10000", "70000", "2024-03-01")]
)
def test_m1_who_changes_group_takes_later_facts_along_and_not_earlier_ones(
    given: Given, before: str, after: str, moved: str
) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        lead("l"),
        *signed("c", "l", before, "2024-01-25"),
        line("person.join", "zhang.san", at=moved, group="g2", from_=moved),
        *signed("d", "l", after, moved),
        *signed("late", "l", "5000", "2024-01-26"),
    )
    earlier = str(int(before) + 5000)
    assert (given.figure("g1")["actual"], given.figure("g2")["actual"]) == (earlier, after)
    assert given.figure("zhang.san")["actual"] == given.figure("company")["actual"] == str(int(earlier) + int(after))
    assert given.figure("zhang.san")["target"] == "800000"
    assert (given.figure("g1")["target"], given.figure("g2")["target"]) == (None, None)
    assert given.customer("l", as_of="2024-02-18")["group"] == "g1"
    assert given.customer("l")["group"] == "g2"


def test_m1_a_groups_number_includes_the_groups_below_it(given: Given) -> None:
    given.happened(
        line("group.form", code="g1a", name="一组甲", parent="g1"),
        line("person.join", "li.si", group="g1a", from_="2024-01-01"),
        lead("l", by="li.si"), lead("m", by="zhang.san"),
        *signed("c", "l", "30000", "2024-01-25", by="li.si"), *signed("d", "m", "20000", "2024-01-25"),
    )  # fmt: skip
    assert [given.figure(code)["actual"] for code in ("g1a", "g1", "company")] == ["30000", "50000", "50000"]


def test_m2_closed_deals_stay_credited_and_the_rest_moves_on(given: Given) -> None:
    given.happened(
        lead("l"), lead("m"),
        line("next-action.set", "m", at="2024-02-01", what="报价", due="2024-03-20"),
        *signed("c", "l", "300000", "2024-02-20"),
        line("payment.receive", "c", amount="100000", date="2024-02-25"),
        line("person.hand-over", "zhang.san", by="chen.jing", at="2024-03-01", to="zhou.ba"),
        line("person.depart", "zhang.san", date="2024-03-01"),
        line("contract.amend", "c", delta="40000", date="2024-03-05"),
        line("payment.receive", "c", amount="50000", date="2024-03-06"),
        *signed("d", "m", "60000", "2024-03-10", by="zhou.ba"),
    )  # fmt: skip
    signings = {who: given.figure(who)["actual"] for who in ("zhang.san", "zhou.ba", "g1", "g2", "company")}
    assert signings == {"zhang.san": "300000", "zhou.ba": "100000", "g1": "300000", "g2": "100000", "company": "400000"}
    receipts = {who: given.figure(who, basis="collected")["actual"] for who in ("zhang.san", "zhou.ba")}
    assert receipts == {"zhang.san": "100000", "zhou.ba": "50000"}
    row = given.customer("m")
    assert (row["owner"], row["next_action"]) == ("zhou.ba", "报价")
    assert given.customer("m", as_of="2024-02-29")["owner"] == "zhang.san"


def test_m2_a_contract_of_somebody_else_is_not_handed_over(given: Given) -> None:
    given.happened(
        lead("l", by="li.si"),
        *signed("c", "l", "300000", "2024-02-20", by="li.si"),
        line("lead.assign", "l", by="chen.jing", at="2024-02-25", owner="zhang.san"),
        line("person.hand-over", "zhang.san", by="chen.jing", at="2024-03-01", to="zhou.ba"),
        line("contract.amend", "c", delta="40000", date="2024-03-05"),
    )
    assert given.figure("li.si")["actual"] == "340000"
    assert given.customer("l")["owner"] == "zhou.ba"


@pytest.mark.parametrize(
    ("months", "second", "new"),
    [
        (None, "2025-01-20", "0"),
        (None, "2025-01-21", "1"),
        (6, "2024-07-20", "0"),
        (6, "2024-07-21", "1"),
        (18, "2025-07-20", "0"),
    ],
)
def test_a_customer_is_new_again_after_the_window(given: Given, months: int | None, second: str, new: str) -> None:
    given.happened(lead("l"), *signed("c", "l", "10000", "2024-01-20"), *signed("d", "l", "10000", second))
    if months:
        given.happened(line("policy.adopt", name="new-customer-window", values={"months": months}, from_="2024-01-01"))
    assert given.figure("zhang.san", "new-customers")["actual"] == "1"
    assert given.figure("zhang.san", "new-customers", period=second, as_of=second)["actual"] == new


def test_a_new_customer_is_one_legal_entity_however_often_it_was_captured(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司"), lead("b", "北方阀门 有限公司"),
        *signed("c", "a", "10000", "2024-01-20"),
        line("lead.merge", "b", at="2024-02-01", duplicate="a"),
        *signed("d", "b", "10000", "2024-02-20"),
    )  # fmt: skip
    assert given.figure("company", "new-customers")["actual"] == "1"


@pytest.mark.parametrize(("later", "amended"), [("70000", "11000"), ("1", "-2500")])
def test_m2_contracts_of_customers_that_others_own_by_then_move_too(given: Given, later: str, amended: str) -> None:
    given.happened(
        lead("l"), lead("own"), lead("b", "甲制造有限公司"), lead("a", "甲 制造有限公司"),
        *signed("c", "l", "300000", "2024-02-20"), *signed("m", "b", "8000", "2024-02-20"),
        line("lead.assign", "l", by="chen.jing", at="2024-02-25", owner="li.si"),
        line("contract.draft", by="li.si", key="n", at="2024-02-26", number="N", customer="l", amount="900", owner="zhang.san"),
        line("lead.merge", "a", by="chen.jing", at="2024-02-26", duplicate="b"),
        line("person.hand-over", "zhang.san", by="chen.jing", at="2024-03-01", to="zhou.ba", key="over"),
        line("person.depart", "zhang.san", by="chen.jing", date="2024-03-01"),
        line("contract.amend", "c", by="lin.zong", delta=amended, date="2024-03-04"),
        line("payment.receive", "c", by="lin.zong", amount=later, date="2024-03-05"),
        line("payment.receive", "m", by="lin.zong", amount="500", date="2024-03-06"),
        line("contract.submit", "n", by="lin.zong", at="2024-03-07"), line("contract.approve", "n", by="chen.jing", at="2024-03-07"),
        line("contract.sign", "n", by="lin.zong", date="2024-03-08"),
    )  # fmt: skip
    signings = {who: given.figure(who)["actual"] for who in ("zhang.san", "zhou.ba", "li.si", "company")}
    moved = int(amended) + 900
    assert signings == {
        "zhang.san": "308000", "zhou.ba": str(moved), "li.si": "0", "company": str(308000 + moved),
    }  # fmt: skip
    receipts = {who: given.figure(who, basis="collected")["actual"] for who in ("zhang.san", "zhou.ba")}
    assert receipts == {"zhang.san": "0", "zhou.ba": str(int(later) + 500)}
    assert [given.customer(key)["owner"] for key in ("l", "own", "a")] == ["li.si", "zhou.ba", "zhou.ba"]
    assert given.customer("own", as_of="2024-02-29")["owner"] == "zhang.san"
