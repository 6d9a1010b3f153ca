"""R1: a quarter replayed is what the views said at the end of each of its days, with hindsight beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.calendar.period import Period
from domain.kernel.money import from_units
from infra.store.store import Store
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views import pipeline
from projections.views.progress import view as progress
from projections.views.progress.actuals import METRICS
from projections.views.progress.curve import Curves, curves
from projections.views.replay.frames import days_of, frames
from tests.given import Given, Row, filed, lead, line, signed
from tests.histories import dice, told

QUARTER = Period.parse("2024Q1")
PLACES: list[tuple[str, str, dict[str, Any]]] = [
    ("company", "company", {}),
    ("group", "g1", {"group": "g1"}),
    ("person", "zhang.san", {"owner": "zhang.san"}),
]
LAST = date(2024, 4, 30)


@contextmanager
def asked(store: Store) -> Iterator[Ask]:
    with store.view("progress", "organisation", "pipeline", "audit", "tracking") as ask:
        yield ask


def replayed(store: Store, ask: Ask, *, weekly: bool = False, **wanted: Any) -> list[Row]:
    now = store.moments()
    moments = store.moments_each(days_of(QUARTER, now.day, weekly=weekly))
    return frames(ask, QUARTER, moments, now, currency=store.currency, **wanted)


class Known:
    """What is asked of one state of the store: the organisation at each position is asked for once."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.organisation = cache(lambda position: Organisation(ask, position))


def of_progress(known: Known, moments: AsOf, level: str, owner: str) -> dict[tuple[str, str], Decimal]:
    """Return the actuals that progress shows of a place, by measure and currency."""
    ask, organisation = known.ask, known.organisation(moments.position)
    rows = progress.rows(ask, QUARTER, moments, organisation, currency="CNY", level=level, owner=owner)
    measures = {(metric, basis): measure for metric, basis, measure in METRICS if measure}
    return {
        (measures[row["metric"], row["basis"]], row["currency"] or ""): Decimal(row["actual"])
        for row in rows
        if (row["metric"], row["basis"]) in measures
    }


def of_curves(found: Curves, n: int, *, known: bool) -> dict[tuple[str, str], Decimal]:
    sums = {key: (curve.known if known else curve.hindsight)[n] for key, curve in found.items()}
    values = {key: from_units(value) if key[1] else Decimal(value) for key, value in sums.items()}
    return {key: value for key, value in values.items() if value}


def without_nothing(sums: dict[tuple[str, str], Decimal]) -> dict[tuple[str, str], Decimal]:
    return {key: value for key, value in sums.items() if value}


def check_curves(store: Store, days: list[date], known_at: str | None = None) -> None:
    """Hold the curves of company, group and person against progress at each of the days."""
    with asked(store) as ask:
        now = store.moments(known_at=known_at)
        moments = store.moments_each(days)
        known = Known(ask)
        for level, owner, wanted in PLACES:
            found = curves(ask, QUARTER, moments, now, known.organisation(now.position), **wanted)
            for n, frame in enumerate(moments):
                then = of_progress(known, frame, level, owner)
                later = of_progress(known, frame._replace(position=now.position), level, owner)
                assert of_curves(found, n, known=True) == without_nothing(then), (owner, frame.day)
                assert of_curves(found, n, known=False) == without_nothing(later), (owner, frame.day)


def check_frames(store: Store) -> None:
    """Hold each frame against what progress and the pipeline said at the end of its day."""
    with asked(store) as ask:
        known = Known(ask)
        for level, owner, wanted in PLACES:
            moved: dict[tuple[str, str], Decimal] = {}
            for frame in replayed(store, ask, explain=True, **wanted):
                check_events(frame, moved)
                (moments,) = store.moments_each([date.fromisoformat(frame["day"])])
                check_frame(known, frame, moments, level, owner, wanted)


def check_events(frame: Row, moved: dict[tuple[str, str], Decimal]) -> None:
    """Hold that the events behind the figures add up to them, and that all lie in what the frame knows."""
    for figure in frame["figures"]:
        key = (figure["measure"], figure["currency"] or "")
        moved[key] = moved.get(key, Decimal(0)) + sum(Decimal(event["amount"]) for event in figure["events"])
        assert moved[key] == Decimal(figure["known"]), (frame["day"], key)
        assert all(event["position"] <= frame["position"] for event in figure["events"])


