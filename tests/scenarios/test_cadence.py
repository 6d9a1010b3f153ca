"""F1 to F3, G3: how often a customer of a grade was met, window by window, and what that leaves to be done."""

from __future__ import annotations

from typing import Any

from projections.views.cadence import view as cadence
from projections.views.norms import view as norms
from tests.given import Given, Line, Row, lead, line
from tests.scenarios.asking import asked, names
from tests.scenarios.test_follow_ups import to_do

REP, BOSS = "zhang.san", "lin.zong"


def rows(given: Given, period: str | None = "2024Q1", **wanted: Any) -> list[Row]:
    return asked(given, cadence.rows, period, **wanted)


def graded(grade: str, on: str = "a", at: str = "2024-01-08", by: str = REP) -> list[Line]:
    """Return the lines of a lead that is graded."""
    return [
        lead(on, by=by, at="2024-01-02"),
        line("customer.form-team", on, by=by, at="2024-01-02", members=[by]),
        regraded(grade, on, at),
    ]


def regraded(grade: str, on: str = "a", at: str = "2024-02-05") -> Line:
    return line("lead.grade", on, by="chen.jing", at=at, grade=grade, override=True, reason="复核")


def met(*touches: str, on: str = "a", **more: Any) -> list[Line]:
    """Return follow-ups told as `2024-01-08 call`."""
    told = [each.split() for each in touches]
    return [
        line("follow-up.log", on, by=REP, at=day, key=f"{on} {day} {channel} {n}", channel=channel, **more)
        for n, (day, channel) in enumerate(told)
    ]


def stood(row: Row) -> tuple[Any, ...]:
    return row["done"], row["needed"], row["missing"], row["state"]


STOOD: list[tuple[tuple[str, ...], tuple[Any, ...]]] = [
    (("2024-01-08 call", "2024-01-10 visit", "2024-01-12 minutes"), (2, 2, [], "met")),
    (("2024-01-08 call", "2024-01-08 call"), (1, 2, ["visit"], "missed")),
    (("2024-01-08 call", "2024-01-08 visit"), (1, 2, [], "missed")),
    (("2024-01-08 call", "2024-01-12 call", "2024-01-14 e-mail"), (3, 2, ["visit"], "missed")),
    (("2024-01-09 visit", "2024-01-13 call", "2024-01-10 message"), (3, 2, [], "met")),
    (("2024-01-09 document",), (0, 2, ["call", "visit"], "missed")),
]


def test_f1_f2_a_key_account_is_met_on_two_days_by_call_and_by_visit(given: Given) -> None:
    for n, (touches, _) in enumerate(STOOD):
        given.happened(*graded("key", f"a{n}"), *met(*touches, on=f"a{n}"))
    found = {row["customer"]: row for row in rows(given, "2024-W02")}
    for n, (touches, result) in enumerate(STOOD):
        row = found[given.subject(f"a{n}")]
        assert stood(row) == result
        assert (row["from"], row["to"], row["week"], row["working_days"]) == ("2024-01-08", "2024-01-14", "2024-W02", 5)
        given_out = [each.split()[1] for each in touches if each.endswith(("minutes", "document"))]
        assert [each["channel"] for each in row["deliverables"]] == given_out


def test_nobody_reached_is_no_touch_and_each_row_names_its_events(given: Given) -> None:
    given.happened(*graded("high"), *met("2024-01-09 call", reached=False), *met("2024-01-17 call"))
    first, second = rows(given, as_of="2024-01-21", explain=True)
    assert (stood(first), stood(second)) == ((0, 1, [], "missed"), (1, 1, [], "met"))
    assert (first["met"], second["met"]) == (False, True)
    assert names(second) == ["customer.graded", "customer.followed_up"]


def test_f3_a_short_week_needs_no_more_than_it_has_working_days(given: Given) -> None:
    given.happened(*graded("key"), *met("2024-02-06 call", "2024-02-07 visit"))
    before = rows(given, "2024-W07", as_of="2024-02-17")
    assert [(stood(row), row["met"], row["working_days"]) for row in before] == [
        ((0, 1, ["call", "visit"], "open"), None, 1)
    ]
    (owed,) = to_do(given, "2024-02-17")
    assert (owed["when"], owed["kind"], owed["due"], owed["needed"]) == ("this-week", "cadence", "2024-02-18", 1)
    assert to_do(given, "2024-02-18")[0]["when"] == "today"
    assert rows(given, "2024-W07", as_of="2024-02-18")[0]["state"] == "missed"
    given.happened(*met("2024-02-18 visit"))
    assert stood(rows(given, "2024-W07")[0]) == (1, 1, [], "met")
    assert rows(given, "2024-W07", known_at="2024-02-17")[0]["done"] == 0


