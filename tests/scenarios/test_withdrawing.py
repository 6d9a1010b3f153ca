"""What others build on is not withdrawn: a capture with an opportunity, a withdrawal whose place another has taken."""

from __future__ import annotations

import pytest

from infra.commands.undo import prepared
from tests.given import Given, lead, line, signed


def test_a_capture_with_an_opportunity_is_not_withdrawn(given: Given) -> None:
    given.happened(
        lead("l", at="2024-01-08"),
        line("opportunity.open", key="o", by="zhang.san", at="2024-01-09", customer="l", amount="5000"),
    )
    void = line("event.void", "l", by="lin.zong", at="2024-01-10", reason="重复录入")
    refusal = given.refusal(void)
    opened = given.store.reader.keyed(["o"])["o"].position
    assert (refusal.code, refusal.facts["events"]) == ("event.followed", f"{opened} opportunity.opened")
    assert given.customer("l")["expected"] == "5000"
    given.happened(line("event.void", "o", by="lin.zong", at="2024-01-10", reason="重复录入"), void)
    assert given.tracking() == []


def test_nor_within_one_file_nor_with_a_contract_nor_taken_up_again(given: Given) -> None:
    opened = line("opportunity.open", key="o", by="zhang.san", at="2024-01-09", customer="l", amount="5000")
    void = line("event.void", "l", by="lin.zong", at="2024-01-10", reason="重复录入")
    given.happened(lead("l", at="2024-01-08"))
    answers = given.answers(opened, void)
    assert [getattr(answer, "code", "done") for answer in answers] == ["done", "event.followed"]
    given.happened(lead("m", at="2024-01-08"), *signed("c", "m", "100", "2024-01-09"))
    assert given.refused({**void, "subject": "m"}) == "event.followed"
    given.happened(lead("n", at="2024-01-08"), {**void, "subject": "n"})
    assert given.refused(line("opportunity.open", by="zhang.san", customer="n", amount="1")) == "customer.withdrawn"
    assert given.refused(line("follow-up.log", "n", by="zhang.san", channel="call")) == "customer.withdrawn"
    assert (
        given.refused(line("contract.draft", by="zhang.san", customer="n", number="9", amount="1"))
        == "customer.withdrawn"
    )


REP, MANAGER = {"by": "zhang.san"}, {"by": "chen.jing"}
TARGET = line(
    "target.set", key="t", metric="sales", value="9", period="2024Q1", owner="g1", rationale="去年", **MANAGER
)
REVIEWED = (
    line("review.hold", key="r", kind="monthly", period="2024-02", **MANAGER),
    line("review.find", "r", key="f", kind="success", cause="跟进快", **MANAGER),
)
UPON = {
    "a quote on an opportunity": (
        (lead("l"), line("opportunity.open", key="one", customer="l", amount="5", **REP)),
        line(
            "quote.issue", "l", number="Q-1", amount="5", valid_until="2024-06-30", opportunity="one", key="on", **REP
        ),
    ),
    "a draft on an opportunity": (
        (lead("l"), line("opportunity.open", key="one", customer="l", amount="5", **REP)),
        line("contract.draft", number="1", customer="l", amount="5", opportunity="one", key="on", **REP),
    ),
    "a plan on a target": ((TARGET | {"key": "one"},), line("plan.draft", target="one", key="on", **MANAGER)),
    "a target on a target": (
        (TARGET | {"key": "one"},),
        line(
            "target.set",
            metric="sales",
            value="5",
            period="2024Q1",
            owner="zhang.san",
            parent="one",
            key="on",
            **MANAGER,
        ),
    ),
    "a resource on a plan": (
        (TARGET, line("plan.draft", target="t", key="one", **MANAGER)),
        line(
            "resource.request",
            department="技术部",
            item="样机",
            needed_by="2024-03-01",
            plan="one",
            key="on",
            **MANAGER,
        ),
    ),
    "a practice on a review": (
        (line("review.hold", key="one", kind="monthly", period="2024-02", **MANAGER),),
        line("practice.adopt", kind="script", text="先算成本", review="one", key="on", **MANAGER),
    ),
    "an answer on a practice": (
        (
            lead("l"),
            line("objection.log", "l", kind="price", words="贵", **REP),
            line("practice.adopt", kind="script", text="先算成本", key="one", **MANAGER),
        ),
        line("objection.answer", "l", answer="三年成本", practice="one", key="on", **REP),
    ),
}


