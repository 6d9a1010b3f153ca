"""What came in beyond the worth of a contract is overpaid in every view, and nothing of it outstanding, until it is refunded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.commands.unit_of_work import CommandResult
from projections.views import contracts, receivables
from tests.given import Given, Line, lead, line, signed
from tests.scenarios.ledger import contract, ledger, owed, received, schedule
from tests.scenarios.test_closing import Ran, ran

__all__ = ["ran"]


def amended(**said: Any) -> Line:
    return line("contract.amend", "c", by="zhang.san", date="2024-04-10", **said)


def refunded(amount: str) -> Line:
    return line("payment.refund", "c", by="zhang.san", date="2024-04-20", amount=amount)


@pytest.fixture
def paid(given: Given) -> Given:
    """Let 140,000 of a contract of 300,000 have come in, and nothing of another one of 200,000."""
    given.happened(
        lead("l"), *signed("c", "l", "300000", "2024-03-01"), *signed("d", "l", "200000", "2024-03-01"),
        schedule("c", "30%", "70%", at="2024-03-01"), received("c", "140000", "2024-03-11"),
    )  # fmt: skip
    return given


def sums(given: Given) -> list[tuple[str, str]]:
    """Return what is outstanding and overpaid in all, as the ledger and as the receivables say it."""
    both = contracts.totals(ledger(given)), receivables.totals(owed(given))
    return [(each["outstanding"], each["overpaid"]) for (each,) in both]


def warned(answers: list[CommandResult]) -> list[str]:
    from cli.actions.outcome import warnings_of

    return [each["facts"]["overpaid"] for answer in answers for each in warnings_of(answer)]


def lowered(given: Given, way: str) -> list[CommandResult]:
    """Bring the contract down to 10,000."""
    if way == "delta":
        return given.happened(amended(delta="-290000"))
    if way == "to":
        return given.happened(amended(to="10000"))
    if way == "withdrawn":
        given.happened(
            line("contract.amend", "d", by="zhang.san", date="2024-04-01", delta="0.5", key="half"),
            line("contract.amend", "c", by="zhang.san", date="2024-04-01", delta="5000", key="more"),
        )
        given.happened(line("event.correct", "c", by="chen.jing", reason="错", values={"amount": "10000"}))
        return given.happened(
            line("event.void", "more", by="chen.jing", reason="错"),
            line("event.void", "half", by="chen.jing", reason="错"),
        )
    return given.happened(line("event.correct", "c", by="chen.jing", reason="错", values={"amount": "10000"}))


@pytest.mark.parametrize("way", ["delta", "to", "corrected", "withdrawn"])
def test_what_brings_a_contract_below_what_came_in_is_recorded_with_a_warning(paid: Given, way: str) -> None:
    assert sums(paid) == [("360000", "0"), ("360000", "0")]
    assert warned(lowered(paid, way)) == ["130000"]
    row = contract(paid, "c")
    assert (row["value"], row["outstanding"], row["overpaid"]) == ("10000", "0", "130000")
    assert sums(paid) == [("200000", "130000"), ("200000", "130000")]
    (surplus,) = [part for part in owed(paid) if part["part"] == "surplus"]
    assert (surplus["outstanding"], surplus["overpaid"]) == ("0", "130000")


def test_it_is_overpaid_until_it_is_refunded(paid: Given) -> None:
    lowered(paid, "to")
    paid.happened(refunded("30000"))
    assert sums(paid) == [("200000", "100000"), ("200000", "100000")]
    paid.happened(refunded("100000"))
    assert sums(paid) == [("200000", "0"), ("200000", "0")]
    row = contract(paid, "c")
    assert (row["collected"], row["outstanding"], row["overpaid"]) == ("10000", "0", "0")
    assert contract(paid, "c", "2024-04-15")["overpaid"] == "130000"
    assert contract(paid, "c", "2024-04-05")["overpaid"] == "0"


def test_a_warning_tells_what_the_act_adds_and_is_none_where_it_adds_nothing(paid: Given) -> None:
    assert warned(paid.happened(amended(delta="-160000"))) == []
    assert warned(paid.happened(amended(delta="-1"), amended(delta="-9"), amended(delta="5"))) == ["1", "10"]
    assert contract(paid, "c")["overpaid"] == "5"


def test_a_cancelled_and_an_unsigned_contract_have_only_what_is_to_be_refunded(paid: Given) -> None:
    draft, *_ = signed("e", "l", "90000", "2024-04-01")
    paid.happened(
        line("contract.cancel", "c", by="chen.jing", date="2024-04-10", reason="客户破产"),
        draft, received("e", "4000", "2024-04-02", advance=True),
    )  # fmt: skip
    assert (contract(paid, "c")["outstanding"], contract(paid, "c")["overpaid"]) == ("0", "140000")
    assert (contract(paid, "e")["outstanding"], contract(paid, "e")["overpaid"]) == ("0", "4000")
    assert sums(paid) == [("200000", "144000"), ("200000", "144000")]


def test_a_receipt_of_an_overpaid_contract_is_corrected_to_less_and_to_another_day(paid: Given) -> None:
    paid.happened({**received("c", "100", "2024-03-12"), "key": "r"}, amended(to="10000"))

    def correct(**values: str) -> Line:
        return line("event.correct", "r", by="chen.jing", reason="错", values=values)

    paid.happened(correct(date="2024-03-13"), correct(amount="40"))
    assert paid.refused(correct(amount="41")) == "payment.above_outstanding"
    assert paid.refused(correct(currency="USD")) == "payment.currency"
    assert paid.refused(received("c", "1", "2024-04-12")) == "payment.above_outstanding"


def test_every_screen_says_it_in_both_languages(paid: Given, ran: Ran) -> None:
    lowered(paid, "to")
    for words in (("contracts",), ("receivables",), ("show", "HT-c"), ("show", paid.subject("l"))):
        for language, said in (("en", "verpaid"), ("zh", "多收")):
            status, out = ran(*words, "--lang", language, "--actor", "lin.zong")
            assert status == 0
            assert said in out
            assert "130,000" in out
    shown = json.loads(ran("show", "HT-c", "--json", "--actor", "lin.zong")[1])
    assert "130000" in json.dumps(shown)
    status, out = ran("contracts", "-o", "csv", "--actor", "lin.zong")
    assert "overpaid" in out.splitlines()[0]