def test_a_window_is_missed_once_its_last_day_is_over(given: Given) -> None:
    given.happened(*graded("high"))
    asked_at = ("2024-01-14T10:00:00+08:00", "2024-01-14", "2024-01-15T00:00:00+08:00")
    assert [rows(given, "2024-W02", as_of=at)[0]["state"] for at in asked_at] == ["open", "missed", "missed"]
    assert [each["when"] for each in to_do(given, asked_at[0])] == ["today"]
    assert [each["when"] for each in to_do(given, asked_at[1])] == ["today"], "a day's agenda stays what it was"
    regrading = regraded("key", at="2024-01-13")
    given.happened(regrading)
    assert [rows(given, "2024-W02", as_of=at)[0]["state"] for at in asked_at] == ["cut"] * 3


def test_a_week_without_a_working_day_needs_nothing(given: Given) -> None:
    given.happened(
        line("calendar.publish", by=BOSS, year=2024, holidays=["2024-01-01", "2024-01-15..2024-01-19"]), *graded("high")
    )
    (row,) = rows(given, "2024-W03")
    assert (stood(row), row["met"]) == ((0, 0, [], "free"), None)


def test_g3_another_grade_begins_windows_of_its_own(given: Given) -> None:
    given.happened(*graded("high", at="2024-01-15"), regraded("initial", at="2024-02-05"))
    found = [(row["grade"], row["from"], row["to"]) for row in rows(given, as_of="2024-02-25")]
    assert found == [
        ("high", "2024-01-15", "2024-01-21"),
        ("high", "2024-01-22", "2024-01-28"),
        ("high", "2024-01-29", "2024-02-04"),
        ("initial", "2024-02-05", "2024-02-18"),
        ("initial", "2024-02-19", "2024-03-03"),
    ]
    assert [row["grade"] for row in rows(given, known_at="2024-02-04", as_of="2024-02-25")] == ["high"] * 6


def test_a_two_week_window_is_anchored_at_the_grading_and_cut_by_the_next(given: Given) -> None:
    given.happened(*graded("initial", at="2024-01-10"), regraded("initial", at="2024-01-17"))
    given.happened(*met("2024-01-23 call"), regraded("key", at="2024-02-01"))
    found = [(row["from"], row["to"], *stood(row)) for row in rows(given, as_of="2024-02-11")]
    assert found == [
        ("2024-01-10", "2024-01-23", 1, 1, [], "met"),
        ("2024-01-24", "2024-01-31", 0, 1, [], "cut"),
        ("2024-02-01", "2024-02-04", 0, 2, ["call", "visit"], "missed"),
        ("2024-02-05", "2024-02-11", 0, 2, ["call", "visit"], "missed"),
    ]
    assert to_do(given, "2024-01-18") == [], "its last day lies in the week after"


def test_an_invalid_lead_is_to_be_met_no_more_and_a_merged_ones_touches_are_its_survivors(given: Given) -> None:
    given.happened(
        *graded("high", "b", by="li.si"), *graded("high"), *met("2024-01-16 visit"),
        line("lead.merge", "b", by="li.si", at="2024-01-20", duplicate="a"),
    )  # fmt: skip
    found = [(row["customer"], row["done"]) for row in rows(given, as_of="2024-01-21")]
    assert found == [(given.subject("b"), 0), (given.subject("b"), 1)]
    given.happened(line("lead.invalidate", "b", by="li.si", at="2024-01-24", reason="空号"))
    assert rows(given)[-1]["state"] == "cut"
    assert len(rows(given)) == 3


