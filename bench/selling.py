"""What a customer's life holds beside contacts: plans, needs, proposals, quotes, other departments, payments, deliveries, visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from bench import words

if TYPE_CHECKING:
    from bench.model import Life, Told

FIRST_DAY = datetime(2021, 1, 1, tzinfo=timezone(timedelta(hours=8)))
SCHEDULE = ["30% @ signing+10", "60% @ delivery+30", "10% @ acceptance+365"]


def day_after(life: Life, days: int) -> str:
    """Return the day so many days after the one at which a life is."""
    return (FIRST_DAY + timedelta(seconds=life.at + 60, days=days)).date().isoformat()


def planned(life: Life) -> Iterator[Told]:
    """Tell a plan to meet the customer, before the contact that is to keep it; its number lies in `open_plans`."""
    data = {"channel": life.chance.choice(words.PLANNED), "on": day_after(life, life.chance.randint(1, 10))}
    yield life.say("follow-up.plan", {**data, "what": life.chance.choice(words.TODO)})
    life.plans += 1
    life.open_plans.append(f"l{life.plans}")


def missed(life: Life) -> Iterator[Told]:
    """Tell that the plan made last came to nothing."""
    yield life.say("follow-up.miss", {"item": life.open_plans.pop()}, reason="客户出差")


def needed(life: Life) -> Iterator[Told]:
    """Tell what was found out of the customer's need."""
    yield life.say("need.identify", {"what": life.chance.choice(words.PAINS)})
    if life.happens(0.2):
        life.later(5)
        yield life.say("need.change", {"item": "d1", "what": "先改造一条产线"})


def helped(life: Life) -> Iterator[Told]:
    """Tell what another department was asked for, and mostly that it came."""
    data = {"department": life.chance.choice(words.DEPARTMENTS), "what": life.chance.choice(words.TODO)}
    yield life.say("collaboration.ask", {**data, "working_days": life.chance.randint(2, 8)})
    if life.happens(0.8):
        life.later(4)
        yield life.say("collaboration.deliver", {"item": "k1"})


def offered(life: Life, amount: int, deal: str) -> Iterator[Told]:
    """Tell the proposal and the quotes for an opportunity; a second quote replaces the first."""
    if life.happens(0.5):
        data = {"what": "改造方案", "departments": [life.chance.choice(words.DEPARTMENTS)]}
        yield life.say("proposal.request", {**data, "working_days": life.chance.randint(2, 8)})
        if life.happens(0.85):
            life.later(4)
            yield life.say("proposal.deliver", {"item": "r1"})
    for n in range(life.chance.choice((0, 1, 1, 2))):
        life.later(3)
        data = {"number": f"Q-{life.key}-{n}", "amount": str(amount - n * 1000), "opportunity": deal}
        yield life.say("quote.issue", {**data, "valid_until": day_after(life, 30)})


def paid(life: Life, amount: int, con: str) -> Iterator[Told]:
    """Tell by which instalments a signed contract is paid, its invoices, receipts and promises, and its delivery."""
    if life.happens(0.7):
        yield life.say("payment.schedule", {"instalments": SCHEDULE}, subject=con)
    delivers = life.happens(0.6)
    for n, share in enumerate(("0.3", "0.6", "0.1")[: life.chance.randint(0, 3)]):
        part = str(int(amount * float(share)))
        life.later(12)
        if life.happens(0.8):
            yield life.say("payment.invoice", {"number": f"FP-{life.key}-{n}", "amount": part}, subject=con)
        if life.happens(0.15):
            due = day_after(life, life.chance.randint(3, 20))
            yield life.say("payment.promise", {"amount": part, "due": due}, subject=con)
        life.later(3)
        yield life.say("payment.receive", {"amount": part}, subject=con)
        if delivers and not n:
            yield from delivered(life, amount, con)


def delivered(life: Life, amount: int, con: str) -> Iterator[Told]:
    """Tell a contract's delivery, mostly accepted."""
    life.later(10)
    made = life.say("delivery.deliver", {"milestone": "首批设备", "amount": str(amount * 6 // 10)}, subject=con)
    yield made
    life.since = made.entered - made.before
    if life.happens(0.7):
        life.later(10)
        yield life.say("delivery.accept", {"item": "首批设备"}, subject=con)


def served(life: Life) -> Iterator[Told]:
    """Tell the return visit after a sale, and a complaint now and then."""
    yield life.say("after-sale.schedule-visit", {"due": day_after(life, 30)})
    if life.happens(0.75):
        life.later(30)
        yield life.say("after-sale.visit", {"item": "v1", "score": life.chance.randint(4, 10)})
    if life.happens(0.15):
        yield life.say("after-sale.complain", {"kind": "quality", "words": "密封圈漏油"})
        if life.happens(0.8):
            life.later(6)
            yield life.say("after-sale.resolve", {"outcome": "已更换"})
