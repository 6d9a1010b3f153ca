"""Reviews: findings shown by events, improvements open, overdue and done; the playbook that grows out of them."""

from __future__ import annotations

from typing import Any

import pytest

from infra.errors.problem import Problem
from projections.views import playbook, reviews
from tests.given import Given, Line, Row, lead, line
from tests.scenarios.asking import asked, names


def rows(given: Given, period: str | None = None, **wanted: Any) -> list[Row]:
    return asked(given, reviews.rows, period, **wanted)


def practices(given: Given, as_of: str | None = None, known_at: str | None = None, **wanted: Any) -> list[Row]:
    with given.store.view(*playbook.NEEDS) as ask:
        return playbook.rows(ask, given.store.moments(as_of, known_at), **wanted)


def held() -> list[Line]:
    """Return the lines of a lost deal and of its review, with one finding that three events show."""
    return [
        lead("a", "甲制造有限公司"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-10", key="call", channel="call"),
        line("opportunity.open", by="zhang.san", at="2024-01-11", key="o", customer="a", amount="300000"),
        line("opportunity.lose", "o", by="zhang.san", at="2024-02-20", reason="价格", key="lost"),
        line("review.hold", by="chen.jing", at="2024-02-26", key="r", kind="deal-lost", opportunity="o", owner="zhang.san"),
        line("review.find", "r", by="chen.jing", at="2024-02-26", key="f", kind="failure", cause="报价晚了三天",
             evidence=["call", "o", "lost"]),
        line("review.agree", "r", by="chen.jing", at="2024-02-26", key="m", what="报价模板先行", owner="li.si",
             working_days=5, finding="f1"),
    ]  # fmt: skip


def test_a_finding_names_the_events_that_show_it(given: Given) -> None:
    given.happened(*held())
    review, finding, improvement = rows(given, explain=True)
    assert (review["part"], review["kind"], review["of"], review["state"]) == (
        "review", "deal-lost", "甲制造有限公司 zhang.san", "held",
    )  # fmt: skip
    assert (finding["kind"], finding["words"], finding["item"]) == ("failure", "报价晚了三天", "f1")
    shown = [(each["name"], each["occurred"], each["since"]) for each in finding["evidence"]]
    assert shown == [
        ("customer.followed_up", "2024-01-10", None),
        ("opportunity.opened", "2024-01-11", None),
        ("opportunity.lost", "2024-02-20", None),
    ]
    assert (improvement["owner"], improvement["due"], improvement["finding"]) == ("li.si", "2024-03-04", "f1")
    assert names(finding) == ["review.found"]
    given.happened(
        line("event.correct", "o", by="chen.jing", at="2024-03-01", reason="少写", values={"amount": "310000"}),
        line("event.void", "call", by="chen.jing", at="2024-03-01", reason="误录"),
    )
    assert [each["since"] for each in rows(given)[1]["evidence"]] == ["voided", "corrected", None]
    assert [each["since"] for each in rows(given, known_at="2024-02-28")[1]["evidence"]] == [None, None, None]


def test_an_event_that_is_not_there_shows_nothing(given: Given) -> None:
    given.happened(*held()[:5])
    lost = line("review.find", "r", by="chen.jing", kind="failure", cause="慢", evidence=["call", "999"])
    problem = given.refusal(lost)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.facts["event"]) == ("event.unknown", "999")


def test_improvements_are_open_overdue_and_done(given: Given) -> None:
    given.happened(*held())
    given.happened(
        line("review.finish", "r", by="chen.jing", at="2024-02-27"),
        line("review.complete", "m", by="li.si", at="2024-03-07", entered="2024-03-12T09:00:00+08:00", words="已上线"),
    )
    (agreed,) = rows(given, part="improvement", as_of="2024-03-04")
    assert (agreed["state"], agreed["overdue"]) == ("open", False)
    (late,) = rows(given, overdue=True, as_of="2024-03-08", known_at="2024-03-08")
    assert (late["item"], late["late_days"]) == ("m1", 4)
    assert rows(given, overdue=True) == []
    (done,) = rows(given, part="improvement")
    assert (done["state"], done["closed"], done["late_days"], done["done_with"]) == ("done", "2024-03-07", 3, "已上线")
    assert rows(given)[0]["state"] == "finished"


def test_they_are_narrowed_by_kind_period_person_and_group(given: Given) -> None:
    given.happened(
        *held(),
        line("review.hold", by="he.ping", at="2024-03-04", key="w", kind="weekly", period="2024-W09", group="g2"),
        line("review.find", "w", by="he.ping", at="2024-03-04", kind="success", cause="拜访密"),
    )
    assert [row["kind"] for row in rows(given, group="g2")] == ["weekly", "success"]
    assert [row["part"] for row in rows(given, kind="deal-lost")] == ["review", "finding", "improvement"]
    assert [row["part"] for row in rows(given, owner="li.si")] == ["improvement"]
    assert len(rows(given, owner="zhang.san")) == 3
    assert [row["of"] for row in rows(given, "2024-W10", part="review")] == ["2024-W09 g2"]
    given.happened(lead("b", "甲制造 有限公司", by="wang.wu", at="2024-03-05"))
    given.happened(line("lead.merge", "b", by="wang.wu", at="2024-03-06", duplicate="a"))
    assert rows(given, kind="deal-lost")[0]["customer"] == given.subject("b")


