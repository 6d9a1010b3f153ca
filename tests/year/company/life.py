"""One customer's life, told day by day until it ends or the year does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.year.company.diary import WORKED, Diary
from tests.year.company.organisation import DEPARTS, home_manager


class YearOverError(Exception):
    """The year is over before the life is."""


class Life:
    """A customer, whose it is, and the number of the working day that is told of."""

    def __init__(self, diary: Diary, key: str, rep: str, born: int) -> None:
        self.diary, self.key, self.rep, self.day = diary, key, rep, born
        self.chance = diary.chance
        self.manager = home_manager(rep)
        self.logged: list[str] = []
        self.signed: list[str] = []
        self.touches = 0

    @property
    def by(self) -> str:
        """Who looks after the customer on this day."""
        gone = DEPARTS.get(self.rep)
        return gone[1] if gone and WORKED[self.day] > gone[0] else self.rep

    def wait(self, days: int) -> None:
        """Go on by so many working days."""
        if self.day + days >= len(WORKED):
            raise YearOverError
        self.day += days

    def date(self, days: int = 0) -> str:
        """Return the calendar day so many days from now, in writing."""
        return (WORKED[self.day] + timedelta(days=days)).isoformat()

    def perhaps(self, share: float) -> bool:
        """Say whether what happens in that share of cases does."""
        return self.chance.random() < share

    def late(self, share: float) -> int:
        """Return how many days late something is entered: mostly 0."""
        room = (WORKED[-1] - WORKED[self.day]).days
        return min(self.chance.choice((1, 2, 4, 9, 20)), room) if self.perhaps(share) else 0

    def tell(self, action: str, subject: str | None = None, **said: Any) -> str:
        """Tell an act of whoever looks after the customer, on the customer unless another subject is named."""
        said.setdefault("by", self.by)
        said.setdefault("on", self.day)
        return self.diary.tell(action, subject or self.key, **said)

    def make(self, action: str, **said: Any) -> str:
        """Tell an act that makes a subject of its own for this customer."""
        said.setdefault("by", self.by)
        return self.diary.tell(action, on=self.day, customer=self.key, **said)
