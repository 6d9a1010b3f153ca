"""A real sales funnel imported: its counts and sums are those of its files. The data lies beside the project."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from infra.imports.column_mapping import load
from infra.imports.form import form
from infra.imports.row_commands import people
from tests.infra.test_importing import requests, sold, told

ROOT = Path(__file__).parents[2]
OLIST = ROOT.parent / "shared/data/olist"
MAPS = ROOT / "docs/examples"

olist = pytest.mark.skipif(not OLIST.exists(), reason="the Olist data is not here")


@olist
def test_the_olist_leads_become_requests_with_the_counts_of_the_file() -> None:
    path = OLIST / "olist_marketing_qualified_leads_dataset.csv"
    captured = requests(told(path, load(MAPS / "olist-leads.toml", form("leads"))))
    assert len(captured) == len({r.key for r in captured}) == 8_000
    with path.open(newline="") as file:
        counted = Counter(
            (row["origin"] or "not-given", row["first_contact_date"][6:] + "-" + row["first_contact_date"][3:5])
            for row in csv.DictReader(file)
        )
    assert Counter((r.values["channel"], (r.at or "")[:7]) for r in captured) == counted
    assert all(r.values["referrer"] for r in captured if r.values["channel"] == "referral")


@olist
def test_the_olist_deals_become_signed_contracts_with_the_sums_of_the_file() -> None:
    path = OLIST / "olist_closed_deals_dataset.csv"
    history = requests(sold(path, load(MAPS / "olist-contracts.toml", form("contracts"))))
    drafts, signings = history[::4], history[3::4]
    assert len(drafts) == len(signings) == 842
    with path.open(newline="") as file:
        deals = list(csv.DictReader(file))
    months = Counter(deal["won_date"][6:10] + "-" + deal["won_date"][3:5] for deal in deals)
    assert Counter(str(r.values["date"])[:7] for r in signings) == months
    assert sum(r.values["amount"] for r in drafts) == sum(Decimal(deal["declared_monthly_revenue"]) for deal in deals)
    assert {r.values["currency"] for r in drafts} == {"BRL"}
    assert set(people(history)) == {deal["sr_id"] for deal in deals}
