"""What changed between two moments, in business time or in knowledge, and which events did it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from cli.main import run
from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.views.diff import query as question
from tests.given import Given, Row, filed, lead, line, signed
from tests.histories import dice, told

EVERY = ("progress", "tracking", "pipeline", "targets", "funnel", "objections", "audit")


def different(
    given: Given, start: str, end: str, axis: str = "as-of", views: Iterable[str] = EVERY, period: str = "2024Q1"
) -> list[Row]:
    """Return the differences between two days, in business time as known now or in knowledge as of now."""
    views = tuple(views)
    with given.store.view(*question.projections_for(views)) as ask:
        if axis == "as-of":
            before, after = (given.store.moments(day) for day in (start, end))
        else:
            before, after = (given.store.moments("2024-12-31", day) for day in (start, end))
        return compared(given, ask, before, after, views, period)


def compared(given: Given, ask: Any, before: AsOf, after: AsOf, views: Iterable[str], period: str) -> list[Row]:
    chosen, currency = Period.parse(period), given.store.currency
    looks = [(moments, question.looked(ask, views, chosen, moments, currency)) for moments in (before, after)]
    return question.differences(ask, looks[0], looks[1], chosen, currency)


def one(rows: Iterable[Row], **wanted: Any) -> Row:
    (row,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return row


def names(row: Row) -> list[str]:
    return [event["name"] for event in row["events"]]


@pytest.mark.parametrize(("amount", "delta"), [("300000", "50000"), ("120000.5", "-20000")])
def test_a_number_names_what_changed_it_and_by_how_much_each(given: Given, amount: str, delta: str) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        lead("l"),
        line("follow-up.log", "l", by="zhang.san", at="2024-01-15", channel="call"),
        *signed("c", "l", amount, "2024-02-09"),
        line("contract.amend", "c", by="zhang.san", date="2024-02-12", delta=delta),
        line("payment.receive", "c", by="zhang.san", date="2024-02-20", amount="9000"),
    )
    rows = different(given, "2024-02-01", "2024-02-29")
    total = format(Decimal(amount) + Decimal(delta), "f")
    sold = one(rows, row="person/zhang.san/sales/signed/CNY", field="actual")
    assert (sold["from"], sold["to"], sold["difference"]) == ("0", total, total)
    assert [(e["name"], e["amount"]) for e in sold["events"]] == [
        ("contract.signed", amount),
        ("contract.amended", delta),
    ]
    gap = one(rows, row="person/zhang.san/sales/signed/CNY", field="gap", view="progress")
    assert Decimal(gap["difference"]) == -Decimal(total)
    assert [Decimal(e["amount"]) for e in gap["events"]] == [-Decimal(amount), -Decimal(delta)]
    customer = one(rows, view="tracking", field="signed")
    assert [(e["name"], e["amount"]) for e in customer["events"]] == [
        ("contract.signed", amount),
        ("contract.amended", delta),
    ]
    assert names(one(rows, view="tracking", field="stage")) == ["contract.signed"]
    assert names(one(rows, view="tracking", field="collected")) == ["payment.received"]
    assert not [row for row in rows if row["field"] in ("last_contact", "owner", "elapsed_days")]


def test_the_same_days_in_knowledge_name_the_correction_and_not_the_original(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "80000", "2024-02-09"),
        line("event.correct", "c", by="chen.jing", at="2024-02-20", reason="少写一个零", values={"amount": "800000"}),
        line("follow-up.log", "l", by="zhang.san", at="2024-01-10", entered="2024-02-21T09:00:00+08:00", channel="call", key="f"),
        line("event.void", "f", by="chen.jing", at="2024-03-01", reason="重复录入"),
    )  # fmt: skip
    rows = different(given, "2024-02-19", "2024-02-21", "known-at")
    sold = one(rows, row="company/company/sales/signed/CNY", field="actual")
    assert (sold["from"], sold["to"], [(e["name"], e["amount"]) for e in sold["events"]]) == (
        "80000", "800000", [("event.corrected", "720000")],
    )  # fmt: skip
    assert names(one(rows, view="tracking", field="signed")) == ["event.corrected"]
    assert names(one(rows, view="tracking", field="last_contact")) == ["customer.followed_up"]
    later = different(given, "2024-02-29", "2024-03-01", "known-at")
    assert names(one(later, view="tracking", field="last_contact")) == ["event.voided"]
    gone = one(later, row="person/zhang.san/follow-ups/-/-", field="actual")
    assert [(e["name"], e["amount"]) for e in gone["events"]] == [("event.voided", "-1")]
    assert different(given, "2024-02-22", "2024-02-28", "known-at") == []


def test_a_move_between_groups_stands_behind_the_group_that_gained(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "300000", "2024-03-05"),
        line("person.join", "zhang.san", by="lin.zong", at="2024-03-20", group="g2", from_="2024-02-19"),
    )  # fmt: skip
    rows = different(given, "2024-03-19", "2024-03-20", "known-at")
    for group, difference in (("g1", "-300000"), ("g2", "300000")):
        row = one(rows, view="progress", row=f"group/{group}/sales/signed/CNY", field="actual")
        assert row["difference"] == difference
        assert row["events"][0]["name"] in ("contract.signed", "person.joined_group")
        assert "person.joined_group" in names(row)
    assert not [row for row in rows if row["row"].startswith(("company/", "person/")) and row["view"] == "progress"]
    assert names(one(rows, view="tracking", field="group")) == ["person.joined_group"]
    in_time = different(given, "2024-02-18", "2024-02-19", views=["tracking"])
    assert [(row["field"], row["from"], row["to"], names(row)) for row in in_time] == [
        ("group", "g1", "g2", ["person.joined_group"])
    ]


def test_a_merge_and_its_undoing_stand_behind_what_they_changed(given: Given) -> None:
    given.happened(
        lead("a", "甲"), lead("b", "乙", at="2024-01-09"),
        line("follow-up.log", "b", by="zhang.san", at="2024-01-10", channel="call"),
        line("lead.merge", "a", by="zhang.san", at="2024-01-20", duplicate="b"),
        line("lead.unmerge", "b", by="zhang.san", at="2024-01-25"),
    )  # fmt: skip
    merged = different(given, "2024-01-19", "2024-01-20", "known-at", ["tracking"])
    assert {row["row"] for row in merged} == {given.subject("a"), given.subject("b")}
    for row in merged:
        assert set(names(row)) <= {"customer.leads_merged", "customer.merged_into"}, row
    apart = different(given, "2024-01-24", "2024-01-25", "known-at", ["tracking"])
    assert {name for row in apart for name in names(row)} <= {"customer.leads_unmerged", "customer.unmerged_from"}


def test_a_published_calendar_stands_behind_days_and_deadlines(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"), lead("l"),
        line("next-action.set", "l", by="zhang.san", at="2024-02-08", what="寄样品", working_days=3),
        line("calendar.publish", by="lin.zong", at="2024-02-20", year=2024, holidays=["2024-01-01"]),
    )  # fmt: skip
    rows = different(given, "2024-02-19", "2024-02-20", "known-at")
    for row in (
        one(rows, view="tracking", field="next_due"),
        one(rows, row="person/zhang.san/sales/signed/CNY", field="working_days"),
    ):
        assert names(row) == ["calendar.published"]


@pytest.mark.seeds(4)
def test_whatever_happens_each_difference_names_events_that_add_up(given: Given, seed: int) -> None:
    for step in told(dice(seed, 25)):
        given.answers(*step.lines)
    days = ["2024-01-05", "2024-01-20", "2024-02-10", "2024-03-01", "2024-04-15"]
    for axis in ("as-of", "known-at"):
        for start, end in pairwise(days):
            for row in different(given, start, end, axis):
                assert row["events"], (axis, start, end, row)
                shares = [e["amount"] for e in row["events"]]
                counted = (
                    row["view"] == "progress" and row["field"] == "actual" and row["key"]["metric"] != "repurchase-rate"
                )
                if counted:
                    told_of = sum(Decimal(share) for share in shares if share is not None)
                    assert told_of == Decimal(row["difference"]), (axis, start, end, row)


def test_the_command_filters_and_refuses_what_runs_backwards(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    given.happened(
        lead("a"), lead("b", by="li.si", at="2024-01-20"), *signed("c", "b", "9000", "2024-02-01", by="li.si")
    )
    base = ["diff", "--store", given.url, "--json", "--from", "2024-01-10"]

    def rows(*words: str) -> list[Row]:
        capsys.readouterr()
        assert run([*base, *words]) == 0
        found: list[Row] = json.loads(capsys.readouterr().out)["rows"]
        return found

    end = ("--to", "2024-02-28")
    assert {row["view"] for row in rows(*end)} == {"progress", "tracking"}
    assert {row["view"] for row in rows(*end, "--view", "tracking", "--view", "audit")} == {"tracking", "audit"}
    assert rows(*end, "--owner", "zhang.san") == []
    assert {row["key"]["id"] for row in rows(*end, "--owner", "li.si", "--view", "tracking")} == {given.subject("b")}
    assert {row["key"]["owner"] for row in rows(*end, "--group", "g1", "--view", "progress")} == {"g1"}
    assert run([*base, "--to", "2024-01-09"]) == 2
    assert run(["diff", "--store", given.url]) == 2


def test_an_event_behind_a_customer_says_on_which_fields_it_bears(
    given: Given, capsys: pytest.CaptureFixture[str]
) -> None:
    given.happened(
        lead("l", "甲有限公司", industry="制造"),
        line("customer.change", "l", by="zhang.san", at="2024-01-09", industry="贸易"),
        line("follow-up.log", "l", by="zhang.san", at="2024-01-10", channel="call"),
        *signed("c", "l", "80000", "2024-02-09"),
        line("event.correct", "c", by="chen.jing", at="2024-02-20", reason="少写", values={"amount": "800000"}),
    )
    capsys.readouterr()
    assert run(["tracking", "--store", given.url, "--json", "--explain"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    fields = {event["name"]: set(event["fields"]) for event in row["events"]}
    assert {"company", "industry", "channel", "owner", "group", "completeness"} <= fields["customer.lead_captured"]
    assert fields["customer.details_changed"] == {"industry", "completeness"}
    assert fields["customer.followed_up"] == {"last_contact", "stage"}
    assert "signed" in fields["contract.signed"] & fields["event.corrected"] & fields["contract.drafted"]
    assert fields["contract.approved"] == set()
