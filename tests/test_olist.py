"""A real sales funnel through the command line, on both stores: its counts and sums are those of its files."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from infra.store.open import create_store, open_store
from tests.faults.running import BOSS, Done, sales

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared/data/olist"
LEADS = DATA / "olist_marketing_qualified_leads_dataset.csv"
DEALS = DATA / "olist_closed_deals_dataset.csv"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the Olist data is not here")


def imported(what: str, file: Path, store: str, *more: str) -> Done:
    example = ROOT / f"docs/examples/olist-{what}.toml"
    return sales("import", what, str(file), "--map", str(example), *more, store=store)


def table(file: Path) -> list[dict[str, str]]:
    """Return the rows of a file, read without the program's help."""
    with file.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def month(day: str) -> str:
    """Return the month of a day as the files write it, 31-12-2017."""
    return f"{day[6:10]}-{day[3:5]}"


def rows(store: str, *words: str) -> list[dict[str, Any]]:
    done = sales(*words, "--json", store=store)
    assert done.status == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)["rows"]
    return found


def head(store: str) -> int:
    opened = open_store(store)
    position = opened.reader.head()[0]
    opened.close()
    return position


def test_the_funnel_is_imported_once_and_its_figures_are_those_of_its_files(store_url: str) -> None:
    create_store(store_url, first_actor=BOSS)[0].close()
    first = imported("leads", LEADS, store_url)
    assert (first.status, first.err) == (
        0,
        "8000 rows recorded (8000 events), 0 already recorded, 0 failed.\n",
    )
    deals = imported("contracts", DEALS, store_url, "--register-people")
    assert (deals.status, deals.err) == (
        0,
        f"842 rows recorded ({842 * 4} events), 0 already recorded, 0 failed.\n",
    )

    before = head(store_url)
    for what, file, count in (("leads", LEADS, 8_000), ("contracts", DEALS, 842)):
        again = imported(what, file, store_url, "--register-people")
        assert (again.status, again.err) == (0, f"0 rows recorded (0 events), {count} already recorded, 0 failed.\n")
    assert head(store_url) == before

    tracked = rows(store_url, "tracking")
    assert len(tracked) == 8_000
    captured = {
        row["subject"]: row["occurred"][:7] for row in rows(store_url, "audit", "--name", "customer.lead_captured")
    }
    assert Counter((row["channel"], captured[row["id"]]) for row in tracked) == Counter(
        (row["origin"] or "not-given", month(row["first_contact_date"])) for row in table(LEADS)
    )

    for year in ("2017", "2018"):
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in table(DEALS):
            if row["won_date"][6:10] == year:
                sums[row["sr_id"]] += Decimal(row["declared_monthly_revenue"])
        progress = rows(store_url, "progress", "--period", year, "--metric", "sales", "--as-of", "2018-12-31")
        signed = [row for row in progress if row["basis"] == "signed"]
        persons = {
            row["owner"]: Decimal(row["actual"]) for row in signed if row["level"] == "person" and row["actual"] != "0"
        }
        assert persons == {owner: amount for owner, amount in sums.items() if amount}
        (company,) = [row for row in signed if row["level"] == "company" and row["currency"] == "BRL"]
        assert Decimal(company["actual"]) == sum(sums.values())
