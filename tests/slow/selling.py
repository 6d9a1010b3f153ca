"""Acts of everyday selling for the histories, and the slow answers about follow-ups and cadence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from domain.calendar.moment import end_of
from domain.calendar.moment import instant as moment_of
from tests.given import Line, line
from tests.histories import REPS, Act
from tests.slow import tracking
from tests.slow.customers import captures, survivor
from tests.slow.fold import Belief, Entry
from tests.slow.people import calendar

KINDS: Final = (
    "need need-change quote proposal deliver plan keep miss cadence lose-grade follow-more follow-more".split()
)
DEFAULT: Final[dict[str, Any]] = {
    "key": {"touches": 2, "weeks": 1, "channels": ["call", "visit"]},
    "high": {"touches": 1, "weeks": 1},
    "initial": {"touches": 1, "weeks": 2},
}
TOUCHES: Final = ("call", "visit", "e-mail", "message", "meeting")


def acts(act: Act, at: str) -> list[Line]:
    """Return the lines of an act."""
    customer, number = f"l{act.on}", f"Q-{at}-{act.size}"
    by: dict[str, Any] = {"by": REPS[act.who], "at": at}
    match act.kind:
        case "need":
            return [line("need.identify", customer, **by, what=f"需求{act.size}")]
        case "need-change":
            return [line("need.change", customer, **by, what=f"新需求{act.size}", item="d1")]
        case "quote":
            return [
                line("quote.issue", customer, **by, number=number, amount=f"{act.size}00", valid_until="2024-12-31")
            ]
        case "proposal":
            return [line("proposal.request", customer, **by, what=f"方案{act.size}", working_days=act.size)]
        case "deliver":
            return [line("proposal.deliver", customer, **by)]
        case "plan":
            return [line("follow-up.plan", customer, **by, channel="call", on="2024-12-30")]
        case "keep":
            return [line("follow-up.log", customer, **by, channel="call", plan=f"l{1 + act.size % 2}")]
        case "miss":
            return [line("follow-up.miss", customer, **by, item=f"l{1 + act.size % 2}", reason="出差")]
        case "cadence":
            values = {**DEFAULT, "high": {"touches": 1 + act.size % 3, "weeks": 1 + act.size % 2}}
            return [line("policy.adopt", by="lin.zong", at=at, name="cadence", values=values, from_=at)]
        case "lose-grade":
            override: dict[str, Any] = {"override": True, "reason": "复核"}
            return [line("lead.grade", customer, **by, grade=("initial", "high", "key")[act.size % 3], **override)]
        case _:
            channel = ("call", "visit", "e-mail", "document")[act.size % 4]
            return [line("follow-up.log", customer, **by, channel=channel)]


def follow_ups(belief: Belief) -> list[tuple[Any, ...]]:
    """Return of each follow-up as of the moment: customer, item, time, channel, touch, actor, recorder, plan."""
    standing = {row["id"] for row in tracking.rows(belief)}
    return sorted(
        (
            home, each.data["item"] if home == each.stream else f"{each.stream}/{each.data['item']}", each.occurred,
            each.data["channel"], is_touch(each), each.actor, each.recorder, each.data.get("plan") or "",
        )
        for each in belief.named("customer.followed_up")
        if each.moment <= belief.micros and (home := survivor(belief, each.stream)) in standing
    )  # fmt: skip


def is_touch(entry: Entry) -> bool:
    return entry.data.get("reached", True) is not False and entry.data["channel"] in TOUCHES


def cadence(belief: Belief, until: date) -> list[tuple[Any, ...]]:
    """Return each window that ends by a day: customer, grade, first, last, needed, done, state; found day by day."""
    days, begun = grades(belief), min((each.day for each in captures(belief).values()), default=belief.day)
    made = []
    for customer in {row["id"] for row in tracking.rows(belief)}:
        window: list[Any] = []
        day = begun
        while day <= belief.day:
            grade = days.get((customer, day))
            if window and (grade != window[0] or day > window[2]):
                cut = day <= window[2]
                made.append((customer, window[0], window[1], day - timedelta(1) if cut else window[2], window[3], cut))
                window = []
            asked = policy_on(belief, day).get(grade or "")
            if not window and asked:
                last = day + timedelta(7 * asked["weeks"] - 1)
                while asked["weeks"] == 1 and last.isoweekday() != 7:
                    last -= timedelta(1)
                window = [grade, day, last, asked]
            day += timedelta(1)
        if window:
            made.append((customer, window[0], window[1], window[2], window[3], False))
    return sorted(judged(belief, each) for each in made if each[3] <= until)


def grades(belief: Belief) -> dict[tuple[str, date], str | None]:
    """Return who was to be met by which grade on each day, as the tracking table was at its end."""
    found = {}
    day = min((each.day for each in belief.known), default=belief.day)
    while day <= belief.day:
        end = moment_of(end_of(day, belief.zone).isoformat(), belief.zone)
        for row in tracking.rows(belief._replace(micros=min(end, belief.micros), day=day)):
            found[row["id"], day] = None if row["stage"] in ("invalid", "lost") else row["grade"]
        day += timedelta(1)
    return found


def policy_on(belief: Belief, day: date) -> dict[str, Any]:
    adopted = [each for each in belief.named("policy.adopted") if each.data["name"] == "cadence"]
    known = [each for each in adopted if each.data["from"] <= day.isoformat()]
    return max(known, key=lambda each: (each.data["from"], each.position)).data["values"] if known else DEFAULT


def judged(belief: Belief, window: tuple[Any, ...]) -> tuple[Any, ...]:
    customer, grade, first, last, asked, cut = window
    touches = [
        each for each in belief.named("customer.followed_up")
        if first <= each.day <= last and is_touch(each) and each.moment <= belief.micros
        and survivor(belief, each.stream) == customer
    ]  # fmt: skip
    worked = [first + timedelta(n) for n in range((last - first).days + 1)]
    needed = min(asked["touches"], sum(calendar(belief).is_working(day) for day in worked))
    done, wanted = {each.day for each in touches}, asked.get("channels", [])
    used = {each.data["channel"] for each in touches} & set(wanted)
    if not needed:
        state = "free"
    elif len(done) >= needed and len(used) >= min(needed, len(wanted)):
        state = "met"
    elif cut:
        state = "cut"
    else:
        state = "open" if belief.day < last else "missed"
    return customer, grade, first.isoformat(), last.isoformat(), needed, len(done), state
