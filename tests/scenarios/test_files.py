"""Duplicates by number, name and likeness; the intervals of grades; several contacts of one customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from infra.generations import TABLES
from infra.likeness import near
from projections.duplicates import ask as duplicates
from projections.duplicates.likeness import similar
from projections.grades import ask as grades
from projections.organisation.ask import Organisation
from tests.exploring import examples
from tests.given import Given, Row, lead, line
from tests.scenarios.test_conversion import CLEAR


def ask(given: Given, question: Any, as_of: str | None = None, known_at: str | None = None, **more: Any) -> list[Row]:
    with given.store.view(*TABLES) as tables:
        moments = given.store.moments(as_of, known_at)
        rows: list[Row] = question(tables, moments, Organisation(tables, moments.position), **more)
        return rows


def pairs(given: Given, **more: Any) -> list[tuple[str, str, str]]:
    names = {given.subject(key): key for key in "abcdefg" if key in given.store.reader.keyed([key])}
    return [(names[row["customer"]], names[row["other"]], row["how"]) for row in ask(given, duplicates.rows, **more)]


def test_l5_each_two_that_may_be_one_company_are_named_the_surest_first(given: Given) -> None:
    given.happened(
        lead("a", "某某科技（上海）有限公司", at="2024-01-08", credit_code="91350100M000100Y43"),
        lead("b", "某某科技(上海) 股份有限公司", at="2024-01-09", by="li.si"),
        lead("c", "某某科技（北京）有限公司", at="2024-01-10"),
        lead("d", "南方泵业有限公司", at="2024-01-11", by="zhou.ba", credit_code="91350100m000100y43"),
        lead("e", "ACME Tools (Shanghai) Ltd.", at="2024-01-12"),
        lead("f", "Acme Tool Co., Ltd", at="2024-01-12", by="wu.jiu"),
        lead("g", "北方阀门有限公司", at="2024-01-12"),
    )
    likely = [("a", "d", "credit-code"), ("a", "b", "name"), ("a", "c", "near"), ("b", "c", "near"), ("e", "f", "near")]
    assert pairs(given) == likely
    (code, name, *_, tools) = ask(given, duplicates.rows)
    assert (code["likeness"], name["likeness"]) == ("0", "1")
    assert Decimal("0.8") < Decimal(tools["likeness"]) < 1
    assert pairs(given, least=Decimal("0.96")) == likely[:2]
    assert pairs(given, owner="wu.jiu") == pairs(given, group="g2") == likely[-1:]
    assert pairs(given, as_of="2024-01-09") == [likely[1]]
    given.happened(
        line("lead.validate", "b", by="li.si", at="2024-01-15", distinct=True),
        line("lead.invalidate", "c", by="zhang.san", at="2024-01-15", reason="空号"),
        line("lead.merge", "a", by="zhang.san", at="2024-01-16", duplicate="d"),
        line("customer.change", "g", by="zhang.san", at="2024-01-17", company="ACME tools"),
    )
    assert sorted(pairs(given)) == [("e", "f", "near"), ("e", "g", "near"), ("f", "g", "near")]
    assert pairs(given, settled=True)[0] == ("a", "b", "name")
    assert pairs(given, known_at="2024-01-14") == likely
    (row, *_) = ask(given, duplicates.rows, explain=True)
    assert [event["name"] for event in row["events"]] == [
        "customer.lead_captured", "customer.lead_captured", "customer.details_changed",
    ]  # fmt: skip


def test_who_is_captured_is_held_against_names_that_begin_alike(given: Given) -> None:
    given.happened(lead("a", "北方阀门有限公司"), lead("b", "北方泵业有限公司"), lead("c", "Siemens Energy AG"))
    db = given.store.db
    found = near(db, "上海北方阀门厂有限公司", ())
    assert [each.customer for each in found] == [given.subject("a")]
    assert [each.customer for each in near(db, "siemens enrgy gmbh", ())] == [given.subject("c")]
    assert near(db, "北方阀门厂", [given.subject("a")]) == near(db, "北方 阀门", ()) == near(db, "丁", ()) == []


@pytest.mark.parametrize("fell", ["2024-02-05", "2024-03-11"])
def test_g3_both_intervals_are_in_the_history(given: Given, fell: str) -> None:
    last = f"{fell[:8]}{int(fell[8:]) - 1:02}"
    given.happened(
        lead("l"),
        line("lead.grade", "l", at="2024-01-10", by="zhang.san", grade="high", key="up", **CLEAR),
        line("lead.grade", "l", at="2024-01-20", by="zhang.san", grade="high", evidence="总经理到场", **CLEAR),
        line("lead.grade", "l", at=fell, by="li.si", grade="initial", budget="short", reason="预算取消"),
        lead("m"),
        line("lead.grade", "m", at="2024-01-11", by="zhang.san", grade="high", override=True, reason="老客户"),
    )
    rows = ask(given, grades.rows, customer=given.subject("l"), explain=True)
    told = [(row["grade"], row["from"], row["to"], row["by"], row["budget"], row["reason"]) for row in rows]
    assert told == [
        ("high", "2024-01-10", last, "zhang.san", "matches", None),
        ("initial", fell, None, "li.si", "short", "预算取消"),
    ]
    assert [len(row["events"]) for row in rows] == [2, 1]
    days = [change for row in given.audit("l") for change in row["changes"] if change["field"] == "in_force"]
    assert [(each["from"], each["to"]) for each in days] == [
        ("2024-01-10", "2024-01-19"), ("2024-01-20", last), (fell, None),
    ]  # fmt: skip
    day_before = ask(given, grades.rows, as_of=last, customer=given.subject("l"))
    assert [(row["grade"], row["to"]) for row in day_before] == [("high", None)]
    (row,) = [row for row in ask(given, grades.rows, grade="high") if row["override"]]
    assert row["unmet"] == ["need_fit", "budget", "decision_chain"]
    known = given.last.isoformat()
    given.happened(line("event.correct", "up", by="lin.zong", reason="误评", values={"budget": "short"}))
    rows = ask(given, grades.rows, customer=given.subject("l"), known_at=known)
    assert rows[0]["budget"] == "matches"


def test_each_contact_is_changed_alone(given: Given) -> None:
    given.happened(
        lead("l", contact="王经理", phone="13800000000"),
        line("customer.add-contact", "l", by="zhang.san", contact="李总", phone="13900000000", position="总经理"),
        line("customer.change", "l", by="zhang.san", item="c1", phone="13911111111"),
    )
    assert given.customer("l")["contact"] == "王经理"
    assert (
        given.refused(line("customer.change", "l", by="zhang.san", item="c1", phone="13911111111"))
        == "event.nothing_changes"
    )
    assert given.refused(line("customer.change", "l", by="zhang.san", item="c2", phone="1")) == "customer.no_such_item"
    (entry,) = given.audit(name="customer.contact_changed")
    assert entry["changes"][1:] == [{"field": "phone", "from": "13900000000", "to": "13911111111"}]
    given.happened(line("customer.change", "l", by="zhang.san", contact="王总", industry="制造"))
    row = given.customer("l")
    assert (row["contact"], row["industry"]) == ("王总", "制造")
    given.happened(line("customer.erase-contact", "l", by="chen.jing", reason="本人要求删除"))
    assert given.customer("l")["contact"] == "[erased]"
    assert given.refused(line("customer.change", "l", by="zhang.san", phone="13822222222")) == "customer.no_such_item"
    given.happened(line("customer.add-contact", "l", by="zhang.san", contact="赵工"))
    assert given.customer("l")["contact"] == "赵工"


@pytest.mark.parametrize(
    ("letters", "code"), [("91350100M000100Y48", "customer.code_digit"), ("9135O100M000100Y43", "customer.code_letter")]
)
def test_a_credit_code_that_fails_its_check_is_refused_wherever_it_is_told(
    given: Given, letters: str, code: str
) -> None:
    refusal = given.refusal(lead("l", credit_code=letters))
    assert refusal.code == code
    given.happened(lead("l", credit_code="HRB 86891"))
    assert given.refused(line("customer.change", "l", by="zhang.san", credit_code=letters)) == code
    assert (
        given.refused(line("event.correct", "l", by="lin.zong", reason="误填", values={"credit_code": letters})) == code
    )


@for_all(st.text("ab北方阀门 ", max_size=9), st.text("ab北方阀门 ", max_size=9))
@examples(60)
def test_letters_are_counted_as_rapidfuzz_counts_them(one: str, other: str) -> None:
    assert abs(float(similar(one, other)) - Indel.normalized_similarity(one, other)) < 1e-9
