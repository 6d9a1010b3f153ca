"""Two opportunities and two contracts, with a correction and a withdrawal."""

from __future__ import annotations

from typing import Final

from tests.given import Line, line
from tests.story.people import DIRECTOR, MANAGER, OTHER, REP

LINES: Final[list[Line]] = [
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

REFUSED: Final[list[tuple[Line, str]]] = [
    (line("opportunity.open", by=REP, customer="d", amount="1"), "lead.merged"),
    (line("opportunity.move", "p", by=REP, stage="proposed"), "opportunity.closed"),
    (line("opportunity.forecast", "q", by=REP, probability="1.5"), "opportunity.probability"),
    (line("opportunity.lose", "p", by=REP), "reason.missing"),
    (line("opportunity.reopen", "p", by=REP, reason="重新询价"), "opportunity.not_lost"),
    (line("contract.draft", by=REP, number="HT-1", customer="a", amount="1"), "contract.number_taken"),
    (line("contract.submit", "x", by=REP), "contract.wrong_state"),
    (line("contract.approve", "x", by=MANAGER), "contract.wrong_state"),
    (line("contract.return", "x", by=MANAGER), "reason.missing"),
    (line("contract.sign", "x", by=REP), "contract.wrong_state"),
    (line("contract.amend", "x", by=REP, delta="1"), "contract.wrong_state"),
    (line("contract.cancel", "x", by=MANAGER), "reason.missing"),
    (line("payment.receive", "x", by=REP, amount="0"), "payment.not_positive"),
    (line("period.close", by=MANAGER, period="2024-01"), "period.closed"),
    (line("event.correct", "x", by=MANAGER, values={"amount": "1"}), "reason.missing"),
    (line("event.void", "9999", by=MANAGER, reason="重复"), "event.unknown"),
]
"""What is refused when the whole story has happened."""
