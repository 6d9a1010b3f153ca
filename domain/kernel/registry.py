"""Which module declares which noun's actions and which events: the table that makes loading lazy.

A new sales action adds nothing here; a new subject adds a line to each table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from domain.kernel.action import ACTIONS, Action
from domain.kernel.event import EVENTS, Event

ACTION_HOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("domain.organisation.person", "domain.contract.person_handover"),
    "group": ("domain.organisation.group",),
    "calendar": ("domain.calendar.publishing",),
    "policy": ("domain.policy.actions",),
    "target": ("domain.target.actions", "domain.target.allocation", "domain.target.approval"),
    "plan": ("domain.plan.actions", "domain.plan.approval"),
    "resource": ("domain.resource",),
    "lead": ("domain.customer.lead",),
    "customer": (
        "domain.customer.profile",
        "domain.customer.assignment",
        "domain.customer.pool",
        "domain.customer.protection",
        "domain.customer.dispute",
    ),
    "follow-up": ("domain.customer.follow_up", "domain.customer.follow_up_plan"),
    "next-action": ("domain.customer.next_action",),
    "objection": ("domain.customer.objection",),
    "signal": ("domain.customer.records",),
    "need": ("domain.sales.need",),
    "proposal": ("domain.sales.proposal",),
    "quote": ("domain.sales.quote",),
    "opportunity": ("domain.sales.opportunity",),
    "contract": ("domain.contract.approval", "domain.contract.review", "domain.contract.amendment"),
    "payment": ("domain.contract.payment",),
    "delivery": ("domain.contract.delivery",),
    "collaboration": ("domain.collaboration",),
    "after-sale": ("domain.after_sale.handover", "domain.after_sale.visits"),
    "period": ("domain.period_close",),
    "review": ("domain.review.actions", "domain.review.finding"),
    "practice": ("domain.practice",),
    "event": ("domain.correction.actions",),
}

EVENT_HOMES: Final[Mapping[str, str]] = {
    "person": "domain.organisation.person",
    "group": "domain.organisation.group",
    "calendar": "domain.calendar.publishing",
    "policy": "domain.policy.actions",
    "target": "domain.target.events",
    "plan": "domain.plan.events",
    "resource": "domain.resource",
    "customer": "domain.customer.events",
    "need": "domain.sales.need",
    "proposal": "domain.sales.proposal",
    "quote": "domain.sales.quote",
    "opportunity": "domain.sales.opportunity",
    "contract": "domain.contract.events",
    "payment": "domain.contract.events",
    "delivery": "domain.contract.events",
    "collaboration": "domain.collaboration",
    "after-sale": "domain.after_sale.events",
    "period": "domain.period_close",
    "review": "domain.review.events",
    "practice": "domain.practice",
    "event": "domain.correction.actions",
}


APART: Final[Mapping[str, str]] = {
    "customer.follow_up_planned": "domain.customer.follow_up_plan",
    "customer.follow_up_missed": "domain.customer.follow_up_plan",
    "customer.protected": "domain.customer.ownership",
    "customer.released": "domain.customer.ownership",
    "customer.claimed": "domain.customer.ownership",
    "customer.ownership_disputed": "domain.customer.ownership",
    "customer.ownership_ruled": "domain.customer.ownership",
}
"""Events that lie in another module than the others of their noun, so that who needs none of them loads none."""

ON_CUSTOMER: Final = frozenset(("need", "proposal", "quote", "collaboration", "after-sale"))
"""Nouns whose events lie in a customer's history and change its state: each home has an `evolve` of its own."""


class Subject(NamedTuple):
    """A kind of subject: how its streams are named, what state they fold to, and by which claim its name is found.

    `begins` is the event with which its history begins, `identity` the field of it, and of the action that records it,
    which makes the id (a login); None: the id is made up.
    """

    noun: str
    prefix: str
    begins: str
    identity: str | None
    module: str
    state: str
    named_by: str | None = None


