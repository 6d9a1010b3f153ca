"""One short history in which every action is recorded and every event happens: what completeness is measured on."""

from __future__ import annotations

from tests.given import Line, line

DIRECTOR, MANAGER, REP, OTHER = "lin.zong", "chen.jing", "zhang.san", "li.si"


def organisation() -> list[Line]:
    """Return the lines of persons, groups, the calendar and a policy."""
    people = ((DIRECTOR, "director"), (MANAGER, "manager"), (REP, "rep"), (OTHER, "rep"), ("wang.wu", "rep"))
    return [
        *(line("person.register", by=DIRECTOR, at="2024-01-01", login=p, name=p, role=role) for p, role in people),
        line("group.form", by=DIRECTOR, code="g1", name="一组"),
        line("group.form", by=DIRECTOR, code="g2", name="二组", parent="g1"),
        line("person.join", REP, by=DIRECTOR, group="g1", from_="2024-01-01"),
        line("person.join", OTHER, by=DIRECTOR, group="g2", from_="2024-01-01"),
        line("person.join", REP, by=DIRECTOR, group="g2", from_="2024-02-19"),
        line("person.leave", OTHER, by=DIRECTOR, from_="2024-03-01"),
        line("person.change-role", OTHER, by=DIRECTOR, role="manager"),
        line("calendar.publish", by=DIRECTOR, year=2024, holidays=["2024-01-01", "2024-03-01"]),
        line("policy.adopt", by=DIRECTOR, name="new-customer-window", values={"months": 18}, from_="2024-02-01"),
    ]


def targets() -> list[Line]:
    """Return the lines of a target's way, its shares, its revision and its withdrawal."""
    return [
        line("target.set", by=MANAGER, key="t", metric="sales", value="800000", period="2024Q1", owner="company",
             rationale="去年业绩"),
        line("target.allocate", "t", by=MANAGER, child="g1", value="500000"),
        line("target.allocate", "t", by=MANAGER, child=REP, value="200000"),
        line("target.reallocate", "t", by=MANAGER, from_="g1", to=OTHER, value="100000"),
        line("target.set", by=MANAGER, key="u", metric="sales", value="90000", period="2024Q1", owner="g2", parent="t"),
        line("target.reallocate", "t", by=MANAGER, from_="g2", to="g1", value="40000"),
        line("target.submit", "t", by=MANAGER),
        line("target.return", "t", by=DIRECTOR, reason="依据不足"),
        line("target.submit", "t", by=MANAGER),
        line("target.approve", "t", by=DIRECTOR),
        line("target.file", "t", by=DIRECTOR),
        line("target.revise", "t", by=MANAGER, value="700000", reason="行业下行"),
        line("target.withdraw", "t", by=MANAGER, reason="重复"),
    ]  # fmt: skip


