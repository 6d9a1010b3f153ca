"""Which roles may do what: one table, asked before every decision, the same on every store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.refusal import Refused

if TYPE_CHECKING:
    from domain.kernel.context import Context
    from domain.kernel.event import Event
    from domain.kernel.recorded_event import Told

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
MAKING_DIRECTORS: Final = "make a director"
FOR_OTHERS: Final = "record for others"

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
    MAKING_DIRECTORS: ("director",),
    KEEPING_KEYS: ("director",),
    FOR_OTHERS: LEADERS,
    "read everything": ("director", "auditor"),
}
"""By action, else by noun, the roles that have the right; what is not listed is for RECORDERS."""

OPEN: Final = frozenset(("customer.claim", "customer.dispute", "lead.merge", "lead.unmerge"))
"""What one may do to a customer of whatever group: take it from the pool, say that it is one's own, report a duplicate."""

TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "customer.lead_captured": ("owner",),
    "customer.assigned": ("owner",),
    "customer.recalled": ("former",),
    "customer.released": ("former",),
    "customer.claimed": ("owner",),
    "customer.ownership_disputed": ("item", "claimant", "owner"),
    "customer.ownership_ruled": ("item", "owner"),
    "customer.lead_validated": (),
    "customer.lead_invalidated": (),
    "customer.leads_merged": ("duplicate",),
    "customer.leads_unmerged": ("duplicate",),
    "customer.merged_into": ("survivor",),
    "customer.unmerged_from": ("survivor",),
    "customer.contact_erased": ("item", "which"),
    "quote.issued": ("item", "number"),
    "contract.drafted": ("number",),
    "payment.invoiced": ("item", "number"),
    "target.set": ("metric", "basis", "period", "owner", "turn"),
    "target.withdrawn": (),
    "plan.drafted": ("target", "owner", "period", "turn"),
}
"""The fields that a decision may know of what another group's customer, contract, target or plan is: whose it is, what it is
one with, which number or place it takes, and how often its people's data was erased, on which the key rests that seals what
is said of it. Corrections of them and withdrawals are told too."""

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
"""What says whose a customer is: corrected only by whom ASSIGNING is for, withdrawn also by whose act it was, even when
the customer has passed to where they don't see it any more."""


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
    """Return a refusal unless the actor, and who enters it, are here and the actor's role may take the action `name`."""
    return departed(context) or (None if name in IN_TURN else lacking(name, context))


def departed(context: Context) -> Refused | None:
    """Return a refusal if the actor had left by the day of the act, or who enters it has left by now.

    What is planned for a later day is an act of today.
    """
    for login, day in ((context.actor, min(context.day, context.today)), (context.recorder, context.today)):
        person = context.person(login)
        if person and person.departed and person.departed < day:
            return Refused("right.departed", login=login, date=person.departed)
    return None


def open_to_all(happened: type[Event]) -> bool:
    """Say whether an event is recorded only by acts that rules open to all."""
    return bool(happened.BY) and OPEN.issuperset(happened.BY)


def recording(happened: type[Event]) -> tuple[str, ...]:
    """Return the roles that may record an event: whoever may take one of the actions that do."""
    rights = happened.BY or (happened.NAME,)
    return tuple(dict.fromkeys(role for right in rights for role in roles(right)))


def raising(role: str | None, action: str, context: Context) -> Refused | None:
    """Return a refusal if the actor gives somebody a role that is not theirs to give."""
    return lacking(MAKING_DIRECTORS, context, action=action) if role == "director" else None


def changing(told: Told, values: Mapping[str, Any], action: str, context: Context) -> Refused | None:
    """Return a refusal unless the actor may correct or void an event: who may not record it may not undo it either."""
    noun = told.name.partition(".")[0]
    right = noun if noun in HOUSE else action
    if told.name in OF_OWNERS and (values or told.actor != context.actor):
        right = ASSIGNING
    if told.name == "customer.lead_captured" and "owner" in values:
        right = ASSIGNING
    return lacking(right, context, action=action) or raising(values.get("role"), action, context)
