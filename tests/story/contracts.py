"""A contract with all that is done about it until its completion, and a framework with an order."""

from __future__ import annotations

from typing import Final

from tests.given import Line, line
from tests.story.people import DIRECTOR, MANAGER, REP

LINES: Final[list[Line]] = [
    line("contract.draft", by=REP, at="2024-03-11", key="y", number="YW-2", customer="a", amount="300000"),
    line("contract.submit", "y", by=REP, at="2024-03-12"),
    line("contract.review", "y", by=DIRECTOR, at="2024-03-12", department="legal", opinion="for"),
    line("contract.approve", "y", by=MANAGER, at="2024-03-13"),
    line("contract.sign", "y", by=REP, date="2024-03-14"),
    line("payment.schedule", "y", by=REP, at="2024-03-14",
         instalments=["30% @ signing+10", "60% @ delivery+30", "10% @ 2025-03-31"]),
    line("contract.archive", "y", by=REP, at="2024-03-15", place="档案室A-12"),
    line("payment.invoice", "y", by=REP, date="2024-03-18", number="FP-1", amount="90000", instalment=1),
    line("payment.promise", "y", by=REP, at="2024-03-19", amount="90000", due="2024-03-25"),
    line("payment.receive", "y", by=REP, date="2024-03-25", amount="100000"),
    line("payment.refund", "y", by=REP, date="2024-03-26", amount="10000", reason="多付"),
    line("delivery.deliver", "y", by=REP, date="2024-03-27", milestone="首批", amount="180000"),
    line("delivery.accept", "y", by=REP, date="2024-03-28"),
    line("contract.complete", "y", by=MANAGER, date="2024-03-29", reason="余款另议"),
    line("contract.draft", by=REP, at="2024-03-11", key="z", number="KJ-1", customer="a", amount="0", kind="framework"),
    line("contract.submit", "z", by=REP, at="2024-03-12"),
    line("contract.approve", "z", by=MANAGER, at="2024-03-13"),
    line("contract.sign", "z", by=REP, date="2024-03-14"),
    line("contract.order", "z", by=REP, date="2024-03-20", number="DD-1", amount="60000"),
]  # fmt: skip

REFUSED: Final[list[tuple[Line, str]]] = [
    (line("contract.review", "y", by=DIRECTOR, department="legal", opinion="for"), "contract.wrong_state"),
    (line("contract.archive", "y", by=REP, place="档案室A-12"), "event.nothing_changes"),
    (line("contract.complete", "z", by=REP), "contract.unfinished"),
    (line("contract.order", "z", by=REP, number="DD-1", amount="1"), "contract.order_taken"),
    (line("payment.schedule", "z", by=REP, instalments=["30%", "60%"]), "payment.uneven"),
    (line("payment.invoice", "z", by=REP, number="FP-1", amount="1"), "payment.invoice_taken"),
    (line("payment.refund", "z", by=REP, amount="1"), "payment.above_collected"),
    (line("payment.promise", "z", by=REP, at="2024-03-21", amount="1", due="2024-03-20"), "payment.promised_past"),
    (line("delivery.deliver", "z", by=REP, date="2024-03-01", milestone="首批"), "contract.before_signing"),
    (line("delivery.accept", "z", by=REP), "delivery.unknown"),
]
"""What is refused when the whole story has happened."""
