"""T1-T8: targets are shared out, approved, revised, and held against what was reached."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projections.views.progress.view import met
from tests.given import Given, filed, lead, line, signed


def share(part: str | None, whole: str | None) -> str:
    assert part is not None
    assert whole is not None
    return f"{Decimal(part) / Decimal(whole):.1%}"


@pytest.mark.parametrize(
    ("company", "group", "manager", "of_company", "of_group"),
    [("5000000", "2000000", "800000", "40.0%", "40.0%"), ("7200000", "900000", "250000", "12.5%", "27.8%")],
)
def test_t1_a_target_shows_what_is_allocated_and_what_is_not(
    given: Given, company: str, group: str, manager: str, of_company: str, of_group: str
) -> None:
    given.happened(
        line("target.set", key="all", owner="company", metric="sales", value=company, period="2024Q1"),
        line("target.allocate", "all", child="g1", value=group),
    )
    (made,) = [row["subject"] for row in given.audit(name="target.set") if row["subject"] != given.subject("all")]
    given.happened(line("target.allocate", made, child="zhang.san", value=manager))

    whole, part, one = given.figure("company"), given.figure("g1"), given.figure("zhang.san")
    assert (whole["target"], whole["allocated"]) == (company, group)
    assert whole["unallocated"] == str(int(company) - int(group))
    assert share(whole["allocated"], whole["target"]) == of_company
    assert (part["target"], part["allocated"], part["unallocated"]) == (group, manager, str(int(group) - int(manager)))
    assert share(part["allocated"], part["target"]) == of_group
    assert one["target"] == manager
    others = [given.figure(login)["target"] for login in ("li.si", "wang.wu", "zhao.liu", "sun.qi")]
    assert others == [None] * 4


def test_t1_children_that_name_their_parent_are_allocated_too(given: Given) -> None:
    given.happened(
        line("target.set", key="all", owner="company", metric="sales", value="5000000", period="2024Q1"),
        line("target.set", key="one", owner="g1", metric="sales", value="2000000", period="2024Q1", parent="all"),
        line("target.set", key="two", owner="zhang.san", metric="sales", value="800000", period="2024Q1", parent="one"),
    )
    assert given.figure("company")["unallocated"] == "3000000"
    assert given.figure("g1")["unallocated"] == "1200000"


def test_t1_a_withdrawn_child_is_allocated_no_more(given: Given) -> None:
    given.happened(
        line("target.set", key="all", owner="company", metric="sales", value="5000000", period="2024Q1"),
        line("target.set", key="one", owner="g1", metric="sales", value="2000000", period="2024Q1"),
        line("target.allocate", "all", child="one", value="2000000"),
        line("target.withdraw", "one", reason="重复"),
    )
    assert given.figure("company")["allocated"] == "0"
    assert given.figure("g1")["target"] is None


def test_t1_a_withdrawn_target_makes_room_for_another(given: Given) -> None:
    given.happened(
        *filed("one", "g1", "2000000"),
        line("target.withdraw", "one", reason="重复"),
        line("target.set", key="two", owner="g1", metric="sales", value="1500000", period="2024Q1"),
    )
    assert given.figure("g1")["target"] == "1500000"


def test_t1_a_share_allocated_again_is_replaced_and_a_draft_follows(given: Given) -> None:
    given.happened(
        line("target.set", key="all", owner="company", metric="sales", value="5000000", period="2024Q1"),
        line("target.allocate", "all", child="g1", value="2000000"),
        line("target.allocate", "all", child="g1", value="1500000"),
        *filed("two", "g2", "900000", parent="all"),
        line("target.reallocate", "all", from_="g2", to="g1", value="100000", reason="调组"),
    )
    assert given.figure("company")["allocated"] == "2400000"
    assert given.figure("g1")["target"] == "1600000"
    assert given.figure("g2")["target"] == "900000"
    short = line("target.reallocate", "all", from_="g2", to="zhang.san", value="800000.01")
    assert given.refused(short) == "target.not_allocated"


def test_t1_a_target_that_is_nobodys_is_shown_nowhere(given: Given) -> None:
    given.happened(line("target.set", metric="sales", value="5", period="2024Q1"), lead("l", by="ma.qiao"))
    assert given.figure(None)["target"] is None


def test_t1_too_much_is_recorded_and_warned_of(given: Given) -> None:
    (_, _, _, _, over) = given.happened(
        *filed("all", "company", "1000000"), line("target.allocate", "all", child="g1", value="1200000")
    )
    assert str(over.events[0].over) == "200000"  # type: ignore[attr-defined]
    assert given.figure("company")["unallocated"] == "-200000"


@pytest.mark.parametrize(("company", "manager", "held"), [("20", "4", "20.0%"), ("30", "4", "13.3%")])
def test_t2_what_was_never_set_is_not_zero(given: Given, company: str, manager: str, held: str) -> None:
    given.happened(
        *filed("all", "company", company, metric="new-customers"),
        *filed("one", "zhang.san", manager, metric="new-customers", parent="all"),
    )
    whole = given.figure("company", "new-customers")
    assert share(whole["allocated"], whole["target"]) == held
    group = given.figure("g1", "new-customers")
    assert (group["target"], group["attainment"], group["actual"]) == (None, None, "0")


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [(("period", "owner"), "A (owner), T (period)"), (("value", "rationale"), "M (value), R (parent or rationale)")],
)
def test_t3_a_target_that_is_not_smart_is_not_submitted(given: Given, left_out: tuple[str, ...], missing: str) -> None:
    whole = {"metric": "sales", "value": "800000", "period": "2024Q1", "owner": "zhang.san", "rationale": "行业A"}
    given.happened(line("target.set", key="t", **{n: v for n, v in whole.items() if n not in left_out}))
    refusal = given.refusal(line("target.submit", "t"))
    assert (refusal.code, refusal.facts["missing"]) == ("target.not_smart", missing)


def test_t4_who_submits_does_not_approve(given: Given) -> None:
    given.happened(*filed("t", "zhang.san", "800000")[:2])
    assert given.refused(line("target.approve", "t", by="chen.jing")) == "target.own_submission"
    assert given.refused(line("target.approve", "t", by="li.si")) == "right.role"
    assert given.refused(line("target.file", "t", by="lin.zong")) == "target.wrong_state"


@pytest.mark.parametrize(("original", "revised"), [("800000", "700000"), ("500000", "650000")])
def test_t5_a_revision_is_in_force_once_it_is_filed(given: Given, original: str, revised: str) -> None:
    given.happened(
        *filed("t", "zhang.san", original),
        lead("l"),
        *signed("c", "l", "350000", "2024-02-01"),
        line("target.revise", "t", by="chen.jing", at="2024-02-19", value=revised, reason="行业下行"),
        line("target.submit", "t", by="chen.jing", at="2024-02-19"),
        line("target.approve", "t", by="lin.zong", at="2024-02-20"),
        line("target.file", "t", by="lin.zong", at="2024-02-20"),
    )
    now = given.figure("zhang.san")
    assert (now["target"], now["original_target"], now["state"]) == (revised, original, "filed")
    assert Decimal(now["attainment"]) == round(Decimal(350000) / Decimal(revised), 6)
    before = given.figure("zhang.san", known_at="2024-02-19")
    assert (before["target"], before["state"]) == (original, "submitted")
    assert Decimal(before["attainment"]) == round(Decimal(350000) / Decimal(original), 6)
    assert given.figure("zhang.san", as_of="2024-02-18")["state"] == "filed"


@pytest.mark.parametrize(
    ("target", "as_of", "elapsed", "need"),
    [
        ("800000", "2024-02-18", 31, "26666.67"),
        ("900000", "2024-01-31", 22, "23076.92"),
        ("61000", "2023-12-31", 0, "1000.00"),
    ],
)
def test_t6_the_rest_is_spread_over_the_working_days_left(
    given: Given, target: str, as_of: str, elapsed: int, need: str
) -> None:
    given.happened(*filed("t", "zhang.san", target, at="2023-12-30"))
    row = given.figure("zhang.san", as_of=as_of)
    assert (row["elapsed_days"], row["working_days"]) == (elapsed, 61)
    assert Decimal(row["daily_need"]) == Decimal(need)
    assert (row["actual"], row["gap"], row["attainment"]) == ("0", target, "0")


def test_t6_nothing_is_needed_of_who_is_there_and_nothing_can_be_told_after_the_period(given: Given) -> None:
    given.happened(
        *filed("a", "zhang.san", "100000"),
        *filed("b", "li.si", "100000"),
        lead("l"),
        *signed("c", "l", "150000", "2024-02-01"),
    )
    over = given.figure("zhang.san", as_of="2024-02-18")
    assert (over["gap"], over["daily_need"], over["attainment"]) == ("-50000", "0", "1.5")
    assert given.figure("li.si", as_of="2024-03-31")["daily_need"] is None


@pytest.mark.parametrize(
    ("target", "amount", "receipt", "of_signed", "of_collected"),
    [("800000", "500000", "120000", "0.625", "0.15"), ("600000", "400000", "400000", "0.666667", "0.666667")],
)
def test_t7_attainment_names_its_basis(
    given: Given, target: str, amount: str, receipt: str, of_signed: str, of_collected: str
) -> None:
    given.happened(
        *filed("t", "zhang.san", target),
        lead("l"),
        *signed("c", "l", amount, "2024-02-20"),
        line("payment.receive", "c", amount=receipt, date="2024-03-05"),
    )
    by_signing, by_receipt = given.figure("zhang.san"), given.figure("zhang.san", basis="collected")
    assert (by_signing["actual"], by_signing["attainment"]) == (amount, of_signed)
    assert (by_receipt["actual"], by_receipt["attainment"]) == (receipt, of_collected)
    assert given.figure("g1")["actual"] == given.figure("company")["actual"] == amount


def test_t7_collections_have_their_own_target_where_one_is_set(given: Given) -> None:
    given.happened(*filed("t", "zhang.san", "800000"), *filed("u", "zhang.san", "500000", basis="collected"))
    assert given.figure("zhang.san")["target"] == "800000"
    assert given.figure("zhang.san", basis="collected")["target"] == "500000"


@pytest.mark.parametrize(
    ("again", "accounts", "rate", "reached"),
    [(3, 5, "60.0%", True), (5, 9, "55.6%", False), (0, 0, None, None)],
)
def test_t8_the_repurchase_rate_carries_its_numerator_and_denominator(
    given: Given, again: int, accounts: int, rate: str | None, reached: bool | None
) -> None:
    given.happened(*filed("t", "company", "0.6", metric="repurchase-rate", period="2024Q2", at="2024-01-02"))
    for n in range(accounts):
        given.happened(
            lead(f"l{n}", at="2024-01-05"),
            line("customer.form-team", f"l{n}", at="2024-01-06", members=["zhang.san", "li.si"]),
            line("lead.grade", f"l{n}", at="2024-01-07", grade="key"),
            *signed(f"c{n}", f"l{n}", "10000", "2024-01-08"),
        )
    for n in range(again):
        given.happened(*signed(f"d{n}", f"l{n}", "10000", "2024-05-08"))
    given.happened(lead("late", at="2024-05-08"), *signed("e", "late", "10000", "2024-05-09"))
    if accounts:
        given.happened(line("contract.amend", f"c{accounts - 1}", delta="5000", date="2024-05-10"))
    row = given.figure("company", "repurchase-rate", period="2024Q2")
    assert (row["numerator"], row["denominator"]) == (again, accounts)
    assert (row["actual"] and f"{Decimal(row['actual']):.1%}") == rate
    assert met(row) is reached
