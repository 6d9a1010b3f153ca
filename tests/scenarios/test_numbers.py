"""Numbers that only one may bear: of contracts, quotes, invoices; a number is free again once nothing standing bears it."""

from __future__ import annotations

import pytest

from infra.store.shadow_rebuild import make_again
from tests.given import Given, Line, lead, line, signed

OWN = {"by": "zhang.san"}
MISTAKE = {"by": "chen.jing", "reason": "录错"}


@pytest.fixture
def two(given: Given) -> Given:
    """Return a store with two customers, and a signed contract of each."""
    given.happened(
        lead("l1"),
        lead("l2"),
        *signed("c1", "l1", "1000", "2024-01-10", approver="chen.jing"),
        *signed("c2", "l2", "1000", "2024-01-10", approver="chen.jing"),
    )
    return given


def contract(key: str, number: str, of: str = "l1") -> Line:
    return line("contract.draft", number=number, customer=of, amount="5", key=key, **OWN)


def quote(key: str, number: str, of: str = "l1") -> Line:
    return line("quote.issue", of, number=number, amount="5", valid_until="2024-06-30", key=key, **OWN)


def invoice(key: str, number: str, of: str = "c1") -> Line:
    return line("payment.invoice", of, number=number, amount="5", key=key, **OWN)


MAKING = {
    "contract": (contract, "l1", "l2", "contract.number_taken"),
    "quote": (quote, "l1", "l2", "quote.number_taken"),
    "invoice": (invoice, "c1", "c2", "payment.invoice_taken"),
}


@pytest.mark.parametrize("kind", MAKING)
def test_a_number_that_a_correction_gives_is_taken(two: Given, kind: str) -> None:
    make, one, other, taken = MAKING[kind]
    two.happened(make("a", "N-1", one), line("event.correct", "a", values={"number": "N-2"}, **MISTAKE))
    assert two.refused(make("b", "N-2", other)) == taken
    assert two.refused(make("b", "N-2", one)) == taken


@pytest.mark.parametrize("kind", MAKING)
def test_a_number_that_was_corrected_away_is_free_for_another(two: Given, kind: str) -> None:
    make, one, other, taken = MAKING[kind]
    two.happened(make("a", "N-1", one), line("event.correct", "a", values={"number": "N-2"}, **MISTAKE))
    two.happened(make("b", "N-1", other))
    back = line("event.correct", "a", values={"number": "N-1"}, **MISTAKE)
    assert two.refused(back) == taken


@pytest.mark.parametrize("kind", MAKING)
@pytest.mark.parametrize("whose", [1, 2])
def test_the_number_of_what_was_withdrawn_is_free_again(two: Given, kind: str, whose: int) -> None:
    make, *of, taken = MAKING[kind]
    one, again = str(of[0]), str(of[whose - 1])
    two.happened(make("a", "N-1", one), line("event.void", "a", **MISTAKE))
    two.happened(make("b", "N-1", again))
    assert two.refused(make("c", "N-1", one)) == taken


def test_a_contract_is_named_by_the_number_that_it_bears(two: Given) -> None:
    two.happened(contract("a", "N-1"), line("event.correct", "a", values={"number": "N-2"}, **MISTAKE))
    assert two.store.subject("N-1") == two.store.subject("N-2") == two.subject("a")
    two.happened(contract("b", "N-1", "l2"))
    assert (two.store.subject("N-1"), two.store.subject("N-2")) == (two.subject("b"), two.subject("a"))
    two.happened(line("contract.submit", "N-1", **OWN))
    assert two.store.history(two.subject("b"), 1 << 40)[-1].name == "contract.submitted"
    two.happened(line("event.correct", "a", values={"number": "N-3"}, **MISTAKE))
    assert two.store.subject("N-3") == two.subject("a")


def test_claims_made_again_from_the_log_hold_the_same(two: Given) -> None:
    two.happened(contract("a", "N-1"), line("event.correct", "a", values={"number": "N-2"}, **MISTAKE))
    two.happened(
        contract("b", "N-1", "l2"), quote("q", "Q-1"), line("event.correct", "q", values={"number": "Q-2"}, **MISTAKE)
    )
    before = two.store.reader.db.all("SELECT kind, value, n, stream FROM claims ORDER BY kind, value, n")
    make_again(two.store.log)
    assert two.store.reader.db.all("SELECT kind, value, n, stream FROM claims ORDER BY kind, value, n") == before


def test_doubled_numbers_of_an_older_log_are_named_and_nothing_is_in_the_way_of_making_claims_again(
    given: Given,
) -> None:
    """An older program didn't claim the number that a quote was corrected to, and somebody may have tampered with claims."""
    given.happened(lead("l1"), lead("l2"), quote("a", "Q-1"), contract("c", "HT-1"))
    given.happened(line("event.correct", "a", values={"number": "Q-2"}, **MISTAKE))
    given.store.log.db.run("DELETE FROM claims WHERE value IN ('Q-2', 'HT-1')")
    given.reopened()
    given.happened(quote("b", "Q-2", "l2"), contract("d", "HT-1", "l2"), quote("e", "Q-3"))
    twice = make_again(given.store.log)
    assert [(each.kind, each.value, each.holder, each.other) for each in twice] == [
        ("contract-number", "HT-1", given.subject("c"), given.subject("d")),
        ("quote-number", "Q-2", given.subject("l1"), given.subject("l2")),
    ]
    claiming = [given.store.reader.record(at).name for each in twice for at in (each.since, each.position)]  # type: ignore[union-attr]
    assert claiming == ["contract.drafted", "contract.drafted", "event.corrected", "quote.issued"]
    given.reopened()
    given.happened(line("event.correct", "b", values={"number": "Q-4"}, **MISTAKE))
    given.happened(line("event.void", "d", **MISTAKE))
    assert make_again(given.store.log) == []
