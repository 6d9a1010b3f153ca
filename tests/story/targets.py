"""A target's way, its shares, its revision and its withdrawal."""

from __future__ import annotations

from typing import Final

from tests.given import Line, line
from tests.story.people import DIRECTOR, MANAGER, OTHER, REP

LINES: Final[list[Line]] = [
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

REFUSED: Final[list[tuple[Line, str]]] = [
    (line("target.set", by=MANAGER, owner="nobody"), "target.no_owner"),
    (line("target.allocate", "t", by=MANAGER, child="nobody", value="1"), "target.no_owner"),
    (line("target.reallocate", "t", by=MANAGER, from_="g1", to="nobody", value="1"), "target.no_owner"),
    (line("target.revise", "t", by=MANAGER, value="1"), "reason.missing"),
    (line("target.submit", "t", by=MANAGER), "target.wrong_state"),
    (line("target.approve", "t", by=DIRECTOR), "target.wrong_state"),
    (line("target.return", "t", by=DIRECTOR), "reason.missing"),
    (line("target.file", "t", by=DIRECTOR), "target.wrong_state"),
    (line("target.withdraw", "t", by=MANAGER), "reason.missing"),
]
"""What is refused when the whole story has happened."""
