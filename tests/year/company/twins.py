"""Companies that were captured twice: merged, unmerged, said to be distinct, or left as they are."""

from __future__ import annotations

from tests.year.company.life import Life


def tell(life: Life, company: str, number: int) -> None:
    """Tell of a second capture of the same company and what became of it."""
    fate, twin = number // 24 % 5, f"{life.key}-twin"
    spaced = company.replace("有限公司", " 有限公司")
    named = f"{company.removesuffix('有限公司')}集团分部" if fate == 4 else spaced
    code = {"credit_code": f"HRB{number}"} if fate == 4 else {}
    if code:
        life.tell("customer.change", **code)
    life.diary.tell("lead.capture", by=life.by, on=life.day, key=twin, company=named, channel="online", fields=code)
    life.wait(1)
    life.tell("follow-up.log", twin, channel="call")
    life.wait(2)
    match fate:
        case 0 | 1:
            life.tell("lead.merge", duplicate=twin, key=f"{twin}-merge")
            if fate == 1:
                life.wait(4)
                life.tell("lead.unmerge", twin)
        case 2:
            life.tell("lead.merge", twin, into=life.key, key=f"{twin}-merge")
        case 3:
            life.tell("lead.validate", twin, distinct=True)
