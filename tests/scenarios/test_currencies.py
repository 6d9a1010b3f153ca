"""Money in another spelling of its currency is the same money; money of another currency is never summed, and none is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.given import Given, Line, filed, lead, line, signed
from tests.scenarios.ledger import contract
from tests.scenarios.test_closing import Ran, ran

__all__ = ["ran"]


@pytest.fixture
def sold(given: Given) -> Given:
    """Let a contract, an opportunity and a target in CNY stand."""
    given.happened(
        *filed("t", "zhang.san", "100000", currency="cny"), lead("l"), *signed("c", "l", "40000", "2024-02-10"),
        line("opportunity.open", by="zhang.san", at="2024-02-10", key="o", customer="l", amount="9000", currency="cny"),
    )  # fmt: skip
    return given


def test_a_contract_in_small_letters_counts_for_the_target(sold: Given) -> None:
    sold.happened(*signed("d", "l", "60000", "2024-02-12", currency="cny"))
    (row,) = [row for row in sold.progress(metric="sales") if (row["owner"], row["basis"]) == ("zhang.san", "signed")]
    assert (row["actual"], row["attainment"], row["currency"]) == ("100000", "1", "CNY")
    assert contract(sold, "d")["currency"] == "CNY"


def of_money(currency: str) -> list[tuple[Line, str]]:
    """Return a line with money in a currency for each subject and each action that has it, and how another one is refused."""

    def on(action: str, subject: str | None, **data: Any) -> Line:
        data["currency"] = currency
        return line(action, subject, by="chen.jing", at="2024-03-01", reason="调整", **data)

    mine = "payment.currency"
    return [
        (on("contract.amend", "c", delta="-1000"), mine),
        (on("contract.amend", "c", to="50000"), mine),
        (on("payment.schedule", "c", instalments=["100% @ signing+10"]), mine),
        (on("payment.invoice", "c", number="F1", amount="10"), mine),
        (on("payment.receive", "c", amount="10"), mine),
        (on("payment.refund", "c", amount="5"), mine),
        (on("payment.promise", "c", amount="10", due="2024-03-20"), mine),
        (on("delivery.deliver", "c", milestone="首批", amount="10"), mine),
        (on("opportunity.forecast", "o", amount="10000"), "opportunity.currency"),
        (on("target.allocate", "t", child="li.si", value="5000"), "target.currency"),
        (on("target.reallocate", "t", from_="li.si", to="wang.wu", value="500"), "target.currency"),
        (on("target.revise", "t", value="90000"), "target.currency"),
    ]


def test_money_takes_its_currency_beside_it_in_any_letters(sold: Given) -> None:
    sold.happened(*(said for said, _ in of_money("cny")))


def test_a_second_currency_is_refused_and_none_is_no_currency(sold: Given) -> None:
    sold.happened(line("target.allocate", "t", by="chen.jing", at="2024-03-01", child="li.si", value="5000"))
    for said, code in of_money("USD"):
        assert sold.refused(said) == code, said
    for said, _ in of_money("XX1"):
        refusal = sold.refusal(said)
        assert (refusal.code, refusal.facts["field"]) == ("usage.bad_value", "currency"), said


def test_a_framework_s_orders_are_in_its_currency(sold: Given) -> None:
    sold.happened(*signed("f", "l", "0", "2024-02-10", kind="framework", currency="usd"))
    order = line("contract.order", "f", by="zhang.san", date="2024-02-12", number="D1", amount="5000", currency="CNY")
    assert sold.refused(order) == "payment.currency"
    order["data"]["currency"] = "usd"
    sold.happened(order)
    assert (contract(sold, "f")["value"], contract(sold, "f")["currency"]) == ("5000", "USD")


def test_a_correction_knows_the_codes_too(sold: Given) -> None:
    wrong = line("event.correct", "c", by="chen.jing", reason="币种", values={"currency": "XX1"})
    assert sold.refused(wrong) == "event.bad_value"
    sold.happened(line("event.correct", "c", by="chen.jing", reason="币种", values={"currency": "usd"}))
    assert contract(sold, "c")["currency"] == "USD"


def test_what_was_once_recorded_in_small_letters_stays_and_is_the_same_currency(given: Given) -> None:
    """Before codes were asked for, any text was taken."""
    from domain.kernel.field import TEXT, fields_of
    from domain.kernel.registry import all_events

    drafted = next(event for event in all_events() if event.NAME == "contract.drafted")
    assert next(field for field in fields_of(drafted) if field.name == "currency").kind.write is TEXT.write
    given.happened(lead("l"))
    given.ledger.currency = "cny"
    given.happened(*signed("c", "l", "40000", "2024-02-10"))
    assert contract(given, "c")["currency"] == "cny"
    given.happened(line("payment.receive", "c", by="zhang.san", date="2024-02-12", amount="10", currency="CNY"))
    assert contract(given, "c")["collected"] == "10"


@pytest.mark.parametrize(("said", "status"), [("cny", 0), ("usd", 0), ("XX1", 2), ("abc", 2), ("人民币", 2)])
def test_a_store_is_made_in_a_currency(ran: Ran, tmp_path: Any, said: str, status: int) -> None:
    from cli.main import run

    assert run(["init", "--store", f"sqlite:///{tmp_path}/new.db", "--currency", said, "--json"]) == status
