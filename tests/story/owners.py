"""Whose a customer is: protected, given up, taken from the pool, in dispute and ruled on."""

from __future__ import annotations

from typing import Final

from tests.given import Line, line
from tests.story.people import DIRECTOR, MANAGER, OTHER, REP

LINES: Final[list[Line]] = [
    line(
        "lead.capture", by=REP, at="2024-05-06", key="owned", company="戊泵业有限公司", channel="online", contact="陈工"
    ),
    line("customer.change", "owned", by=REP, at="2024-05-06", contact="陈工程师", phone="13800000001"),
    line("customer.protect", "owned", by=REP, at="2024-05-06", working_days=5),
    line("customer.release", "owned", by=REP, at="2024-05-07", reason="行业不符"),
    line("customer.claim", "owned", by=OTHER, at="2024-05-08"),
    line("customer.dispute", "owned", by=REP, at="2024-05-09", key="dispute", evidence="四月已报价"),
    line("customer.rule", "owned", by=MANAGER, at="2024-05-10", owner=REP, reason="先报价"),
]
REFUSED: Final[list[tuple[Line, str]]] = [
    (line("customer.protect", "owned", by=OTHER, until="2030-01-01"), "ownership.too_long"),
    (line("customer.release", "d", by=REP), "lead.merged"),
    (line("customer.claim", "owned", by=OTHER), "pool.owned"),
    (line("customer.dispute", "owned", by=REP), "ownership.own"),
    (line("customer.rule", "owned", by=DIRECTOR, owner=OTHER), "customer.no_such_item"),
]
"""What is refused when the whole story has happened."""