def check_frame(asked: Known, frame: Row, moments: AsOf, level: str, owner: str, wanted: dict[str, str]) -> None:
    ask, organisation = asked.ask, asked.organisation(moments.position)
    rows = progress.rows(ask, QUARTER, moments, organisation, currency="CNY", metric="sales", level=level, owner=owner)
    known = {(each["measure"], each["currency"] or ""): Decimal(each["known"]) for each in frame["figures"]}
    assert without_nothing(known) == without_nothing(of_progress(asked, moments, level, owner))
    assert frame["position"] == moments.position
    for row in rows[:1]:
        shared = ("working_days", "elapsed_days", "state", "target", "original_target")
        assert {name: frame[name] for name in shared} == {name: row[name] for name in shared}
    open_then = pipeline.rows(ask, moments, organisation, currency="CNY", wanted=wanted)
    sums: dict[str, tuple[int, Decimal]] = {}
    for row in open_then:
        count, worth = sums.get(row["currency"], (0, Decimal(0)))
        sums[row["currency"]] = (count + 1, worth + Decimal(row["amount"]))
    shown = {each["currency"]: (each["count"], Decimal(each["amount"])) for each in frame["pipeline"]}
    assert shown == sums


@pytest.fixture
def demo(store_url: str) -> Iterator[Given]:
    """Return the demo's quarter, as it was known when it had ended."""
    played = Given(store_url, today="2024-03-31T20:00:00+08:00")
    lines = Path(__file__).parents[2] / "cli" / "commands" / "demo_quarter.jsonl"
    played.happened(*map(json.loads, lines.read_text(encoding="utf-8").splitlines()))
    yield played
    played.close()


def test_r1_each_friday_says_what_was_said_that_day(demo: Given) -> None:
    with asked(demo.store) as ask:
        shown = replayed(demo.store, ask, weekly=True)
        fridays = [date(2024, 1, 5) + timedelta(weeks=n) for n in range(13)]
        assert [frame["day"] for frame in shown] == [*map(str, fridays), "2024-03-31"]
        daily = {frame["day"]: frame for frame in replayed(demo.store, ask)}
    for frame in shown:
        as_shown = demo.figure("company", as_of=frame["day"], known_at=frame["day"])
        figures = {(each["measure"], each["currency"]): each for each in frame["figures"]}
        assert figures["signed", "CNY"]["known"] == as_shown["actual"]
        assert figures["signed", "CNY"]["hindsight"] == demo.figure("company", as_of=frame["day"])["actual"]
        assert (frame["target"], frame["elapsed_days"]) == (as_shown["target"], as_shown["elapsed_days"])
        same = ("figures", "target", "pace", "pipeline", "position")
        assert {name: frame[name] for name in same} == {name: daily[frame["day"]][name] for name in same}
    check_frames(demo.store)


def test_t6_the_pace_is_the_share_of_working_days(given: Given) -> None:
    given.happened(*filed("t", "zhang.san", "800000"))
    with asked(given.store) as ask:
        by_day = {frame["day"]: frame for frame in replayed(given.store, ask, owner="zhang.san")}
    middle = by_day["2024-02-18"]
    assert (middle["elapsed_days"], middle["working_days"], middle["pace"]) == (31, 61, "406557.38")
    assert by_day["2024-03-31"]["pace"] == "800000.00"
    assert by_day["2024-01-01"]["target"] is None
    assert by_day["2024-01-01"]["pace"] is None


def test_curves_know_what_was_late_corrected_voided_merged_and_moved(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        lead("a", "北方阀门有限公司"), lead("b", "北方阀门 有限公司", by="li.si", at="2024-01-09"),
        lead("x", "东方船厂有限公司", at="2023-12-20", entered="2024-01-10T09:00:00+08:00"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-10", key="f", channel="call",
             entered="2024-01-15T10:00:00+08:00"),
        *signed("c", "a", "80000", "2024-02-08"),
        *signed("d", "x", "50000", "2024-02-09", currency="USD"),
        line("lead.merge", "a", at="2024-02-10", duplicate="b"),
        line("event.correct", "c", by="chen.jing", at="2024-02-20", reason="少写一个零", values={"amount": "800000"}),
        line("person.join", "zhang.san", at="2024-02-26", group="g2", from_="2024-02-19"),
        line("event.void", "f", by="chen.jing", at="2024-02-27", reason="重复"),
        line("lead.unmerge", "b", at="2024-02-28"),
        *signed("e", "a", "100000", "2024-03-12"),
        line("policy.adopt", by="lin.zong", at="2024-03-14", name="new-customer-window", values={"months": 1},
             from_="2024-01-01"),
        line("contract.cancel", "c", by="chen.jing", date="2024-03-20", reason="破产"),
        line("lead.invalidate", "a", by="zhang.san", at="2024-03-12", reason="空号",
             entered="2024-04-15T09:00:00+08:00"),
        line("payment.receive", "e", by="zhang.san", date="2024-03-20", amount="30000",
             entered="2024-04-16T09:00:00+08:00"),
    )  # fmt: skip
    check_curves(given.store, list(QUARTER.days()))
    check_curves(given.store, [date(2024, 1, 19), date(2024, 2, 23), date(2024, 3, 1), LAST])
    check_curves(given.store, [date(2024, 2, 1), date(2024, 2, 29), LAST], known_at="2024-02-21")
    check_frames(given.store)


