"""T1, T2, T5 as a tree: what each member has, of what, and what is not given to anybody."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from projections.views.targets import view as targets
from tests.given import Given, Row, filed, line, signed
from tests.scenarios.asking import asked, names


def tree(given: Given, **wanted: Any) -> list[Row]:
    return asked(given, targets.rows, **wanted)


def member(given: Given, owner: str, metric: str = "sales", **wanted: Any) -> Row:
    (row,) = [row for row in tree(given, metric=metric, **wanted) if row["owner"] == owner]
    return row


@pytest.mark.parametrize(
    ("company", "group", "manager", "of_company", "of_group"),
    [("5000000", "2000000", "800000", "0.4", "0.4"), ("7200000", "900000", "250000", "0.125", "0.277778")],
)
def test_t1_the_tree_shows_each_share_and_what_is_left(
    given: Given, company: str, group: str, manager: str, of_company: str, of_group: str
) -> None:
    given.happened(
        *filed("all", "company", company),
        *filed("one", "g1", group, parent="all"),
        *filed("two", "zhang.san", manager, parent="one"),
    )
    rows = tree(given)
    assert [(row["depth"], row["owner"]) for row in rows] == [
        (0, "company"),
        (1, "g1"),
        *((2, login) for login in ("li.si", "sun.qi", "wang.wu", "zhang.san", "zhao.liu")),
        (1, "g2"),
        (2, "wu.jiu"),
        (2, "zhou.ba"),
    ]
    whole, part, one = (member(given, owner) for owner in ("company", "g1", "zhang.san"))
    assert (whole["value"], whole["allocated"], whole["unallocated"]) == (
        company,
        group,
        str(int(company) - int(group)),
    )
    assert (part["share_of_parent"], part["parent"]) == (of_company, given.subject("all"))
    assert (one["share_of_parent"], one["parent"]) == (of_group, given.subject("one"))
    assert whole["share_of_parent"] is None
    others = [row for row in rows if row["depth"] == 2 and row["owner"] != "zhang.san"]
    assert {row["value"] for row in others} == {None}
    assert {row["state"] for row in others} == {None}
    assert {row["actual"] for row in others} == {"0"}


@pytest.mark.parametrize(("company", "manager", "share"), [("20", "4", "0.2"), ("30", "4", "0.133333")])
def test_t2_a_group_that_was_never_set_stands_empty_between(
    given: Given, company: str, manager: str, share: str
) -> None:
    given.happened(
        *filed("all", "company", company, metric="new-customers"),
        *filed("one", "zhang.san", manager, metric="new-customers", parent="all"),
    )
    assert member(given, "zhang.san", "new-customers")["share_of_parent"] == share
    group = member(given, "g1", "new-customers")
    assert (group["id"], group["value"], group["allocated"], group["over_allocated"]) == (None,) * 4
    assert tree(given, metric="sales") == []


def test_metrics_follow_one_another_and_other_periods_stay_away(given: Given) -> None:
    given.happened(
        *filed("leads", "g1", "50", metric="leads"),
        *filed("sales", "g1", "90000"),
        *filed("cash", "g1", "80000", basis="collected"),
        *filed("later", "g2", "70000", period="2024Q2"),
    )
    rows = tree(given)
    assert list(dict.fromkeys((row["metric"], row["basis"]) for row in rows)) == [
        ("sales", "signed"), ("sales", "collected"), ("leads", None),
    ]  # fmt: skip
    assert {row["value"] for row in rows if row["owner"] == "g2"} == {None}
    assert [row["value"] for row in tree(given, period="2024Q2") if row["owner"] == "g2"] == ["70000"]


def test_shares_and_what_is_left_make_the_whole_whoever_was_given_too_much(given: Given) -> None:
    given.happened(*filed("all", "company", "1000000"))
    for owner, value in (("g1", "300000"), ("g2", "450000")):
        given.happened(line("target.allocate", "all", child=owner, value=value))
        rows = tree(given)
        shares = [Decimal(row["share_of_parent"]) for row in rows if row["share_of_parent"]]
        assert sum(shares) + Decimal(rows[0]["unallocated"]) / 1_000_000 == 1
        assert rows[0]["over_allocated"] is False
    given.happened(line("target.allocate", "all", child="zhou.ba", value="300000.5"))
    assert (tree(given)[0]["unallocated"], tree(given)[0]["over_allocated"]) == ("-50000.5", True)


def test_t5_a_revision_is_counted_and_keeps_the_original(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        line("target.revise", "t", by="chen.jing", at="2024-02-19", value="700000", reason="行业下行"),
        line("target.submit", "t", by="chen.jing", at="2024-02-19"),
        line("target.approve", "t", by="lin.zong", at="2024-02-20"),
        line("target.file", "t", by="lin.zong", at="2024-02-20"),
        *signed("c", lead_of(given), "350000", "2024-02-22"),
    )
    now = member(given, "zhang.san")
    assert (now["value"], now["original"], now["revisions"], now["state"]) == ("700000", "800000", 1, "filed")
    assert (now["actual"], now["attainment"]) == ("350000", "0.5")
    before = member(given, "zhang.san", known_at="2024-02-18")
    assert (before["value"], before["revisions"], before["actual"]) == ("800000", 0, "0")


def lead_of(given: Given) -> str:
    given.happened(line("lead.capture", by="zhang.san", at="2024-01-08", key="l", company="甲公司", channel="online"))
    return "l"


def test_a_withdrawn_target_is_not_set_and_a_withdrawn_revision_not_counted(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        *filed("u", "li.si", "10000"),
        line("target.withdraw", "u", by="chen.jing", reason="重复"),
        line("target.revise", "t", by="chen.jing", key="r", value="700000", reason="行业下行"),
    )
    assert member(given, "zhang.san")["revisions"] == 1
    given.happened(line("event.void", "r", by="lin.zong", reason="误录"))
    assert member(given, "zhang.san")["revisions"] == 0
    assert member(given, "li.si")["id"] is None


def test_people_stand_where_they_were_on_the_last_day(given: Given) -> None:
    given.happened(
        line("group.form", code="g1a", name="一组甲", parent="g1"),
        line("person.join", "zhang.san", group="g1a", from_="2024-02-19"),
        *filed("t", "zhang.san", "800000"),
        *filed("m", "ma.qiao", "5000"),
    )
    rows = [(row["depth"], row["owner"]) for row in tree(given)]
    assert rows[1:4] == [(1, "g1"), (2, "g1a"), (3, "zhang.san")]
    assert rows[-1] == (1, "ma.qiao")
    assert (2, "zhang.san") in [(row["depth"], row["owner"]) for row in tree(given, as_of="2024-02-18")]


def test_each_row_names_its_events(given: Given) -> None:
    given.happened(*filed("t", "zhang.san", "800000"), *signed("c", lead_of(given), "350000", "2024-02-22"))
    row = member(given, "zhang.san", explain=True)
    assert names(row) == ["contract.signed", "target.set", "target.submitted", "target.approved", "target.filed"]
    assert names(member(given, "company", explain=True)) == ["contract.signed"]
