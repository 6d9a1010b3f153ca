"""Three customers' files and what was done with them."""

from __future__ import annotations

from typing import Any, Final

from tests.given import Line, line
from tests.story.people import MANAGER, OTHER, REP

LINES: Final[list[Line]] = [
    line("lead.capture", by=REP, at="2024-01-08", key="a", company="甲制造有限公司", channel="online"),
    line("lead.capture", by=REP, at="2024-01-08", key="b", company="甲制造有限公司", channel="online"),
    line("lead.capture", by=REP, at="2024-01-09", key="c", company="乙贸易有限公司", channel="online"),
    line("lead.validate", "a", by=REP, at="2024-01-09"),
    line("lead.invalidate", "c", by=REP, at="2024-01-09", reason="空号"),
    line("customer.erase-contact", "c", by=MANAGER, at="2024-01-09", reason="本人要求删除"),
    line("lead.assign", "a", by=MANAGER, at="2024-01-10", owner=OTHER),
    line("customer.assign", "a", by=MANAGER, at="2024-01-10", owner="wang.wu"),
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

BOTH: Final[dict[str, Any]] = {"due": "2024-06-03", "working_days": 3}
REFUSED: Final[list[tuple[Line, str]]] = [
    (line("lead.capture", by=REP, company="丁", channel="exhibition"), "lead.untraceable"),
    (line("lead.validate", "a", by=REP), "lead.already"),
    (line("lead.invalidate", "a", by=REP), "reason.missing"),
    (line("lead.assign", "a", by=REP, owner=REP), "lead.owned"),
    (line("customer.assign", "a", by=REP, owner=REP), "lead.owned"),
    (line("lead.grade", "a", by=REP, grade="high"), "lead.criterion"),
    (line("lead.merge", "a", by=REP, duplicate="a"), "lead.same"),
    (line("lead.unmerge", "b", by=REP), "lead.not_merged"),
    (line("customer.change", "a", by=REP, industry="制造"), "event.nothing_changes"),
    (line("customer.add-contact", "d", by=REP, contact="李总"), "lead.merged"),
    (line("customer.erase-contact", "a", by=MANAGER), "reason.missing"),
    (line("customer.recall", "d", by=MANAGER), "lead.merged"),
    (line("customer.note-pain-point", "d", by=REP, words="交期太长"), "lead.merged"),
    (line("customer.form-team", "a", by=REP, members=["nobody"]), "person.unknown"),
    (line("follow-up.log", "a", by=REP, channel="call", next_action="寄样品", **BOTH), "next_action.when"),
    (line("next-action.set", "a", by=REP, what="寄样品", **BOTH), "next_action.when"),
    (line("next-action.complete", "a", by=REP, item="n9"), "customer.no_such_item"),
    (line("next-action.reschedule", "a", by=REP, item="n9", due="2024-06-03"), "customer.no_such_item"),
    (line("next-action.drop", "a", by=REP, item="n9"), "customer.no_such_item"),
    (line("objection.log", "d", by=REP, kind="price"), "lead.merged"),
    (line("objection.answer", "a", by=REP), "customer.no_such_item"),
    (line("objection.resolve", "a", by=REP), "customer.no_such_item"),
    (line("signal.log", "d", by=REP, kind="asks-for-quotation"), "lead.merged"),
]
"""What is refused when the whole story has happened."""
