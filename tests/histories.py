"""Random but plausible histories: acts of a few people on a few customers, some late, corrected, voided, merged or moved.

An act that a rule refuses in the course of a history leaves no trace in it, as in life.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from tests.given import ZONE, Line, lead, line

REPS: Final = ("zhang.san", "li.si", "zhou.ba")
COMPANIES: Final = ("北方阀门有限公司", "北方阀门 有限公司", "南方泵业有限公司", "北方阀门股份有限公司")
KINDS: Final = (
    *("follow", "follow", "complete", "object", "resolve", "grade", "assign", "invalidate", "validate", "change"),
    *(
        "merge",
        "unmerge",
        "merge",
        "open",
        "move",
        "lose",
        "draft",
        "submit",
        "approve",
        "sign",
        "sign",
        "sign",
        "amend",
    ),
    *("cancel", "pay", "pay", "correct", "correct", "correct", "void", "void", "join", "hand over", "window"),
    *("target", "allocate", "revise", "file", "withdraw"),
    *("release", "claim", "dispute", "rule"),
)
START: Final = date(2024, 1, 8)
GRADES: Final = ("initial", "high", "key")


class Act(NamedTuple):
    """One act as dice: what, by whom, on which customer, how many days after the act before, how late it was entered."""

    kind: str
    who: int
    on: int
    after: int
    late: int
    size: int
    restart: bool


def dice(seed: int, count: int) -> list[Act]:
    """Return `count` acts; a shorter history of the same seed is the beginning of a longer one."""
    chance = random.Random(seed)
    return [
        Act(
            kind=chance.choice(KINDS),
            who=chance.randrange(len(REPS)),
            on=chance.randrange(len(COMPANIES)),
            after=chance.randrange(7),
            late=chance.choice((0, 0, 0, 2, 12)),
            size=chance.randint(1, 9),
            restart=chance.random() < 0.4,
        )
        for _ in range(count)
    ]


class Step(NamedTuple):
    """Lines that are entered together, and whether the reader starts anew before them."""

    lines: tuple[Line, ...]
    restart: bool


def histories(least: int = 1, most: int = 40) -> st.SearchStrategy[list[Step]]:
    """Return histories that begin with customers, signed contracts, opportunities and targets."""
    return st.builds(lambda seed, count: told(dice(seed, count)), st.integers(0, 1 << 32), st.integers(least, most))


def told(dice: Sequence[Act]) -> list[Step]:
    """Return the history that the dice tell."""
    opening = [Act("capture", n % 3, n, 1, 0, 3, False) for n in range(len(COMPANIES))]
    opening += [Act(kind, n, n, 1, 0, 3, False) for n in range(3) for kind in ("sign", "open", "target")]
    day = START
    steps: list[Step] = []
    lines: list[Line] = []
    for n, act in enumerate([*opening, *dice]):
        day += timedelta(days=act.after)
        entered = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE) + timedelta(minutes=n)
        made = [
            {"key": f"k{n}.{m}", **each, "recorded": entered.isoformat()}
            for m, each in enumerate(written(act, (day - timedelta(days=act.late)).isoformat(), lines))
        ]
        lines += made
        steps.append(Step(tuple(made), act.restart))
    return steps


def written(act: Act, at: str, before: Sequence[Line]) -> list[Line]:
    """Return the lines of one act."""
    who, customer, other = REPS[act.who], f"l{act.on}", f"l{act.size % len(COMPANIES)}"
    contract, amount = f"c{act.on}.{int(act.size > 6)}", f"{act.size}000"
    by: dict[str, Any] = {"by": who, "at": at}
    boss: dict[str, Any] = {"by": "lin.zong", "at": at}
    match act.kind:
        case "capture":
            return [lead(customer, COMPANIES[act.on], **by)]
        case "follow":
            channel = ("call", "visit", "minutes")[act.size % 3]
            return [line("follow-up.log", customer, **by, channel=channel, next_action=f"a{act.size}", working_days=3)]
        case "complete":
            return [line("next-action.complete", customer, **by)]
        case "object":
            return [line("objection.log", customer, **by, kind=f"kind{act.size % 2}")]
        case "resolve":
            return [line("objection.resolve", customer, **by)]
        case "grade":
            team = line("customer.form-team", customer, **by, members=[who])
            criteria = {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"}
            return [team, line("lead.grade", customer, **by, grade=GRADES[act.size % 3], **criteria)]
        case "assign":
            return [line("lead.assign", customer, **boss, owner=who)]
        case "release" | "claim":
            return [line(f"customer.{act.kind}", customer, **(boss if act.kind == "release" else by))]
        case "dispute":
            return [line("customer.dispute", customer, **by, evidence="已报价")]
        case "rule":
            return [line("customer.rule", customer, **boss, owner=REPS[act.size % len(REPS)])]
        case "invalidate":
            return [line("lead.invalidate", customer, **by, reason="空号")]
        case "validate":
            return [line("lead.validate", customer, **by, distinct=act.size > 4)]
        case "change":
            return [line("customer.change", customer, **by, size=f"{act.size}00")]
        case "merge":
            return [line("lead.merge", customer, **boss, duplicate=other)]
        case "unmerge":
            return [line("lead.unmerge", customer, **boss)]
        case "open":
            return [line("opportunity.open", key=f"o{act.on}", **by, customer=customer, amount=amount)]
        case "move":
            return [line("opportunity.move", f"o{act.on}", **by, stage=("contacted", "proposed")[act.size % 2])]
        case "lose":
            return [line("opportunity.lose", f"o{act.on}", **by, reason="价格")]
        case "draft" | "submit" | "approve" | "sign":
            way = [
                line("contract.draft", key=contract, **by, number=contract, customer=customer, amount=amount),
                line("contract.submit", contract, **by),
                line("contract.approve", contract, **boss),
                line("contract.sign", contract, by=who, at=at, date=at),
            ]
            return way if act.kind == "sign" else [each for each in way if each["action"].endswith(act.kind)]
        case "amend":
            return [line("contract.amend", contract, **by, date=at, delta=f"{act.size - 4}00")]
        case "cancel":
            return [line("contract.cancel", contract, **by, date=at, reason="破产")]
        case "pay":
            return [line("payment.receive", contract, **by, date=at, amount=f"{act.size}00")]
        case "correct" | "void":
            return changed(act, at, before)
        case "join":
            return [line("person.join", who, **boss, group=f"g{1 + act.size % 2}", from_=at)]
        case "hand over":
            return [line("person.hand-over", who, **boss, to=REPS[(act.who + 1) % len(REPS)])]
        case "window":
            return [line("policy.adopt", **boss, name="new-customer-window", values={"months": act.size}, from_=at)]
        case _:
            return on_target(act, who, amount, at)


def on_target(act: Act, who: str, amount: str, at: str) -> list[Line]:
    """Return the lines of an act on a target: 0 is the company's, the others are the reps'."""
    target = f"t{act.who}"
    owner = "company" if act.who == 0 else who
    manager: dict[str, Any] = {"by": "chen.jing", "at": at}
    match act.kind:
        case "target":
            said = {"metric": "sales", "period": "2024Q1", "rationale": "去年", "owner": owner, "value": amount}
            return [line("target.set", key=target, **manager, **said)]
        case "allocate":
            return [line("target.allocate", "t0", **manager, child=REPS[1 + act.on % 2], value=amount)]
        case "revise":
            return [line("target.revise", target, **manager, value=amount, reason="下行")]
        case "file":
            director: dict[str, Any] = {"by": "lin.zong", "at": at}
            return [
                line("target.submit", target, **manager),
                line("target.approve", target, **director),
                line("target.file", target, **director),
            ]
        case _:
            return [line("target.withdraw", target, **manager, reason="重复")]


def changed(act: Act, at: str, before: Sequence[Line]) -> list[Line]:
    """Return a correction or a void of an earlier line; the dice choose among the last dozen."""
    recent = before[-12:]
    chosen = recent[(act.on * 5 + act.size) % len(recent)]
    if act.kind == "void":
        return [line("event.void", chosen["key"], by="lin.zong", reason="误录")]
    values = corrected(chosen["action"], act, at)
    return [line("event.correct", chosen["key"], by="lin.zong", reason="误录", values=values)] if values else []


def corrected(action: str, act: Act, at: str) -> dict[str, Any] | None:
    """Return other values for an event of that action, or None where there is nothing to correct."""
    match action:
        case "lead.capture" | "lead.assign" | "customer.assign" | "customer.claim" | "customer.rule":
            return {"owner": REPS[act.who]}
        case "follow-up.log":
            return {"channel": ("call", "minutes")[act.size % 2]}
        case "lead.grade":
            return {"need_fit": "unclear"}
        case "contract.draft" | "payment.receive":
            return {"amount": f"{act.size * 7}00"}
        case "contract.sign" | "contract.cancel":
            return {"date": at}
        case "contract.amend":
            return {"delta": f"{act.size}0"}
        case "target.set":
            return {"value": f"{act.size}5000"}
        case "target.revise":
            return {"new": f"{act.size}7000"}
        case "opportunity.open":
            return {"amount": f"{act.size}1000"}
        case "objection.log":
            return {"kind": "other"}
        case _:
            return None
