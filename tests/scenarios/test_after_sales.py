"""The time after a sale: promises kept or not, visits due and done, satisfaction as a fraction, complaints and their days."""

from __future__ import annotations

from typing import Any, Final

from projections.views import after_sales
from tests.given import Given, Line, Row, lead, line, signed
from tests.scenarios.asking import asked, names


def rows(given: Given, period: str | None = None, **wanted: Any) -> list[Row]:
    return asked(given, after_sales.rows, period, **wanted)


def summary(given: Given, period: str | None = None, satisfied_from: int = 8, **wanted: Any) -> list[Row]:
    return after_sales.by_owner(rows(given, period, **wanted), satisfied_from)


def sold() -> list[Line]:
    """Return the lines of a sale that is handed over with two promises, and of what came of them."""
    return [
        lead("a"), *signed("c", "a", "300000", "2024-01-20"),
        line("after-sale.hand-over", "a", by="zhang.san", at="2024-01-22", key="t", to="li.si", contract="HT-c",
             promises=["培训两次 @ 2024-02-05", {"words": "免费备件"}]),
        line("after-sale.keep", "a", by="li.si", at="2024-02-19", item="h1"),
        line("after-sale.break", "a", by="li.si", at="2024-03-01", item="h2", reason="备件停产", key="broken"),
    ]  # fmt: skip


def test_a_promise_made_at_the_hand_over_is_kept_or_broken(given: Given) -> None:
    given.happened(*sold())
    hand_over, training, parts = rows(given)
    assert (hand_over["record"], hand_over["to"], hand_over["state"]) == ("hand-over", "li.si", "done")
    assert hand_over["contract"] == training["contract"] == given.subject("c")
    # due before the holidays, kept on the first day after them: working days 6, 7, 8, 9, 18 and 19
    assert (training["words"], training["state"], training["late_days"]) == ("培训两次", "kept", 6)
    assert (parts["words"], parts["state"], parts["reason"], parts["due"]) == ("免费备件", "broken", "备件停产", None)
    (open_one,) = rows(given, as_of="2024-02-19", still_open=True)
    assert open_one["item"] == "h2"
    assert [row["overdue"] for row in rows(given, as_of="2024-02-06", record="promise")] == [True, False]
    given.happened(line("event.void", "broken", by="chen.jing", reason="又有货了"))
    assert rows(given, record="promise")[1]["state"] == "open"


SCORES: Final[dict[str, list[int | None]]] = {
    "zhang.san": [9, 8, 7, None], "li.si": [10], "wang.wu": [None], "zhao.liu": [2, 6],
}  # fmt: skip


def test_satisfaction_is_a_fraction_of_the_visits_with_a_score(given: Given) -> None:
    given.happened(*(lead(owner, f"{owner}有限公司", by=owner) for owner in SCORES))
    for owner, scores in SCORES.items():
        visits: list[dict[str, Any]] = [{"score": score} if score else {} for score in scores]
        given.happened(*(line("after-sale.visit", owner, by=owner, at="2024-03-05", **visit) for visit in visits))
    found = {row["owner"]: (row["satisfied"], row["scored"], row["satisfaction"]) for row in summary(given)}
    assert found == {
        "company": (3, 6, "0.5"), "zhang.san": (2, 3, "0.666667"), "li.si": (1, 1, "1"), "wang.wu": (0, 0, None),
        "zhao.liu": (0, 2, "0"),
    }  # fmt: skip
    assert {row["owner"]: row["satisfied"] for row in summary(given, satisfied_from=6)}["zhao.liu"] == 1
    assert summary(given)[0]["visits_done"] == 8


def test_a_visit_is_of_the_period_in_which_it_is_due(given: Given) -> None:
    given.happened(
        lead("a"), lead("b", by="zhou.ba"),
        line("after-sale.schedule-visit", "a", by="zhang.san", at="2024-03-20", key="v", due="2024-04-10"),
        line("after-sale.schedule-visit", "b", by="zhou.ba", at="2024-03-20", working_days=3),
        line("after-sale.visit", "v", by="zhang.san", at="2024-04-12", score=9, feedback="响应很快", key="done"),
    )  # fmt: skip
    assert [row["due"] for row in rows(given, "2024Q1")] == ["2024-03-25"]
    (row,) = rows(given, "2024Q2", explain=True)
    assert (row["state"], row["score"], row["late_days"], row["words"]) == ("done", 9, 2, "响应很快")
    assert names(row) == ["after-sale.visit_scheduled", "after-sale.visited"]
    company, first, second = summary(given, as_of="2024-04-11")
    assert (company["visits_due"], company["visits_done"], company["visits_overdue"]) == (2, 0, 2)
    assert [each["owner"] for each in (first, second)] == ["zhang.san", "zhou.ba"]
    given.happened(line("event.correct", "done", by="chen.jing", at="2024-05-02", reason="误记", values={"score": 6}))
    assert summary(given, "2024Q2")[0]["satisfaction"] == "0"
    assert summary(given, "2024Q2", known_at="2024-04-12")[0]["satisfaction"] == "1"


def test_a_complaint_is_open_for_days_and_moves_with_its_merged_lead(given: Given) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si"), lead("a", "北方阀门 有限公司"),
        line("after-sale.complain", "a", by="zhang.san", at="2024-02-01", key="x", kind="quality", words="漏油"),
        line("after-sale.complain", "a", by="zhang.san", at="2024-02-10", kind="delivery"),
        line("after-sale.resolve", "a", by="zhang.san", at="2024-02-21", item="quality", outcome="已更换"),
        line("lead.merge", "b", by="li.si", at="2024-03-01", duplicate="a"),
    )  # fmt: skip
    quality, delivery = rows(given, as_of="2024-03-10")
    assert (quality["days_open"], quality["state"], quality["outcome"]) == (20, "resolved", "已更换")
    assert (delivery["days_open"], delivery["state"], delivery["owner"]) == (29, "open", "li.si")
    assert delivery["customer"] == given.subject("b")
    company, *_ = summary(given, as_of="2024-03-10")
    assert (company["complaints"], company["complaints_open"], company["longest_open"]) == (2, 1, 29)
    assert {row["customer"] for row in rows(given, as_of="2024-02-29")} == {given.subject("a")}
