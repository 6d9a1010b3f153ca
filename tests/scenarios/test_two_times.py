"""T5, F7, M1, C2, C4 seen from both times: what happened late is counted on its day and known from its entry on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.calendar.period import Period
from projections.queries.organisation import Organisation
from projections.views.target_suggestions import suggestions
from tests.given import Given, Line, Row, filed, lead, line, signed


def entered(day: str, *lines: Line) -> list[Line]:
    """Return the lines as they are entered on a day."""
    return [{**each, "recorded": f"{day}T18:00:00+08:00"} for each in lines]


def suggested(given: Given, as_of: str | None = None, known_at: str | None = None) -> list[Row]:
    """Return what the moves of persons between groups suggest for the quarter's targets."""
    with given.store.view("progress", "organisation") as ask:
        moments = given.store.moments(as_of, known_at)
        return suggestions(ask, Period.parse("2024Q1"), moments, Organisation(ask, moments.position))


@pytest.mark.parametrize(
    ("target", "moved", "left", "value"),
    [
        ("800000", "2024-02-19", 30, "393442.62"),
        ("900000", "2024-03-01", 21, "309836.07"),
        ("61000", "2024-01-02", 61, "61000.00"),
        ("500000", "2024-03-31", 0, "0.00"),
    ],
)
def test_m1_a_move_suggests_the_share_of_the_working_days_left(
    given: Given, target: str, moved: str, left: int, value: str
) -> None:
    given.happened(
        *filed("t", "zhang.san", target),
        line("person.join", "zhang.san", at=moved, group="g2", from_=moved),
    )
    (row,) = suggested(given)
    assert (row["from"], row["to"], row["day"]) == ("g1", "g2", moved)
    assert (row["working_days_left"], row["working_days"], row["value"]) == (left, 61, value)
    assert given.figure("zhang.san")["target"] == target
    assert (given.figure("g1")["target"], given.figure("g2")["target"]) == (None, None)


def test_m1_a_suggestion_is_made_once_the_move_is_known_and_has_come(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        *entered("2024-02-26", line("person.join", "zhang.san", by="lin.zong", group="g2", from_="2024-02-19")),
        *entered(
            "2024-03-04", line("target.revise", "t", by="chen.jing", at="2024-02-22", value="610000", reason="下行")
        ),
        *entered("2024-03-04", line("target.submit", "t", by="chen.jing", at="2024-02-22")),
        *entered("2024-03-04", line("target.approve", "t", by="lin.zong", at="2024-02-22")),
        *entered("2024-03-04", line("target.file", "t", by="lin.zong", at="2024-02-22")),
    )
    values = {
        ("2024-02-20", "2024-02-25"): [],
        ("2024-02-18", "2024-02-26"): [],
        ("2024-02-19", "2024-02-26"): ["393442.62"],
        ("2024-02-21", "2024-03-04"): ["393442.62"],
        ("2024-02-22", "2024-03-03"): ["393442.62"],
        ("2024-02-22", "2024-03-04"): ["300000.00"],
    }
    assert {asked: [row["value"] for row in suggested(given, *asked)] for asked in values} == values
    given.happened(line("target.withdraw", "t", by="chen.jing", at="2024-03-05", reason="离组"))
    assert suggested(given) == []
    assert [row["value"] for row in suggested(given, "2024-03-04")] == ["300000.00"]


def test_m1_a_move_that_is_learned_late_takes_the_facts_since_it_along(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        lead("l"),
        *signed("c", "l", "300000", "2024-02-05"),
        *signed("d", "l", "200000", "2024-02-21"),
        *entered(
            "2024-03-01", line("person.join", "zhang.san", by="lin.zong", key="move", group="g2", from_="2024-02-19")
        ),
        *entered("2024-03-11", line("event.void", "move", by="chen.jing", reason="没有调组")),
    )
    seen = {
        ("2024-02-29", "2024-02-29"): ("500000", "0"),
        ("2024-02-20", "2024-03-01"): ("300000", "0"),
        ("2024-02-21", "2024-03-01"): ("300000", "200000"),
        (None, "2024-03-10"): ("300000", "200000"),
        ("2024-03-31", "2024-03-11"): ("500000", "0"),
        (None, None): ("500000", "0"),
    }
    for (as_of, known_at), actuals in seen.items():
        groups = tuple(given.figure(code, as_of=as_of, known_at=known_at)["actual"] for code in ("g1", "g2"))
        assert groups == actuals, (as_of, known_at)
        assert given.figure("company", as_of=as_of, known_at=known_at)["actual"] == str(sum(map(int, actuals)))
        owned = given.customer("l", as_of, known_at)["group"]
        assert owned == ("g2" if known_at in ("2024-03-01", "2024-03-10") else "g1"), (as_of, known_at)


