"""Random histories of opportunities: opened, forecast, won, lost, taken up again, handed on; some late, corrected, voided."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from tests.given import ZONE, Line, lead, line, signed
from tests.histories import REPS, Step

CUSTOMERS: Final = 3
KINDS: Final = (
    *("open", "open", "forecast", "forecast", "forecast", "move", "lose", "lose", "reopen", "reopen", "win", "win"),
    *(
        "assign",
        "release",
        "claim",
        "join",
        "leave",
        "correct",
        "correct",
        "void",
        "void",
        "merge",
        "unmerge",
        "rename",
    ),
)
AMOUNTS: Final = ("0", "100", "2500.5", "80000")


def courses(most: int = 40) -> st.SearchStrategy[list[Step]]:
    """Return histories of a few customers' opportunities from January to March 2024."""
    return st.builds(told, st.integers(0, 1 << 32), st.integers(5, most))


def told(seed: int, count: int) -> list[Step]:
    """Return `count` acts after the capture of the customers; what a rule refuses leaves no trace."""
    chance = random.Random(seed)
    day = date(2024, 1, 8)
    steps = [_entered(_begun(f"l{n}", REPS[n], chance.choice(AMOUNTS)), day, n) for n in range(CUSTOMERS)]
    lines = [each for step in steps for each in step.lines]
    for n in range(len(steps), len(steps) + count):
        day += timedelta(days=chance.randrange(5))
        happened = day - timedelta(days=chance.choice((0, 0, 0, 1, 4, 11)))
        at = happened.isoformat() + chance.choice(("", "", "T00:00:00+08:00", "T08:30:00+08:00"))
        made = [{"key": f"k{n}.{m}", **each} for m, each in enumerate(_act(chance, at, n, lines))]
        step = _entered(made, day, n, restart=chance.random() < 0.3)
        steps.append(step)
        lines += step.lines
    return steps


def _begun(customer: str, rep: str, amount: str) -> list[Line]:
    opening = line("opportunity.open", key=f"{customer}/o", by=rep, at="2024-01-08", customer=customer, amount=amount)
    return [lead(customer, "甲", by=rep), opening]


def _entered(lines: list[Line], day: date, n: int, *, restart: bool = False) -> Step:
    recorded = (datetime(day.year, day.month, day.day, 9, tzinfo=ZONE) + timedelta(minutes=n)).isoformat()
    return Step(tuple({**each, "recorded": recorded} for each in lines), restart)


def _act(chance: random.Random, at: str, n: int, before: list[Line]) -> list[Line]:
    """Return the lines of one act."""
    kind, customer, who = chance.choice(KINDS), f"l{chance.randrange(CUSTOMERS)}", chance.choice(REPS)
    keys = [each["key"] for each in before if each["action"] == "opportunity.open"]
    opportunity = chance.choice(keys) if keys else "none"
    boss: dict[str, Any] = {"by": "lin.zong", "at": at}
    worth: dict[str, Any] = {"amount": chance.choice(AMOUNTS)}
    match kind:
        case "open":
            currency = chance.choice(("CNY", "CNY", "USD"))
            return [line("opportunity.open", key=f"o{n}", **boss, customer=customer, currency=currency, **worth)]
        case "forecast":
            return [line("opportunity.forecast", opportunity, **boss, **worth)]
        case "move":
            return [line("opportunity.move", opportunity, **boss, stage="proposed")]
        case "lose" | "reopen":
            return [line(f"opportunity.{kind}", opportunity, **boss, reason="价格")]
        case "win":
            of = next((each["data"]["customer"] for each in before if each["key"] == opportunity), customer)
            return signed(f"c{n}", of, "9000", at[:10], by=who, opportunity=opportunity)
        case "assign":
            return [line("lead.assign", customer, **boss, owner=who)]
        case "release" | "claim":
            return [line(f"customer.{kind}", customer, **({**boss, "by": who} if kind == "claim" else boss))]
        case "join":
            return [line("person.join", who, **boss, group=chance.choice(("g1", "g2")), from_=at[:10])]
        case "leave":
            return [line("person.leave", who, **boss, from_=at[:10])]
        case "merge":
            return [line("lead.merge", customer, **boss, duplicate=f"l{chance.randrange(CUSTOMERS)}")]
        case "unmerge":
            return [line("lead.unmerge", customer, **boss)]
        case "rename":
            return [line("customer.change", customer, **boss, company=f"甲{n}")]
        case _:
            return _changed(chance, kind, before)


def _changed(chance: random.Random, kind: str, before: list[Line]) -> list[Line]:
    """Return a void or a correction of one of the last lines."""
    chosen = chance.choice(before[-12:])
    if kind == "void":
        return [line("event.void", chosen["key"], by="lin.zong", reason="误录")]
    values = {
        "opportunity.open": {"amount": chance.choice(AMOUNTS)},
        "opportunity.forecast": {"amount": chance.choice(AMOUNTS)},
        "lead.assign": {"owner": chance.choice(REPS)},
        "customer.claim": {"owner": chance.choice(REPS)},
        "lead.capture": {"owner": chance.choice(REPS)},
    }.get(chosen["action"])
    return [line("event.correct", chosen["key"], by="lin.zong", reason="误录", values=values)] if values else []
