"""W1: the pipeline as of any day, and the waterfall between two, whatever is late, corrected, voided, merged or moved."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from projections.queries.organisation import Organisation
from projections.views import pipeline
from projections.views.pipeline_events import of_opportunities
from projections.views.waterfall import waterfall
from tests.courses import courses
from tests.given import Given, Line, Row, lead, line, signed
from tests.histories import Step
from tests.scenarios.test_laws import few, fresh_store, play
from tests.scenarios.test_rebuild import contents

START, END = "2024-02-01", "2024-03-01"


def pipe(given: Given, as_of: str | None = None, known_at: str | None = None, **wanted: str | None) -> list[Row]:
    """Return the rows of the pipeline."""
    with given.store.view("pipeline", "organisation") as ask:
        moments = given.store.moments(as_of, known_at)
        organisation = Organisation(ask, moments.position)
        return pipeline.rows(ask, moments, organisation, currency=given.store.currency, wanted=wanted)


def fall(
    given: Given, start: str = START, end: str = END, known_at: str | None = None, currency: str = "CNY", **of: Any
) -> dict[str, Row]:
    """Return the bars of a waterfall in one currency, by name."""
    with given.store.view("pipeline", "organisation") as ask:
        last = given.store.moments(end, known_at)
        first = given.store.moments(start, known_at)
        organisation = Organisation(ask, last.position)
        rows = waterfall(ask, first, last, organisation, currency=given.store.currency, **of)
        return {row["bar"]: row for row in rows if row["currency"] == currency}


def amounts(bars: dict[str, Row]) -> dict[str, int]:
    return {bar: int(row["amount"]) for bar, row in bars.items() if row["amount"] != "0"}


def names(row: Row) -> list[tuple[str, str]]:
    return [(event["name"].partition(".")[2], event["amount"]) for event in row["events"]]


def opened(key: str, customer: str, amount: str, at: str, **data: Any) -> Line:
    return line("opportunity.open", by="zhang.san", at=at, key=key, customer=customer, amount=amount, **data)


def forecast(key: str, at: str, **data: Any) -> Line:
    return line("opportunity.forecast", key, by="zhang.san", at=at, **data)


@pytest.mark.parametrize("size", [1, 7])
def test_w1_every_bar_lists_its_events(given: Given, size: int) -> None:
    def worth(thousands: int) -> str:
        return str(thousands * 1000 * size)

    given.happened(
        lead("a"), lead("b"), lead("c"), lead("d"),
        opened("won", "a", worth(300), "2024-01-10", close_date="2024-02-28"),
        opened("lost", "b", worth(150), "2024-01-20"),
        opened("up", "c", worth(250), "2024-02-01"),
        opened("down", "d", worth(500), "2024-01-31T10:00:00+08:00"),
        opened("new", "d", worth(500), "2024-02-02"),
        forecast("up", "2024-02-06", amount=worth(300), probability="0.6"),
        line("opportunity.move", "up", by="zhang.san", at="2024-02-06", stage="proposed"),
        forecast("down", "2024-02-20", amount=worth(400)),
        *signed("c1", "a", worth(290), "2024-02-28", opportunity="won"),
        line("opportunity.lose", "lost", by="zhang.san", at="2024-03-01", reason="价格"),
        opened("later", "b", "9", "2024-03-02"),
    )  # fmt: skip
    bars = fall(given)
    thousands = {"open": 1200, "new": 500, "up": 50, "down": -100, "won": -300, "lost": -150, "closing": 1200}
    assert list(bars) == list(thousands)
    assert {bar: row["amount"] for bar, row in bars.items()} == {bar: worth(n) for bar, n in thousands.items()}
    assert [row["count"] for row in bars.values()] == [4, 1, 1, 1, 1, 1, 3]
    assert names(bars["new"]) == [("opened", worth(500))]
    assert names(bars["up"]) == [("forecast", worth(50))]
    assert names(bars["down"]) == [("forecast", worth(-100))]
    assert names(bars["won"]) == [("won", worth(-300))]
    assert names(bars["lost"]) == [("lost", worth(-150))]
    assert names(bars["closing"]) == [("opened", worth(500)), ("forecast", worth(300)), ("forecast", worth(400))]
    assert bars["lost"]["events"][0]["subject"] == given.subject("lost")
    assert sum(Decimal(row["amount"]) for row in pipe(given, END)) == Decimal(worth(1200))


def test_what_opens_and_ends_inside_stands_in_both_bars(given: Given) -> None:
    given.happened(
        lead("a"),
        opened("o", "a", "80000", "2024-02-05"),
        *signed("c", "a", "80000", "2024-02-20", opportunity="o"),
    )
    assert amounts(fall(given)) == {"new": 80000, "won": -80000}
    given.happened(line("event.void", "c/signed", by="lin.zong", at="2024-03-05", reason="盖错章"))
    assert amounts(fall(given)) == {"new": 80000, "closing": 80000}
    assert amounts(fall(given, known_at="2024-03-04")) == {"new": 80000, "won": -80000}


def test_a_lost_opportunity_that_is_taken_up_again_is_new(given: Given) -> None:
    given.happened(
        lead("a"),
        opened("o", "a", "80000", "2024-01-10"),
        line("opportunity.lose", "o", by="zhang.san", at="2024-02-05T15:00:00+08:00", reason="价格"),
        line("opportunity.reopen", "o", by="zhang.san", at="2024-02-05", key="again", reason="重新询价"),
    )
    assert amounts(fall(given)) == {"open": 80000, "lost": -80000, "new": 80000, "closing": 80000}
    assert [row["id"] for row in pipe(given, "2024-02-05")] == [given.subject("o")]
    assert given.customer("a")["expected"] == "80000"
    given.happened(line("event.void", "again", by="lin.zong", at="2024-02-07", reason="误录"))
    assert amounts(fall(given)) == {"open": 80000, "lost": -80000}
    assert given.customer("a")["stage"] == "lost"


def test_what_was_known_then_stays_and_a_correction_counts_at_its_date(given: Given) -> None:
    given.happened(
        lead("a"),
        opened("o", "a", "80000", "2024-01-10"),
        line("event.correct", "o", by="chen.jing", at="2024-02-20", reason="少写", values={"amount": "800000"}),
        line("opportunity.forecast", "o", by="zhang.san", at="2024-02-06", entered="2024-02-21T09:00:00+08:00",
             amount="900000"),
    )  # fmt: skip
    assert amounts(fall(given)) == {"open": 800000, "up": 100000, "closing": 900000}
    assert amounts(fall(given, known_at="2024-02-20")) == {"open": 800000, "closing": 800000}
    assert amounts(fall(given, end="2024-02-19", known_at="2024-02-19")) == {"open": 80000, "closing": 80000}
    assert [row["amount"] for row in pipe(given, "2024-02-05")] == ["800000"]
    assert [row["amount"] for row in pipe(given, "2024-02-05", "2024-02-19")] == ["80000"]


def test_a_signing_whose_day_is_corrected_wins_the_opportunity_on_that_day(given: Given) -> None:
    given.happened(
        lead("a", at="2024-03-01"),
        opened("o", "a", "70000", "2024-03-04"),
        *signed("c", "a", "70000", "2024-04-02", opportunity="o"),
        line(
            "event.correct", "c/signed", by="chen.jing", at="2024-04-05", reason="写错", values={"date": "2024-03-29"}
        ),
    )
    assert [len(pipe(given, day)) for day in ("2024-03-28", "2024-03-29", "2024-04-02")] == [1, 0, 0]
    assert [len(pipe(given, day, "2024-04-04")) for day in ("2024-03-29", "2024-04-02")] == [1, 0], "as it was known"
    assert amounts(fall(given, "2024-02-29", "2024-03-31"))["won"] == -70000
    assert given.customer("a", as_of="2024-03-30")["expected"] == "0"
    given.happened(
        line(
            "event.correct", "c/signed", by="chen.jing", at="2024-04-09", reason="又错", values={"date": "2024-04-08"}
        ),
    )
    assert [len(pipe(given, day)) for day in ("2024-04-07", "2024-04-08")] == [1, 0]


def test_a_win_whose_day_is_corrected_to_before_its_opening_counts_with_the_opening(given: Given) -> None:
    given.happened(
        lead("a", at="2024-03-01"),
        opened("o", "a", "70000", "2024-03-10"),
        *signed("c", "a", "70000", "2024-03-20", opportunity="o"),
        line(
            "event.correct", "c/signed", by="chen.jing", at="2024-04-05", reason="写错", values={"date": "2024-03-04"}
        ),
    )
    assert [len(pipe(given, day)) for day in ("2024-03-04", "2024-03-09", "2024-03-10", "2024-03-20")] == [0, 0, 0, 0]
    bars = amounts(fall(given, "2024-03-07", "2024-03-31"))
    assert (bars["new"], bars["won"]) == (70000, -70000), "it was opened and won, and its bars sum to nothing"
    assert "won" not in amounts(fall(given, "2024-03-01", "2024-03-07")), "nothing is won that nobody has opened"


def test_currencies_stand_apart(given: Given) -> None:
    given.happened(
        lead("a"),
        opened("o", "a", "80000", "2024-01-10"),
        opened("p", "a", "500.5", "2024-02-10", currency="USD"),
    )
    assert amounts(fall(given)) == {"open": 80000, "closing": 80000}
    assert {bar: row["amount"] for bar, row in fall(given, currency="USD").items() if row["count"]} == {
        "new": "500.5", "closing": "500.5",
    }  # fmt: skip


def test_what_changes_hands_moves_out_and_in(given: Given) -> None:
    given.happened(
        lead("a"), lead("b", by="zhou.ba"),
        opened("o", "a", "80000", "2024-01-10"), opened("p", "b", "5000", "2024-01-10"),
        opened("q", "a", "700", "2024-02-10"),
        line("lead.assign", "a", by="lin.zong", at="2024-02-10T16:00:00+08:00", owner="zhou.ba"),
        forecast("o", "2024-02-11", amount="90000"),
    )  # fmt: skip
    assert amounts(fall(given, owner="zhang.san")) == {"open": 80000, "moved-out": -80000}
    assert amounts(fall(given, owner="zhou.ba")) == {
        "open": 5000, "moved-in": 80000, "new": 700, "up": 10000, "closing": 95700,
    }  # fmt: skip
    assert names(fall(given, owner="zhou.ba")["moved-in"]) == [("assigned", "80000")]
    assert amounts(fall(given, group="g1")) == {"open": 80000, "moved-out": -80000}
    assert "moved-in" not in fall(given)
    assert [row["owner"] for row in pipe(given, "2024-02-09")] == ["zhang.san", "zhou.ba"]
    assert {row["owner"] for row in pipe(given, "2024-02-10")} == {"zhou.ba"}


def test_what_is_handed_over_moves_and_what_is_closed_stays(given: Given) -> None:
    given.happened(
        lead("a"),
        opened("o", "a", "80000", "2024-01-10"),
        opened("p", "a", "5000", "2024-01-10"),
        line("opportunity.lose", "p", by="zhang.san", at="2024-02-05", reason="价格"),
        line("person.hand-over", "zhang.san", by="lin.zong", at="2024-02-19", to="li.si"),
    )
    assert amounts(fall(given, owner="zhang.san")) == {"open": 85000, "lost": -5000, "moved-out": -80000}
    assert amounts(fall(given, owner="li.si")) == {"moved-in": 80000, "closing": 80000}
    assert amounts(fall(given, group="g1")) == amounts(fall(given)) == {"open": 85000, "lost": -5000, "closing": 80000}
    (row,) = pipe(given)
    with given.store.view("pipeline") as ask:
        events = of_opportunities(ask, given.store.moments(), [row["id"]])[row["id"]]
    assert [event["name"] for event in events] == ["opportunity.opened", "customer.assigned"]


def test_a_person_who_changes_group_takes_the_open_ones_along(given: Given) -> None:
    given.happened(
        lead("a"), opened("o", "a", "80000", "2024-01-10"),
        line("person.join", "zhang.san", by="lin.zong", at="2024-02-19", group="g2", from_="2024-02-19"),
        line("person.leave", "zhang.san", by="lin.zong", at="2024-02-25", from_="2024-02-26"),
    )  # fmt: skip
    assert amounts(fall(given, group="g1")) == {"open": 80000, "moved-out": -80000}
    bars = fall(given, group="g2")
    assert amounts(bars) == {"moved-in": 80000, "moved-out": -80000}
    assert names(bars["moved-in"]) == [("joined_group", "80000")]
    assert names(bars["moved-out"]) == [("left_group", "-80000")]
    assert [row["group"] for row in pipe(given, "2024-02-20")] == ["g2"]
    assert pipe(given, "2024-02-20", group="g1") == []
    assert len(pipe(given, "2024-02-20", group="g2")) == 1


def test_a_group_includes_those_below_it(given: Given) -> None:
    given.happened(
        line("group.form", by="lin.zong", code="g3", name="三组", parent="g1"),
        line("person.join", "zhang.san", by="lin.zong", group="g3", from_="2024-02-19"),
        lead("a"), opened("o", "a", "80000", "2024-01-10"),
    )  # fmt: skip
    assert amounts(fall(given, group="g1")) == {"open": 80000, "closing": 80000}
    assert amounts(fall(given, group="g3")) == {"moved-in": 80000, "closing": 80000}
    assert len(pipe(given, "2024-02-20", group="g1")) == 1


def test_a_merged_lead_s_opportunity_stands_under_the_survivor_and_stays_its_owner_s(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司"), lead("b", "北方阀门 有限公司"), lead("c", "南方泵业有限公司"),
        line("lead.assign", "b", by="lin.zong", at="2024-01-08", owner="li.si"),
        opened("o", "b", "80000", "2024-01-10"),
        line("lead.merge", "a", by="lin.zong", at="2024-02-05", duplicate="b"),
        line("lead.merge", "c", by="lin.zong", at="2024-02-10", duplicate="a"),
        line("customer.change", "c", by="lin.zong", at="2024-02-15", company="南方泵业股份有限公司"),
    )  # fmt: skip
    told = [
        (row["company"], row["customer"], row["owner"])
        for day in ("2024-02-04", "2024-02-05", "2024-02-10", "2024-02-15")
        for row in pipe(given, day)
    ]
    b, a, c = map(given.subject, "bac")
    assert told == [
        ("北方阀门 有限公司", b, "li.si"),
        ("北方阀门有限公司", a, "li.si"),
        ("南方泵业有限公司", c, "li.si"),
        ("南方泵业股份有限公司", c, "li.si"),
    ]
    assert len(pipe(given, customer=c)) == 1
    given.happened(line("lead.unmerge", "b", by="lin.zong", at="2024-02-20"))
    assert [row["customer"] for row in pipe(given)] == [b]
    assert [row["customer"] for row in pipe(given, known_at="2024-02-19")] == [c]


def test_the_first_to_close_comes_first_and_the_sums_are_by_currency_and_stage(given: Given) -> None:
    given.happened(
        lead("a", "甲"),
        opened("o", "a", "100", "2024-01-10", close_date="2024-03-20"),
        opened("p", "a", "300", "2024-01-10", close_date="2024-03-20", name="二期"),
        opened("q", "a", "50", "2024-01-11"),
        forecast("p", "2024-01-12", probability="0.6", close_date="2024-03-10"),
        line("opportunity.move", "p", by="zhang.san", at="2024-01-13", stage="proposed"),
        opened("u", "a", "7", "2024-01-11", currency="USD", close_date="2024-03-20"),
    )
    rows = pipe(given)
    assert [row["id"] for row in rows] == list(map(given.subject, "pouq"))
    assert rows[0] == {
        "id": given.subject("p"), "name": "二期", "customer": given.subject("a"), "company": "甲",
        "owner": "zhang.san", "group": "g1", "stage": "proposed", "status": "open", "amount": "300",
        "currency": "CNY", "close_date": "2024-03-10", "probability": "0.6", "opened": "2024-01-10",
        "changed": "2024-01-13",
    }  # fmt: skip
    yuan, dollars = pipeline.totals(rows)
    assert yuan == {
        "currency": "CNY", "count": 3, "amount": "450", "likely": 1, "weighted": "180.00",
        "stages": [
            {"stage": None, "count": 2, "amount": "150", "likely": 0, "weighted": "0.00"},
            {"stage": "proposed", "count": 1, "amount": "300", "likely": 1, "weighted": "180.00"},
        ],
    }  # fmt: skip
    assert (dollars["currency"], dollars["amount"], dollars["likely"]) == ("USD", "7", 0)
    assert [row["id"] for row in pipe(given, stage="proposed")] == [given.subject("p")]


SCOPES: tuple[dict[str, str], ...] = (
    {},
    {"owner": "zhang.san"},
    {"owner": "zhou.ba"},
    {"group": "g1"},
    {"group": "g2"},
)


@few
@for_all(courses(), st.integers(0, 60), st.integers(0, 60))
def test_the_bars_sum_from_any_day_to_any_other(history: list[Step], first: int, days: int) -> None:
    start, end = (f"2024-{1 + n // 28:02}-{1 + n % 28:02}" for n in (first, first + days))
    with fresh_store() as store:
        middle = None
        for n, _ in enumerate(play(store, history)):
            middle = store.last.isoformat() if n == len(history) // 2 else middle
        for known_at, currency, of in product((None, middle), ("CNY", "USD"), SCOPES):
            bars = fall(store, start, end, known_at, currency, **of)
            if bars:
                sums = {bar: Decimal(row["amount"]) for bar, row in bars.items()}
                for bar, row in bars.items():
                    assert sum(Decimal(event["amount"]) for event in row["events"]) == sums[bar]
                assert sum(sums.values()) - sums["closing"] == sums["closing"]
                assert sums["open"] == worth(pipe(store, start, known_at, **of), currency)
                assert sums["closing"] == worth(pipe(store, end, known_at, **of), currency)


def worth(rows: list[Row], currency: str) -> Decimal:
    return sum((Decimal(row["amount"]) for row in rows if row["currency"] == currency), Decimal(0))


@few
@for_all(courses())
def test_the_pipeline_is_worth_what_the_tracking_table_expects(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        for as_of in ("2024-02-01", "2024-03-01", None):
            known = {row["id"] for row in store.tracking(as_of)}
            for currency in ("CNY", "USD"):
                rows = [row for row in store.tracking(as_of) if row["currency"] == currency]
                # A customer whose capture was withdrawn is gone from the tracking table, its opportunity is still open.
                mine = [row for row in pipe(store, as_of) if row["customer"] in known]
                assert worth(mine, currency) == sum(Decimal(row["expected"]) for row in rows)


@few
@for_all(courses())
def test_the_pipeline_rebuilt_is_the_one_that_was_kept_in_step(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        in_step = contents(store.store)
        for batch in (1_000, 3):
            store.store.projector.rebuild(["pipeline"], batch=batch)
            assert contents(store.store) == in_step
