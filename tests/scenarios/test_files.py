"""Duplicates by number, name and likeness; the intervals of grades; several contacts of one customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from domain.customer.lead import HANDFUL
from infra.queries.similar_customers import near
from projections.engine.name_similarity import similar
from projections.queries.organisation import Organisation
from projections.read_models.registry import TABLES
from projections.views import duplicates, grades
from tests.exploring import examples
from tests.given import Given, Row, lead, line
from tests.scenarios.test_conversion import CLEAR


def ask(given: Given, question: Any, as_of: str | None = None, known_at: str | None = None, **more: Any) -> list[Row]:
    with given.store.view(*TABLES) as tables:
        moments = given.store.moments(as_of, known_at)
        rows: list[Row] = question(tables, moments, Organisation(tables, moments.position), **more)
        return rows


def links(given: Given, **more: Any) -> list[str]:
    """Return each group: its customers by their keys, beside each the one that it is surest to be, and how."""
    names = {given.subject(key): key for key in "abcdefg" if key in given.store.reader.keyed([key])}
    found: dict[int, list[str]] = {}
    for row in ask(given, duplicates.rows, **more):
        found.setdefault(row["group"], []).append(f"{names[row['customer']]}-{names[row['other']]} {row['how']}")
    return [", ".join(several) for several in found.values()]


def test_l5_customers_that_may_be_one_company_are_named_group_by_group_the_surest_first(given: Given) -> None:
    given.happened(
        lead("a", "某某科技（上海）有限公司", at="2024-01-08", credit_code="91350100M000100Y43"),
        lead("b", "某某科技(上海) 股份有限公司", at="2024-01-09", by="li.si"),
        lead("c", "某某科技（北京）有限公司", at="2024-01-10"),
        lead("d", "南方泵业有限公司", at="2024-01-11", by="zhou.ba", credit_code="91350100m000100y43"),
        lead("e", "ACME Tools (Shanghai) Ltd.", at="2024-01-12"),
        lead("f", "Acme Tool Co., Ltd", at="2024-01-12", by="wu.jiu"),
        lead("g", "北方阀门有限公司", at="2024-01-12"),
    )
    some, tools = "a-d credit-code, b-a name, c-a near, d-a credit-code", "e-f near, f-e near"
    assert links(given) == [some, tools]
    (code, name, *_, last) = rows = ask(given, duplicates.rows)
    assert [(row["group"], row["members"]) for row in rows] == [(1, 4)] * 4 + [(2, 2)] * 2
    assert (code["likeness"], name["likeness"]) == ("0", "1")
    assert Decimal("0.8") < Decimal(last["likeness"]) < 1
    assert links(given, least=Decimal("0.96")) == ["a-d credit-code, b-a name, d-a credit-code"]
    assert links(given, owner="wu.jiu") == [tools]
    assert {row["group"] for row in ask(given, duplicates.rows, owner="wu.jiu")} == {2}
    assert links(given, group="g2") == [tools]
    assert links(given, group="nobody") == []
    assert links(given, as_of="2024-01-09") == ["a-b name, b-a name"]
    given.happened(
        line("lead.validate", "b", by="li.si", at="2024-01-15", distinct=True),
        line("lead.invalidate", "c", by="zhang.san", at="2024-01-15", reason="空号"),
        line("lead.merge", "a", by="zhang.san", at="2024-01-16", duplicate="d"),
        line("customer.change", "g", by="zhang.san", at="2024-01-17", company="ACME tools"),
    )
    assert links(given) == ["e-g near, f-g near, g-e near"]
    assert links(given, settled=True)[0] == "a-b name, b-a name"
    assert links(given, known_at="2024-01-14") == [some, tools]
    (row, *_) = ask(given, duplicates.rows, explain=True)
    assert [event["name"] for event in row["events"]] == [
        "customer.lead_captured", "customer.lead_captured", "customer.details_changed",
    ]  # fmt: skip


def test_of_a_thousand_of_one_name_each_capture_names_a_handful_and_all_are_one_group(given: Given) -> None:
    many = 1_000
    given.happened(*(lead(f"k{n}", "某某科技有限公司", at="2024-01-08") for n in range(many)))
    first = [given.subject(f"k{n}") for n in range(HANDFUL)]
    (last,) = given.happened(lead("last", "某某科技（有限公司）", at="2024-01-09"))
    (captured,) = last.events
    assert (captured.duplicates, captured.duplicate_count) == (tuple(first), many)  # type: ignore[attr-defined]
    (mentions,) = given.store.db.one("SELECT COUNT(*) FROM mentions") or (0,)
    assert mentions < (HANDFUL + 2) * (many + 1)
    rows = ask(given, duplicates.rows)
    assert len(rows) == many + 1
    assert {(row["group"], row["members"], row["how"], row["likeness"]) for row in rows} == {(1, many + 1, "name", "1")}
    assert [row["other"] for row in rows[1:]] == [first[0]] * many


def test_of_many_those_of_the_same_number_are_named_first(given: Given) -> None:
    code = "91350100M000100Y43"
    given.happened(*(lead(f"k{n}", "某某科技有限公司", at="2024-01-08") for n in range(7)))
    given.happened(lead("c", "某某集团有限公司", at="2024-01-08", credit_code=code))
    (made,) = given.happened(lead("l", "某某科技有限公司", at="2024-01-09", credit_code=code))
    named = tuple(given.subject(key) for key in ("c", "k0", "k1", "k2", "k3"))
    assert (made.events[0].duplicates, made.events[0].duplicate_count) == (named, 8)  # type: ignore[attr-defined]


def test_a_lead_with_more_duplicates_than_are_named_is_valid_once_all_are_merged_or_it_is_told_apart(
    given: Given,
) -> None:
    def valid() -> str | None:
        return str(given.figure("zhang.san", "valid-leads")["actual"])

    given.happened(*(lead(f"k{n}", "某某科技有限公司", at="2024-01-08", by="li.si") for n in range(6)))
    given.happened(lead("l", "某某科技有限公司", at="2024-01-09", owner="zhang.san", by="chen.jing"))
    assert given.customer("l")["owner"] == "zhang.san"
    for n in range(6):
        assert valid() == "0"
        given.happened(line("lead.merge", "l", by="chen.jing", at="2024-01-10", duplicate=f"k{n}"))
    assert valid() == "1"
    given.happened(lead("m", "某某科技有限公司", at="2024-01-11", owner="zhang.san", by="chen.jing"))
    assert valid() == "1"
    given.happened(line("lead.validate", "m", by="chen.jing", at="2024-01-12", distinct=True))
    assert valid() == "2"


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