def customers() -> list[Line]:
    """Return the lines of three customers' files and what was done with them."""
    return [
        line("lead.capture", by=REP, at="2024-01-08", key="a", company="甲制造有限公司", channel="online"),
        line("lead.capture", by=REP, at="2024-01-08", key="b", company="甲制造有限公司", channel="online"),
        line("lead.capture", by=REP, at="2024-01-09", key="c", company="乙贸易有限公司", channel="online"),
        line("lead.validate", "a", by=REP, at="2024-01-09"),
        line("lead.invalidate", "c", by=REP, at="2024-01-09", reason="空号"),
        line("customer.erase-contact", "c", by=MANAGER, at="2024-01-09", reason="本人要求删除"),
        line("lead.assign", "a", by=MANAGER, at="2024-01-10", owner="wang.wu"),
        line("lead.grade", "a", by=REP, at="2024-01-10", grade="initial"),
        line("follow-up.log", "b", by=REP, at="2024-01-10", channel="call"),
        line("lead.merge", "a", by=REP, at="2024-01-10", duplicate="b"),
        line("lead.unmerge", "b", by=REP, at="2024-01-11"),
        line("lead.capture", by=REP, at="2024-01-11", key="d", company="丙仪器有限公司", channel="online"),
        line("lead.merge", "d", by=REP, at="2024-01-11", into="a"),
        line("customer.change", "a", by=REP, at="2024-01-11", industry="制造"),
        line("customer.add-contact", "a", by=REP, at="2024-01-11", contact="王经理"),
        line("customer.note-pain-point", "a", by=REP, at="2024-01-11", words="交期太长"),
        line("customer.form-team", "a", by=REP, at="2024-01-11", members=[REP, OTHER]),
        line("follow-up.log", "a", by=REP, at="2024-01-12", channel="call", next_actions=["寄目录 @ 2024-06-03"]),
        line("next-action.set", "a", by=REP, at="2024-01-12", key="n1", what="寄样品", working_days=3),
        line("next-action.reschedule", "n1", by=REP, at="2024-01-15", due="2024-01-20"),
        line("next-action.complete", "n1", by=REP, at="2024-01-16"),
        line("next-action.set", "a", by=REP, at="2024-01-16", key="n2", what="寄报价", due="2024-01-18"),
        line("next-action.drop", "n2", by=REP, at="2024-01-17"),
        line("objection.log", "a", by=REP, at="2024-01-17", key="o1", kind="price"),
        line("objection.answer", "o1", by=REP, at="2024-01-18", answer="含三年质保"),
        line("objection.resolve", "o1", by=REP, at="2024-01-19", outcome="接受"),
        line("signal.log", "a", by=REP, at="2024-01-19", kind="asks-for-quotation"),
    ]


def deals() -> list[Line]:
    """Return the lines of two opportunities and two contracts, with a correction and a withdrawal."""
    return [
        line("opportunity.open", by=REP, at="2024-01-22", key="p", customer="a", amount="300000"),
        line("opportunity.move", "p", by=REP, at="2024-01-23", stage="proposed"),
        line("opportunity.forecast", "p", by=REP, at="2024-01-24", amount="280000"),
        line("opportunity.open", by=REP, at="2024-01-22", key="q", customer="a", amount="50000"),
        line("opportunity.lose", "q", by=REP, at="2024-01-23", reason="预算取消"),
        line("opportunity.reopen", "q", by=REP, at="2024-01-24", reason="重新询价"),
        line("opportunity.lose", "q", by=REP, at="2024-01-25", reason="价格"),
        line("contract.draft", by=REP, at="2024-01-25", key="x", number="HT-1", customer="a", amount="80000",
             opportunity="p"),
        line("contract.submit", "x", by=REP, at="2024-01-26"),
        line("contract.return", "x", by=MANAGER, at="2024-01-26", reason="付款条件不清"),
        line("contract.submit", "x", by=REP, at="2024-01-27"),
        line("contract.approve", "x", by=MANAGER, at="2024-01-29"),
        line("contract.sign", "x", by=REP, date="2024-01-30"),
        line("contract.amend", "x", by=REP, date="2024-01-31", delta="5000"),
        line("payment.receive", "x", by=REP, date="2024-02-20", amount="40000"),
        line("event.correct", "x", by=MANAGER, at="2024-02-02", reason="少写", values={"amount": "90000"}),
        line("follow-up.log", "a", by=REP, at="2024-02-05", key="f", channel="visit"),
        line("event.void", "f", by=MANAGER, at="2024-02-06", reason="重复录入"),
        line("person.hand-over", "wang.wu", by=MANAGER, at="2024-02-19", to=OTHER),
        line("person.depart", "wang.wu", by=DIRECTOR, at="2024-02-20"),
        line("customer.recall", "c", by=MANAGER, at="2024-02-21"),
        line("contract.cancel", "x", by=MANAGER, date="2024-03-08", reason="客户破产"),
        line("period.close", by=MANAGER, at="2024-03-09", period="2024-01"),
    ]  # fmt: skip


def story() -> list[Line]:
    """Return the whole history, in the order in which it was recorded."""
    return [*organisation(), *targets(), *customers(), *deals()]
