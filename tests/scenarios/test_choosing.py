"""What a template's drop-downs offer: the names that the store knows, the same on both stores."""

from __future__ import annotations

from infra.imports.template_choices import names
from tests.given import Given, lead, line


def test_a_template_offers_people_groups_customers_contracts_and_targets(given: Given) -> None:
    given.happened(
        lead("a", "甲公司"),
        lead("b", "乙公司"),
        line("contract.draft", customer="a", number="HT-1", amount="9", by="zhang.san"),
        line("target.set", key="t", metric="sales", value="9", period="2024Q1", owner="g1"),
    )
    found = names(given.store)
    assert {"甲公司", "乙公司"} == set(found["customer"])
    assert found["contract"] == ["HT-1"]
    assert {"zhang.san", "li.si"} <= set(found["person"])
    assert "g1" in found["group"]
    assert found["owner"][0] == "company"
    (target,) = found["target"]
    assert target.startswith("tgt_")
    assert target.endswith("g1 sales signed 2024Q1")
