"""`sales show`: one subject on a screen, as of any moment, as known at any other; on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.customer.state import Customer
from projections.queries.organisation import Organisation
from projections.views.subject import customer
from projections.views.subject.next_stage import missing
from projections.views.tracking import rows
from tests.faults.running import sales
from tests.given import Given, line
from tests.story import DIRECTOR, MANAGER, REP, story
from tests.terminal import on_terminal


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    given = Given(f"sqlite:///{tmp_path_factory.mktemp('show')}/store.db")
    given.happened(*story())
    yield given
    given.close()


def sheet(given: Given, subject: str, *words: str) -> Any:
    (answer,) = sales("show", subject, "--json", *words, store=given.url).lines
    return answer["sheet"]


def test_a_customers_sheet_says_what_the_tracking_table_says_whenever_it_is_asked(told: Given) -> None:
    """The sheet folds one history, the table is kept row by row: both tell the same of every moment."""
    head, _ = told.store.reader.head()
    compared = 0
    with told.store.view("tracking", "organisation") as ask:
        for as_of in ("2024-01-09", "2024-01-11", "2024-01-16", "2024-01-30", "2024-02-20", "2024-12-31"):
            for position in (head, head - 3, head // 2):
                moments = told.store.moments(as_of)._replace(position=position)
                organisation = Organisation(ask, position)
                for row in {row["id"]: row for row in rows(ask, moments, organisation, currency="CNY")}.values():
                    made = customer.sheet(
                        customer.standing(told.store.history, row["id"], moments), moments, organisation
                    )
                    due = [each["due"] for each in made["next_actions"]]
                    assert (made["stage"], made["grade"]) == (row["stage"], row["grade"])
                    assert (made["owner"] or {}).get("login") == row["owner"]
                    assert min(due, default=None) == row["next_due"]
                    assert [each["kind"] for each in made["objections"]] == [o["kind"] for o in row["open_objections"]]
                    compared += 1
    assert compared > 20


@pytest.fixture
def known(store_url: str) -> Iterator[Given]:
    """A customer on its way: a deal, a promise that is overdue, an objection, a contract with a receipt."""
    given = Given(store_url, today="2024-02-19T10:00:00+08:00")
    given.happened(
        line("person.register", by=DIRECTOR, at="2024-01-01", login=DIRECTOR, name="林总", role="director"),
        line("person.register", by=DIRECTOR, at="2024-01-01", login=REP, name="张三", role="rep"),
        line("group.form", by=DIRECTOR, at="2024-01-01", code="g1", name="一组"),
        line("person.join", REP, by=DIRECTOR, at="2024-01-01", group="g1", from_="2024-01-01"),
        line("lead.capture", by=REP, at="2024-01-08", key="a", company="甲公司", channel="exhibition",
             campaign="CIIE", contact="王经理", industry="制造"),
        line("lead.validate", "a", by=REP, at="2024-01-09"),
        line("lead.grade", "a", by=REP, at="2024-01-10", grade="high", need_fit="clear", budget="matches",
             decision_chain="engaged"),
        line("follow-up.log", "a", by=REP, at="2024-02-07T10:30:00+08:00", channel="call", contact="王经理",
             feedback="要报价", next_actions=["寄报价 @ 2024-02-09", "回访 @ 3wd"]),
        line("objection.log", "a", by=REP, at="2024-02-07", kind="price", words="比同行贵"),
        line("opportunity.open", by=REP, at="2024-02-07", key="p", customer="a", amount="300000",
             close_date="2024-03-28"),
        line("contract.draft", by=REP, at="2024-02-08", key="x", number="HT-1", customer="a", amount="80000"),
        line("contract.submit", "x", by=REP, at="2024-02-08"),
        line("contract.approve", "x", by=DIRECTOR, at="2024-02-08"),
        line("contract.sign", "x", by=REP, date="2024-02-18"),
        line("payment.receive", "x", by=REP, date="2024-02-19", amount="30000"),
        line("target.set", by=DIRECTOR, at="2024-01-02", key="t", metric="sales", value="200000", period="2024Q1",
             owner=REP, rationale="r"),
    )  # fmt: skip
    yield given
    given.close()


SCREEN = """\
甲公司  cus_1
stage signed · grade high · owner 张三 zhang.san / g1
file           5 of 8 known · industry 制造 · contact 王经理 · source exhibition / CIIE
grade          high  ✓ need_fit        clear
               high  ✓ budget          matches
               high  ✓ decision_chain  engaged
               key   ✗ team            no       (needs yes)
