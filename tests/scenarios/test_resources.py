"""Resource requests, and the form of a week: what was asked, granted, declined, delivered, what is open and overdue."""

from __future__ import annotations

from typing import Any

from domain.calendar.period import Period
from projections.engine.as_of import at_the_end
from projections.queries.organisation import Organisation
from projections.views import resources
from tests.given import Given, Line, Row, line


def asked(
    given: Given, week: str | None = None, as_of: str | None = None, known_at: str | None = None, **wanted: Any
) -> list[Row]:
    with given.store.view("records", "audit", "pipeline", "organisation") as ask:
        moments = given.store.moments(as_of, known_at)
        meant = Period.parse(week) if week else None
        moments = at_the_end(moments, meant) if meant else moments
        return resources.rows(ask, moments, Organisation(ask, moments.position), meant, **wanted)


def request(key: str, department: str, needed_by: str, at: str, **data: Any) -> Line:
    return line(
        "resource.request", by="zhang.san", at=at, key=key, department=department, item=key, needed_by=needed_by, **data
    )


def requests() -> list[Line]:
    return [
        request("样机", "technical", "2024-02-09", "2024-02-05", count=2),
        request("样册", "marketing", "2024-02-08", "2024-01-30"),
        request("展位", "marketing", "2024-03-08", "2024-02-06"),
        line("resource.grant", "样机", by="chen.jing", at="2024-02-06"),
        line("resource.decline", "展位", by="ma.qiao", at="2024-02-20", reason="预算用完"),
        line("resource.deliver", "样机", by="zhang.san", at="2024-02-21"),
        line("resource.grant", "样册", by="chen.jing", at="2024-02-07", entered="2024-02-19T09:00:00+08:00"),
    ]


def test_each_request_stands_in_its_state(given: Given) -> None:
    given.happened(*requests())
    stood = {row["item"]: (row["state"], row["days_overdue"]) for row in asked(given, as_of="2024-02-20")}
    assert stood == {"样册": ("granted", 4), "展位": ("declined", None), "样机": ("granted", 3)}
    (row,) = [row for row in asked(given) if row["item"] == "展位"]
    assert (row["declined"], row["decided_by"], row["reason"], row["granted"]) == (
        "2024-02-20",
        "ma.qiao",
        "预算用完",
        None,
    )
    assert [row["item"] for row in asked(given, still_open=True)] == ["样册"]
    assert [row["item"] for row in asked(given, department="technical")] == ["样机"]
    (explained,) = asked(given, department="technical", explain=True)
    assert [event["name"] for event in explained["events"]] == [
        "resource.requested",
        "resource.granted",
        "resource.delivered",
    ]


def test_the_form_of_a_week_tells_what_happened_in_it_and_what_was_open_at_its_end(given: Given) -> None:
    given.happened(*requests())
    rows = asked(given, "2024-W06")
    assert [(row["department"], row["item"], row["happened"], row["state"], row["overdue"]) for row in rows] == [
        ("marketing", "样册", ["granted"], "granted", True),
        ("marketing", "展位", ["requested"], "requested", False),
        ("technical", "样机", ["requested", "granted"], "granted", True),
    ]
    counts = {"requested": 1, "granted": 1, "declined": 0, "delivered": 0}
    assert resources.by_department(rows) == [
        {"department": "marketing", **counts, "open": 2, "overdue": 1},
        {"department": "technical", **counts, "open": 1, "overdue": 1},
    ]
    assert [row["item"] for row in asked(given, "2024-W08")] == ["样册", "展位", "样机"]
    assert [row["item"] for row in asked(given, "2024-W09")] == ["样册"]
    assert [row["item"] for row in asked(given, "2024-W05")] == ["样册"]


def test_a_late_entry_was_not_known_in_its_week(given: Given) -> None:
    given.happened(*requests())
    known = {row["item"]: row["state"] for row in asked(given, "2024-W06", known_at="2024-02-11")}
    assert known["样册"] == "requested"
    given.happened(
        line("event.correct", "样册", by="li.si", at="2024-03-01", reason="改期", values={"needed_by": "2024-04-30"})
    )
    assert [row["overdue"] for row in asked(given, still_open=True, as_of="2024-03-01")] == [False]
    assert [row["overdue"] for row in asked(given, still_open=True, as_of="2024-03-01", known_at="2024-02-29")] == [
        True
    ]
