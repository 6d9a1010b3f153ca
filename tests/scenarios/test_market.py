"""A second market: another zone, a fiscal year from April, another currency, a calendar that ships with nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.given import Given, company, filed, lead, line, signed

SETTINGS = {"zone": "Europe/Berlin", "currency": "EUR", "fiscal_month": "4", "calendar": "none"}
EASTER = ["2024-03-29", "2024-04-01", "2024-05-01", "2024-05-09", "2024-05-20"]


@pytest.fixture
def berlin(store_url: str) -> Iterator[Given]:
    store = Given(store_url, settings=SETTINGS)
    store.happened(*company())
    yield store
    store.close()


def quarter() -> list[dict]:
    return [
        *filed("t", "company", "610000", period="2024Q1"),
        lead("a", at="2024-04-02"),
        *signed("x", "a", "100000", "2024-03-31"),
        *signed("y", "a", "61000", "2024-04-02"),
        *signed("z", "a", "500", "2024-06-30"),
    ]


def test_the_first_quarter_is_april_to_june_in_the_stores_own_currency(berlin: Given) -> None:
    berlin.happened(*quarter())
    row = berlin.figure("company", as_of="2024-06-30")
    assert (row["currency"], row["target"], row["actual"], row["attainment"]) == ("EUR", "610000", "61500", "0.10082")
    assert berlin.figure("company", period="2023Q4", as_of="2024-06-30")["actual"] == "100000"


def test_without_a_published_year_its_working_days_are_monday_to_friday(berlin: Given) -> None:
    berlin.happened(*quarter())
    row = berlin.figure("company", as_of="2024-04-30")
    assert (row["working_days"], row["elapsed_days"]) == (65, 22)


def test_a_published_year_counts_from_when_it_was_known(berlin: Given) -> None:
    berlin.happened(*quarter())
    berlin.happened(line("calendar.publish", at="2024-07-01", year=2024, holidays=EASTER))
    known = berlin.figure("company", as_of="2024-04-30")
    before = berlin.figure("company", as_of="2024-04-30", known_at="2024-06-30")
    assert (known["working_days"], known["elapsed_days"]) == (61, 21)
    assert (before["working_days"], before["elapsed_days"]) == (65, 22)


def test_a_day_ends_when_it_ends_in_the_stores_zone(berlin: Given) -> None:
    berlin.happened(lead("a", at="2024-06-30T23:30:00+02:00"), lead("b", at="2024-07-01T05:30:00+08:00"))
    berlin.happened(lead("c", at="2024-07-01T00:10:00+02:00"))
    rows = [row for row in berlin.progress("2024Q1", metric="leads") if row["owner"] == "company"]
    assert [row["actual"] for row in rows] == ["2"]


def test_deadlines_are_reckoned_with_the_published_days(berlin: Given) -> None:
    berlin.happened(line("calendar.publish", at="2024-03-01", year=2024, holidays=EASTER), lead("a", at="2024-03-26"))
    berlin.happened(line("next-action.set", "a", by="zhang.san", at="2024-03-28", what="Angebot", working_days=2))
    assert berlin.customer("a")["next_due"] == "2024-04-03"
