"""L1-L6 and P2: where leads come from, what an import does twice, who owns a company that two have found."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from infra.errors.problem import Problem
from tests.given import Given, Line, Row, lead, line, signed


def fair(exhibition: int, referral: int, online: int) -> list[Line]:
    """Return leads by channel, captured by marketing, by 李四 and by 王五."""
    return [
        *(lead(f"expo#{n}", by="ma.qiao", channel="exhibition", campaign="工博会", owner="zhang.san") for n in range(exhibition)),
        *(lead(f"ref#{n}", by="li.si", channel="referral", referrer="周总") for n in range(referral)),
        *(lead(f"web#{n}", by="wang.wu", channel="online") for n in range(online)),
    ]  # fmt: skip


def content(rows: list[Row]) -> list[str]:
    return sorted(map(str, rows))


@pytest.mark.parametrize(
    ("counts", "shares"),
    [((100, 30, 50), ("55.6%", "16.7%", "27.8%")), ((7, 2, 3), ("58.3%", "16.7%", "25.0%"))],
)
def test_l1_leads_are_counted_by_channel_and_each_names_its_source(
    given: Given, counts: tuple[int, int, int], shares: tuple[str, ...]
) -> None:
    given.happened(*fair(*counts))
    rows = given.tracking()
    by_channel = Counter(row["channel"] for row in rows)
    assert tuple(by_channel[channel] for channel in ("exhibition", "referral", "online")) == counts
    assert tuple(f"{Decimal(n) / len(rows):.1%}" for n in by_channel.values()) == shares
    assert given.figure("company", "leads")["actual"] == str(sum(counts))
    assert given.figure("zhang.san", "leads")["actual"] == str(counts[0])
    assert {row["campaign"] for row in rows} == {"工博会", None}
    captured = given.audit(name="customer.lead_captured")
    assert Counter(row["actor"] for row in captured) == dict(zip(("ma.qiao", "li.si", "wang.wu"), counts, strict=True))
    sources = {
        change["to"] for row in captured for change in row["changes"] if change["field"] in ("campaign", "referrer")
    }
    assert sources == {"工博会", "周总"}


def test_l2_the_same_file_again_records_nothing(given: Given) -> None:
    file = fair(10, 3, 5)
    first = given.happened(*file)
    head = given.store.reader.head()
    again = given.happened(*file)
    assert {answer.status for answer in again} == {"repeated"}
    assert [(a.subject, a.position) for a in again] == [(a.subject, a.position) for a in first]
    assert given.store.reader.head() == head


def test_l2_another_content_under_a_key_is_a_conflict_that_shows_both(given: Given) -> None:
    file = fair(2, 1, 1)
    given.happened(*file)
    changed = lead("ref#0", by="li.si", channel="referral", referrer="吴总")
    refusal = given.refusal(changed)
    assert refusal.code == "key.conflict"
    assert "周总" in refusal.facts["recorded"]
    assert "吴总" in refusal.facts["given"]
    assert [a.status if not isinstance(a, Problem) else a.code for a in given.answers(*file[:3], changed)] == [
        "repeated", "repeated", "repeated", "key.conflict",
    ]  # fmt: skip


@pytest.mark.seeds(2)
def test_l3_rows_shuffled_broken_off_and_run_again_end_in_the_same_tables(given: Given, seed: int) -> None:
    file = fair(50, 15, 25)
    shuffled = list(file)
    random.Random(seed).shuffle(shuffled)
    given.happened(*shuffled[:40])
    given.reopened()
    given.happened(*shuffled)
    assert [a.status for a in given.happened(*file)] == ["repeated"] * 90
    expected = {str(said["data"]["company"]): said["data"]["channel"] for said in file}
    assert {row["company"]: row["channel"] for row in given.tracking()} == expected
    assert given.figure("zhang.san", "leads")["actual"] == "50"
    assert given.figure("li.si", "valid-leads")["actual"] == "15"


def test_l4_who_did_it_is_credited_and_who_entered_it_is_named(given: Given) -> None:
    given.happened(
        lead("l"),
        line("follow-up.log", "l", by="zhang.san", entered_by="li.si", at="2024-01-09", channel="call"),
        line("follow-up.log", "l", by="zhang.san", entered_by="li.si", at="2024-01-10", channel="visit"),
    )
    logged = given.audit(name="customer.followed_up")
    assert [(row["actor"], row["recorder"]) for row in logged] == [("zhang.san", "li.si")] * 2
    assert given.figure("zhang.san", "follow-ups")["actual"] == "2"
    assert given.figure("li.si", "follow-ups")["actual"] == "0"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("某某科技(上海)有限公司", "某某科技（上海） 有限公司"),
        ("ACME Tools Ltd.", "ＡＣＭＥ　ｔｏｏｌｓ limited"),
        ("北方阀门有限公司", "北方阀门股份有限公司"),
    ],
)
def test_l5_a_duplicate_is_flagged_merged_and_unmerged(given: Given, first: str, second: str) -> None:
    (one, two) = given.happened(
        lead("a", first, at="2024-01-08"),
        lead("b", second, by="zhang.san", at="2024-01-09", channel="referral", referrer="周总"),
    )
    assert two.events[0].duplicates == (one.subject,)  # type: ignore[attr-defined]
    given.happened(
        line("follow-up.log", "a", at="2024-01-10", channel="call"),
        line(
            "follow-up.log",
            "b",
            by="zhang.san",
            at="2024-01-11",
            channel="visit",
            next_action="寄样品",
            due="2024-01-20",
        ),
    )
    apart = given.tracking()
    assert given.figure("company", "valid-leads")["actual"] == "1"

    given.happened(line("lead.merge", "a", at="2024-01-15", duplicate="b"))
    (row,) = given.tracking()
    assert row["id"] == one.subject
    assert row["last_contact"] == "2024-01-11"
    assert row["next_action"] == "寄样品"
    assert {entry["name"] for entry in given.audit("b")} >= {"customer.lead_captured", "customer.followed_up"}
    assert given.figure("company", "leads")["actual"] == "2"
    assert given.figure("company", "valid-leads")["actual"] == "1"
    assert given.refused(line("follow-up.log", "b", at="2024-01-16", channel="call")) == "lead.merged"

    given.happened(line("lead.unmerge", "b", at="2024-01-17"))
    assert given.tracking() == apart


@pytest.mark.parametrize("anew", [False, True])
def test_l5_what_happens_to_a_merged_lead_counts_for_the_one_it_was_merged_into(given: Given, anew: bool) -> None:
    given.happened(
        lead("a", "北方阀门有限公司"), lead("b", "北方阀门有限公司"),
        *signed("c", "b", "30000", "2024-01-20"),
        line("lead.merge", "a", at="2024-02-01", duplicate="b"),
    )  # fmt: skip
    assert given.customer("a")["signed"] == "30000"
    if anew:
        given.reopened()
    given.happened(
        line("payment.receive", "c", amount="8000", date="2024-02-05"),
        line("contract.amend", "c", delta="5000", date="2024-02-06"),
    )
    row = given.customer("a")
    assert (row["signed"], row["collected"]) == ("35000", "8000")
    assert given.figure("company")["actual"] == "35000"
    given.happened(line("lead.unmerge", "a", at="2024-02-10"))
    assert [given.customer(key)["signed"] for key in "ab"] == ["0", "35000"]


def test_l5_a_lead_that_takes_in_its_original_is_valid(given: Given) -> None:
    given.happened(lead("a", "北方阀门有限公司"), lead("b", "北方阀门有限公司"), line("lead.merge", "b", duplicate="a"))
    assert given.figure("company", "valid-leads")["actual"] == "1"


def test_l5_another_company_of_the_same_name_counts_once_it_is_told_apart(given: Given) -> None:
    given.happened(lead("a", "北方阀门有限公司"), lead("b", "北方阀门有限公司"))
    assert given.figure("company", "valid-leads")["actual"] == "1"
    given.happened(line("lead.validate", "b", distinct=True))
    assert given.figure("company", "valid-leads")["actual"] == "2"


def test_l5_the_same_credit_code_is_a_duplicate_too(given: Given) -> None:
    (one, two) = given.happened(
        lead("a", "北方阀门有限公司", credit_code="91310000MA1K000006"),
        lead("b", "南方泵业有限公司", credit_code="9131-0000 ma1k000006"),
    )
    assert two.events[0].duplicates == (one.subject,)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("channel", "missing"), [("referral", "referrer"), ("exhibition", "campaign"), ("partner", "partner")]
)
def test_l6_a_source_must_be_traceable(given: Given, channel: str, missing: str) -> None:
    refusal = given.refusal(lead("l", channel=channel))
    assert (refusal.code, refusal.facts["missing"]) == ("lead.untraceable", missing)
    given.happened(lead("l", channel=channel, **{missing: "某某"}))
    correction = line("event.correct", "l", by="lin.zong", reason="误填", values={missing: None})
    assert given.refused(correction) == "lead.untraceable"


def test_p2_who_registers_first_owns_it_whatever_the_business_date(given: Given) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si", at="2024-02-05", entered="2024-02-05T10:00:00+08:00"),
        lead("a", "北方阀门 有限公司", by="wang.wu", at="2024-01-05", entered="2024-02-06T10:00:00+08:00"),
    )
    assert {row["owner"] for row in given.tracking()} == {"li.si"}
    assert {row["owner"] for row in given.tracking(as_of="2024-01-31")} == {"li.si"}


def test_p2_nobody_names_themselves_the_owner_of_a_company_that_is_claimed(given: Given) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si", at="2024-02-05"),
        lead("a", "北方阀门有限公司", by="wang.wu", at="2024-02-06", owner="wang.wu"),
        lead("c", "北方阀门有限公司", by="chen.jing", at="2024-02-06", owner="zhao.liu"),
    )
    assert [given.customer(key)["owner"] for key in "bac"] == ["li.si", "li.si", "zhao.liu"]


def test_p2_a_backdated_assignment_does_not_take_a_customer_away(given: Given) -> None:
    given.happened(
        lead("l", by="li.si", at="2024-01-08"),
        line("lead.assign", "l", by="chen.jing", at="2024-02-10", owner="zhang.san"),
        line("lead.assign", "l", by="chen.jing", at="2024-02-01", owner="wang.wu", entered="2024-02-20T10:00:00+08:00"),
    )
    assert given.customer("l")["owner"] == "zhang.san"
    assert given.refused(line("lead.assign", "l", by="sun.qi", owner="sun.qi")) == "lead.owned"


def test_p2_a_contract_is_credited_to_the_first_claimant(given: Given) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si", at="2024-02-05"),
        lead("a", "北方阀门有限公司", by="wang.wu", at="2024-01-05"),
        *signed("c", "a", "120000", "2024-02-20", by="wang.wu"),
    )
    assert given.figure("li.si")["actual"] == "120000"
    assert given.figure("wang.wu")["actual"] == "0"