@pytest.mark.parametrize("what", UPON)
def test_what_another_subject_builds_on_is_not_withdrawn(given: Given, what: str) -> None:
    before, upon = UPON[what]
    given.happened(*before, upon)
    void = line("event.void", "one", by="lin.zong", reason="录错")
    refusal = given.refusal(void)
    position = given.store.reader.keyed(["on"])["on"].position
    assert (refusal.code, refusal.facts["count"]) == ("event.followed", 1)
    assert str(refusal.facts["events"]).startswith(f"{position} ")
    given.happened(line("event.void", "on", by="lin.zong", reason="录错"), void)
    assert given.refused(upon | {"key": "again"}) in ("subject.withdrawn", "contract.foreign_opportunity")
    assert [done.status for done in given.happened(upon)] == ["repeated"]


def test_a_finding_stays_while_a_practice_or_an_improvement_comes_from_it(given: Given) -> None:
    given.happened(
        *REVIEWED,
        line("review.find", "r", key="g", kind="failure", cause="报价慢", **MANAGER),
        line("practice.adopt", kind="script", text="先算成本", review="r", finding="f1", key="p", **MANAGER),
        line("review.agree", "r", what="一天内报价", finding="f2", owner="zhang.san", due="2024-03-01", **MANAGER),
    )
    for key in ("f", "g"):
        assert given.refused(line("event.void", key, by="lin.zong", reason="录错")) == "event.followed"
    given.happened(*(line("event.void", key, by="lin.zong", reason="录错") for key in ("p", "f")))


def test_an_allocation_that_made_a_target_is_undone_whole(given: Given) -> None:
    given.happened(TARGET, line("target.allocate", "t", child="zhang.san", value="5", key="a", **MANAGER))
    ledger = given.store.ledger("chen.jing")
    undone = prepared(given.store, ledger, "a", "录错")
    assert [getattr(answer, "status", answer) for answer in ledger.record(undone.requests)] == ["recorded"] * 2
    assert given.figure("zhang.san")["target"] is None


@pytest.mark.parametrize("owner", ["g1", "zhang.san"])
def test_a_targets_withdrawal_stands_while_another_holds_its_place(given: Given, owner: str) -> None:
    told = {"metric": "sales", "period": "2024Q1", "owner": owner, "rationale": "去年"}
    given.happened(
        line("target.set", key="one", by="chen.jing", value="800", **told),
        line("target.withdraw", "one", by="chen.jing", key="gone", reason="重复"),
        line("target.set", key="two", by="chen.jing", value="700", **told),
    )
    void = line("event.void", "gone", by="lin.zong", reason="误撤")
    refusal = given.refusal(void)
    taken = given.store.reader.keyed(["two"])["two"].position
    assert (refusal.code, refusal.facts["events"]) == ("event.followed", f"{taken} target.set")
    assert given.figure(owner)["target"] == "700"
    given.happened(line("target.withdraw", "two", by="chen.jing", reason="重复"), void)
    assert given.figure(owner)["target"] == "800"


def test_a_dispute_that_was_ruled_on_stands(given: Given) -> None:
    given.happened(
        lead("l", at="2024-01-08"),
        line("customer.dispute", "l", by="li.si", at="2024-01-09", key="t"),
        line("customer.rule", "l", by="chen.jing", at="2024-01-10", key="r", owner="li.si"),
    )
    assert given.refused(line("event.void", "t", by="lin.zong", reason="误录")) == "event.followed"
    given.happened(line("event.void", "r", by="lin.zong", reason="误录"))
    assert given.customer("l")["owner"] == "zhang.san"
    assert given.refused(line("customer.release", "l", by="zhang.san", at="2024-01-11")) == "ownership.disputed"


def test_who_loses_a_customer_does_not_get_it_back_by_a_correction(given: Given) -> None:
    given.happened(
        lead("l", at="2024-01-08"),
        line("customer.dispute", "l", by="li.si", at="2024-01-09", key="t"),
        line("customer.rule", "l", by="chen.jing", at="2024-01-10", key="r", owner="li.si"),
        line("customer.release", "l", by="li.si", at="2024-01-11", key="out"),
        line("customer.claim", "l", by="wang.wu", at="2024-01-12", key="in"),
    )
    void = line("event.void", by="zhang.san", reason="误录")
    correct = line("event.correct", by="zhang.san", reason="误录", values={"owner": "zhang.san"})
    for key in ("in", "out", "r"):
        assert given.refused({**void, "subject": key}) == "right.role"
    for key in ("in", "r", "l"):
        assert given.refused({**correct, "subject": key}) == "right.role"
    given.happened(line("event.void", "in", by="wang.wu", reason="误认领"))
    assert given.customer("l")["owner"] is None
    given.happened(line("event.void", "out", by="li.si", reason="误释放"))
    given.happened(line("event.correct", "r", by="he.ping", reason="误录", values={"owner": "sun.qi"}))
    assert given.customer("l")["owner"] == "sun.qi"