def test_another_cadence_holds_for_the_windows_that_begin_under_it(given: Given) -> None:
    twice = {"high": {"touches": 2, "weeks": 1, "channels": ["visit"]}, "key": {"touches": 1, "weeks": 4}}
    given.happened(
        *graded("high"), *graded("initial", "b"),
        line("policy.adopt", by=BOSS, at="2024-01-15", key="twice", name="cadence", values=twice, from_="2024-01-17"),
    )  # fmt: skip
    found = rows(given, as_of="2024-01-28", customer=given.subject("a"))
    assert [(row["needed"], row["missing"], row["policy_from"]) for row in found] == [
        (1, [], None), (1, [], None), (2, ["visit"], "2024-01-17"),
    ]  # fmt: skip
    assert [row["to"] for row in rows(given, customer=given.subject("b"))] == ["2024-01-21"], (
        "nothing is asked after it"
    )
    for bad in ({"high": {"touches": 8, "weeks": 1}}, {"top": {"touches": 1, "weeks": 1}}, {"key": {"touches": 1}},
                {"key": {"touches": 1, "weeks": 1, "channels": ["minutes"]}}, {"key": 2}):  # fmt: skip
        said = line("policy.adopt", by=BOSS, name="cadence", values=bad)
        assert given.refused(said) == "policy.bad_value"
        said = line("event.correct", "twice", by=BOSS, reason="误写", values={"values": bad})
        assert given.refused(said) == "policy.bad_value"


def test_windows_are_their_owners_and_add_up(given: Given) -> None:
    given.happened(
        *graded("high"), *graded("key", "b", by="zhou.ba"), *met("2024-01-09 call", "2024-01-16 call"),
        line("lead.assign", "a", by="chen.jing", at="2024-01-18", owner="li.si"),
        line("customer.change", "b", by="zhou.ba", at="2024-01-19", industry="制造"),
    )  # fmt: skip
    found = rows(given, as_of="2024-01-28")
    lines = {each["owner"]: each for each in cadence.by_owner(found) if each["level"] == "person"}
    assert {who: (each["windows"], each["met"], each["missed"]) for who, each in lines.items()} == {
        REP: (1, 1, 0), "li.si": (2, 1, 1), "zhou.ba": (3, 0, 3),
    }  # fmt: skip
    whole = cadence.by_owner(found)[-1]
    assert (whole["windows"], whole["numerator"], whole["denominator"], whole["met_share"]) == (6, 2, 6, "0.333333")
    assert len(rows(given, as_of="2024-01-28", group="g2")) == 3
    assert [row["owner"] for row in rows(given, as_of="2024-01-28", grade="high", owner="li.si")] == ["li.si"] * 2
    weeks = [len(rows(given, f"2024-W0{week}", as_of="2024-01-28")) for week in (2, 3, 4)]
    assert sum(weeks) == len(found)
    assert {each["owner"] for each in to_do(given, "2024-01-24", owner="zhou.ba")} == {"zhou.ba"}


def test_norms_of_several_weeks_are_those_of_each_week_by_itself(given: Given) -> None:
    """Also where a lead was merged, regraded, handed on or lost in the middle, which one look at all weeks has to tell apart."""
    given.happened(
        *graded("high"), *graded("key", "b", by="li.si"), *graded("initial", "c", by="zhou.ba"), *graded("high", "d"),
        *met("2024-01-10 call", "2024-01-16 visit", "2024-01-31 call"), *met("2024-01-25 call", on="d"),
        regraded("initial", "d", "2024-01-22"), regraded("high", "c", "2024-01-29"),
        line("lead.merge", "b", by="li.si", at="2024-01-24", duplicate="a"),
        line("lead.assign", "c", by="chen.jing", at="2024-01-17", owner="li.si"),
        line("lead.invalidate", "d", by=REP, at="2024-02-06", reason="空号"),
        line("person.join", "li.si", by=BOSS, at="2024-01-31", group="g2", from_="2024-01-31"),
    )  # fmt: skip
    for wanted in ({}, {"owner": "li.si"}, {"group": "g2"}, {"group": "g1"}):
        whole = asked(given, norms.rows, "2024-01", as_of="2024-02-01T12:00:00+08:00", norm="cadence", **wanted)
        weeks = [
            row
            for week in range(1, 6)
            for row in asked(
                given, norms.rows, f"2024-W0{week}", as_of="2024-02-01T12:00:00+08:00", norm="cadence", **wanted
            )
        ]
        assert whole == weeks
        assert whole or wanted == {"group": "g2"}
    plain, told = (asked(given, cadence.rows, as_of="2024-02-18", explain=explain) for explain in (False, True))
    assert plain == [{key: value for key, value in row.items() if key != "events"} for row in told]
