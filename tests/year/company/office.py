"""The company's office: targets for each quarter, what departments are asked for, and the periods that are closed."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.year.company.diary import WORKED, Diary, day_number
from tests.year.company.organisation import DIRECTOR, GROUPS, HOMES, MANAGERS, SPARE

QUARTERS: Final = {f"2024Q{n}": date(2024, 3 * n - 2, 1) for n in range(1, 5)}
PERSONS: Final = ("r01", "r02", "r03", "r04", "r05", "r06", "r07", "r10")
CLOSED: Final = {"2024Q1": date(2024, 4, 8), "2024-05": date(2024, 6, 5), "2024Q2": date(2024, 7, 8),
                 "2024Q3": date(2024, 10, 10)}  # fmt: skip
"""Which period is closed on which day."""


def tell(diary: Diary) -> None:
    """Tell of the targets and of the requests; the closing comes last, see close."""
    for quarter, first in QUARTERS.items():
        targets(diary, quarter, day_number(first) + 1)
    requests(diary)


def close(diary: Diary) -> None:
    """Tell of the closings, each after whatever was entered that day."""
    for period, day in CLOSED.items():
        diary.tell("period.close", by=DIRECTOR, on=day, key=f"closed {period}", period=period)


def targets(diary: Diary, quarter: str, day: int) -> None:
    """Tell of one quarter's targets: the company's, the groups', some persons'."""
    top = f"t {quarter}"
    set_target(diary, top, quarter, "company", 9_000_000, day)
    filed(diary, top, day)
    for number, group in enumerate(("north", "south", "east")):
        key, value = f"t {quarter} {group}", 2_000_000 + 500_000 * number
        set_target(diary, key, quarter, group, value, day, parent=top)
        diary.tell("target.allocate", top, by=SPARE, on=day, child=key, value=str(value))
        filed(diary, key, day)
    for rep in PERSONS:
        group = {"north-2": "north"}.get(HOMES[rep], HOMES[rep])
        key = f"t {quarter} {rep}"
        set_target(diary, key, quarter, rep, 300_000, day, parent=f"t {quarter} {group}")
        if rep != "r07":
            filed(diary, key, day)
    others = {"leads": 60, "valid-leads": 50, "follow-ups": 200, "new-customers": 15}
    for metric, value in others.items():
        key = f"t {quarter} {metric}"
        diary.tell("target.set", by=SPARE, on=day, key=key, metric=metric, value=str(value), period=quarter,
                   owner="company", rationale="上年")  # fmt: skip
        filed(diary, key, day)
    share = {"metric": "repurchase-rate", "value": "0.2", "period": quarter, "owner": "company", "rationale": "上年"}
    diary.tell("target.set", by=SPARE, on=day, key=f"t {quarter} again", fields=share)
    for basis in ("collected", "delivered"):
        set_target(diary, f"t {quarter} {basis}", quarter, "company", 4_000_000, day, basis=basis)
    dollars = {"metric": "sales", "value": "500000", "currency": "USD", "period": quarter, "owner": "east"}
    diary.tell(
        "target.set", by=SPARE, on=day, key=f"t {quarter} usd", rationale="出口", basis="invoiced", fields=dollars
    )
    revised(diary, quarter, day + 20)


def set_target(
    diary: Diary,
    key: str,
    quarter: str,
    owner: str,
    value: int,
    day: int,
    *,
    parent: str | None = None,
    basis: str | None = None,
) -> None:
    diary.tell("target.set", by=SPARE, on=day, key=key, metric="sales", value=str(value), period=quarter, owner=owner,
               rationale="去年业绩", parent=parent, basis=basis)  # fmt: skip


def filed(diary: Diary, key: str, day: int) -> None:
    diary.tell("target.submit", key, by=SPARE, on=day)
    diary.tell("target.approve", key, by=DIRECTOR, on=day)
    diary.tell("target.file", key, by=DIRECTOR, on=day)


def revised(diary: Diary, quarter: str, day: int) -> None:
    """Tell of what changed in a quarter: a revision, one that was returned, a share that moved, a withdrawal."""
    south, north, top = f"t {quarter} south", f"t {quarter} north", f"t {quarter}"
    diary.tell("target.revise", south, by=SPARE, on=day, value="2100000", reason="行业下行")
    diary.tell("target.submit", south, by=SPARE, on=day)
    diary.tell("target.return", south, by=DIRECTOR, on=day + 1, reason="依据不足")
    diary.tell("target.revise", south, by=SPARE, on=day + 2, value="2200000", reason="行业下行")
    filed(diary, south, day + 3)
    diary.tell("target.reallocate", top, by=SPARE, on=day + 4, from_=north, to=south, value="100000", reason="调组")
    diary.tell("target.revise", f"t {quarter} r01", by=SPARE, on=day, value="350000", reason="新行业")
    diary.tell("target.withdraw", f"t {quarter} r06", by=SPARE, on=day + 5, reason="重复")


def requests(diary: Diary) -> None:
    """Tell what departments were asked for."""
    for number in range(20):
        rep, day = f"r{number + 1:02d}", 5 + number * 10
        key, department = f"rsc{number}", ("technical", "marketing")[number % 2]
        if rep == "r15" and day >= day_number(date(2024, 6, 28)):
            continue
        needed = WORKED[min(day + 6, len(WORKED) - 1)].isoformat()
        diary.tell("resource.request", by=rep, on=day, key=key, department=department, item=f"样机{number}",
                   needed_by=needed, count=1 + number % 3)  # fmt: skip
        match number % 5:
            case 0:
                diary.tell(
                    "resource.decline", key, by=MANAGERS[list(GROUPS)[number % 4]], on=day + 2, reason="预算用完"
                )
            case 1 | 2 | 3:
                diary.tell("resource.grant", key, by=DIRECTOR, on=day + 1)
                if number % 5 != 3:
                    diary.tell("resource.deliver", key, by="te2", on=day + 4 + number % 5 * 3)
