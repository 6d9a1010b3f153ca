"""Everything that can happen in a review's history."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from domain.event import Event, event
from domain.words import CustomerId, EventRef, GroupCode, Login, OpportunityId, PersonalText

ReviewKind = Literal["weekly", "monthly", "quarterly", "deal-won", "deal-lost"]
FindingKind = Literal["success", "failure"]


@event("review.held")
class ReviewHeld(Event):
    kind: ReviewKind
    period: str | None = None
    opportunity: OpportunityId | None = None
    customer: CustomerId | None = None
    owner: Login | None = None
    group: GroupCode | None = None


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


@event("review.completed")
class ImprovementCompleted(Event):
    item: str
    words: PersonalText | None = None


@event("review.finished")
class ReviewFinished(Event):
    pass
