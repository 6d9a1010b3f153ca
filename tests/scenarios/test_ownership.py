"""P1 and P2 at length: who is in the pool and may take whom from it, who is due for it, and what is in dispute."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from infra.jobs import pool_sweep
from projections.queries.organisation import Organisation
from projections.views import disputes
from projections.views import pool as asked
from tests.given import Given, Line, Row, lead, line, signed

AFTER = "2024-12-31T18:00:00+08:00"
"""When what is told after a sweep is entered: a sweep is recorded at the present moment."""


def ask(given: Given, question: Any, as_of: str | None = None, known_at: str | None = None, **more: Any) -> list[Row]:
    with given.store.view(*asked.NEEDS) as tables:
        moments = given.store.moments(as_of, known_at)
        rows: list[Row] = question(tables, moments, Organisation(tables, moments.position), **more)
        return rows


def swept(given: Given, day: str) -> list[tuple[str, str]]:
    found = pool_sweep.sweep(given.store, "lin.zong", date.fromisoformat(day))
    return [(each.former, each.day.isoformat()) for each in found]


def adopted(**values: Any) -> Line:
    return line("policy.adopt", by="lin.zong", at="2024-01-02", name="pool", values=values)


@pytest.mark.parametrize(
    ("until", "recalled"),
    [
        ("2024-02-29", "2024-03-01"),
        ("2024-03-01", "2024-03-04"),
        ("2024-04-03", "2024-04-07"),
        ("2024-02-20", "2024-03-01"),
    ],
)
def test_p1_a_protected_customer_is_not_recalled_before_its_protection_ends(
    given: Given, until: str, recalled: str
) -> None:
    given.happened(
        lead("a", at="2024-01-08"),
        line("follow-up.log", "a", by="zhang.san", at="2024-02-05", channel="call"),
        line("customer.protect", "a", by="chen.jing", at="2024-02-06", until=until),
    )
    (row,) = ask(given, asked.due, "2024-02-06", within=60)
    assert (row["owner"], row["untouched_since"], row["protected_until"], row["due"]) == (
        *("zhang.san", "2024-02-05", until, recalled),
    )
    day_before = (date.fromisoformat(recalled) - timedelta(days=1)).isoformat()
    assert swept(given, day_before) == []
    assert given.refused(line("customer.recall", "a", by="chen.jing", at=day_before)) == "pool.not_due"
    assert swept(given, "2024-05-31") == [("zhang.san", recalled)]


def test_who_is_due_and_who_is_in_the_pool_is_known_as_it_was(given: Given) -> None:
    given.happened(
        lead("a", at="2024-01-08"),
        lead("b", at="2024-01-09", by="zhou.ba"),
        lead("c", at="2024-01-10", by="ma.qiao"),
        lead("d", at="2024-01-10", by="li.si"),
        lead("e", at="2024-01-10"),
        *signed("s", "e", "5000", "2024-01-12"),
        line("lead.invalidate", "d", by="li.si", at="2024-01-11", reason="空号"),
    )
    assert [row["company"][0] for row in ask(given, asked.due, "2024-01-25")] == ["a", "b"]
    (row,) = ask(given, asked.due, "2024-01-25", group="g2")
    assert (row["due"], row["days_left"], row["owner"], row["disputed"]) == ("2024-01-30", 3, "zhou.ba", False)
    assert ask(given, asked.due, "2024-01-25", within=1) == []
    assert [row["company"][0] for row in ask(given, asked.rows, "2024-01-25")] == ["c"]

    given.happened(line("customer.release", "b", by="zhou.ba", at="2024-01-26", key="out", reason="行业不符"))
    assert swept(given, "2024-02-05") == [("zhang.san", "2024-01-29")]
    rows = ask(given, asked.rows, "2024-02-05")
    told = [(row["company"][0], row["why"], row["since"], row["former"], row["former_from"]) for row in rows]
    assert told == [
        ("c", "unassigned", "2024-01-10", None, None),
        ("b", "released", "2024-01-26", "zhou.ba", "2024-02-02"),
        ("a", "recalled", "2024-01-29", "zhang.san", "2024-02-04"),
    ]
    assert [row["reason"] for row in rows] == [None, "行业不符", None]
    assert [row["company"][0] for row in ask(given, asked.rows, "2024-02-02", claimant="zhang.san")] == ["c", "b"]
    assert [row["company"][0] for row in ask(given, asked.rows, "2024-02-01", claimant="zhou.ba")] == ["c", "a"]
    assert [row["company"][0] for row in ask(given, asked.rows, "2024-02-05", owner="zhou.ba")] == ["b"]
    assert [row["company"][0] for row in ask(given, asked.rows, known_at="2024-01-25")] == ["c"]
    (row,) = ask(given, asked.rows, "2024-02-05", group="g1", explain=True)
    assert [event["name"] for event in row["events"]] == ["customer.recalled"]
    given.happened(line("event.void", "out", by="lin.zong", at="2024-02-05", entered=AFTER, reason="误录"))
    assert [row["company"][0] for row in ask(given, asked.rows, "2024-02-05")] == ["c", "a"]
    assert given.customer("b")["owner"] == "zhou.ba"


def test_who_claims_owns_it_and_is_credited_from_that_day_on(given: Given) -> None:
    given.happened(
        lead("a", at="2024-01-08"),
        line("customer.release", "a", by="zhang.san", at="2024-01-20"),
        line("opportunity.open", key="o", by="chen.jing", at="2024-01-22", customer="a", amount="700"),
    )
    assert given.refused(line("customer.claim", "a", by="zhou.ba", at="2024-01-19")) == "pool.before"
    assert given.refused(line("customer.claim", "a", by="zhang.san", at="2024-01-22")) == "pool.wait"
    given.happened(line("customer.claim", "a", by="zhou.ba", at="2024-01-22"), *signed("c", "a", "900", "2024-01-23"))
    assert given.refused(line("customer.claim", "a", by="zhang.san", at="2024-01-29")) == "pool.owned"
    owners = [given.customer("a", as_of=day)["owner"] for day in ("2024-01-19", "2024-01-20", "2024-01-22")]
    assert owners == ["zhang.san", None, "zhou.ba"]
    credited = {who: given.figure(who)["actual"] for who in ("zhang.san", "zhou.ba", "g1", "g2", "company")}
    assert credited == {"zhang.san": "0", "zhou.ba": "900", "g1": "0", "g2": "900", "company": "900"}


def test_persons_and_what_is_nobodys_are_the_groups_number_through_every_change_of_hands(given: Given) -> None:
    given.happened(
        lead("b", at="2024-01-08", by="li.si"),
        line("customer.release", "b", by="li.si", at="2024-01-15"),
        *signed("c2", "b", "2000", "2024-01-16"),
        line("customer.claim", "b", by="zhou.ba", at="2024-01-17"),
        *signed("c3", "b", "30000", "2024-01-18"),
        line("customer.dispute", "b", by="li.si", at="2024-01-19"),
        line("customer.rule", "b", by="chen.jing", at="2024-01-22", owner="li.si"),
        *signed("c4", "b", "400000", "2024-01-23"),
    )  # fmt: skip
    signings = [row for row in given.progress(metric="sales") if row["basis"] == "signed"]
    rows = {row["owner"]: row["actual"] for row in signings}
    assert (rows["zhou.ba"], rows["li.si"], rows[None], rows["company"]) == ("30000", "400000", "2000", "432000")
    assert (rows["g1"], rows["g2"]) == ("400000", "30000")


@pytest.mark.parametrize("cap", [1, 2])
def test_nobody_claims_more_than_they_may_hold_within_one_file_either(given: Given, cap: int) -> None:
    given.happened(
        adopted(holding_cap=cap),
        *(lead(key, at="2024-01-08", by="ma.qiao") for key in "abc"),
        lead("s", at="2024-01-08", by="li.si"),
        *signed("sold", "s", "5", "2024-01-09"),
    )
    answers = given.answers(*(line("customer.claim", key, by="li.si", at="2024-01-10") for key in "abc"))
    assert [getattr(answer, "code", "done") for answer in answers] == ["done"] * cap + ["pool.cap"] * (3 - cap)
    assert given.refused(line("lead.assign", "c", by="chen.jing", at="2024-01-10", owner="nobody")) == "person.unknown"
    given.happened(line("lead.assign", "c", by="chen.jing", at="2024-01-10", owner="li.si"))


@pytest.mark.parametrize(("awarded", "moved"), [("wang.wu", True), ("li.si", False), ("zhao.liu", True)])
def test_p2_a_backdated_claimant_disputes_and_somebody_else_rules(given: Given, awarded: str, moved: bool) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si", at="2024-02-05", entered="2024-02-05T10:00:00+08:00"),
        lead("a", "北方阀门 有限公司", by="wang.wu", at="2024-01-05", entered="2024-02-06T10:00:00+08:00"),
        line("customer.dispute", "b", by="wang.wu", at="2024-02-07", key="t", evidence="一月已拜访"),
    )
    assert given.refused(line("customer.claim", "b", by="wang.wu", at="2024-02-07")) == "pool.owned"
    assert given.refused(line("customer.release", "b", by="li.si", at="2024-02-07")) == "ownership.disputed"
    (row,) = ask(given, disputes.rows)
    assert (row["state"], row["owner"], row["claimant"], row["evidence"]) == ("open", "li.si", "wang.wu", "一月已拜访")
    assert (row["owner_first"][:10], row["claimant_first"][:10]) == ("2024-02-05", "2024-02-06")
    assert given.refused(line("customer.rule", "t", by="wang.wu", at="2024-02-08", owner="wang.wu")) == "right.role"
    before = given.last.isoformat()
    assert len(swept(given, "2024-04-30")) == 1  # its duplicate: what is disputed stays
    ruling = line("customer.rule", "t", by="chen.jing", at="2024-02-08", entered=AFTER, owner=awarded, reason="先登记")
    given.happened(ruling)
    assert [each["state"] for each in ask(given, disputes.rows, known_at=before)] == ["open"]
    (row,) = ask(given, disputes.rows, owner="wang.wu")
    assert (row["state"], row["awarded"], row["moved"], row["ruled_by"], row["reason"]) == (
        *("ruled", awarded, moved, "chen.jing", "先登记"),
    )
    assert given.customer("b")["owner"] == awarded
    assert given.customer("b", as_of="2024-02-07")["owner"] == "li.si"
    assert ask(given, disputes.rows, still_open=True) == []
    assert [each["state"] for each in ask(given, disputes.rows, "2024-02-07", still_open=True)] == ["open"]
    assert ask(given, disputes.rows, known_at="2024-02-06T23:00:00+08:00") == []
    (row,) = [row for row in ask(given, asked.due, "2024-02-09", within=30) if row["company"] == "北方阀门有限公司"]
    assert (row["untouched_since"], row["disputed"]) == ("2024-02-08", False)


def test_a_touch_of_a_merged_lead_keeps_the_customer_from_being_recalled(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司", at="2024-01-08"), lead("b", "北方阀门 有限公司", at="2024-01-08"),
        line("follow-up.log", "b", by="zhang.san", at="2024-01-25", channel="visit"),
        line("lead.merge", "a", by="chen.jing", at="2024-01-26", duplicate="b"),
    )  # fmt: skip
    (row,) = ask(given, asked.due, "2024-01-26", within=30)
    assert (row["untouched_since"], row["due"]) == ("2024-01-25", "2024-02-20")
    assert swept(given, "2024-02-19") == []
    assert swept(given, "2024-02-29") == [("zhang.san", "2024-02-20")]


def test_an_older_policy_without_the_newer_values_still_holds(given: Given) -> None:
    given.happened(adopted(recall_after=3), lead("a", at="2024-01-08"))
    assert swept(given, "2024-01-31") == [("zhang.san", "2024-01-11")]
    assert given.refused(line("customer.claim", "a", by="zhang.san", at="2024-01-12", entered=AFTER)) == "pool.wait"
    given.happened(line("customer.claim", "a", by="zhang.san", at="2024-01-18", entered=AFTER))
    (row,) = ask(given, asked.due, "2024-01-18", within=60)
    assert (row["protected_until"], row["due"]) == ("2024-02-07", "2024-02-08")


def test_what_a_party_did_elsewhere_is_no_act_on_the_customer(given: Given) -> None:
    given.happened(
        lead("d", by="lin.zong", owner="lin.zong", at="2024-02-05", entered="2024-02-05T10:00:00+08:00"),
        line("customer.dispute", "d", by="wang.wu", at="2024-02-07", entered="2024-02-07T10:00:00+08:00"),
    )
    (row,) = ask(given, disputes.rows)
    assert (row["owner_first"][:10], row["claimant_first"][:10]) == ("2024-02-05", "2024-02-07")