@pytest.mark.parametrize(
    ("happened", "told", "late"), [("2024-01-10", "2024-01-15", 3), ("2024-02-07", "2024-02-18", 3)]
)
def test_f7_a_contact_counts_on_its_day_and_is_known_from_its_entry_on(
    given: Given, happened: str, told: str, late: int
) -> None:
    given.happened(
        lead("l"), *entered(told, line("follow-up.log", "l", by="li.si", at=happened, key="f", channel="visit"))
    )
    week = Period.week_of(Period.parse(happened).first).name
    before, after = "2024-01-12" if happened < "2024-02" else "2024-02-09", told
    for as_of, known_at, there in (
        (before, before, False),
        (None, before, False),
        (happened, after, True),
        ("2024-01-09", after, False),
        (None, None, True),
    ):
        row = given.customer("l", as_of, known_at)
        assert row["last_contact"] == (happened if there else None), (as_of, known_at)
        for owner in ("company", "g1", "li.si"):
            figure = given.figure(owner, "follow-ups", period=week, as_of=as_of, known_at=known_at)
            assert figure["actual"] == str(int(there)), (owner, as_of, known_at)
        assert given.figure("zhang.san", "follow-ups", period=week, as_of=as_of, known_at=known_at)["actual"] == "0"
    (entry,) = given.audit(name="customer.followed_up")
    assert entry["late_days"] == late
    assert given.audit(known_at=before, name="customer.followed_up") == []


@pytest.mark.parametrize(("original", "revised"), [("800000", "700000"), ("400000", "560000")])
def test_t5_a_revision_entered_late_is_in_force_since_its_filing_and_known_since_its_entry(
    given: Given, original: str, revised: str
) -> None:
    way = [
        line("target.revise", "t", by="chen.jing", at="2024-02-19", value=revised, reason="行业下行"),
        line("target.submit", "t", by="chen.jing", at="2024-02-19"),
        line("target.approve", "t", by="lin.zong", at="2024-02-20"),
        line("target.file", "t", by="lin.zong", at="2024-02-20"),
    ]
    given.happened(
        *filed("t", "zhang.san", original),
        lead("l"),
        *signed("c", "l", "280000", "2024-02-01"),
        *entered("2024-02-27", *way[:3]),
        *entered("2024-02-28", way[3]),
    )
    for as_of, known_at, target, state in (
        ("2024-02-20", "2024-02-26", original, "filed"),
        ("2024-02-18", "2024-02-28", original, "filed"),
        ("2024-02-19", "2024-02-28", original, "submitted"),
        ("2024-02-20", "2024-02-27", original, "approved"),
        ("2024-02-20", "2024-02-28", revised, "filed"),
        (None, None, revised, "filed"),
    ):
        row = given.figure("zhang.san", as_of=as_of, known_at=known_at)
        assert (row["target"], row["original_target"], row["state"]) == (target, original, state), (as_of, known_at)
        assert Decimal(row["attainment"]) == round(Decimal(280000) / Decimal(target), 6)


def test_c2_c4_a_delta_entered_late_moves_its_own_quarter_and_what_was_known_stays(given: Given) -> None:
    given.happened(
        lead("l"),
        *signed("c", "l", "300000", "2024-03-28"),
        *signed("d", "l", "120000.50", "2024-03-29"),
        *entered(
            "2024-05-20", line("contract.amend", "c", by="zhang.san", key="more", delta="50000", date="2024-05-06")
        ),
        *entered("2024-06-03", line("contract.cancel", "d", by="zhang.san", date="2024-04-10", reason="客户破产")),
        *entered("2024-06-10", line("event.correct", "more", by="chen.jing", reason="抄错", values={"delta": "45000"})),
    )
    seen = {
        ("2024-06-30", "2024-05-19"): ("420000.5", "0", "420000.5"),
        ("2024-05-05", "2024-05-20"): ("420000.5", "0", "420000.5"),
        ("2024-05-06", "2024-05-20"): ("420000.5", "50000", "470000.5"),
        ("2024-04-09", "2024-06-03"): ("420000.5", "0", "420000.5"),
        ("2024-04-10", "2024-06-03"): ("420000.5", "-120000.5", "300000"),
        ("2024-06-30", "2024-06-03"): ("420000.5", "-70000.5", "350000"),
        (None, None): ("420000.5", "-75000.5", "345000"),
    }
    for (as_of, known_at), expected in seen.items():
        quarters = [
            given.figure("g1", period=q, as_of=as_of, known_at=known_at)["actual"] for q in ("2024Q1", "2024Q2")
        ]
        assert (*quarters, given.customer("l", as_of, known_at)["signed"]) == expected, (as_of, known_at)
        assert given.figure("company", "new-customers", as_of=as_of, known_at=known_at)["actual"] == "1"
