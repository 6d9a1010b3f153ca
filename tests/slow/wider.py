"""Histories with more in them than `tests.histories`: times of day, second currencies, calendars, forecasts, returns.

Any earlier line may be corrected or voided, not only a recent one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.kernel.action import Action
from domain.kernel.registry import action_class
from tests.given import ZONE, Line, lead, line
from tests.histories import COMPANIES, KINDS, REPS, Act, Step, corrected, written
from tests.slow import selling
from tests.slow.performing import PERFORMING, performed, to_signing

MORE = (
    "answer forecast forecast reopen reschedule drop leave publish reallocate submit-target return-target again contact "
    "pain signal dollars yuan unowned reach not-reached late-touch correct-any correct-any void-any void-any draft-named "
    "open-with-date win framework order order schedule invoice refund promise deliver deliver accept complete review place "
    "advance basis"
).split()
MORE += selling.KINDS
OLDER = ("visit", "call", "e-mail", "minutes")


def stories(least: int = 5, most: int = 60) -> st.SearchStrategy[list[Step]]:
    """Return histories of that many acts, after an opening of customers, contracts, opportunities and targets."""
    return st.builds(story, st.integers(0, 1 << 32), st.integers(least, most))


def story(seed: int, count: int) -> list[Step]:
    """Return the history that a seed tells; a shorter one of the same seed is its beginning."""
    chance = random.Random(seed)
    opening = [("capture", n, n) for n in range(len(COMPANIES))]
    opening += [(kind, n, n) for n in range(3) for kind in ("sign", "open", "target", "follow")]
    day, steps, lines = date(2024, 1, 3), [], list[Line]()
    for n in range(len(opening) + count):
        kind, who, on = opening[n] if n < len(opening) else (chance.choice((*KINDS, *MORE)), None, None)
        act = Act(
            kind,
            who % 3 if who is not None else chance.randrange(3),
            on if on is not None else chance.randrange(len(COMPANIES)),
            chance.randrange(4),
            chance.choice((0, 0, 0, 2, 12, 35)) if n >= len(opening) else 0,
            chance.randint(1, 9),
            chance.random() < 0.2,
        )
        day += timedelta(days=act.after)
        entered = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE) + timedelta(minutes=n)
        at = (day - timedelta(days=act.late)).isoformat()
        made = told(act, at, lines, chance)
        made = [{"key": f"k{n}.{m}", **each, "recorded": entered.isoformat()} for m, each in enumerate(made)]
        lines += made
        steps.append(Step(tuple(made), act.restart))
    return steps


def told(act: Act, at: str, before: Sequence[Line], chance: random.Random) -> list[Line]:
    """Return the lines of one act, some of them at a time of their day."""
    made = more(act, at, before) if act.kind in MORE else written(act, at, before)
    if chance.random() < 0.4:
        hour = f"{at}T{chance.randrange(9):02}:{chance.randrange(60):02}:00+08:00"
        made = [{**each, "at": hour} if each.get("at") == at else each for each in made]
    return made


def more(act: Act, at: str, before: Sequence[Line]) -> list[Line]:
    """Return the lines of an act that `tests.histories` does not know."""
    who, customer = REPS[act.who], f"l{act.on}"
    by: dict[str, Any] = {"by": who, "at": at}
    boss: dict[str, Any] = {"by": "lin.zong", "at": at}
    hope, deal, target = f"o{act.on}", f"c{act.on}.{int(act.size > 6)}", f"t{act.who}"
    match act.kind:
        case "answer":
            return [line("objection.answer", customer, **by, answer="含三年质保")]
        case "forecast":
            ahead = (date.fromisoformat(at) + timedelta(days=20 * act.size - 60)).isoformat()
            return [
                line("opportunity.forecast", hope, **by, amount=f"{act.size}500", close_date=ahead, probability="0.5")
            ]
        case "reopen":
            return [line("opportunity.reopen", hope, **by, reason="又来询价")] if known("opportunity.reopen") else []
        case "open-with-date":
            said = {"customer": customer, "amount": f"{act.size}300", "close_date": "2024-03-28", "name": "二期"}
            return [line("opportunity.open", key=f"{hope}b", **by, **said)]
        case "win":
            said = {"number": f"W{hope}", "customer": customer, "amount": f"{act.size}700", "opportunity": hope}
            return to_signing(f"w{act.on}", at, who, said)
        case "reschedule":
            return [line("next-action.reschedule", customer, **by, working_days=act.size)]
        case "drop":
            return [line("next-action.drop", customer, **by)]
        case "leave":
            return [line("person.leave", who, **boss, from_=at)]
        case "publish":
            off = [f"2024-0{1 + act.size % 3}-{15 + act.on}"]
            return [line("calendar.publish", **boss, year=2024, holidays=off, make_up_days=["2024-02-04"])]
        case "reallocate":
            moved = {"from_": REPS[1], "to": REPS[2], "value": f"{act.size}00", "reason": "调组"}
            return [line("target.reallocate", "t0", by="chen.jing", at=at, **moved)]
        case "submit-target":
            return [line("target.submit", target, by="chen.jing", at=at)]
        case "return-target":
            return [line("target.return", target, **boss, reason="依据不足")]
        case "again":
            said = {
                "metric": "new-customers",
                "period": "2024Q1",
                "rationale": "去年",
                "owner": ("g1", "g2", who)[act.size % 3],
            }
            return [line("target.set", by="chen.jing", at=at, value=str(act.size), **said)]
        case "contact":
            return [line("customer.add-contact", customer, **by, contact=f"联系人{act.size}")]
        case "pain":
            return [line("customer.note-pain-point", customer, **by, words=f"痛点{act.size}")]
        case "signal":
            return [line("signal.log", customer, **by, kind="asks-for-quotation")]
        case "dollars" | "draft-named":
            said = {"number": f"U{deal}", "customer": customer, "amount": f"{act.size}00"}
            named = {"currency": "USD"} if act.kind == "dollars" else {"owner": REPS[act.size % 3]}
            return to_signing(f"u{deal}", at, who, said | named)
        case "yuan":
            received = line("payment.receive", f"u{deal}", **by, date=at, amount=f"{act.size}0", advance=True)
            return [
                received,
                line("opportunity.open", key=f"{hope}c", **by, customer=customer, amount="10", currency="USD"),
            ]
        case "unowned":
            company = COMPANIES[act.size % len(COMPANIES)]
            return [
                lead(f"x{act.size}", company, by="ma.qiao", at=at, channel="exhibition", campaign="CIIE", need="泵")
            ]
        case "reach" | "not-reached":
            return [line("follow-up.log", customer, **by, channel=OLDER[act.size % 4], reached=act.kind == "reach")]
        case "late-touch":
            return [
                line(
                    "follow-up.log",
                    customer,
                    by=REPS[act.size % 3],
                    at=at,
                    channel="visit",
                    next_actions=["寄样品 @ 2024-03-01"],
                )
            ]
        case kind if kind in selling.KINDS:
            return selling.acts(act, at)
        case _ if act.kind in PERFORMING:
            return performed(act, at)
        case _:
            return changed(act, at, before)


def known(action: str) -> type[Action] | None:
    """Return the action, if this program has it."""
    return action_class(action)


def changed(act: Act, at: str, before: Sequence[Line]) -> list[Line]:
    """Return a correction or a void of any earlier line."""
    chosen = before[(act.on * 101 + act.size * 37 + act.who * 11 + len(before)) % len(before)]
    if act.kind == "void-any":
        return [line("event.void", chosen["key"], by="lin.zong", reason="误录")]
    values = corrected(chosen["action"], act, at) or differently(chosen["action"], act, at)
    return [line("event.correct", chosen["key"], by="lin.zong", reason="误录", values=values)] if values else []


def differently(action: str, act: Act, at: str) -> dict[str, Any] | None:
    """Return other values for events that `tests.histories` leaves alone."""
    match action:
        case "opportunity.forecast":
            return {"amount": f"{act.size}900", "close_date": f"2024-0{act.size}-11"}
        case "opportunity.move":
            return {"stage": "negotiating"}
        case "target.allocate":
            return {"value": f"{act.size}250"}
        case "policy.adopt":
            return {"values": {"months": act.size + 2}}
        case "quote.issue":
            return {"amount": f"{act.size}50"}
        case "need.identify":
            return {"what": f"另一需求{act.size}"}
        case "calendar.publish":
            return {"holidays": [f"2024-01-{10 + act.size}"]}
        case "contract.order" | "payment.invoice" | "payment.refund" | "delivery.deliver":
            return {"amount": f"{act.size}10", **({"date": at} if act.who else {})}
        case "delivery.accept" | "contract.complete":
            return {"date": at}
        case "payment.schedule":
            return {"instalments": [{"percent": "50", "due": "2024-02-20"}, {"percent": "50"}]}
        case "customer.change":
            return {"size": f"{act.size}11"}
        case "next-action.reschedule":
            return {"working_days": act.size + 1}
        case _:
            return None
