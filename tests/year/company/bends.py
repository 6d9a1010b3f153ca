"""What turned out to be wrong: acts that are corrected or withdrawn later, and what was entered after a quarter was closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from tests.year.company.deals import BEFORE_SIGNING
from tests.year.company.diary import WORKED, Diary, Line, day_number
from tests.year.company.organisation import SPARE

CORRECTED: Final[list[tuple[str, int, dict[str, Any]]]] = [
    ("lead.capture", 23, {"channel": "online"}),
    ("lead.grade", 17, {"grade": "initial"}),
    ("objection.log", 7, {"kind": "service"}),
    ("signal.log", 7, {"kind": "asks-for-visit"}),
    ("quote.issue", 9, {"amount": "4321"}),
    ("quote.issue", 11, {"valid_until": "2024-12-20"}),
    ("opportunity.open", 13, {"amount": "66000"}),
    ("opportunity.move", 19, {"stage": "contacted"}),
    ("collaboration.ask", 9, {"department": "法务部"}),
    ("next-action.reschedule", 5, {"due": "2024-12-30"}),
    ("delivery.deliver", 9, {"amount": "7777"}),
    ("payment.invoice", 9, {"amount": "4000"}),
    ("contract.amend", 3, {"delta": "15000"}),
    ("contract.order", 4, {"amount": "21000"}),
    ("resource.request", 6, {"department": "finance"}),
    ("target.set", 17, {"value": "290000"}),
]
"""Every so manieth act of a name, and what it should have said."""

WITHDRAWN: Final = {
    "objection.log": 6, "objection.resolve": 5, "quote.issue": 8, "collaboration.ask": 5, "collaboration.deliver": 6,
    "next-action.complete": 9, "next-action.drop": 4, "proposal.deliver": 8, "need.change": 4, "after-sale.visit": 7,
    "after-sale.resolve": 4, "lead.grade": 29, "payment.invoice": 7, "contract.cancel": 4, "follow-up.miss": 4,
    "lead.assign": 9, "opportunity.forecast": 9, "delivery.accept": 9, "resource.deliver": 4, "review.agree": 6,
}  # fmt: skip
"""Every so manieth act of a name, of those that nothing hangs on."""


def tell(diary: Diary) -> None:
    """Tell how acts are corrected and withdrawn some days after they were entered."""
    lines = diary.lines()
    named = {line["subject"] for line in lines if "subject" in line}
    bent: set[str] = {line["subject"] for line in lines if line["action"].startswith("event.")}
    for action, every, values in CORRECTED:
        for line in chosen(lines, action, every, bent, values):
            bend(diary, line, "event.correct", values)
    for action, every in WITHDRAWN.items():
        for line in chosen([line for line in lines if line["key"] not in named], action, every, bent, {}):
            bend(diary, line, "event.void")


def chosen(lines: list[Line], action: str, every: int, bent: set[str], values: dict[str, Any]) -> list[Line]:
    """Return every so manieth line of a name that was not bent before and says otherwise, and say that it is."""
    last = {line.get("subject"): line["key"] for line in lines if line["action"] == action}
    mine = [line for line in lines if line["action"] == action and line["key"] not in bent]
    mine = [line for line in mine if values or last[line.get("subject")] == line["key"]]
    mine = [line for line in mine if action != "after-sale.visit" or line["subject"].startswith("v")]
    mine = [line for line in mine if all(line["data"].get(name) != value for name, value in values.items())]
    mine = [line for line in mine if line.get("data", {}).get("delta") != BEFORE_SIGNING]
    bent |= {line["key"] for line in mine[every - 1 :: every]}
    return mine[every - 1 :: every]


def bend(diary: Diary, line: Line, action: str, values: dict[str, Any] | None = None) -> None:
    """Tell of one correction or withdrawal, by somebody else than who did the act."""
    entered = datetime.fromisoformat(line["recorded"]).date()
    day = min(day_number(entered) + 1 + diary.chance.randrange(25), len(WORKED) - 1)
    more = {"values": values} if values else {}
    by = "m1" if line["actor"] == SPARE else SPARE
    diary.tell(action, line["key"], by=by, on=WORKED[day], reason="复核后更正", fields=more)


def came_late(diary: Diary) -> None:
    """Tell what was entered, or set right, when the quarter that it belongs to was closed."""
    lines = diary.lines()
    for closed in (date(2024, 4, 8), date(2024, 7, 8), date(2024, 10, 10)):
        last = WORKED[day_number(closed) - 8]
        before = [line for line in lines if line["at"][:10] < last.isoformat()]
        captured = [line for line in before if line["action"] == "lead.capture" and "twin" not in line["key"]][-6:]
        for number, line in enumerate(captured):
            late = (closed - last).days + 3 + number
            diary.tell("follow-up.log", line["key"], by="m1", on=last, late=late, channel="call")
        touched = {line["subject"] for line in lines if line["action"] == "event.correct"}
        drafts = {line["subject"] if "subject" in line else line["key"]: line for line in before
                  if line["action"] == "contract.draft" and line["data"].get("kind") != "framework"}  # fmt: skip
        signed = [line["subject"] for line in before if line["action"] == "contract.sign" and line["subject"] in drafts]
        draft = next(drafts[key] for key in reversed(signed) if drafts[key]["key"] not in touched)
        amount = str(int(draft["data"]["amount"]) + 5000)
        diary.tell(
            "event.correct",
            draft["key"],
            by=SPARE,
            on=closed + timedelta(days=3),
            reason="漏计安装费",
            values={"amount": amount},
        )