def adopted() -> list[Line]:
    """Return the lines by which practices are adopted, used against objections, and one is retired."""
    mine: dict[str, Any] = {"by": "zhang.san"}
    return [
        line("practice.adopt", by="chen.jing", at="2024-03-01", key="cost", kind="script", text="先算三年总成本",
             objection="price", review="r", finding="f1"),
        line("practice.adopt", by="chen.jing", at="2024-03-01", key="split", kind="script", text="分期付款", objection="price"),
        line("practice.adopt", by="chen.jing", at="2024-03-01", key="open", kind="discovery-question", text="谁来拍板",
             stage="contacted"),
        line("practice.adopt", by="chen.jing", at="2024-03-02", key="any", kind="template", text="会议纪要模板"),
        *(line("objection.log", "a", **mine, at=f"2024-03-0{n}", key=f"p{n}", kind="price", words="比同行贵") for n in (3, 4, 5)),
        line("objection.answer", "p3", **mine, at="2024-03-05", key="p3/a", practice="cost", answer="含三年质保"),
        line("objection.resolve", "p3", **mine, at="2024-03-06", outcome="接受"),
        line("objection.answer", "p4", **mine, at="2024-03-06", practice="split"),
        line("practice.retire", "open", by="chen.jing", at="2024-03-20", reason="太直接"),
    ]  # fmt: skip


def test_the_playbook_is_what_the_team_has_adopted_by_a_day(given: Given) -> None:
    given.happened(*held(), *adopted())
    assert [row["text"] for row in practices(given)] == ["先算三年总成本", "分期付款", "会议纪要模板"]
    assert [row["kind"] for row in practices(given, as_of="2024-03-19", stage="contacted")] == [
        "discovery-question", "template",
    ]  # fmt: skip
    assert [row["text"] for row in practices(given, objection="price", kind="script")] == ["先算三年总成本", "分期付款"]
    assert practices(given, as_of="2024-02-29") == []
    retired = practices(given, retired=True, kind="discovery-question")
    assert [(row["state"], row["retired"], row["reason"]) for row in retired] == [("retired", "2024-03-20", "太直接")]
    cost, split, _ = practices(given, explain=True)
    assert (cost["review"], cost["finding"], cost["used"], cost["resolved"]) == (given.subject("r"), "f1", 1, 1)
    assert (split["used"], split["resolved"], names(split)) == (1, 0, ["practice.adopted"])
    assert practices(given, as_of="2024-03-04")[0]["used"] == 0
    given.happened(
        line("event.correct", "cost", by="lin.zong", at="2024-04-02", reason="改字", values={"text": "先算五年总成本"})
    )
    assert practices(given)[0]["text"] == "先算五年总成本"
    assert practices(given, known_at="2024-03-31")[0]["text"] == "先算三年总成本"


def test_what_worked_against_a_kind_is_told_in_counts_and_adopted_texts_alone(given: Given) -> None:
    given.happened(*held(), *adopted())
    with given.store.view(*playbook.NEEDS) as ask:
        ended, best = playbook.against(ask, given.store.moments(), "price")
        nothing = playbook.against(ask, given.store.moments(), "quality")
    assert (ended["count"], ended["resolved"], ended["median_days"]) == (3, 1, "3")
    assert [row["text"] for row in best] == ["分期付款", "先算三年总成本"]
    assert (nothing[0]["count"], nothing[1]) == (0, [])
    told = str((ended, best))
    assert not any(words in told for words in ("比同行贵", "含三年质保", "接受"))


@pytest.mark.parametrize("actor", ["zhang.san", "ma.qiao"])
def test_only_those_who_lead_may_change_what_was_adopted(given: Given, actor: str) -> None:
    given.happened(*held(), *adopted())
    assert given.refused(line("event.correct", "cost", by=actor, reason="改", values={"text": "x"})) == "right.role"
    assert given.refused(line("event.void", "any", by=actor, reason="改")) == "right.role"


def test_a_correction_keeps_the_rules_that_the_event_had_to_keep(given: Given) -> None:
    given.happened(
        *held(), *adopted()[:1],
        line("collaboration.ask", "a", by="zhang.san", at="2024-03-02", key="k", department="技术部", what="方案", working_days=3),
        line("after-sale.schedule-visit", "a", by="zhang.san", at="2024-03-02", key="v", due="2024-03-08"),
        line("after-sale.visit", "a", by="zhang.san", at="2024-03-08", key="done", score=9),
        line("review.hold", by="chen.jing", at="2024-03-09", key="w", kind="weekly", period="2024-W09"),
    )  # fmt: skip

    def refused(key: str, **values: Any) -> str:
        return given.refused(line("event.correct", key, by="lin.zong", reason="误录", values=values))

    assert refused("k", due="2024-03-10") == "due.when"
    assert refused("v", due=None, working_days=3) == "due.when"
    assert refused("done", score=11) == "after_sale.score"
    assert refused("w", period="2024Q1") == "review.period"
    assert refused("r", kind="deal-won") == "review.other_end"
    assert refused("w", owner="nobody") == "person.unknown"
    for key, field, value in (("f", "evidence", ["999"]), ("m", "finding", "f9"), ("cost", "finding", "f9")):
        assert refused(key, **{field: value}) == "event.fixed_field"
    given.happened(
        line("event.correct", "k", by="lin.zong", reason="改期", values={"due": "2024-03-10", "working_days": None}),
        line("event.correct", "w", by="lin.zong", reason="误写", values={"period": "2024-W10"}),
    )
    assert rows(given, kind="weekly")[0]["of"] == "2024-W10"
