"""What was planned with a customer, and what it needed, was proposed and was offered."""

from __future__ import annotations

from typing import Final

from tests.given import Line, line
from tests.story.people import REP

LINES: Final[list[Line]] = [
    line("follow-up.plan", "b", by=REP, at="2024-01-19", key="l1", channel="visit", on="2024-01-22"),
    line("follow-up.plan", "b", by=REP, at="2024-01-19", key="l2", channel="call", on="2024-01-23"),
    line("follow-up.log", "l2", by=REP, at="2024-01-19", channel="call"),
    line("follow-up.miss", "l1", by=REP, at="2024-01-19", reason="客户出差"),
    line("need.identify", "b", by=REP, at="2024-01-19", key="d1", what="替换旧产线"),
    line("need.change", "d1", by=REP, at="2024-01-20", what="先改造一条产线"),
    line("proposal.request", "b", by=REP, at="2024-01-20", key="r1", what="改造方案", departments=["技术部"],
         working_days=3),
    line("proposal.deliver", "r1", by=REP, at="2024-01-22", parts=["技术方案"]),
    line("quote.issue", "b", by=REP, at="2024-01-22", key="q1", number="Q-1", amount="90000", valid_until="2024-02-22"),
]  # fmt: skip

REFUSED: Final[list[tuple[Line, str]]] = [
    (line("follow-up.plan", "b", by=REP, at="2024-01-19", channel="call", on="2024-01-18"), "follow_up.plan_past"),
    (line("follow-up.miss", "b", by=REP, item="l1"), "reason.missing"),
    (line("need.identify", "d", by=REP, what="培训"), "lead.merged"),
    (line("need.change", "b", by=REP, what="先改造一条产线"), "event.nothing_changes"),
    (line("proposal.request", "b", by=REP, what="改造方案"), "proposal.when"),
    (line("proposal.deliver", "b", by=REP, version=1), "proposal.version"),
    (line("quote.issue", "b", by=REP, number="Q-1", amount="1", valid_until="2025-02-22"), "quote.number_taken"),
]
"""What is refused when the whole story has happened."""
