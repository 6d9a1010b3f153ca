"""What the measured company is told with, and what its views are asked: lines, a life, a question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from domain.calendar.moment import end_of, instant, utc_text
from domain.calendar.period import Period
from infra.read_models.connection import ReadConnection
from infra.store.store import Store
from projections.engine.as_of import AsOf
from projections.queries.organisation import Organisation

Line = dict[str, Any]
DAY = 86_400


class Told(NamedTuple):
    """A line with the second it is entered at, and how many seconds before that it happened."""

    entered: int
    before: int
    line: Line


class Life:
    """One customer's life so far: its time, and what is open in it."""

    def __init__(self, chance: Random, key: str, rep: str, manager: str, other: str, born: int) -> None:
        self.chance, self.key, self.rep, self.manager, self.other = chance, key, rep, manager, other
        self.at, self.n = born, 0
        self.born = self.since = born
        self.actions = 0
        self.open_actions: list[str] = []
        self.plans = 0
        self.open_plans: list[str] = []
        self.signed = False
        self.open_deal = ""

    def happens(self, chance: float) -> bool:
        return self.chance.random() < chance

    def later(self, days: float) -> None:
        """Let time pass: to the next working hours after about `days` days."""
        self.at += int(self.chance.uniform(0.3, 1.7) * days * DAY)
        self.at += max(0, 9 * 3600 - self.at % DAY)  # entered in working hours
        if self.at % DAY > 18 * 3600:
            self.at += 15 * 3600

    def say(self, action: str, data: Line, *, subject: str | None = None, actor: str = "", reason: str = "") -> Told:
        """Return a line of this customer, entered now; one in twenty happened days before."""
        self.n += 1
        self.at += 60
        late = self.chance.randint(1, 9) * DAY if self.happens(0.05) else 0
        before = min(late + self.chance.randint(1, 50), self.at - self.since)
        line: Line = {"action": action, "key": f"{self.key}-{self.n}", "actor": actor or self.rep}
        if subject != "":
            line["subject"] = subject or self.key
        if reason:
            line["reason"] = reason
        if data:
            line["data"] = data
        return Told(self.at, before, line)


class Question:
    """A pair of days, drawn by chance, with what is asked of them; every other one looks back rather than ahead."""

    def __init__(self, store: Store, chance: Random, subjects: list[str], n: int) -> None:
        as_of, known_at = (date(2022, 1, 1) + timedelta(days=chance.randrange(1400)) for _ in range(2))
        if n % 2:
            as_of, known_at = min(as_of, known_at), max(as_of, known_at)
        self.as_of, self.known_at = as_of.isoformat(), known_at.isoformat()
        self.period = Period.parse(f"{as_of.year}Q{(as_of.month + 2) // 3}")
        self.owner, self.subject = f"r{chance.randrange(6):03d}", chance.choice(subjects)
        at = store.moments(self.as_of, self.known_at)
        self.params: dict[str, Any] = {
            "micros": at.micros,
            "known": at.position,
            "owner": self.owner,
            "subject": self.subject,
            "period": self.period.name,
        }
        self.params["recorded"] = utc_text(at.known_at)
        around = (
            self.period.first - timedelta(days=self.period.first.weekday()),
            Period.week_of(self.period.last).last,
        )
        self.params["before"], self.params["after"] = (f"{day.year}Q{(day.month + 2) // 3}" for day in around)
        self.params["start"] = instant(self.period.first.isoformat(), store.zone)
        self.params["first"] = self.period.first.toordinal()
        self.params["last"] = min(self.period.last, as_of).toordinal()
        self.params["begun"] = self.period.first.toordinal() - 28  # a window of four weeks may end on the first day
        self.params["end"] = self.period.last.toordinal()
        self.params["until"] = self.params["day"] = as_of.toordinal()
        self.params["today"] = self.as_of
        week = Period.week_of(as_of)
        self.params["week"] = instant(week.first.isoformat(), store.zone)
        self.params["monday"], self.params["week_ends"] = week.first.toordinal(), week.last.toordinal()
        self.params["sunday"] = instant(end_of(week.last, store.zone).isoformat(), store.zone)


Ours = Callable[[Store, ReadConnection, AsOf, Organisation, Question], object]
