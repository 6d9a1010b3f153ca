"""Framework contracts, deliveries and completions: what counts on which day, and where the customer stands."""

from __future__ import annotations

import pytest

from domain.calendar.period import Period
from tests.given import Given, Line, filed, lead, line, signed
from tests.scenarios.ledger import contract, ledger, received


def ordered(number: str, amount: str, date: str, key: str = "f") -> Line:
    return line("contract.order", key, by="zhang.san", number=number, amount=amount, date=date, key=f"{key}/{number}")


def graded(key: str, at: str) -> list[Line]:
    return [
        line("customer.form-team", key, at=at, members=["zhang.san"]),
        line("lead.grade", key, by="zhang.san", at=at, grade="key"),
    ]


@pytest.mark.parametrize("limit", ["0", "900000"])
def test_a_framework_counts_nothing_and_its_orders_count_on_their_days(given: Given, limit: str) -> None:
    given.happened(
        lead("l"), *signed("f", "l", limit, "2024-01-20", kind="framework"),
        ordered("DD-1", "120000", "2024-02-09"), ordered("DD-2", "80000", "2024-04-02"),
        *([line("contract.amend", "f", by="zhang.san", delta="5000", date="2024-04-03")] if limit != "0" else []),
        line("contract.cancel", "f", by="zhang.san", date="2024-07-10", reason="客户破产"),
    )  # fmt: skip
    signed_in = {p: given.figure("zhang.san", period=p)["actual"] for p in ("2024-01", "2024Q1", "2024Q2", "2024Q3")}
    assert signed_in == {"2024-01": "0", "2024Q1": "120000", "2024Q2": "80000", "2024Q3": "-200000"}
    row = contract(given, "f", "2024-06-30")
    assert (row["kind"], row["amount"], row["value"]) == ("framework", limit, "200000")
    assert [(order["number"], order["amount"]) for order in row["orders"]] == [("DD-1", "120000"), ("DD-2", "80000")]
    assert contract(given, "f")["value"] == "0"
    assert given.customer("l", "2024-06-30")["signed"] == "200000"


def test_the_first_order_makes_a_customer_new_and_later_ones_are_repurchases(given: Given) -> None:
    given.happened(
        lead("l"), *graded("l", "2024-01-10"), *signed("f", "l", "0", "2024-01-20", kind="framework"),
        ordered("DD-1", "100", "2024-02-09"), ordered("DD-2", "100", "2024-05-02"),
    )  # fmt: skip
    assert given.figure("zhang.san", "new-customers", period="2024-01")["actual"] == "0"
    assert given.figure("zhang.san", "new-customers", period="2024-02")["actual"] == "1"
    assert given.figure("zhang.san", "new-customers", period="2024Q2")["actual"] == "0"
    rate = given.figure("company", "repurchase-rate", period="2024Q2")
    assert (rate["numerator"], rate["denominator"]) == (1, 1)
    rate = given.figure("company", "repurchase-rate", period="2024Q1")
    assert (rate["numerator"], rate["denominator"]) == (0, 0)
    given.happened(line("event.void", "f/DD-2", by="chen.jing", at="2024-05-05", reason="未下单"))
    assert given.figure("company", "repurchase-rate", period="2024Q2")["numerator"] == 0
    assert given.figure("company", "repurchase-rate", period="2024Q2", known_at="2024-05-04")["numerator"] == 1


def test_an_order_is_corrected_at_its_own_date(given: Given) -> None:
    given.happened(
        lead("l"), *signed("f", "l", "0", "2024-01-20", kind="framework"), ordered("DD-1", "100", "2024-04-01")
    )
    values = {"amount": "1000", "date": "2024-03-31"}
    given.happened(line("event.correct", "f/DD-1", by="chen.jing", at="2024-04-05", reason="笔误", values=values))
    assert given.figure("zhang.san", period="2024Q1")["actual"] == "1000"
    assert given.figure("zhang.san", period="2024Q2")["actual"] == "0"
    assert given.figure("zhang.san", period="2024Q2", known_at="2024-04-04")["actual"] == "100"


@pytest.mark.parametrize(
    ("target", "invoiced", "delivered", "attained"),
    [("800000", "200000", "120000", "0.25"), ("300000", "90000", "45000", "0.3")],
)
def test_t7_a_target_stands_on_what_is_invoiced_or_delivered(
    given: Given, target: str, invoiced: str, delivered: str, attained: str
) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "500000", "2024-02-01"),
        line("payment.invoice", "c", by="zhang.san", number="1", amount=invoiced, date="2024-02-05"),
        line("delivery.deliver", "c", by="zhang.san", milestone="一期", amount=delivered, date="2024-02-06"),
        line("delivery.deliver", "c", by="zhang.san", milestone="培训", date="2024-02-07"),
    )  # fmt: skip
    assert {row["basis"] for row in given.progress(metric="sales")} == {"signed", "collected"}
    given.happened(*filed("t", "zhang.san", target, basis="invoiced"))
    rows = given.progress(metric="sales", owner="zhang.san")
    assert [(row["basis"], row["actual"], row["attainment"]) for row in rows] == [
        ("signed", "500000", None), ("collected", "0", None), ("invoiced", invoiced, attained)
    ]  # fmt: skip
    assert given.figure("g1", basis="invoiced")["actual"] == invoiced
    given.happened(*filed("u", "g1", target, basis="delivered"))
    assert given.figure("g1", basis="delivered")["actual"] == delivered
    assert given.figure("zhang.san", basis="delivered", as_of="2024-02-05")["actual"] == "0"


