"""An action plan's way, with key actions, and what departments are asked for."""

from __future__ import annotations

from typing import Final

from tests.given import Line, line
from tests.story.people import DIRECTOR, MANAGER, REP

LINES: Final[list[Line]] = [
    line("plan.draft", by=REP, at="2024-01-03", key="po", target="u"),
    line("plan.withdraw", "po", by=REP, at="2024-01-03", reason="目标已调整"),
    line("plan.draft", by=REP, at="2024-01-03", key="pl", target="u", channels=["online", "展会"]),
    line("plan.draft", "pl", by=REP, at="2024-01-03", channels=["online"]),
    line("plan.commit", "pl", by=REP, at="2024-01-03", kind="leads", count=3, per="week", channel="online"),
    line("plan.submit", "pl", by=REP, at="2024-01-03"),
    line("plan.return", "pl", by=MANAGER, at="2024-01-03", reason="没有跟进安排"),
    line("plan.commit", "pl", by=REP, at="2024-01-04", kind="touches", count=2, per="day"),
    line("plan.submit", "pl", by=REP, at="2024-01-04"),
    line("plan.approve", "pl", by=MANAGER, at="2024-01-05"),
    line("plan.file", "pl", by=MANAGER, at="2024-01-05"),
    line("resource.request", by=REP, at="2024-01-08", key="rs", department="technical", item="样机",
         needed_by="2024-01-19", count=2, plan="pl"),
    line("resource.grant", "rs", by=MANAGER, at="2024-01-09"),
    line("resource.deliver", "rs", by=MANAGER, at="2024-01-18"),
    line("resource.request", by=REP, at="2024-01-08", key="rt", department="marketing", item="展位",
         needed_by="2024-03-01"),
    line("resource.decline", "rt", by=DIRECTOR, at="2024-01-10", reason="预算用完"),
]  # fmt: skip

REFUSED: Final[list[tuple[Line, str]]] = [
    (line("plan.draft", by=REP, target="t"), "plan.target_unfit"),
    (line("plan.commit", "pl", by=REP, kind="visits", count=1, per="day", channel="call"), "plan.no_channel"),
    (line("plan.withdraw", "pl", by=MANAGER), "reason.missing"),
    (line("plan.withdraw", "po", by=MANAGER, reason="重复"), "plan.wrong_state"),
    (line("plan.submit", "pl", by=REP), "plan.wrong_state"),
    (line("plan.approve", "pl", by=DIRECTOR), "plan.wrong_state"),
    (line("plan.return", "pl", by=DIRECTOR), "reason.missing"),
    (line("plan.file", "pl", by=DIRECTOR), "plan.wrong_state"),
    (line("resource.request", by=REP, department="technical", item="样机", needed_by="2024-01-01"), "resource.past"),
    (line("resource.grant", "rs", by=MANAGER), "resource.wrong_state"),
    (line("resource.decline", "rs", by=MANAGER), "reason.missing"),
    (line("resource.deliver", "rs", by=MANAGER), "resource.wrong_state"),
]
"""What is refused when the whole story has happened."""
