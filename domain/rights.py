"""Which roles may do what: one table, asked before every decision, the same on every store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from domain.refusal import Refused

if TYPE_CHECKING:
    from domain.context import Context, Told

LEADERS: Final = ("manager", "director")
SALES: Final = ("rep", *LEADERS)
RECORDERS: Final = (*SALES, "marketing", "technical", "after-sales")
"""Everybody but the auditor, who reads everything and records nothing."""

DECIDING: Final = (*LEADERS, "marketing", "technical", "after-sales")
"""Who answers for a department: whoever leads, or works in another than sales."""

SYSTEM: Final = "system"
"""Who acts where a rule does, and no person; nobody can register under this login."""

BY_RULE: Final = frozenset(("customer.recall",))
"""What the system may do."""

KEEPING_KEYS: Final = "copy and hand out the keys of personal data"

ASSIGNING: Final = "assign what another owns"

RIGHTS: Final[dict[str, tuple[str, ...]]] = {
    "person": LEADERS,
    "group": LEADERS,
    "calendar": LEADERS,
    "policy": LEADERS,
    "period": LEADERS,
    "practice": LEADERS,
    "target.approve": LEADERS,
    "plan.approve": LEADERS,
    "resource.grant": DECIDING,
    "resource.decline": DECIDING,
    "opportunity": SALES,
    "quote": SALES,
    "contract": SALES,
    "contract.approve": RECORDERS,  # the tier for its amount names the roles: domain.contract.approval
    "contract.review": RECORDERS,
    "customer.erase-contact": LEADERS,
    "customer.recall": LEADERS,
    "customer.protect": SALES,
    "customer.release": SALES,
    "customer.claim": SALES,
    "customer.dispute": SALES,
    "customer.rule": LEADERS,
    ASSIGNING: LEADERS,
    "make a director": ("director",),
    KEEPING_KEYS: ("director",),
    "record for others": LEADERS,
    "read everything": ("director", "auditor"),
}
"""By action, else by noun, the roles that have the right; what is not listed is for RECORDERS."""

IN_TURN: Final = frozenset(("target.approve", "plan.approve"))
"""Actions whose decision asks for the right itself, after what it asks first."""

HOUSE: Final = frozenset(("person", "group", "calendar", "policy", "period", "practice"))
"""The nouns whose events are corrected and withdrawn only by whom the noun is for; a sale's, by any second person."""

OF_OWNERS: Final = frozenset(
    (
        *("customer.assigned", "customer.recalled", "customer.released", "customer.claimed", "customer.protected"),
        *("customer.ownership_disputed", "customer.ownership_ruled"),
    )
)
"""What says whose a customer is: corrected only by whom ASSIGNING is for, withdrawn also by whose act it was."""


def roles(right: str) -> tuple[str, ...]:
    """Return the roles that have a right: an action, or what the table calls it."""
    return RIGHTS.get(right) or RIGHTS.get(right.partition(".")[0]) or RECORDERS


def may(role: str, right: str) -> bool:
    """Say whether `role` has a right."""
    return role in roles(right)


def lacking(right: str, context: Context, *, action: str | None = None) -> Refused | None:
    """Return a refusal unless the actor has a right; `action` is what was asked for, where that is something else.

    Somebody without a role is registering themselves: whether they may is not a matter of roles.
    """
    if not context.role or may(context.role, right):
        return None
    facts = {"actor": context.actor, "role": context.role, "allowed": ", ".join(roles(right))}
    return Refused("right.role", action=action or right, **facts)


def before(name: str, context: Context) -> Refused | None:
    """Return a refusal unless the actor's role may take the action `name`."""
    return None if name in IN_TURN else lacking(name, context)


def raising(role: str | None, action: str, context: Context) -> Refused | None:
    """Return a refusal if the actor gives somebody a role that is not theirs to give."""
    return lacking("make a director", context, action=action) if role == "director" else None


def changing(told: Told, values: Mapping[str, Any], action: str, context: Context) -> Refused | None:
    """Return a refusal unless the actor may correct or void an event: who may not record it may not undo it either."""
    noun = told.name.partition(".")[0]
    right = noun if noun in HOUSE else action
    if told.name in OF_OWNERS and (values or told.actor != context.actor):
        right = ASSIGNING
    if told.name == "customer.lead_captured" and "owner" in values:
        right = ASSIGNING
    return lacking(right, context, action=action) or raising(values.get("role"), action, context)