@pytest.mark.seeds(4)
def test_every_frame_of_a_random_history_is_what_the_views_said(given: Given, seed: int) -> None:
    for step in told(dice(seed, 40)):
        given.answers(*step.lines)
    check_frames(given.store)
    check_curves(given.store, [date(2024, 1, 1) + timedelta(days=5 * n) for n in range(24)])


def test_what_happened_stands_in_its_frame(given: Given) -> None:
    given.happened(
        *filed("t", "company", "900000"), lead("a", "北方阀门有限公司"), lead("b", "南方泵业有限公司"),
        line("opportunity.open", key="o", by="zhang.san", at="2024-01-10", customer="a", amount="300000",
             close_date="2024-02-28"),
        line("opportunity.open", key="p", by="zhang.san", at="2024-01-10", customer="b", amount="50000"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-10", channel="call",
             entered="2024-01-15T10:00:00+08:00"),
        line("opportunity.forecast", "o", by="zhang.san", at="2024-01-16", amount="250000", close_date="2024-03-15"),
        line("opportunity.lose", "p", by="zhang.san", at="2024-01-17", reason="价格"),
        *signed("c", "a", "80000", "2024-01-18", opportunity="o"),
        line("event.correct", "c", by="chen.jing", at="2024-01-19", reason="少写一个零", values={"amount": "800000"}),
        line("target.revise", "t", by="chen.jing", at="2024-01-22", value="800000", reason="下行"),
    )  # fmt: skip
    with asked(given.store) as ask:
        by_day = {frame["day"]: frame for frame in replayed(given.store, ask)}
        elsewhere = replayed(given.store, ask, group="g2")
    changes = {day: [(d["change"], d["from"], d["to"]) for d in frame["deals"]] for day, frame in by_day.items()}
    assert changes["2024-01-10"] == [("appeared", None, None)] * 2
    assert changes["2024-01-16"] == [("shrank", "300000", "250000"), ("slipped", "2024-02-28", "2024-03-15")]
    assert [change for change, *_ in changes["2024-01-17"] + changes["2024-01-18"]] == ["lost", "won"]
    (late,) = by_day["2024-01-15"]["late"]
    assert (late["day"], late["late_days"], late["company"], late["actor"]) == (
        "2024-01-10", 3, "北方阀门有限公司", "zhang.san",
    )  # fmt: skip
    (contract,) = by_day["2024-01-18"]["signed"]
    assert (contract["amount"], contract["number"], contract["owner"]) == ("80000", "HT-c", "zhang.san")
    (correction,) = by_day["2024-01-19"]["corrections"]
    assert correction["changes"] == [{"field": "amount", "from": "80000", "to": "800000"}]
    assert (correction["actor"], correction["company"]) == ("chen.jing", "北方阀门有限公司")
    assert [target["name"] for target in by_day["2024-01-22"]["targets"]] == ["target.revised"]
    names = ("deals", "targets", "signed", "late", "corrections")
    assert not any(frame[name] for frame in elsewhere for name in names)


def test_a_deal_that_changes_hands_leaves_one_group_and_comes_to_the_other(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司"),
        line("opportunity.open", key="o", by="zhang.san", at="2024-01-10", customer="a", amount="300000"),
        line("lead.assign", "a", by="chen.jing", at="2024-01-15", owner="zhou.ba"),
        line("person.join", "zhou.ba", at="2024-01-20", group="g1", from_="2024-01-20"),
    )
    with asked(given.store) as ask:
        changed = {
            group: [(f["day"], d["change"]) for f in replayed(given.store, ask, group=group) for d in f["deals"]]
            for group in ("g1", "g2")
        }
    assert changed["g1"] == [("2024-01-10", "appeared"), ("2024-01-15", "went"), ("2024-01-20", "came")]
    assert changed["g2"] == [("2024-01-15", "came"), ("2024-01-20", "went")]


def test_positions_of_many_days_are_those_of_each(given: Given) -> None:
    given.happened(lead("a"), lead("b", at="2024-01-09"))
    days = [date(2023, 12, 31), *QUARTER.days()]
    each = [given.store.moments(str(day), str(day)) for day in days]
    assert given.store.moments_each(days) == each
    assert given.store.moments_each([]) == []


def test_a_replay_asks_few_questions(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    given.happened(lead("a"), *signed("c", "a", "80000", "2024-01-18"))
    with asked(given.store) as ask:
        counted: list[str] = []

        def counting(sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
            counted.append(sql)
            return ask(sql, params)

        assert len(replayed(given.store, counting)) == 91
    assert len(counted) < 20


def test_a_period_not_begun_has_no_frames(given: Given) -> None:
    assert days_of(Period.parse("2025Q1"), date(2024, 12, 31), weekly=False) == []
    assert days_of(QUARTER, date(2024, 1, 2), weekly=True) == [date(2023, 12, 31), date(2024, 1, 2)]
