"""The customers: where they came from, who found out what about them, and how they were looked after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.year.company import care, offers, twins
from tests.year.company.diary import Diary
from tests.year.company.life import Life, YearOverError
from tests.year.company.organisation import DIRECTOR, MARKETING, REPS

CITIES: Final = ("苏州", "宁波", "佛山", "青岛", "长沙", "合肥", "沈阳", "厦门")
FIRSTS, SECONDS = "鼎恒瑞华宏佳兴泰永达信捷", "峰源盛海铭晟隆诚"
TRADES: Final = ("阀门", "泵业", "仪表", "轴承", "电缆")
KINDS: Final = ("invalid", "silent", "nurtured", "nurtured", "lost", "lost", "won", "won", "won", "won")


def name(number: int) -> str:
    """Return the name of a company that nobody else has."""
    first, second = FIRSTS[number % len(FIRSTS)], SECONDS[number // len(FIRSTS) % len(SECONDS)]
    return f"{CITIES[number % len(CITIES)]}{first}{second}{number}{TRADES[number % len(TRADES)]}有限公司"


def tell(diary: Diary, count: int) -> list[Life]:
    """Tell the lives of all customers, and return them."""
    lives = []
    for number in range(count):
        born = 1 + int(number * 225 / count)
        life = Life(diary, f"c{number}", REPS[diary.chance.randrange(len(REPS))], born)
        lives.append(life)
        try:
            course(life, number)
        except YearOverError:
            continue
    return lives


def course(life: Life, number: int) -> None:
    """Tell one life."""
    capture(life, name(number), life.key)
    life.wait(life.chance.randint(0, 2))
    kind = life.chance.choice(KINDS)
    if number % 24 == 5:
        twins.tell(life, name(number), number)
    if kind == "invalid":
        life.tell("lead.invalidate", reason="空号")
        if life.perhaps(0.2):
            life.wait(3)
            life.tell("lead.validate")
        return
    if life.perhaps(0.9):
        life.tell("lead.validate")
    if number % 31 == 30:
        life.tell("customer.change", company=name(number - 1).removesuffix("有限公司") + "股份有限公司")
    file(life)
    courses: dict[str, Callable[[Life], None]] = {"silent": care.silent, "nurtured": care.nurtured}
    courses.get(kind, lambda mine: offers.tell(mine, won=kind == "won"))(life)


def capture(life: Life, company: str, key: str, code: str | None = None) -> None:
    """Tell how the first trace of a customer was recorded."""
    channel = life.chance.choice(("online", "online", "exhibition", "exhibition", "referral", "partner"))
    source = {
        "exhibition": {"campaign": life.chance.choice(("CIIE-2024", "汉诺威"))},
        "referral": {"referrer": "老客户"},
        "partner": {"partner": "渠道商"},
    }.get(channel, {})
    told = {"contact": "王经理", "phone": "13800000000", "industry": "制造", "size": "200-500", "need": "换旧线"}
    known = {field: value for field, value in told.items() if life.perhaps(0.6)}
    by, owner = life.by, None
    if life.perhaps(0.2):
        by, owner = life.chance.choice(MARKETING), life.chance.choice((life.by, life.by, None))
    late = 0 if owner is None and by != life.by else life.late(0.05)
    recorder = life.manager if life.perhaps(0.05) else None
    fields = {**known, **source, "credit_code": code, "owner": owner}
    life.diary.tell("lead.capture", by=by, on=life.day, key=key, late=late, recorder=recorder, company=company,
                    channel=channel, fields=fields)  # fmt: skip
    life.wait(2 + (late * 5 + 6) // 7 + late // 5)
    if by != life.by and owner is None:
        life.tell("lead.assign", key, by=life.manager, owner=life.by)


def file(life: Life) -> None:
    """Tell what is found out about a customer, and how it is graded."""
    if life.perhaps(0.4):
        life.tell("customer.change", size=life.chance.choice(("50-100", "500+")))
    if life.perhaps(0.3):
        life.tell("customer.add-contact", contact="李总", phone="13900000000")
    if life.perhaps(0.3):
        life.tell("customer.note-pain-point", words="交期太长", late=life.late(0.1))
    life.wait(life.chance.randint(0, 3))
    if life.perhaps(0.85):
        grade(life, life.chance.choice(("initial", "initial", "high", "high", "key")))
    if life.perhaps(0.03):
        life.tell("customer.erase-contact", by=DIRECTOR, reason="本人要求删除")


def grade(life: Life, grade: str) -> None:
    """Tell a grading by its criteria, or one with an override."""
    if grade == "key":
        life.tell("customer.form-team", members=[life.by, "te1"])
    criteria = {"need_fit": "clear", "budget": "matches", "decision_chain": "engaged"}
    if grade == "high" and life.perhaps(0.2):
        life.tell("lead.grade", grade=grade, budget="unknown", override=True, reason="老客户介绍")
    else:
        life.tell("lead.grade", grade=grade, late=life.late(0.06), **({} if grade == "initial" else criteria))
