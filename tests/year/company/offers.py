"""From a need to an opportunity: proposals, quotes, what other departments do for it, and how it is lost or won."""

from __future__ import annotations

from tests.year.company import care, deals
from tests.year.company.life import Life


def tell(life: Life, *, won: bool) -> None:
    """Tell of one customer's opportunities."""
    care.contact(life, life.chance.randint(1, 4), 4)
    need(life)
    amount = life.chance.randrange(20, 900) * 1000
    currency = life.chance.choice(("CNY", "CNY", "CNY", "USD", "EUR"))
    hope = open_opportunity(life, amount, currency)
    proposal(life)
    if life.perhaps(0.4):
        care.objections(life)
    if life.perhaps(0.5):
        care.signal(life)
    quote(life, hope, amount, currency)
    life.tell("opportunity.move", hope, stage="negotiating")
    if life.perhaps(0.3):
        life.tell("opportunity.move", hope, stage="proposed")
    care.contact(life, life.chance.randint(1, 3), 3)
    if not won:
        lose(life, hope)
        return
    deals.tell(life, hope, amount, currency)
    if life.perhaps(0.25):
        life.wait(life.chance.randint(10, 60))
        again = open_opportunity(life, amount // 2, currency)
        if life.perhaps(0.6):
            life.wait(5)
            deals.tell(life, again, amount // 2, currency)


def need(life: Life) -> None:
    key = life.tell("need.identify", what="替换旧产线", key=life.diary.new_key("d"), late=0)
    if life.perhaps(0.3):
        life.wait(2)
        life.tell("need.change", key, what=f"先改造{life.day}号产线")


def open_opportunity(life: Life, amount: int, currency: str) -> str:
    """Tell of an opportunity, what was thought of it, and a smaller one beside it that came to nothing."""
    close = life.date(life.chance.randint(20, 90))
    hope = life.make("opportunity.open", key=life.diary.new_key("h"), amount=str(amount), currency=currency,
                     close_date=close)  # fmt: skip
    life.wait(life.chance.randint(1, 4))
    life.tell("opportunity.move", hope, stage="need-identified")
    if life.perhaps(0.5):
        guess = amount + life.chance.randint(-10, 6) * 1000
        forecast = life.tell("opportunity.forecast", hope, amount=str(max(guess, 5000)), probability="0.6",
                             close_date=life.date(60))  # fmt: skip
        if life.perhaps(0.2):
            life.wait(3)
            life.tell("event.correct", forecast, by=life.manager, reason="看错", values={"amount": str(amount + 7000)})
    if life.perhaps(0.3):
        life.tell("opportunity.forecast", hope, probability="0.35")
    if life.perhaps(0.15):
        side = life.make("opportunity.open", key=life.diary.new_key("h"), amount="30000", currency="CNY")
        life.wait(4)
        life.tell("opportunity.lose", side, reason="预算取消", late=life.late(0.3))
    return hope


def proposal(life: Life) -> None:
    if life.perhaps(0.6):
        due = {"working_days": life.chance.randint(2, 6)} if life.perhaps(0.7) else {"due": life.date(8)}
        key = life.tell("proposal.request", what=f"改造方案{life.day}", departments=["技术部"],
                        key=life.diary.new_key("pp"), **due)  # fmt: skip
        life.wait(life.chance.randint(1, 7))
        if life.perhaps(0.85):
            life.tell("proposal.deliver", key, parts=["技术方案"])
            if life.perhaps(0.3):
                life.wait(3)
                life.tell("proposal.deliver", key, parts=["技术方案", "实施计划"])
    if life.perhaps(0.5):
        due = {"working_days": 3} if life.perhaps(0.6) else {"due": life.date(10)}
        department = life.chance.choice(("技术部", "财务部"))
        key = life.tell("collaboration.ask", department=department, what=f"选型{life.day}",
                        key=life.diary.new_key("k"), **due)  # fmt: skip
        life.wait(life.chance.randint(1, 6))
        match life.chance.randrange(4):
            case 0:
                life.tell("collaboration.decline", key, reason="排期已满")
            case 1 | 2:
                life.tell("collaboration.deliver", key, words="方案一份")


def quote(life: Life, hope: str, amount: int, currency: str) -> None:
    if life.perhaps(0.7):
        life.tell("opportunity.move", hope, stage="proposed")
        key = life.diary.new_key("q")
        said = {"number": f"BJ-{key}", "amount": str(amount), "currency": currency, "opportunity": hope}
        life.tell("quote.issue", key=key, valid_until=life.date(life.chance.randint(10, 40)), **said)
        if life.perhaps(0.3):
            life.wait(4)
            key = life.diary.new_key("q")
            said |= {"number": f"BJ-{key}", "amount": str(amount - 1000)}
            life.tell("quote.issue", key=key, valid_until=life.date(30), **said)
    if life.perhaps(0.15):
        key = life.diary.new_key("q")
        life.tell("quote.issue", key=key, number=f"BJ-{key}", amount="8000", currency="CNY", valid_until=life.date(20))


def lose(life: Life, hope: str) -> None:
    life.wait(life.chance.randint(2, 10))
    life.tell("opportunity.lose", hope, reason="价格", competitor="某司", late=0)
    if life.perhaps(0.3):
        life.wait(8)
        life.tell("opportunity.reopen", hope, reason="重新询价")
        if life.perhaps(0.6):
            life.wait(12)
            life.tell("opportunity.lose", hope, reason="交期")
