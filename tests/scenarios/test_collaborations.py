"""What other departments are asked for: due by working days, overdue, delivered late, corrected, withdrawn, merged."""

from __future__ import annotations

from typing import Any, Final

from projections.views import collaborations
from tests.given import Given, Line, Row, lead, line
from tests.scenarios.asking import asked, names


def rows(given: Given, period: str | None = None, **wanted: Any) -> list[Row]:
    return asked(given, collaborations.rows, period, **wanted)


def ask(key: str, at: str, department: str = "技术部", **when: Any) -> Line:
    return line(
        "collaboration.ask", "a", by="zhang.san", at=at, key=key, department=department, what=f"{key}的方案", **when
    )


DUE: Final = (
    ("2024-01-05", 3, "2024-01-10", "2024-01-10", 0, True),
    ("2024-02-07", 3, "2024-02-18", "2024-02-20", 2, False),
    ("2024-01-05", 5, "2024-01-12", "2024-01-13", 0, False),
)
"""Asked on, working days, due on, delivered on, late by working days, and whether that is in time."""


def test_it_is_due_at_the_end_of_a_working_day(given: Given) -> None:
    given.happened(lead("a", at="2024-01-04"))
    for n, (at, days, due, done, late, in_time) in enumerate(DUE, 1):
        given.happened(ask(f"c{n}", at, f"{n}部", working_days=days, entered="2024-03-01T09:00:00+08:00"))
        (before,) = rows(given, as_of=due, department=f"{n}部", still_open=True)
        assert (before["due"], before["overdue"], before["in_time"]) == (due, False, None)
        assert rows(given, as_of=done, department=f"{n}部")[0]["overdue"] is not in_time
        given.happened(
            line(
                "collaboration.deliver",
                f"c{n}",
                by="zhang.san",
                at=done,
                words="一份",
                entered="2024-03-01T09:00:00+08:00",
            )
        )
        (row,) = rows(given, department=f"{n}部")
        assert (row["state"], row["closed"], row["late_days"], row["in_time"]) == ("delivered", done, late, in_time)
        assert (row["what"], row["words"], row["overdue"]) == (f"c{n}的方案", "一份", False)


def test_what_is_overdue_is_listed_by_department(given: Given) -> None:
    given.happened(
        lead("a", at="2024-01-04"), lead("b", at="2024-01-04", by="zhou.ba"),
        ask("k1", "2024-01-08", due="2024-01-12"), ask("k2", "2024-01-08", "财务部", due="2024-01-10"),
        ask("k3", "2024-01-09", due="2024-01-11"), ask("k4", "2024-01-09", due="2024-03-01"),
        line("collaboration.ask", "b", by="zhou.ba", at="2024-01-09", department="财务部", what="保函", due="2024-01-10"),
        line("collaboration.deliver", "a", by="zhang.san", at="2024-01-10", item="k1"),
        line("collaboration.decline", "b", by="zhou.ba", at="2024-01-11", reason="额度不足"),
    )  # fmt: skip
    over = rows(given, as_of="2024-01-16", overdue=True)
    assert [(row["department"], row["item"], row["late_days"]) for row in over] == [
        ("技术部", "k3", 3),
        ("财务部", "k2", 4),
    ]
    assert [row["reason"] for row in rows(given, group="g2")] == ["额度不足"]
    assert len(rows(given, "2024-01-08", department="技术部")) == 1
    lines = collaborations.by_department(rows(given, as_of="2024-01-16"))
    tech = next(each for each in lines if each["department"] == "技术部")
    assert (tech["asked"], tech["open"], tech["overdue"], tech["longest_overdue"]) == (3, 2, 1, 3)
    assert (tech["delivered"], tech["in_time"], tech["in_time_share"]) == (1, 1, "1")
    finance = next(each for each in lines if each["department"] == "财务部")
    assert (finance["declined"], finance["delivered"], finance["in_time_share"]) == (1, 0, None)


def test_a_calendar_published_later_moves_the_open_ones_alone(given: Given) -> None:
    given.happened(
        lead("a", at="2024-01-04"), ask("k1", "2024-01-05", working_days=3), ask("k2", "2024-01-05", working_days=3),
        line("collaboration.deliver", "a", by="zhang.san", at="2024-01-08", item="k1"),
        line("calendar.publish", by="lin.zong", at="2024-01-09", year=2024, holidays=["2024-01-01", "2024-01-10"]),
    )  # fmt: skip
    assert [row["due"] for row in rows(given)] == ["2024-01-10", "2024-01-11"]
    assert [row["due"] for row in rows(given, known_at="2024-01-08")] == ["2024-01-10", "2024-01-10"]


def test_it_is_known_as_it_was_late_corrected_withdrawn_and_merged(given: Given) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si", at="2024-01-04"), lead("a", "北方阀门 有限公司", at="2024-01-04"),
        ask("k", "2024-01-05", due="2024-01-10"),
        line("collaboration.deliver", "a", by="zhang.san", at="2024-01-09", key="d", entered="2024-01-20T09:00:00+08:00"),
        line("event.correct", "k", by="chen.jing", at="2024-01-22", reason="误写", values={"department": "生产部"}),
        line("lead.merge", "b", by="li.si", at="2024-02-01", duplicate="a"),
        line("event.void", "d", by="chen.jing", at="2024-02-05", reason="未收到"),
    )  # fmt: skip
    (row,) = rows(given, as_of="2024-01-15", known_at="2024-01-15")
    assert (row["department"], row["state"], row["overdue"]) == ("技术部", "open", True)
    (row,) = rows(given, as_of="2024-01-15", known_at="2024-01-31")
    assert (row["department"], row["state"], row["closed"]) == ("生产部", "delivered", "2024-01-09")
    (row,) = rows(given, explain=True)
    assert (row["customer"], row["owner"], row["state"]) == (given.subject("b"), "li.si", "open")
    assert row["item"] == f"{given.subject('a')}/k1"
    assert names(row) == ["collaboration.asked", "event.corrected"]
    before = rows(given)
    given.reopened().projector.rebuild(["records"])
    assert rows(given) == before
