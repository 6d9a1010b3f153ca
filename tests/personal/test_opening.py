"""What the audit shows of sealed values: exactly what was said, beside texts that only look like sealed ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import projections.views.audit as audit
from infra.read_models import connection
from infra.read_models.connection import column_of_changes
from tests.given import Given, company, lead, line
from tests.scenarios.asking import asked

SAYING = 'ask "~1:e1:contact:AAAAAAAAAAAAAAAA" \\ and "~1: again"'
CONTACT = '王经理\n"~1:e1:contact:AAAA" \\" end\u2028'


@pytest.fixture
def given(store_url: str) -> Iterator[Given]:
    fresh = Given(store_url)
    fresh.happened(*company())
    yield fresh
    fresh.close()


def rows(given: Given, **wanted: Any) -> list[dict[str, Any]]:
    return asked(given, lambda ask, at, them, _, currency: audit.rows(ask, at, them, **wanted), None)


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {change["field"]: change["to"] for change in row["changes"]}


def test_values_are_shown_as_they_were_said_and_texts_that_look_sealed_as_they_are(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "AT_ONCE", 2)
    given.happened(*(lead(f"l{n}", contact=f"{CONTACT} {n}", company=f"{SAYING} {n}") for n in range(5)))
    given.happened(line("lead.invalidate", "l0", by="zhang.san", at="2024-01-09", reason=SAYING))
    captured = rows(given, name="customer.lead_captured")
    assert [told(row)["contact"] for row in captured] == [f"{CONTACT} {n}" for n in range(5)]
    assert [told(row)["company"] for row in captured] == [f"{SAYING} {n}" for n in range(5)]
    assert rows(given, name="customer.lead_invalidated")[0]["reason"] == SAYING


@pytest.mark.parametrize(
    ("sql", "column"),
    [
        ("SELECT changes, position FROM {audit_entries}", 0),
        ("SELECT l.stream, CASE WHEN l.name IN ('a', 'b') THEN a.changes END, l.key FROM {log} l", 1),
        ("SELECT a, (SELECT MAX(b) FROM (SELECT c, d FROM e)), COALESCE(f, g), w.changes FROM h", 3),
        ("WITH x (a, b) AS (SELECT c, d FROM e), y AS (SELECT f, g) SELECT y.f, a.changes FROM x, y", 1),
        (audit.EVENTS, 11),
    ],
)
def test_the_place_of_the_changes_is_read_from_the_question(sql: str, column: int) -> None:
    assert column_of_changes(sql) == column
