"""Everything that can happen in a review's history."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from domain.calendar.due import mistimed
from domain.kernel.event import Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import CustomerId, EventRef, GroupCode, Login, OpportunityId, PersonalText

if TYPE_CHECKING:
    from domain.kernel.context import Context

ReviewKind = Literal["weekly", "monthly", "quarterly", "deal-won", "deal-lost"]
FindingKind = Literal["success", "failure"]
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "weekly": (r"\d{4}-W\d\d", "2024-W07"),
    "monthly": (r"\d{4}-\d\d", "2024-02"),
    "quarterly": (r"\d{4}Q[1-4]", "2024Q1"),
}
"""Of which periods a review of a kind is, and one of them."""
ENDS: Final[Mapping[str, str]] = {"deal-won": "won", "deal-lost": "lost"}


@event("review.held")
class ReviewHeld(Event):
    kind: ReviewKind
    period: str | None = None
    opportunity: OpportunityId | None = None
    customer: CustomerId | None = None
    owner: Login | None = None
    group: GroupCode | None = None

    def refused(self, context: Context, stream: str) -> Refused | None:
        if self.kind in FORMS:
            form, example = FORMS[self.kind]
            good = self.period is not None and re.fullmatch(form, self.period)
            return None if good else Refused("review.period", kind=self.kind, example=example)
        if self.opportunity is None:
            return None if self.customer else Refused("review.no_deal", kind=self.kind)
        state, wanted = context.load(self.opportunity).status, ENDS[self.kind]
        if state == wanted:
            return None
        return Refused("review.other_end", opportunity=self.opportunity, state=state, wanted=wanted)


@event("review.found", adds=True)
class FindingMade(Event):
    """`evidence` are the ids of the events that show it."""

    item: str
    kind: FindingKind
    cause: PersonalText
    evidence: tuple[EventRef, ...] = ()


@event("review.agreed", adds=True)
class ImprovementAgreed(Event):
    item: str
    what: PersonalText
    owner: Login
    finding: str | None = None
    due: dt.date | None = None
    working_days: int | None = None
    counted_from: dt.date | None = None

    def refused(self, context: Context, stream: str) -> Refused | None:
        return mistimed(self.due, self.working_days, self.counted_from)


@event("review.completed")
class ImprovementCompleted(Event):
    item: str
    words: PersonalText | None = None


@event("review.finished")
class ReviewFinished(Event):
    pass
