"""What was recorded when fewer rules held is borne out by today's: an amount of nothing, a currency in any text, no word of a surplus."""

from __future__ import annotations

import pytest

from infra.store.redecision import decided_again
from tests.given import Given, company, lead, line, signed


def test_an_older_log_is_not_accused(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Given(store_url)
    given.happened(*company(), lead("l"))
    with monkeypatch.context() as older:
        older.setattr("domain.kernel.currency.read_currency", str)
        older.setattr("domain.kernel.action.unfit", lambda said: None)
        given.happened(
            *signed("c", "l", "40000", "2024-02-10", currency="cny"), *signed("d", "l", "50", "2024-02-10", currency="XX1"),
            line("payment.receive", "c", by="zhang.san", date="2024-02-12", amount="30000"),
            line("opportunity.open", by="zhang.san", at="2024-02-10", key="o", customer="l", amount="-100"),
            line("contract.amend", "c", by="zhang.san", date="2024-02-14", delta="-20000"),
        )  # fmt: skip
    head, _ = given.store.reader.head()
    found = decided_again(given.store.db, given.store.settings, head)
    assert [each for each in found if not each.later] == []
    given.close()
