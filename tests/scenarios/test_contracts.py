"""C1-C5: what a signing needs, what a change of a contract costs, and what comes in for it."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from domain.contract.instalments import Filling
from tests.given import Given, Line, lead, line, signed
from tests.scenarios.ledger import contract


def test_c1_nothing_is_signed_before_its_approval(given: Given) -> None:
    draft, submit, approve, sign = signed("c", "l", "300000", "2024-03-28")
    given.happened(lead("l"), draft)
    assert given.refused(sign) == "contract.not_approved"
    given.happened(submit)
    assert given.refused(sign) == "contract.not_approved"
    assert given.refused({**approve, "actor": "zhang.san"}) == "contract.own_submission"
    assert given.refused({**approve, "actor": "li.si"}) == "contract.tier"
    given.happened(approve, sign)
    assert given.figure("zhang.san")["actual"] == "300000"


CHANGES = [
    line("contract.amend", "c", by="zhang.san", at="2024-03-28", delta="20000"),
    line("contract.draft", "c", by="zhang.san", at="2024-03-28", number="HT-c", customer="l", amount="320000"),
    line("event.correct", "c", by="zhang.san", at="2024-03-28", reason="笔误", values={"amount": "320000"}),
    line("event.correct", "c", by="zhang.san", at="2024-03-28", reason="笔误", values={"terms": "款到发货"}),
]


@pytest.mark.parametrize("change", CHANGES, ids=["amended", "drafted again", "corrected", "other terms"])
def test_c1_an_approval_holds_for_what_it_was_given_for(given: Given, change: Line) -> None:
    draft, submit, approve, sign = signed("c", "l", "300000", "2024-03-28")
    given.happened(lead("l"), draft, submit, approve, change)
    assert given.refused(sign) == "contract.not_approved"
    given.happened(submit, approve, sign)
    assert given.figure("zhang.san")["actual"] == ("300000" if "terms" in str(change) else "320000")


@pytest.mark.parametrize(
    ("amount", "approver", "code"), [("500000", "chen.jing", None), ("500001", "chen.jing", "contract.tier")]
)
def test_c1_the_tier_for_the_amount_approves(given: Given, amount: str, approver: str, code: str | None) -> None:
    tiers = [{"up_to": "500000", "roles": ["manager", "director"]}, {"up_to": None, "roles": ["director"]}]
    given.happened(lead("l"), line("policy.adopt", name="approval-tiers", values={"tiers": tiers}, from_="2024-01-01"))
    draft, submit, approve, sign = signed("c", "l", amount, "2024-03-28", approver=approver)
    given.happened(draft, submit)
    if code:
        assert given.refused(approve) == code
    else:
        given.happened(approve, sign)


@pytest.mark.parametrize(("amount", "amended"), [("300000", None), ("240000", "60000")])
def test_c2_a_cancellation_withdraws_the_whole_value_on_its_own_day(
    given: Given, amount: str, amended: str | None
) -> None:
    given.happened(lead("l"), *signed("c", "l", amount, "2024-03-28"))
    if amended:
        given.happened(line("contract.amend", "c", delta=amended, date="2024-03-29"))
    given.happened(
        line("payment.receive", "c", amount="90000", date="2024-04-02"),
        line("contract.cancel", "c", date="2024-04-10", reason="客户破产"),
    )
    assert given.figure("zhang.san", period="2024Q1")["actual"] == "300000"
    assert given.figure("zhang.san", period="2024Q2")["actual"] == "-300000"
    assert given.figure("zhang.san", period="2024Q2", as_of="2024-04-09")["actual"] == "0"
    assert given.figure("zhang.san", basis="collected", period="2024Q2")["actual"] == "90000"
    assert given.figure("zhang.san", "new-customers", period="2024Q1")["actual"] == "1"
    row = given.customer("l")
    assert (row["signed"], row["collected"]) == ("0", "90000")
    assert given.customer("l", as_of="2024-04-09")["signed"] == "300000"


@pytest.mark.parametrize(("wrong", "right"), [("80000", "800000"), ("125000", "12500.5")])
def test_c3_a_correction_counts_at_the_original_date_and_both_stay_visible(
    given: Given, wrong: str, right: str
) -> None:
    given.happened(lead("l"), *signed("c", "l", wrong, "2024-02-09"))
    correct = line("event.correct", "c", at="2024-02-20", reason="少写一个零", values={"amount": right})
    assert given.refused({**correct, "actor": "zhang.san"}) == "event.second_person"
    given.happened({**correct, "actor": "chen.jing"})

    assert given.figure("zhang.san")["actual"] == right
    assert given.figure("zhang.san", as_of="2024-02-10")["actual"] == right
    assert given.figure("zhang.san", as_of="2024-02-10", known_at="2024-02-19")["actual"] == wrong
    assert given.customer("l")["signed"] == right
    assert given.customer("l", known_at="2024-02-19")["signed"] == wrong
    history = given.audit("c")
    original, correction = history[0], history[-1]
    assert (original["corrected_by"], correction["corrects"]) == (correction["position"], original["position"])
    assert (correction["actor"], correction["reason"]) == ("chen.jing", "少写一个零")
    assert correction["changes"] == [{"field": "amount", "from": wrong, "to": right}]
    assert {"field": "amount", "from": None, "to": wrong} in original["changes"]


def test_c3_a_corrected_signing_date_moves_the_amount(given: Given) -> None:
    draft, submit, approve, _ = signed("c", "l", "100000", "2024-03-20")
    given.happened(
        lead("l"), draft, submit, approve,
        line("contract.sign", "c", by="zhang.san", at="2024-04-01T10:00:00+08:00", key="s"),
        line("event.correct", "s", by="chen.jing", at="2024-04-05", reason="上月签的", values={"date": "2024-03-30"}),
    )  # fmt: skip
    assert given.figure("zhang.san", period="2024Q1")["actual"] == "100000"
    assert given.figure("zhang.san", period="2024Q2")["actual"] == "0"
    assert given.figure("zhang.san", period="2024Q2", known_at="2024-04-04")["actual"] == "100000"


def test_c3_a_signing_is_voided_by_a_second_person_while_nothing_follows_it(given: Given) -> None:
    given.happened(lead("l"), *signed("c", "l", "100000", "2024-03-20"))
    void = line("event.void", "c/signed", at="2024-03-22", reason="未签")
    assert given.refused({**void, "actor": "zhang.san"}) == "event.second_person"
    given.happened(line("payment.receive", "c", key="r", by="zhang.san", amount="1000", date="2024-03-21"))
    assert given.refused({**void, "actor": "chen.jing"}) == "event.followed"
    given.happened(
        line("event.void", "r", by="chen.jing", at="2024-03-22", reason="入错账"), {**void, "actor": "chen.jing"}
    )
    assert given.figure("zhang.san")["actual"] == "0"
    assert given.figure("zhang.san", basis="collected")["actual"] == "0"
    assert given.figure("zhang.san", known_at="2024-03-21")["actual"] == "100000"


@pytest.mark.parametrize(("delta", "total"), [("50000", "350000"), ("-20000", "280000")])
def test_c4_an_amendment_counts_on_its_own_day(given: Given, delta: str, total: str) -> None:
    given.happened(
        lead("l"),
        *signed("c", "l", "300000", "2024-03-28"),
        line("contract.amend", "c", delta=delta, date="2024-05-06"),
    )
    assert given.figure("zhang.san", period="2024Q1")["actual"] == "300000"
    assert given.figure("zhang.san", period="2024Q2")["actual"] == delta
    assert given.customer("l")["signed"] == total
    assert (contract(given, "c")["value"], contract(given, "c", "2024-05-05")["value"]) == (total, "300000")
    below = given.refusal(line("contract.amend", "c", delta="-400000", date="2024-05-07"))
    assert (below.code, below.facts["amount"][0]) == ("contract.below_zero", "-")  # what would be left


def test_c5_a_receipt_above_what_is_outstanding_is_refused(given: Given) -> None:
    given.happened(
        lead("l"),
        *signed("c", "l", "300000", "2024-03-28"),
        line("payment.receive", "c", amount="90000", date="2024-04-02", instalment=1),
        line("payment.receive", "c", amount="50000", date="2024-04-20", instalment=2),
    )
    assert given.customer("l")["collected"] == "140000"
    refusal = given.refusal(line("payment.receive", "c", amount="400000", date="2024-04-21"))
    assert (refusal.code, refusal.facts["outstanding"]) == ("payment.above_outstanding", "160000")
    assert (
        given.refused(line("payment.receive", "c", amount="160000.01", date="2024-04-21"))
        == "payment.above_outstanding"
    )
    assert given.refused(line("payment.receive", "c", amount="1", currency="USD")) == "payment.currency"
    given.happened(line("payment.receive", "c", amount="400000", date="2024-04-21", advance=True))
    assert given.customer("l")["collected"] == "540000"


def test_c3_a_voided_signing_opens_the_opportunity_again(given: Given) -> None:
    given.happened(
        lead("l"),
        line("opportunity.open", key="o", at="2024-01-10", customer="l", amount="120000"),
        *signed("c", "l", "110000", "2024-02-20", opportunity="o"),
        line("event.void", "c/signed", by="chen.jing", at="2024-02-21", reason="未签"),
    )
    row = given.customer("l")
    assert (row["expected"], row["signed"], row["stage"]) == ("120000", "0", "captured")
    given.happened(line("contract.sign", "c", by="zhang.san", date="2024-02-25"))
    assert (given.customer("l")["expected"], given.customer("l")["signed"]) == ("0", "110000")


def test_a_signing_wins_its_opportunity(given: Given) -> None:
    given.happened(
        lead("l"),
        line("opportunity.open", key="o", at="2024-01-10", customer="l", amount="120000", close_date="2024-03-01"),
        line("opportunity.move", "o", at="2024-01-20", stage="proposed"),
    )
    assert (given.customer("l")["expected"], given.customer("l")["stage"]) == ("120000", "proposed")
    given.happened(*signed("c", "l", "110000", "2024-02-20", opportunity="o"))
    row = given.customer("l")
    assert (row["expected"], row["signed"], row["stage"]) == ("0", "110000", "signed")
    assert given.customer("l", as_of="2024-02-19")["expected"] == "120000"


def test_a_number_is_unique_also_after_a_correction(given: Given) -> None:
    given.happened(lead("l"), *signed("c", "l", "10000", "2024-01-20"), *signed("d", "l", "10000", "2024-01-21"))
    correct = line("event.correct", "d", by="chen.jing", at="2024-02-01", reason="编号错", values={"number": "HT-c"})
    assert given.refused(correct) == "contract.number_taken"
    given.happened({**correct, "data": {"values": {"number": "HT-9"}}})
    taken = line("contract.draft", number="HT-9", customer="l", amount="1")
    assert given.refused(taken) == "contract.number_taken"
    given.happened(line("payment.receive", "HT-9", amount="500", date="2024-02-02"))


def test_receipts_in_any_order_are_taken_in_once_for_each_that_is_entered(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 40
    days = [f"2024-{month:02}-{day:02}" for month in (2, 3) for day in range(1, 21)]
    Random(1).shuffle(days)
    given.happened(lead("a"), *signed("x", "a", "1000", "2024-01-15"))
    given.happened(
        *(
            line("payment.receive", "x", by="zhang.san", date=day, amount="1", entered="2024-04-01T10:00:00+08:00")
            for day in days
        )
    )
    moves: list[Decimal] = []
    move = Filling.move

    def counted(filling: Filling, amount: Decimal, named: int | None) -> None:
        moves.append(amount)
        move(filling, amount, named)

    monkeypatch.setattr(Filling, "move", counted)
    given.store.catch_up()
    assert len(moves) == many * (many + 1) / 2
    rows = contract(given, "x")
    assert rows["collected"] == "40"
