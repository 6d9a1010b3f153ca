"""C5: what is to come in for a contract, by instalment; what came in of it, what is overdue, and what was promised."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.calendar.period import Period
from projections.views import receivables
from tests.given import Given, lead, line, signed
from tests.scenarios.ledger import contract, owed, parts, received, schedule


@pytest.mark.parametrize(
    ("worth", "shares", "receipts", "too_much", "share", "second", "open_"),
    [
        ("300000", ("30%", "60%", "10%"), ("90000", "50000"), "400000", "0.466667", ("50000", "180000"), "160000"),
        ("100000.01", ("33.33%", "33.33%", "33.34%"), ("40000", "20000.5"), "39999.52", "0.600005",
         ("26670.5", "33330"), "39999.51"),
        ("240000", ({"share": "0.25"}, {"percent": 75}), ("100000",), "140000.01", "0.416667", ("40000", "180000"),
         "140000"),
    ],
)  # fmt: skip
def test_c5_receipts_fill_the_oldest_open_instalment(
    given: Given, worth: str, shares: tuple[str, ...], receipts: tuple[str, ...], too_much: str, share: str,
    second: tuple[str, str], open_: str,
) -> None:  # fmt: skip
    given.happened(lead("l"), *signed("c", "l", worth, "2024-03-28"), schedule("c", *shares, at="2024-03-28"))
    given.happened(*(received("c", amount, f"2024-04-{n + 2:02}") for n, amount in enumerate(receipts)))
    refusal = given.refusal(received("c", too_much, "2024-04-20"))
    assert (refusal.code, refusal.facts["outstanding"]) == ("payment.above_outstanding", open_)

    row = contract(given, "c")
    assert Decimal(row["collected"]) == sum(map(Decimal, receipts))
    assert (row["collected_share"], row["outstanding"]) == (share, open_)
    everything = owed(given, settled=True)
    assert sum(Decimal(part["amount"]) for part in everything) == Decimal(worth)
    assert (everything[1]["received"], everything[1]["amount"]) == second
    assert sum(Decimal(part["outstanding"]) for part in owed(given)) == Decimal(open_)
    assert receivables.totals(owed(given))[0]["outstanding"] == open_


def test_c5_what_is_due_is_shown_as_of_any_day_as_known_on_any_day(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "300000", "2024-03-28"),
        schedule("c", "30% @ signing+10", "60% @ delivery+30", "10% @ 2024-12-31", at="2024-03-28"),
        received("c", "90000", "2024-04-02", entered="2024-04-15T10:00:00+08:00"),
        line("delivery.deliver", "c", by="zhang.san", date="2024-05-02", milestone="首批", amount="180000"),
    )  # fmt: skip
    first, second, third = owed(given, "2024-04-30", settled=True)
    assert [(row["due"], row["days_overdue"]) for row in (first, second, third)] == [
        ("2024-04-07", None), ("2024-12-31", 0), (None, None)
    ]  # fmt: skip
    assert [row["due"] for row in owed(given, "2024-06-30")] == ["2024-06-01", "2024-12-31"]
    late = owed(given, "2024-04-12", "2024-04-12")[0]
    assert (late["received"], late["days_overdue"], late["ageing"]) == ("0", 5, "0-30")
    assert owed(given, "2024-04-12")[0]["due"] == "2024-12-31"


@pytest.mark.parametrize(
    ("day", "late", "age"),
    [
        ("2024-04-10", 0, "not-due"), ("2024-04-11", 1, "0-30"), ("2024-05-10", 30, "0-30"), ("2024-05-11", 31, "31-60"),
        ("2024-06-10", 61, "61-90"), ("2024-07-09", 90, "61-90"), ("2024-07-10", 91, "90+"),
    ],
)  # fmt: skip
def test_what_is_overdue_is_classed_by_its_age(aged: Given, day: str, late: int, age: str) -> None:
    (row,) = owed(aged, day, owner="zhang.san")
    assert (row["days_overdue"], row["ageing"]) == (late, age)
    assert bool(owed(aged, day, overdue=True, owner="zhang.san")) == bool(late)


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Given:
    from tests.given import company

    given = Given(f"sqlite:///{tmp_path_factory.mktemp('aged')}/store.db")
    given.happened(
        *company(), lead("l"), *signed("c", "l", "1000", "2024-03-28"), schedule("c", "100% @ 2024-04-10", at="2024-03-28"),
        lead("m", by="zhou.ba"), *signed("d", "m", "500", "2024-03-28", by="zhou.ba"),
        *signed("e", "m", "70", "2024-03-28", by="zhou.ba", currency="USD"),
    )  # fmt: skip
    return given


def test_sums_are_by_currency_and_owner_and_never_across(aged: Given) -> None:
    yuan, dollars = receivables.totals(owed(aged, "2024-05-11"))
    assert (yuan["currency"], yuan["outstanding"], yuan["overdue"]) == ("CNY", "1500", "1000")
    assert yuan["ageing"] == {"not-due": "500", "0-30": "0", "31-60": "1000", "61-90": "0", "90+": "0"}
    assert [(each["owner"], each["outstanding"]) for each in yuan["owners"]] == [
        ("zhang.san", "1000"),
        ("zhou.ba", "500"),
    ]
    assert (dollars["currency"], dollars["outstanding"]) == ("USD", "70")
    assert {row["owner"] for row in owed(aged, group="g2")} == {"zhou.ba"}
    assert {row["company"] for row in owed(aged, subjects=[aged.subject("l")])} == {"l制造有限公司"}
    assert [row["number"] for row in owed(aged, period=Period.parse("2024Q2"))] == ["HT-c"]


def test_a_refund_is_a_delta_on_its_own_day_and_a_surplus_waits_for_it(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "1000", "2024-03-20"), schedule("c", "40%", "60%", at="2024-03-20"),
        received("c", "700", "2024-03-25"),
        line("contract.amend", "c", by="zhang.san", delta="-200", date="2024-04-01"),
        line("contract.cancel", "c", by="zhang.san", date="2024-04-10", reason="客户破产"),
        line("payment.refund", "c", by="zhang.san", amount="250", date="2024-07-01"),
    )  # fmt: skip
    assert parts(owed(given, "2024-03-31")) == [(2, "300", "600")]
    assert parts(owed(given, "2024-04-05")) == [(2, "300", "400")]
    (surplus,) = owed(given, "2024-04-10")
    assert (surplus["part"], surplus["received"]) == ("surplus", "700")
    assert (surplus["outstanding"], surplus["overpaid"]) == ("0", "700")
    assert owed(given)[0]["overpaid"] == "450"
    assert receivables.totals(owed(given))[0] | {"owners": None, "ageing": None} == {
        "currency": "CNY", "outstanding": "0", "overdue": "0", "overpaid": "450", "surplus": "450", "ageing": None,
        "owners": None,
    }  # fmt: skip
    for period, collected in (("2024Q1", "700"), ("2024Q2", "0"), ("2024Q3", "-250")):
        assert given.figure("zhang.san", basis="collected", period=period)["actual"] == collected
    assert given.customer("l")["collected"] == "450"
    assert given.refused(line("payment.refund", "c", by="zhang.san", amount="450.01")) == "payment.above_collected"


def test_a_refund_is_corrected_by_a_second_person_and_voided(given: Given) -> None:
    refund = line("payment.refund", "c", by="zhang.san", amount="30", date="2024-04-01", key="u")
    given.happened(lead("l"), *signed("c", "l", "1000", "2024-03-20"), received("c", "100", "2024-03-25"), refund)
    correct = line("event.correct", "u", at="2024-04-05", reason="笔误", values={"amount": "90", "date": "2024-03-31"})
    assert given.refused({**correct, "actor": "zhang.san"}) == "event.second_person"
    given.happened({**correct, "actor": "chen.jing"})
    assert given.figure("zhang.san", basis="collected")["actual"] == "10"
    assert given.figure("zhang.san", basis="collected", known_at="2024-04-04")["actual"] == "100"
    assert contract(given, "c", known_at="2024-04-04")["collected"] == "70"
    given.happened(line("event.void", "u", by="chen.jing", at="2024-04-06", reason="未退"))
    assert contract(given, "c")["collected"] == "100"


def test_a_promise_is_kept_by_what_comes_in_until_its_day(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "1000", "2024-03-20"), schedule("c", "50% @ 2024-04-01", "50% @ 2024-06-01", at="2024-03-20"),
        received("c", "100", "2024-04-02"),
        line("payment.promise", "c", by="zhang.san", at="2024-04-03", amount="400", due="2024-04-20", key="g"),
        received("c", "150", "2024-04-10"),
        received("c", "250", "2024-04-21"),
        line("payment.promise", "c", by="zhang.san", at="2024-05-01", amount="300", due="2024-06-01"),
        received("c", "300", "2024-05-20"),
    )  # fmt: skip
    shown = {day: [(row["instalment"], row["promise"]) for row in owed(given, day)] for day in (
        "2024-04-15", "2024-04-20", "2024-05-02", "2024-06-30")}  # fmt: skip
    assert shown == {
        "2024-04-15": [(1, "open"), (2, None)], "2024-04-20": [(1, "open"), (2, None)], "2024-05-02": [(2, "open")],
        "2024-06-30": [(2, "kept")],
    }  # fmt: skip
    (first, _) = owed(given, "2024-04-25", "2024-04-20")
    assert (first["promise"], first["promised"], first["promise_due"]) == ("broken", "400", "2024-04-20")
    given.happened(line("event.correct", "g", by="chen.jing", at="2024-07-01", reason="听错", values={"amount": "150"}))
    assert [row["promise"] for row in owed(given, "2024-04-25")] == ["kept"]
    (row,) = owed(given, "2024-04-25", explain=True)
    assert [event["name"] for event in row["events"]] == [
        "contract.drafted", "contract.signed", "payment.scheduled", "payment.received", "payment.promised",
        "payment.received", "payment.received", "event.corrected",
    ]  # fmt: skip


def test_invoices_count_on_their_day_and_fill_their_instalment(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "1000", "2024-03-20"), *signed("d", "l", "500", "2024-03-20"),
        schedule("c", "40%", "60%", at="2024-03-20"),
        line("payment.invoice", "c", by="zhang.san", number="FP-1", amount="600", date="2024-03-28", instalment=2),
        line("payment.invoice", "c", by="zhang.san", number="FP-2", amount="-100", date="2024-04-02", instalment=2, key="b"),
    )  # fmt: skip
    assert [row["invoiced"] for row in owed(given, "2024-03-31", subjects=[given.subject("c")])] == ["0", "600"]
    assert [row["invoiced"] for row in owed(given, subjects=[given.subject("c")])] == ["0", "500"]
    assert given.refused(line("payment.invoice", "d", by="li.si", number="FP-1", amount="9")) == "payment.invoice_taken"
    given.happened(
        line("event.correct", "b", by="chen.jing", at="2024-04-03", reason="笔误", values={"number": "FP-3"})
    )
    assert given.refused(line("payment.invoice", "d", by="li.si", number="FP-3", amount="9")) == "payment.invoice_taken"
    given.happened(
        line("event.void", "b", by="chen.jing", at="2024-04-04", reason="未冲红"),
        line("payment.invoice", "d", by="li.si", number="FP-3", amount="9", date="2024-04-05"),
    )


def test_a_schedule_is_replaced_by_a_later_one(given: Given) -> None:
    given.happened(
        lead("l"), *signed("c", "l", "1000", "2024-03-20"), schedule("c", "100% @ 2024-04-01", at="2024-03-20"),
        received("c", "300", "2024-03-21"),
        line("contract.amend", "c", by="zhang.san", delta="100", date="2024-04-05"),
    )  # fmt: skip
    assert parts(owed(given)) == [(1, "300", "1000"), (None, "0", "100")]
    given.happened(schedule("c", "200 @ 2024-05-01", "900 @ 2024-06-01", at="2024-04-08"))
    assert parts(owed(given)) == [(2, "100", "900")]
    assert parts(owed(given, "2024-04-07")) == [(1, "300", "1000"), (None, "0", "100")]
    assert parts(owed(given, "2024-04-04")) == [(1, "300", "1000")]