def test_a_customer_performs_from_the_first_delivery_and_is_completed_with_its_last_contract(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "1000", "2024-02-01"), received("c", "1000", "2024-02-02"),
        line("delivery.deliver", "c", by="zhang.san", milestone="一期", amount="400", date="2024-02-10", key="d1"),
        line("delivery.accept", "d1", by="zhang.san", date="2024-02-15"),
        line("delivery.deliver", "c", by="zhang.san", milestone="二期", amount="600", date="2024-02-20", key="d2"),
    )  # fmt: skip
    complete = line("contract.complete", "c", by="zhang.san", date="2024-03-01")
    assert given.refused(complete) == "contract.unfinished"
    given.happened(line("delivery.accept", "d2", by="zhang.san", date="2024-02-28"), complete)
    given.happened(*signed("d", "l", "50", "2024-04-01"))
    days = ("2024-02-05", "2024-02-10", "2024-03-01", "2024-04-01")
    assert [given.customer("l", day)["stage"] for day in days] == ["signed", "performing", "completed", "signed"]
    row = contract(given, "c", "2024-02-25")
    assert (row["state"], row["delivered"], row["accepted"], row["not_accepted"]) == ("signed", "1000", "400", ["二期"])
    assert contract(given, "c")["state"] == "completed"


def test_the_ledger_shows_approvals_reviews_and_where_it_is_kept(given: Given) -> None:
    given.happened(line("policy.adopt", name="contract-review", values={"departments": ["legal"]}, from_="2024-01-01"))
    draft, submit, approve, sign = signed("c", "l", "300000", "2024-03-28")
    review = line("contract.review", "c", by="ma.qiao", at="2024-03-28", department="legal", opinion="against")
    given.happened(lead("l"), draft, submit)
    assert given.refused(approve) == "contract.not_reviewed"
    given.happened(review)
    assert given.refused(approve) == "contract.opposed"
    given.happened(
        line("contract.amend", "c", by="zhang.san", at="2024-03-28", delta="1"), submit,
        line("contract.review", "c", by="ma.qiao", at="2024-03-28", department="legal", opinion="for"),
        approve, sign, line("contract.archive", "c", by="zhang.san", at="2024-04-02", place="A-12"),
    )  # fmt: skip
    row = contract(given, "c")
    assert (row["amount"], row["value"], row["approved_by"], row["place"]) == ("300001", "300001", "lin.zong", "A-12")
    assert [(each["opinion"], each["by"]) for each in row["reviews"]] == [("against", "ma.qiao"), ("for", "ma.qiao")]
    assert contract(given, "c", "2024-04-01")["place"] is None
    assert ledger(given, known_at="2024-03-27") == []


def test_the_ledger_follows_merges_and_hand_overs(given: Given) -> None:
    given.happened(
        lead("l"), lead("m", "乙贸易有限公司"), *signed("c", "l", "100", "2024-02-01"), *signed("d", "m", "70", "2024-02-05"),
        line("contract.draft", by="li.si", at="2024-02-06", key="e", number="HT-e", customer="m", amount="9", owner="li.si"),
        line("lead.merge", "l", by="zhang.san", at="2024-03-01", duplicate="m"),
        line("person.hand-over", "zhang.san", by="chen.jing", at="2024-03-10", to="zhou.ba"),
    )  # fmt: skip
    rows = ledger(given, "2024-02-28")
    assert [(row["number"], row["company"], row["owner"], row["group"]) for row in rows] == [
        ("HT-c", "l制造有限公司", "zhang.san", "g1"), ("HT-d", "乙贸易有限公司", "zhang.san", "g1"),
        ("HT-e", "乙贸易有限公司", "li.si", "g1"),
    ]  # fmt: skip
    rows = ledger(given)
    assert {row["company"] for row in rows} == {"l制造有限公司"}
    assert {(row["number"], row["owner"], row["group"]) for row in rows} >= {("HT-c", "zhou.ba", "g2")}
    assert [row["number"] for row in ledger(given, period=Period.parse("2024-02"))] == ["HT-c", "HT-d"]
    assert [row["number"] for row in ledger(given, owner="zhou.ba")] == ["HT-c", "HT-d"]
    assert [row["number"] for row in ledger(given, state="draft")] == ["HT-e"]
