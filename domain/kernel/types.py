"""The closed word lists that several subjects share, and the marked text types of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from domain.kernel.marks import CURRENCY, NAMES, OPEN, PERSONAL, Bound, Role, Worded

Login = Annotated[str, Role("person")]
GroupCode = Annotated[str, Role("group")]
CustomerId = Annotated[str, Role("customer"), NAMES]
OpportunityId = Annotated[str, Role("opportunity"), NAMES]
TargetId = Annotated[str, Role("target"), NAMES]
PlanId = Annotated[str, Role("plan"), NAMES]
TargetOrOwner = Annotated[str, Role("target-or-owner")]
ContractId = Annotated[str, Role("contract"), NAMES]
ReviewId = Annotated[str, Role("review"), NAMES]
PracticeId = Annotated[str, Role("practice"), NAMES]
EventRef = Annotated[str, Role("event")]
PersonalText = Annotated[str, PERSONAL]
Currency = Annotated[str, CURRENCY]

Worth = Annotated[Decimal, Bound("contract.below_zero", zero=True)]
"""What a contract is worth: nothing for a framework without a limit, and for what is agreed without a price."""
Paid = Annotated[Decimal, Bound("payment.not_positive")]
"""What is ordered, delivered, paid or promised under a contract."""
Offered = Annotated[Decimal, Bound("quote.not_positive")]
Expected = Annotated[Decimal, Bound("opportunity.not_positive")]
Goal = Annotated[Decimal, Bound("target.below_zero", "value", zero=True)]
Chance = Annotated[Decimal, Bound("opportunity.probability", "value", zero=True, most=1)]

PersonRole = Literal["rep", "manager", "director", "auditor", "marketing", "technical", "after-sales"]
Grade = Literal["initial", "high", "key"]
GradeWord = Annotated[Grade, Worded("grade-words")]
"""A grade as somebody says it: its own word, or one that the policy grade-words takes for it."""
NeedFit = Literal["unknown", "unclear", "clear"]
Budget = Literal["unknown", "unclear", "short", "matches"]
DecisionChain = Literal["unknown", "identified", "engaged"]
Touch = Literal["call", "visit", "e-mail", "message", "meeting", "minutes", "document", "other"]
Counted = Literal["call", "visit", "e-mail", "message", "meeting"]
COUNTED_CHANNELS = ("call", "visit", "e-mail", "message", "meeting")
DELIVERABLES = ("minutes", "document")
"""Channels by which something is handed over: a deliverable, and no touch."""
OWNING = (
    "customer.lead_captured",
    "customer.assigned",
    "customer.recalled",
    "customer.released",
    "customer.claimed",
    "customer.ownership_ruled",
)
"""The events that say whose a customer is: their `owner`, nobody where they name none."""
Opinion = Literal["for", "against", "with-conditions"]
Stage = Literal["contacted", "need-identified", "proposed", "negotiating"]
CustomerStage = Literal[
    "captured", "valid", "graded", "contacted", "need-identified", "proposed", "negotiating", "signed", "performing",
    "completed", "lost", "invalid",
]  # fmt: skip
BuiltIn = Literal["sales", "new-customers", "repurchase-rate", "leads", "valid-leads", "follow-ups"]
Metric = Annotated[BuiltIn, OPEN]
Basis = Literal["signed", "collected", "invoiced", "delivered"]
Comparator = Literal[">=", ">", "<=", "<", "="]


def is_touch(followed_up: Mapping[str, Any]) -> bool:
    """Say whether a follow-up was a touch: somebody was reached, on a counted channel."""
    return bool(followed_up.get("reached", True)) and followed_up["channel"] in COUNTED_CHANNELS
