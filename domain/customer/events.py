"""Everything that can happen in a customer's history, from the first trace to repurchase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from domain.customer.company_name import normalised
from domain.customer.credit_code import canonical, wrong_code
from domain.kernel.event import Claim, Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import (
    Budget,
    CustomerId,
    DecisionChain,
    GradeWord,
    Login,
    NeedFit,
    PersonalText,
    PracticeId,
    Touch,
)

if TYPE_CHECKING:
    from domain.kernel.context import Context

TRACE: Final[Mapping[str, str]] = {"exhibition": "campaign", "referral": "referrer", "partner": "partner"}
"""What a lead of a channel names, so that its source can be traced."""
CHANNELS: Final[Mapping[str, str]] = {
    "展会": "exhibition",
    "展览": "exhibition",
    "转介绍": "referral",
    "推荐": "referral",
    "合作伙伴": "partner",
    "渠道伙伴": "partner",
    "线上": "online",
}
"""Other words for channels that have a code, so that one channel is one word in every table."""


def channel_code(channel: str) -> str:
    """Return the code of a channel that has one, however it is written; any other channel as it is."""
    word = CHANNELS.get(channel, channel)
    return word.lower() if word.lower() in TRACE else word


@event("customer.lead_captured")
class LeadCaptured(Event):
    """`duplicates` are those of the same name or number; of more than a handful a few, with the `duplicate_count` of all."""

    company: str
    channel: str
    campaign: str | None = None
    referrer: PersonalText | None = None
    partner: str | None = None
    industry: str | None = None
    size: str | None = None
    credit_code: str | None = None
    contact: PersonalText | None = None
    phone: PersonalText | None = None
    email: PersonalText | None = None
    need: PersonalText | None = None
    owner: Login | None = None
    duplicates: tuple[CustomerId, ...] = ()
    duplicate_count: int | None = None

    def claims(self) -> Iterable[Claim]:
        return names_of(self.company, self.credit_code)

    def refused(self, context: Context, stream: str) -> Refused | None:
        missing = TRACE.get(channel_code(self.channel))
        if missing and not getattr(self, missing):
            return Refused("lead.untraceable", channel=self.channel, missing=missing)
        return wrong_code(self.credit_code)


def names_of(company: str | None, credit_code: str | None) -> Iterable[Claim]:
    """Yield the claims by which a customer is found, and its duplicates are."""
    if company:
        yield Claim("company", normalised(company), False)
        yield Claim("name", company, False)
    if credit_code:
        yield Claim("credit-code", canonical(credit_code), False)


@event("customer.lead_validated")
class LeadValidated(Event):
    distinct: bool = False


@event("customer.lead_invalidated")
class LeadInvalidated(Event):
    pass


@event("customer.assigned")
class CustomerAssigned(Event):
    owner: Login


@event("customer.recalled", by=("customer.recall",))
class CustomerRecalled(Event):
    former: Login
    untouched_since: dt.date


@event("customer.graded")
class LeadGraded(Event):
    grade: GradeWord
    need_fit: NeedFit = "unknown"
    budget: Budget = "unknown"
    decision_chain: DecisionChain = "unknown"
    evidence: PersonalText | None = None
    override: bool = False
    unmet: tuple[str, ...] = ()


@event("customer.leads_merged", adds=True, by=("lead.merge",))
class LeadsMerged(Event):
    duplicate: CustomerId


@event("customer.leads_unmerged", adds=True, by=("lead.unmerge",))
class LeadsUnmerged(Event):
    duplicate: CustomerId


@event("customer.merged_into", adds=True, by=("lead.merge",))
class MergedInto(Event):
    survivor: CustomerId


@event("customer.unmerged_from", adds=True, by=("lead.unmerge",))
class UnmergedFrom(Event):
    survivor: CustomerId


@event("customer.details_changed")
class CustomerDetailsChanged(Event):
    company: str | None = None
    industry: str | None = None
    size: str | None = None
    credit_code: str | None = None
    need: PersonalText | None = None

    def claims(self) -> Iterable[Claim]:
        return names_of(self.company, self.credit_code)

    def refused(self, context: Context, stream: str) -> Refused | None:
        return wrong_code(self.credit_code)


@event("customer.contact_changed")
class ContactChanged(Event):
    item: str
    contact: PersonalText | None = None
    phone: PersonalText | None = None
    email: PersonalText | None = None
    position: str | None = None


@event("customer.contact_added", adds=True)
class ContactAdded(Event):
    item: str
    contact: PersonalText
    phone: PersonalText | None = None
    email: PersonalText | None = None
    position: str | None = None


@event("customer.contact_erased", adds=True, by=("customer.erase-contact",))
class ContactErased(Event):
    item: str
    which: str | None = None


@event("customer.pain_point_noted", adds=True)
class PainPointNoted(Event):
    item: str
    words: PersonalText


@event("customer.dedicated_team_formed")
class DedicatedTeamFormed(Event):
    members: tuple[Login, ...] = ()


@event("customer.followed_up", adds=True)
class FollowUpLogged(Event):
    item: str
    channel: Touch
    contact: PersonalText | None = None
    reached: bool = True
    feedback: PersonalText | None = None
    need_change: PersonalText | None = None
    summary: PersonalText | None = None
    plan: str | None = None


@event("customer.next_action_set", adds=True)
class NextActionSet(Event):
    item: str
    what: PersonalText
    due: dt.date | None = None
    working_days: int | None = None
    counted_from: dt.date | None = None
    owner: Login | None = None
    follow_up: str | None = None


@event("customer.next_action_completed")
class NextActionCompleted(Event):
    item: str


@event("customer.next_action_rescheduled")
class NextActionRescheduled(Event):
    item: str
    due: dt.date | None = None
    working_days: int | None = None
    counted_from: dt.date | None = None


@event("customer.next_action_dropped")
class NextActionDropped(Event):
    item: str


@event("customer.objection_logged", adds=True)
class ObjectionLogged(Event):
    item: str
    kind: str
    words: PersonalText | None = None


@event("customer.objection_answered", adds=True)
class ObjectionAnswered(Event):
    item: str
    answer: PersonalText | None = None
    practice: PracticeId | None = None


@event("customer.objection_resolved", adds=True)
class ObjectionResolved(Event):
    item: str
    outcome: PersonalText | None = None


@event("customer.signal_logged", adds=True)
class SignalLogged(Event):
    item: str
    kind: str
    words: PersonalText | None = None
