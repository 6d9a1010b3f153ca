"""After the sale: the hand-over with its promises, return visits, complaints."""

from __future__ import annotations

from tests.year.company.life import Life
from tests.year.company.organisation import AFTER_SALES


def handed_over(life: Life, contract: str) -> None:
    """Tell of the hand-over to after-sales, once a customer, and of what became of the promises."""
    if life.key in life.diary.handed or life.perhaps(0.3):
        return
    life.diary.handed.add(life.key)
    who = life.chance.choice(AFTER_SALES)
    promises = [f"现场培训 @ {life.date(20)}", "免费备件"]
    life.tell("after-sale.hand-over", to=who, promises=promises, contract=contract)
    life.wait(life.chance.randint(3, 20))
    match life.chance.randrange(4):
        case 0 | 1:
            life.tell("after-sale.keep", by=who, item="h1")
        case 2:
            life.tell("after-sale.break", by=who, item="h2", reason="备件停产")


def after(life: Life) -> None:
    """Tell of visits and complaints."""
    who = life.chance.choice(AFTER_SALES)
    if life.perhaps(0.5):
        key = life.tell("after-sale.schedule-visit", by=who, due=life.date(14), key=life.diary.new_key("v"))
        life.wait(life.chance.randint(5, 14))
        if life.perhaps(0.8):
            score = life.chance.choice((5, 6, 7, 8, 9, 10, None))
            life.tell("after-sale.visit", key, by=who, score=score, feedback="响应很快")
    elif life.perhaps(0.4):
        life.tell("after-sale.visit", by=who, score=life.chance.randint(3, 10))
    if life.perhaps(0.3):
        key = life.tell("after-sale.complain", by=who, kind="quality", words="漏油", key=life.diary.new_key("x"))
        life.wait(life.chance.randint(1, 12))
        if life.perhaps(0.7):
            life.tell("after-sale.resolve", key, by=who, outcome="已更换")