next           ! n1  2024-02-09  寄报价  2 working days overdue
               ! n2  2024-02-18  回访    1 working day overdue
objections     o1  2024-02-07  price  open  比同行贵
contacts       2024-02-07 10:30  call  zhang.san  王经理 要报价
opportunities  opp_1  open  300,000 CNY  2024-03-28
contracts      HT-1  signed 2024-02-18  80,000 CNY  collected 30,000, outstanding 50,000
missing for    completed:  HT-1: 50,000 CNY outstanding
                            → sales payment receive HT-1 --amount 50000
"""


def screen(given: Given, subject: str, *words: str) -> str:
    done = sales("show", subject, *words, "-q", store=given.url)
    for key, stands in (("a", "cus_1"), ("p", "opp_1"), ("x", "con_1"), ("t", "tgt_1")):
        done = done._replace(out=done.out.replace(given.subject(key), stands))
    assert done.status == 0, done.err
    return done.out


def test_a_customer_on_one_screen_in_both_languages(known: Given) -> None:
    shown = screen(known, "甲公司", "--as-of", "2024-02-19")
    assert [line.split() for line in shown.splitlines()] == [line.split() for line in SCREEN.splitlines()]
    chinese = screen(known, "a", "--as-of", "2024-02-19", "--lang", "zh").splitlines()
    assert chinese[1] == "阶段 signed · 等级 high · 负责人 张三 zhang.san / g1"
    assert "下一步  ! n1  2024-02-09  寄报价  逾期 2 个工作日" in chinese
    assert chinese[-2].split() == ["待完成", "completed:", "HT-1：未收", "50,000", "CNY"]


def test_as_of_and_known_at_show_it_as_it_was(known: Given) -> None:
    then = sheet(known, "a", "--as-of", "2024-02-08")
    assert (then["stage"], then["contracts"][0]["state"]) == ("contacted", "approved")
    assert [each["state"] for each in then["next_actions"]] == ["open", "open"]
    assert then["missing"][0]["command"] == f"sales opportunity move {known.subject('p')} need-identified"
    before = sheet(known, "a", "--known-at", "2024-01-09")
    assert (before["stage"], before["next_stage"], before["grade"]) == ("valid", "graded", None)
    assert sheet(known, "a", "--known-at", "2024-01-05") is None


def test_a_contract_an_opportunity_a_target_a_person_and_a_group(known: Given) -> None:
    assert "已收    30,000 CNY" in screen(known, "HT-1", "--lang", "zh")
    contract = sheet(known, "HT-1")
    assert (contract["state"], contract["outstanding"], contract["owner"]["login"]) == ("signed", "50000", REP)
    assert sheet(known, "HT-1", "--as-of", "2024-02-18")["collected"] == "0"
    opportunity = sheet(known, "p")
    assert (opportunity["state"], opportunity["amount"], opportunity["customer"]["company"]) == (
        "open",
        "300000",
        "甲公司",
    )
    target = sheet(known, "t", "--as-of", "2024-02-19")
    assert (target["value"], target["actual"], target["gap"], target["attainment"]) == (
        "200000",
        "80000",
        "120000",
        "0.4",
    )
    person = sheet(known, REP, "--as-of", "2024-02-19")
    assert (person["group"], person["customers"], person["overdue"]) == ("g1", {"signed": 1}, 1)
    assert {row["metric"]: row["actual"] for row in person["progress"] if row["basis"] != "collected"}[
        "sales"
    ] == "80000"
    assert [each["login"] for each in sheet(known, "g1")["members"]] == [REP]
    assert [row["amount"] for row in sheet(known, "g1")["pipeline"]] == ["300000"]


def test_the_same_rows_in_other_forms_and_the_history_with_explain(known: Given) -> None:
    plain = sales("show", "a", "-o", "plain", store=known.url).out.splitlines()
    assert plain[0] == "section\tfield\tvalue"
    assert "\tstage\tsigned" in plain
    assert "customer.lead_captured" in sales("show", "a", "--explain", store=known.url).out


def test_an_ordinary_customer_fits_on_a_small_terminal(told: Given) -> None:
    shown = on_terminal(["show", "a", "--no-pager"], [], store=told.url, more={"COLUMNS": "80", "LINES": "24"})
    assert shown.status == 0
    assert len(shown.lines) <= 24
    from infra.i18n.terminal_text import width

    assert max(map(width, shown.lines)) <= 80


def test_a_merged_or_unknown_subject(told: Given) -> None:
    assert sheet(told, "d")["missing"] == []
    assert sheet(told, "d")["file"]["merged_into"] == told.subject("a")
    assert sales("show", "没有", store=told.url).status == 4
    assert sales("show", DIRECTOR, "--as-of", "2024-01-02", store=told.url).out.startswith(DIRECTOR)
    assert sheet(told, "prd_2024-01") is None
    assert "contract.approved" not in sales("show", "HT-1", "--lang", "zh", store=told.url, SALES_ACTOR=MANAGER).err


def test_the_source_of_a_lead_is_opened_where_a_person_is_one(known: Given) -> None:
    known.happened(
        line("lead.capture", by=REP, at="2024-02-18", key="r", company="乙公司", channel="referral", referrer="李四")
    )
    assert sheet(known, "r")["file"]["source"] == "李四"
    assert sheet(known, "a")["file"]["source"] == "CIIE"


def test_records_are_those_that_are_still_open(store_url: str) -> None:
    given = Given(store_url, today="2024-02-19T10:00:00+08:00")
    asks = {"kind": "asks-for-quotation"}
    given.happened(
        line("person.register", by=DIRECTOR, at="2024-01-01", login=DIRECTOR, name="林总", role="director"),
        line("lead.capture", key="a", by=DIRECTOR, at="2024-01-08", company="甲制造有限公司", channel="online", owner=DIRECTOR),
        line("signal.log", "a", by=DIRECTOR, at="2024-01-09", **asks),
        line("quote.issue", "a", by=DIRECTOR, at="2024-01-10", number="Q-1", amount="90", valid_until="2024-03-01"),
        line("quote.issue", "a", by=DIRECTOR, at="2024-01-11", number="Q-2", amount="80", valid_until="2024-02-19", replaces="q1"),
        line("signal.log", "a", by=DIRECTOR, at="2024-02-06", **asks),
    )  # fmt: skip

    def open_on(*words: str) -> list[tuple[str, str, str]]:
        return [(each["kind"], each["item"], each["state"]) for each in sheet(given, "a", *words)["records"]]

    assert open_on("--as-of", "2024-02-19") == [("quote", "q2", "valid"), ("signal", "s2", "unanswered")]
    assert open_on("--as-of", "2024-01-09") == [("signal", "s1", "open")]
    assert open_on("--as-of", "2024-01-10") == [("quote", "q1", "valid")]
    assert open_on("--as-of", "2024-02-20") == [("signal", "s2", "unanswered")]
    shown = sales("show", "a", "--as-of", "2024-02-19", store=given.url).out
    assert "number Q-2; amount 80 CNY; valid_until 2024-02-19" in shown
    given.close()


@pytest.mark.parametrize(("valid", "first"), [(None, ["validation", "grade"]), (True, ["grade"])])
def test_a_lead_that_is_worked_on_unseen_lacks_its_validation_before_its_grade(
    valid: bool | None, first: list[str]
) -> None:
    lacks = missing("cus_x", "valid", Customer(valid=valid), [], [], [])["missing"]
    assert [each["what"] for each in lacks] == first


def test_a_validated_lead_lacks_what_its_grade_asks_for(known: Given) -> None:
    then = sheet(known, "甲公司", "--as-of", "2024-01-09")
    assert {each["what"] for each in then["missing"]} <= {"criterion", "grade"}
    assert then["missing"][-1]["what"] == "grade"


def test_a_contract_that_is_paid_lacks_no_payment() -> None:
    contracts = [
        {"state": "signed", "number": number, "outstanding": outstanding, "currency": "CNY"}
        for number, outstanding in (("HT-1", "0"), ("HT-2", "5"), ("HT-3", None))
    ]
    lacks = missing("cus_x", "signed", Customer(), [], contracts, [])["missing"]
    assert [(each["what"], each["facts"]["number"]) for each in lacks] == [("outstanding", "HT-2")]
