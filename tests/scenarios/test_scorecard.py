"""The scorecard: weights and caps by policy, what is not measured takes its weight out, and a closing locks it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from projections.read_models.registry import HOMES
from projections.views.norms import view as norms
from projections.views.scorecard import view as scorecard
from tests.given import Given, Line, Row, filed, lead, line, signed
from tests.scenarios.asking import asked
from tests.scenarios.test_closing import Ran, as_closed, close, differing, ran

__all__ = ["ran"]


def rows(given: Given, period: str = "2024Q1", **wanted: Any) -> list[Row]:
    return asked(given, scorecard.rows, period, **wanted)


def card(given: Given, owner: str = "zhang.san", period: str = "2024Q1", **wanted: Any) -> dict[str, Row]:
    """Return a person's rows by measure."""
    return {row["measure"]: row for row in rows(given, period, owner=owner, **wanted)}


def rule(weights: dict[str, str], caps: dict[str, str | None] | None = None, from_: str = "2024-01-01") -> Line:
    values = {"weights": weights, **({"caps": caps} if caps else {})}
    return line("policy.adopt", by="lin.zong", name="scorecard", values=values, from_=from_)


@pytest.mark.parametrize(
    ("amount", "paid", "cap", "sales", "collected", "score"),
    [
        ("1000000", "400000", None, "1.25", "0.5", "0.833333"),
        ("1000000", "400000", "1.2", "1.25", "0.5", "0.966667"),
        ("1600000", "0", "none", "2", "0", "1.333333"),
    ],
)
def test_each_measure_counts_up_to_its_cap_by_its_weight(
    given: Given, amount: str, paid: str, cap: str | None, sales: str, collected: str, score: str
) -> None:
    caps = {"sales": None if cap == "none" else cap} if cap else None
    given.happened(
        rule({"sales": "0.4", "collected": "0.2", "new-customers": "0.4"}, caps),
        *filed("t", "zhang.san", "800000"), lead("l"), *signed("c", "l", amount, "2024-02-20"),
    )  # fmt: skip
    if paid != "0":
        given.happened(line("payment.receive", "c", by="zhang.san", date="2024-03-01", amount=paid))
    mine = card(given)
    assert (mine["sales"]["ratio"], mine["collected"]["ratio"]) == (sales, collected)
    assert (mine["sales"]["numerator"], mine["sales"]["denominator"]) == (amount, "800000")
    gone = mine["new-customers"]
    assert (gone["ratio"], gone["weight"], gone["counted"], gone["why"]) == (None, "0.4", "0", "nothing-to-measure")
    total = mine["score"]
    assert (total["denominator"], total["weight"], total["ratio"]) == ("0.6", "1", score)
    assert Decimal(total["numerator"]) == sum(Decimal(row["points"] or 0) for m, row in mine.items() if m != "score")


def test_a_target_counts_once_it_is_filed(given: Given) -> None:
    given.happened(lead("l"), *signed("c", "l", "400000", "2024-02-20"), *filed("t", "zhang.san", "800000")[:3])
    assert card(given)["sales"]["ratio"] is None
    given.happened(line("target.file", "t", by="lin.zong", at="2024-03-01"))
    assert card(given)["sales"]["ratio"] == "0.5"
    assert card(given, as_of="2024-02-29")["sales"]["ratio"] is None


def test_entry_is_what_was_entered_within_the_norm_and_file_what_is_filled(given: Given) -> None:
    given.happened(
        rule({"entry": "0.5", "file": "0.5"}),
        lead("l", at="2024-01-08", industry="制造", size="200", contact="王经理"),
        line("follow-up.log", "l", by="zhang.san", at="2024-01-10", entered="2024-01-15T09:00:00+08:00", channel="call"),
        line("follow-up.log", "l", by="zhang.san", at="2024-01-15", entered="2024-01-16T09:00:00+08:00", channel="call"),
        lead("m", "乙制造有限公司", at="2024-01-17"),
    )  # fmt: skip
    mine = card(given, explain=True)
    assert (mine["entry"]["numerator"], mine["entry"]["denominator"], mine["entry"]["ratio"]) == (3, 4, "0.75")
    assert [event["name"] for event in mine["entry"]["events"]].count("customer.followed_up") == 2
    assert (mine["file"]["numerator"], mine["file"]["denominator"]) == (5 + 2, 16)
    assert (mine["file"]["ratio"], mine["score"]["ratio"]) == ("0.4375", "0.59375")
    given.happened(
        line("policy.adopt", by="lin.zong", name="entry-deadline", values={"working_days": 3}, from_="2024-01-01")
    )
    assert card(given)["entry"]["ratio"] == "1"
    assert card(given, known_at="2024-01-16")["entry"]["ratio"] == "0.666667"


