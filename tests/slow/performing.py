"""Acts about contracts for wider histories: frameworks, schedules, invoices, refunds, promises, deliveries, completions."""

from __future__ import annotations

from typing import Any

from tests.given import Line, line
from tests.histories import REPS, Act

PERFORMING = (
    "framework order schedule invoice refund promise deliver accept complete review place advance basis".split()
)


def performed(act: Act, at: str) -> list[Line]:
    """Return the lines of an act about a contract that is signed, or a framework."""
    who, customer = REPS[act.who], f"l{act.on}"
    by: dict[str, Any] = {"by": who, "at": at}
    deal, frame = f"c{act.on}.0", f"f{act.on}"
    dated = {**by, "date": at}
    match act.kind:
        case "framework":
            limit = f"{act.size}0000" if act.size % 2 else "0"
            return to_signing(
                frame, at, who, {"number": frame, "customer": customer, "amount": limit, "kind": "framework"}
            )
        case "order":
            return [line("contract.order", frame, **dated, number=f"d{act.size}", amount=f"{act.size}300")]
        case "schedule":
            first = ("30% @ signing+10", "30% @ 2024-02-01", "30%")[act.size % 3]
            return [
                line("payment.schedule", deal, **by, instalments=[first, "60% @ delivery+5", "10% @ acceptance+20"])
            ]
        case "invoice":
            number, instalment = f"b{act.on}.{act.size}.{act.who}", 1 + act.size % 3
            said: dict[str, Any] = {"number": number, "amount": f"{act.size}50", "instalment": instalment}
            return [line("payment.invoice", (deal, frame)[act.who % 2], **dated | said)]
        case "refund":
            received = line("payment.receive", deal, **dated, amount=f"{act.size}60", instalment=1 + act.size % 3)
            return [received, line("payment.refund", deal, **dated, amount=f"{act.size}5")]
        case "promise":
            return [line("payment.promise", deal, **by, amount=f"{act.size}00", due="2024-12-30")]
        case "deliver":
            what: dict[str, Any] = {"milestone": f"m{act.size}"}
            what |= {"amount": f"{act.size}40"} if act.size % 3 else {}
            delivered = line("delivery.deliver", (deal, frame)[act.who % 2], **dated, **what)
            return [delivered, line("delivery.accept", deal, **dated)] if act.size > 5 else [delivered]
        case "accept":
            return [line("delivery.accept", deal, **dated, item=f"d{1 + act.size % 2}")]
        case "complete":
            return [line("contract.complete", deal, **dated, reason="结清")] if act.size > 6 else []
        case "review":
            return [line("contract.review", deal, by="lin.zong", at=at, department="legal", opinion="for")]
        case "place":
            return [line("contract.archive", deal, **by, place=f"A-{act.size}")]
        case "advance":
            return [line("payment.receive", frame, **dated, amount=f"{act.size}70", advance=True)]
        case _:
            goal: dict[str, Any] = {"metric": "sales", "period": "2024Q1", "rationale": "去年", "value": "5000"}
            goal |= {"owner": ("g1", who)[act.size % 2], "basis": ("invoiced", "delivered")[act.on % 2]}
            return [line("target.set", by="chen.jing", at=at, **goal)]


def to_signing(key: str, at: str, who: str, said: dict[str, Any]) -> list[Line]:
    """Return the lines by which a contract comes to be signed."""
    return [
        line("contract.draft", key=key, by=who, at=at, **said),
        line("contract.submit", key, by=who, at=at),
        line("contract.approve", key, by="lin.zong", at=at),
        line("contract.sign", key, by=who, at=at, date=at),
    ]