SUBJECTS: Final[Mapping[str, Subject]] = {
    "person": Subject("person", "per_", "person.registered", "login", "domain.organisation.person", "Person"),
    "group": Subject("group", "grp_", "group.formed", "code", "domain.organisation.group", "Group"),
    "calendar": Subject(
        "calendar", "cal_", "calendar.published", "year", "domain.calendar.publishing", "PublishedYear"
    ),
    "policy": Subject("policy", "pol_", "policy.adopted", "name", "domain.policy.actions", "Policy"),
    "target": Subject("target", "tgt_", "target.set", None, "domain.target.state", "Target"),
    "plan": Subject("plan", "pln_", "plan.drafted", None, "domain.plan.state", "Plan"),
    "resource": Subject("resource", "rsc_", "resource.requested", None, "domain.resource", "Resource"),
    "customer": Subject(
        "customer", "cus_", "customer.lead_captured", None, "domain.customer.state", "Customer", "name"
    ),
    "opportunity": Subject(
        "opportunity", "opp_", "opportunity.opened", None, "domain.sales.opportunity", "Opportunity"
    ),
    "contract": Subject(
        "contract", "con_", "contract.drafted", None, "domain.contract.state", "Contract", "contract-number"
    ),
    "period": Subject("period", "prd_", "period.closed", "period", "domain.period_close", "ClosedPeriod"),
    "review": Subject("review", "rev_", "review.held", None, "domain.review.state", "Review"),
    "practice": Subject("practice", "pra_", "practice.adopted", None, "domain.practice", "Practice"),
}
BY_PREFIX: Final = {subject.prefix: subject for subject in SUBJECTS.values()}


def home_of(name: str) -> Subject | None:
    """Return the kind of subject in whose history events of that name lie; None for what may lie in any history."""
    noun = name.partition(".")[0]
    homes = (kind for kind in SUBJECTS.values() if EVENT_HOMES[kind.noun] == EVENT_HOMES[noun])
    return SUBJECTS["customer"] if noun in ON_CUSTOMER else SUBJECTS.get(noun) or next(homes, None)


def subject_of(stream: str) -> Subject | None:
    """Return the kind of subject whose history `stream` is, or None."""
    return BY_PREFIX.get(stream[:4])


@lru_cache
def fold_of(subject: Subject) -> tuple[Callable[[], Any], Callable[[Any, Any], Any]]:
    """Return how the subject's state begins and how it evolves."""
    module = import_module(subject.module)
    return getattr(module, subject.state), module.evolve


def topic_of(happened: Event) -> Any:
    """Return the module that says how an event of one of the nouns ON_CUSTOMER changes a customer; None for others."""
    noun = happened.NAME.partition(".")[0]
    home = APART.get(happened.NAME) or (EVENT_HOMES[noun] if noun in ON_CUSTOMER else None)
    return import_module(home) if home else None


def actions_of(noun: str) -> list[type[Action]]:
    """Return the actions of `noun`, in the order of their declaration. Raises KeyError for an unknown noun."""
    homes = ACTION_HOMES[noun]
    for module in homes:
        import_module(module)
    declared = [cls for name, cls in ACTIONS.items() if name.partition(".")[0] == noun]
    return sorted(declared, key=lambda cls: homes.index(cls.__module__))


def action_class(name: str) -> type[Action] | None:
    """Return the class of the action `noun.verb`, or None."""
    known = ACTIONS.get(name)
    if known is None and (homes := ACTION_HOMES.get(name.partition(".")[0])):
        for module in homes:
            import_module(module)
        known = ACTIONS.get(name)
    return known


def event_class(name: str) -> type[Event]:
    """Return the class of the event stored as `name`. Raises LookupError for a name that this program doesn't know."""
    known = EVENTS.get(name)
    if known is None:
        home = APART.get(name) or EVENT_HOMES.get(name.partition(".")[0])
        if home:
            import_module(home)
            known = EVENTS.get(name)
        if known is None:
            raise LookupError(f"no event is called {name}")
    return known


def all_actions() -> list[type[Action]]:
    """Return every action, noun by noun."""
    return [cls for noun in ACTION_HOMES for cls in actions_of(noun)]


def all_events() -> list[type[Event]]:
    """Return every event, subject by subject."""
    homes = list(dict.fromkeys((*EVENT_HOMES.values(), *APART.values())))
    for module in homes:
        import_module(module)
    # A module may have been imported before the one that is listed before it.
    declared = sorted(
        EVENTS.items(), key=lambda each: homes.index(each[1].__module__) if each[1].__module__ in homes else -1
    )
    return [cls for prefix in EVENT_HOMES for name, cls in declared if name.partition(".")[0] == prefix]