def test_the_files_of_invalid_customers_count_in_the_score_and_not_in_the_norm(given: Given) -> None:
    given.happened(
        rule({"file": "1"}), lead("l", at="2024-01-08"), lead("m", "乙制造有限公司", at="2024-01-09"),
        line("lead.invalidate", "m", by="zhang.san", at="2024-02-05", reason="空号"),
    )  # fmt: skip
    assert (card(given, as_of="2024-02-04")["file"]["denominator"], card(given)["file"]["denominator"]) == (16, 16)
    named = {event["subject"] for event in card(given, explain=True)["file"]["events"]}
    assert named == {given.subject("l"), given.subject("m")}
    kept = asked(given, norms.rows, "2024-W06", norm="file", owner="zhang.san")
    assert [row["denominator"] for row in kept] == [1]


def test_the_policy_of_the_periods_last_day_weighs(given: Given) -> None:
    given.happened(rule({"sales": "1"}), rule({"file": "1"}, from_="2024-04-01"), lead("l"))
    assert list(card(given)) == ["score", "sales"]
    assert list(card(given, period="2024Q2")) == ["score", "file"]
    assert card(given)["score"]["why"] == "nothing-to-measure"
    first = rows(given, "2024Q2")[0]
    assert (first["owner"], first["measure"]) == ("zhang.san", "score")
    assert {row["owner"] for row in rows(given, group="g2")} == {"he.ping", "zhou.ba", "wu.jiu"}


@pytest.mark.parametrize(
    "values",
    [
        {"weights": {"sales": "0.5", "file": "0.4"}},
        {"weights": {"sales": "1.5", "file": "-0.5"}},
        {"weights": {"Good luck!": "1"}},
        {"weights": {"sales": 1}},
        {"weights": {"sales": "1"}, "caps": {"file": "1"}},
        {"weights": {"sales": "1"}, "caps": {"sales": "11"}},
        {"weights": {"sales": "NaN"}},
        {"weights": ["sales"]},
        {},
    ],
)
def test_weights_make_one_together(values: dict[str, Any]) -> None:
    from domain.policy.defaults import RULES

    assert not RULES["scorecard"].good(values)
    assert RULES["scorecard"].good({"weights": {"sales": "0.5", "file": "0.5"}, "caps": {"sales": None}})
    assert RULES["scorecard"].good(RULES["scorecard"].default)


def test_a_closing_locks_it(given: Given, ran: Ran) -> None:
    given.happened(
        rule({"sales": "0.7", "entry": "0.3"}), *filed("t", "zhang.san", "800000"), lead("l"),
        *signed("c", "l", "400000", "2024-02-20"), close("2024Q1", "2024-04-05"),
    )  # fmt: skip
    before = as_closed(ran, view="scorecard")
    _, locked = ran("scorecard", "--period", "2024Q1", "--owner", "zhang.san", "--json")
    given.happened(
        line("event.correct", "c", by="chen.jing", at="2024-04-10", reason="少写", values={"amount": "600000"}),
        rule({"file": "1"}),
    )
    assert as_closed(ran, view="scorecard") == before
    assert ran("scorecard", "--period", "2024Q1", "--owner", "zhang.san", "--json")[1] == locked
    assert json.loads(locked)["closed"] > 0
    assert json.loads(locked)["rows"][1]["ratio"] == "0.5"
    _, restated = ran("scorecard", "--period", "2024Q1", "--owner", "zhang.san", "--json", "--restated")
    assert [row["measure"] for row in json.loads(restated)["rows"]] == ["score", "file"]
    moved = differing(ran, view="scorecard", row="zhang.san/sales")
    assert moved
    assert all(row["events"] for row in moved)
    given.store.projector.rebuild(list(HOMES))
    given.reopened()
    assert as_closed(ran, view="scorecard") == before


def test_a_closing_from_before_the_scorecard_stays_valid(
    given: Given, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    from projections.views import digest

    old = {name: view for name, view in digest.VIEWS.items() if name != "scorecard"}
    with monkeypatch.context() as patch:
        patch.setattr("infra.queries.closed_periods.VIEWS", old)
        given.happened(lead("l"), close("2024Q1", "2024-04-05"))
    assert differing(ran) == []
    status, out = ran("period", "show", "2024Q1", "--as-closed", "--view", "scorecard", "--json")
    assert status == 0
    assert "scorecard" not in json.loads(out)["closed"]["digests"]
    assert ran("scorecard", "--period", "2024Q1", "--json")[0] == 0


def test_cadence_is_how_many_windows_were_met_of_those_that_are_over(given: Given) -> None:
    grade = {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"}
    given.happened(
        rule({"cadence": "1"}),
        lead("l", at="2024-02-19"),
        line("lead.grade", "l", by="zhang.san", at="2024-02-19", grade="high", **grade),
        line("follow-up.log", "l", by="zhang.san", at="2024-02-20", channel="call"),
        line("follow-up.log", "l", by="zhang.san", at="2024-03-06", channel="minutes"),
        line("follow-up.log", "l", by="zhang.san", at="2024-03-14", channel="visit"),
    )
    mine = card(given, explain=True)["cadence"]
    assert (mine["numerator"], mine["denominator"], mine["ratio"]) == (2, 6, "0.333333")
    assert "customer.followed_up" in {event["name"] for event in mine["events"]}
    early = card(given, as_of="2024-03-03")["cadence"]
    assert (early["numerator"], early["denominator"]) == (1, 2)
