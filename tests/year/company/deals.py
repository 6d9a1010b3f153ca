"""Contracts: drafted, reviewed, approved, signed, changed, delivered, paid, completed or cancelled; and the time after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from tests.year.company import aftersales
from tests.year.company.diary import WORKED
from tests.year.company.life import Life
from tests.year.company.organisation import DIRECTOR, SPARE

BEFORE_SIGNING: Final = "500"
"""What some contracts are amended by before they are signed, which asks for a new approval."""


def tell(life: Life, hope: str, amount: int, currency: str) -> None:
    """Tell of the contract that wins an opportunity."""
    if life.perhaps(0.12):
        framework(life, currency)
    key = life.diary.new_key("k.")
    owner = {"owner": "r02"} if life.perhaps(0.1) else {}
    said: dict[str, Any] = {"number": f"HT-{key}", "amount": str(amount), "currency": currency, "opportunity": hope}
    draft, signed = concluded(life, key, {**said, **owner}, late=life.late(0.08))
    life.signed.append(key)
    if life.perhaps(0.1):
        life.wait(3)
        amount += 1000
        life.tell("event.correct", draft, by=SPARE, reason="少写", values={"amount": str(amount)})
    if life.perhaps(0.6):
        life.tell("payment.schedule", key, on=max(life.day, signed), instalments=schedule(life))
    if life.perhaps(0.5):
        life.tell("contract.archive", key, place="档案室A")
    paid(life, key, changed(life, key, amount))


def concluded(life: Life, key: str, said: dict[str, Any], late: int = 0) -> tuple[str, int]:
    """Tell of a contract up to its signing, and return the last draft's key and the day's number."""
    life.wait(1)
    draft = life.make("contract.draft", key=key, **said)
    life.tell("contract.submit", key)
    life.wait(1)
    if life.perhaps(0.15):
        life.tell("contract.return", key, by=DIRECTOR, reason="付款条件不清")
        draft = life.make("contract.draft", subject=key, **{**said, "terms": "月结"})
        life.tell("contract.submit", key)
    if WORKED[life.day].month >= 4 or life.perhaps(0.2):
        opinion = life.chance.choice(({"opinion": "for"}, {"opinion": "with-conditions", "words": "违约金下调"}))
        life.tell("contract.review", key, by=SPARE, department="legal", **opinion)
    life.tell("contract.approve", key, by=DIRECTOR)
    if said.get("kind") != "framework" and life.perhaps(0.1):
        life.tell("contract.amend", key, dated=True, delta=BEFORE_SIGNING)
        life.tell("contract.submit", key)
        life.tell("contract.review", key, by=SPARE, department="legal", opinion="for")
        life.tell("contract.approve", key, by=DIRECTOR)
    life.wait(life.chance.randint(1, 4))
    day = life.day
    life.tell("contract.sign", key, dated=True, key=f"{key}/signed", late=late)
    life.wait(1 + late)
    if not late and life.perhaps(0.08):
        life.tell("event.void", f"{key}/signed", by=SPARE, reason="客户未盖章")
        life.wait(3)
        day = life.day
        life.tell("contract.sign", key, dated=True)
        life.wait(1)
    elif life.perhaps(0.08):
        life.tell("event.correct", f"{key}/signed", by=SPARE, reason="日期写错", values={"date": next_day(day)})
    return draft, day


def next_day(number: int) -> str:
    """Return the calendar day after a working day."""
    return (WORKED[number] + timedelta(days=1)).isoformat()


def framework(life: Life, currency: str) -> None:
    """Tell of a framework contract with some orders, and what was paid for them."""
    key = life.diary.new_key("k.")
    concluded(life, key, {"number": f"KJ-{key}", "amount": "0", "currency": currency, "kind": "framework"})
    for number in range(life.chance.randint(1, 4)):
        life.wait(life.chance.randint(3, 15))
        life.tell("contract.order", key, dated=True, number=f"DD-{number}", amount=str(20000 + 5000 * number))
    if life.perhaps(0.7):
        life.wait(4)
        life.tell("payment.receive", key, dated=True, amount="15000")
    if life.perhaps(0.3):
        life.wait(4)
        life.tell("contract.cancel", key, by=life.manager, dated=True, reason="合作终止")


def schedule(life: Life) -> list[str]:
    """Return how a contract is paid."""
    ways = (
        ["30% @ signing+10", "60% @ delivery+30", "10% @ acceptance+60"],
        ["50% @ signing+5", f"50% @ {life.date(60)}"],
        [f"100% @ {life.date(20)}"],
    )
    return life.chance.choice(ways)


def changed(life: Life, key: str, amount: int) -> int:
    """Tell how a contract was amended, and return what it is worth then."""
    if life.perhaps(0.2):
        life.wait(6)
        delta = life.chance.choice((12000, -3000))
        life.tell("contract.amend", key, dated=True, delta=str(delta))
        amount += delta
    return amount


def paid(life: Life, key: str, amount: int) -> None:
    """Tell of invoices, receipts, promises, refunds and deliveries, and how the contract ended."""
    life.wait(life.chance.randint(2, 8))
    part = amount * 3 // 10
    if life.perhaps(0.7):
        life.tell("payment.invoice", key, dated=True, number=f"FP-{key}-1", amount=str(part))
    if life.perhaps(0.08):
        life.tell("contract.cancel", key, by=life.manager, dated=True, reason="客户破产")
        return
    life.wait(life.chance.randint(2, 12))
    if life.perhaps(0.3):
        life.tell("payment.promise", key, amount=str(part), due=life.date(7))
    life.wait(2)
    eve = life.date(-1)
    receipt = life.tell("payment.receive", key, dated=True, amount=str(part), key=f"{key}/r1")
    if life.perhaps(0.1):
        life.wait(2)
        life.tell("event.correct", receipt, by=SPARE, reason="看错", values={"amount": str(part - 500)})
        part -= 500
    elif life.perhaps(0.1):
        life.wait(2)
        life.tell("event.correct", receipt, by=SPARE, reason="到账日写错", values={"date": eve})
    elif life.perhaps(0.08):
        life.wait(2)
        life.tell("event.void", receipt, by=SPARE, reason="入错合同")
        part = 0
    delivered(life, key, amount)
    if life.perhaps(0.15) and part:
        life.tell("payment.refund", key, dated=True, amount="2000", reason="多付")
        part -= 2000
    life.wait(life.chance.randint(5, 30))
    if life.perhaps(0.6):
        life.tell("payment.receive", key, dated=True, amount=str(amount - part), late=life.late(0.15))
        life.wait(20)
        if life.perhaps(0.6):
            life.tell("contract.complete", key, by=life.manager, dated=True, reason="双方确认")
    elif life.perhaps(0.25):
        life.tell("contract.cancel", key, by=life.manager, dated=True, reason="项目取消")
    aftersales.after(life)


def delivered(life: Life, key: str, amount: int) -> None:
    """Tell of one or two deliveries and their acceptance."""
    life.wait(life.chance.randint(2, 10))
    if life.perhaps(0.3):
        return
    first = life.tell("delivery.deliver", key, dated=True, milestone="首批", amount=str(amount // 2),
                      key=f"{key}/d1")  # fmt: skip
    life.wait(life.chance.randint(1, 5))
    if life.perhaps(0.8):
        life.tell("delivery.accept", first, dated=True)
    if life.perhaps(0.4):
        life.tell("delivery.deliver", key, dated=True, milestone="二批")
    aftersales.handed_over(life, key)
