"""Following a customer up: contacts, plans, next actions, objections, signals, and what went wrong with entering them."""

from __future__ import annotations

from typing import Any, Final

from tests.year.company.life import Life
from tests.year.company.organisation import REPS
from tests.year.company.practices import known_practice

CHANNELS: Final = ("call", "call", "visit", "e-mail", "message", "meeting", "minutes", "document")


def contact(life: Life, times: int, apart: int) -> None:
    """Tell of some contacts, so many working days apart."""
    for _ in range(times):
        life.wait(life.chance.randint(max(1, apart - 1), apart + 1))
        channel = life.chance.choice(CHANNELS)
        if life.perhaps(0.12):
            planned(life)
            continue
        if life.perhaps(0.2):
            promised(life, channel)
            continue
        late = life.late(0.08)
        reached = None if life.perhaps(0.85) else False
        key = life.tell("follow-up.log", channel=channel, reached=reached, late=late, summary="沟通进展")
        life.logged.append(key)
        if not late and life.perhaps(0.05):
            amend(life, key, "call" if channel == "visit" else "visit")


def amend(life: Life, key: str, channel: str) -> None:
    """Tell how a contact was entered wrongly: corrected, or withdrawn."""
    life.wait(2)
    if life.perhaps(0.6):
        life.tell("event.correct", key, by=life.manager, reason="选错渠道", values={"channel": channel})
    else:
        life.tell("event.void", key, by=life.manager, reason="重复录入")


def planned(life: Life) -> None:
    """Tell of a contact that was planned, and made or missed."""
    days = life.chance.randint(1, 5)
    plan = life.tell("follow-up.plan", channel="visit", on_=life.date(days), key=life.diary.new_key("fp"))
    life.wait(days + 1)
    if life.perhaps(0.6):
        life.tell("follow-up.log", plan, channel="visit")
    elif life.perhaps(0.7):
        life.tell("follow-up.miss", plan, reason="客户出差")


def promised(life: Life, channel: str) -> None:
    """Tell of a contact with next actions, and what became of one more."""
    what = f"寄资料{life.day}"
    actions = [{"what": what, "working_days": 3}, {"what": f"回访{life.day}", "due": life.date(6)}]
    life.tell("follow-up.log", channel=channel, next_actions=actions)
    life.wait(1)
    if life.perhaps(0.7):
        life.tell("next-action.complete", item=what)
    key = life.tell("next-action.set", what=f"确认{life.day}", working_days=life.chance.randint(1, 6),
                    key=life.diary.new_key("n"))  # fmt: skip
    life.wait(2)
    match life.chance.randrange(4):
        case 0:
            life.tell("next-action.reschedule", key, due=life.date(9))
        case 1:
            life.tell("next-action.drop", key, reason="客户取消")
        case 2:
            life.tell("next-action.complete", key)


def objections(life: Life) -> None:
    """Tell of an objection and how far it came."""
    key = life.tell("objection.log", kind=life.chance.choice(("price", "lead-time", "quality")), words="偏贵",
                    key=life.diary.new_key("o"))  # fmt: skip
    life.wait(life.chance.randint(1, 4))
    if life.perhaps(0.75):
        life.tell("objection.answer", key, answer="含三年质保", practice=known_practice(life))
        life.wait(life.chance.randint(0, 5))
        if life.perhaps(0.7):
            life.tell("objection.resolve", key, outcome="接受")


def signal(life: Life) -> None:
    """Tell of a sign that a customer wants to buy."""
    kinds = ("asks-for-quotation", "asks-for-contract-details", "asks-for-proposal", "asks-for-visit")
    key = life.tell("signal.log", kind=life.chance.choice(kinds), words="要报价", late=life.late(0.1))
    if life.perhaps(0.04):
        life.wait(7)
        life.tell("event.void", key, by=life.manager, reason="听错了", on=min(life.day + 20, 250))


THRICE: Final[dict[str, dict[str, Any]]] = {
    "objection.log": {"kind": "price"},
    "signal.log": {"kind": "asks-for-visit"},
    "need.identify": {"what": "扩产"},
    "collaboration.ask": {"department": "财务部", "what": "保函", "working_days": 4},
    "next-action.set": {"what": "寄样", "working_days": 2},
    "after-sale.complain": {"kind": "service"},
    "follow-up.log": {"channel": "call"},
    "follow-up.plan": {"channel": "call"},
    "customer.note-pain-point": {"words": "能耗高"},
    "proposal.request": {"what": "节能方案", "working_days": 5},
}


def thrice(life: Life) -> None:
    """Tell of something that was entered three times, because it was withdrawn twice."""
    action = life.chance.choice(sorted(THRICE))
    more = {"on": life.date(9)} if action == "follow-up.plan" else {}
    for again in (True, True, False):
        key = life.tell(action, fields={**THRICE[action], **more}, key=life.diary.new_key("w"))
        life.wait(1)
        if again:
            life.tell("event.void", key, by=life.manager, reason="重复录入")


def silent(life: Life) -> None:
    """Tell of a customer of whom little is heard, and who goes through the pool."""
    contact(life, life.chance.randint(0, 2), 3)
    if life.perhaps(0.5):
        life.tell("customer.protect", working_days=5)
    life.wait(50)
    if life.perhaps(0.5):
        life.tell("customer.recall", by=life.manager)
    else:
        life.tell("customer.release", reason="行业不符")
    life.wait(3)
    if life.perhaps(0.6):
        life.rep = life.chance.choice([rep for rep in REPS[:14] if rep != life.rep])
        life.tell("customer.claim")
        disputed(life)
        contact(life, 2, 4)


def disputed(life: Life) -> None:
    """Tell how somebody else said that a customer is theirs."""
    if life.perhaps(0.5):
        life.wait(2)
        claimant = life.chance.choice([rep for rep in REPS[:14] if rep != life.rep])
        life.tell("customer.dispute", by=claimant, evidence="四月已报价")
        if life.perhaps(0.8):
            life.wait(2)
            awarded = life.chance.choice((claimant, life.by))
            life.tell("customer.rule", by="dir", owner=awarded, reason="先报价")
            life.rep = awarded


def nurtured(life: Life) -> None:
    """Tell of a customer who is looked after and hasn't bought yet."""
    if life.perhaps(0.6):
        thrice(life)
    contact(life, life.chance.randint(3, 7), life.chance.randint(2, 6))
    if life.perhaps(0.5):
        objections(life)
    if life.perhaps(0.4):
        signal(life)
    if life.perhaps(0.25):
        new = life.chance.choice([rep for rep in REPS if rep not in ("r15", "r25", life.rep)])
        life.tell("customer.assign", by="dir", owner=new, late=life.late(0.2))
        life.rep = new
    if life.perhaps(0.4):
        life.tell("lead.grade", grade="initial")
    contact(life, life.chance.randint(1, 4), 4)
