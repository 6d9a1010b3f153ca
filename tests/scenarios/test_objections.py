"""O1: an objection is logged, answered, resolved; corrected, entered late, withdrawn, merged; it stays in the history."""

from __future__ import annotations

from typing import Any

import pytest

from projections.read_models.registry import HOMES
from projections.views import objections
from tests.given import Given, Line, Row, lead, line
from tests.scenarios.asking import asked, names
from tests.scenarios.test_rebuild import contents


def rows(given: Given, period: str | None = None, **wanted: Any) -> list[Row]:
    return asked(given, objections.rows, period, **wanted)


def history(kind: str = "price", logged: str = "2024-01-17", answered: str = "", resolved: str = "") -> list[Line]:
    """Return the lines of an objection to the lead a, as far as it went."""
    lines = [line("objection.log", "a", by="zhang.san", at=logged, key=kind, kind=kind, words="比同行贵")]
    if answered:
        lines.append(line("objection.answer", kind, by="zhang.san", at=answered, key=f"{kind}/a", answer="含三年质保"))
    if resolved:
        lines.append(line("objection.resolve", kind, by="zhang.san", at=resolved, key=f"{kind}/r", outcome="接受"))
    return lines


@pytest.mark.parametrize(
    ("logged", "answered", "resolved", "days"),
    [("2024-01-17", "2024-01-18", "2024-01-19", 2), ("2024-02-07", "2024-02-07", "2024-03-08", 30)],
)
def test_o1_an_objection_is_open_until_it_is_resolved(
    given: Given, logged: str, answered: str, resolved: str, days: int
) -> None:
    given.happened(lead("a"), *history("price", logged, answered, resolved))
    (row,) = rows(given)
    assert (row["state"], row["days_open"], row["logged"], row["answered"]) == ("resolved", days, logged, answered)
    assert (row["resolved"], row["outcome"], row["words"], row["by"]) == (resolved, "接受", "比同行贵", "zhang.san")
    assert rows(given, still_open=True) == []
    (before,) = rows(given, still_open=True, as_of=answered)
    assert (before["state"], before["resolved"], before["outcome"]) == ("answered", None, None)
    assert rows(given, known_at="2024-01-08") == []


def test_the_list_is_narrowed_by_period_kind_owner_and_group(given: Given) -> None:
    given.happened(
        lead("a"), *history("price"), *history("lead-time", "2024-04-02"),
        lead("b", by="zhou.ba"), line("objection.log", "b", by="zhou.ba", at="2024-02-01", kind="price"),
    )  # fmt: skip
    assert [row["kind"] for row in rows(given)] == ["price", "price", "lead-time"]
    assert len(rows(given, "2024Q1")) == 2
    assert [row["owner"] for row in rows(given, kind="price", group="g2")] == ["zhou.ba"]
    assert [row["kind"] for row in rows(given, owner="zhang.san")] == ["price", "lead-time"]
    assert rows(given, as_of="2024-03-31")[0]["days_open"] == 74


def test_a_late_answer_counts_on_its_day_once_it_is_known(given: Given) -> None:
    given.happened(
        lead("a"),
        *history("price", "2024-01-17"),
        line("objection.resolve", "price", at="2024-01-20", entered="2024-02-05T10:00:00+08:00", outcome="接受"),
    )
    (late,) = rows(given, as_of="2024-01-25")
    assert (late["state"], late["days_open"]) == ("resolved", 3)
    assert rows(given, as_of="2024-01-25", known_at="2024-01-31")[0]["state"] == "open"


def test_corrections_and_withdrawals_are_followed(given: Given) -> None:
    given.happened(lead("a"), *history("price", "2024-01-17", "2024-01-18", "2024-01-19"))
    given.happened(
        line("event.correct", "price", by="chen.jing", at="2024-02-01", reason="误选", values={"kind": "lead-time"}),
        line("event.void", "price/r", by="chen.jing", at="2024-02-02", reason="未接受"),
    )
    (row,) = rows(given, explain=True)
    assert (row["kind"], row["state"], row["outcome"]) == ("lead-time", "answered", None)
    assert names(row) == ["customer.objection_logged", "event.corrected", "customer.objection_answered"]
    assert rows(given, known_at="2024-01-31")[0]["kind"] == "price"
    given.happened(line("event.void", "price/a", by="chen.jing", reason="误录"))
    given.happened(line("event.void", "price", by="chen.jing", reason="误录"))
    assert rows(given) == []
    assert len(rows(given, known_at="2024-02-01")) == 1


@pytest.mark.parametrize("anew", [False, True])
def test_what_a_merged_lead_objected_to_is_its_survivors(given: Given, anew: bool) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si"), lead("a", "北方阀门 有限公司"), *history("price"),
        line("lead.merge", "b", by="li.si", at="2024-02-01", duplicate="a"),
    )  # fmt: skip
    if anew:
        given.reopened()
    a, b = given.subject("a"), given.subject("b")
    (row,) = rows(given)
    assert (row["customer"], row["item"], row["owner"]) == (b, f"{a}/o1", "li.si")
    assert [(e["item"], e["kind"]) for e in given.customer("b")["open_objections"]] == [(row["item"], "price")]
    assert rows(given, as_of="2024-01-31")[0]["customer"] == a
    given.happened(line("lead.unmerge", "a", by="li.si", at="2024-02-10"))
    assert [(row["customer"], row["item"]) for row in rows(given)] == [(a, "o1")]


def test_a_summary_counts_each_kind(given: Given) -> None:
    given.happened(
        lead("a"),
        *history("price", "2024-01-17", "2024-01-18", "2024-01-19"),
        *history("quality", "2024-01-17", "2024-01-18"),
    )
    given.happened(
        line("objection.log", "a", by="zhang.san", at="2024-02-01", key="more", kind="price"),
        line("objection.resolve", "more", by="zhang.san", at="2024-02-06", outcome="接受"),
    )
    price, quality = objections.by_kind(rows(given))
    assert (price["kind"], price["count"], price["resolved"], price["median_days"]) == ("price", 2, 2, "3.5")
    assert (quality["answered"], quality["resolved_share"], quality["median_days"]) == (1, "0", None)


def test_the_table_that_grew_is_the_table_rebuilt(given: Given) -> None:
    given.happened(lead("a"), *history("price", "2024-01-17", "2024-01-18"))
    given.reopened().catch_up()
    given.happened(
        line("objection.resolve", "price", at="2024-01-17", entered="2024-02-05T10:00:00+08:00", key="r"),
        line("event.correct", "price", by="chen.jing", reason="误选", values={"words": "太贵"}),
        line("event.void", "r", by="lin.zong", reason="误录"),
        *history("quality", "2024-03-01"),
    )
    given.store.catch_up()
    before = contents(given.store)["objections"]
    assert len(before) > 3
    given.store.projector.rebuild(list(HOMES), batch=2)
    assert contents(given.store)["objections"] == before
