"""Resource requests: what a department is asked for, by when, and what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.action import Action, Decision, action, given
from domain.kernel.approval import wrong_state
from domain.kernel.context import Context
from domain.kernel.declared import State, declared
from domain.kernel.event import Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import Login, PlanId


@event("resource.requested", adds=True)
class ResourceRequested(Event):
    department: str
    item: str
    needed_by: dt.date
    count: int | None = None
    plan: PlanId | None = None
    by: Login

    def refused(self, context: Context, stream: str) -> Refused | None:
        if self.count is not None and self.count < 1:
            return Refused("resource.count", count=self.count)
        return None


@event("resource.granted", adds=True, by=("resource.grant",))
class ResourceGranted(Event):
    by: Login


@event("resource.declined", adds=True, by=("resource.decline",))
class ResourceDeclined(Event):
    by: Login


@event("resource.delivered", adds=True)
class ResourceDelivered(Event):
    by: Login


@declared
class Resource(State):
    """A request as the log knows it; `state` is requested, granted, declined or delivered."""

    department: str = ""
    item: str = ""
    needed_by: dt.date | None = None
    count: int | None = None
    plan: str | None = None
    requested_by: str = ""
    state: str = ""


def evolve(resource: Resource, happened: Any) -> Resource:
    """Return `resource` after `happened`."""
    match happened:
        case ResourceRequested():
            resource.department, resource.item = happened.department, happened.item
            resource.needed_by, resource.count = happened.needed_by, happened.count
            resource.plan, resource.requested_by = happened.plan, happened.by
            resource.state = "requested"
        case ResourceGranted():
            resource.state = "granted"
        case ResourceDeclined():
            resource.state = "declined"
        case ResourceDelivered():
            resource.state = "delivered"
    return resource


def own(state: Resource, context: Context) -> Refused | None:
    """Return a refusal if the actor is who made the request."""
    return Refused("resource.own_request", actor=context.actor) if state.requested_by == context.actor else None


@action(
    "resource.request",
    subject="resource",
    creates=True,
    example="sales resource request 样机 --department technical --needed-by 2024-02-20",
)
class RequestResource(Action):
    """Ask a department for something that selling needs, by a day."""

    item: str = given("What is needed.", positional=True, also=("what",))
    department: str = given("Which department is asked: technical, marketing, ...")
    needed_by: dt.date = given("The day by which it is needed.", also=("due",))
    count: int | None = given("How many.", default=None)
    plan: PlanId | None = given("The action plan that it is needed for.", default=None)

    def decide(self, state: Resource, context: Context) -> Decision:
        if self.needed_by < context.day:
            return Refused("resource.past", day=self.needed_by, asked=context.day)
        if self.plan and context.load(self.plan).state == "withdrawn":
            facts = {"state": "withdrawn", "action": "resource.request", "needed": "in use", "plan": self.plan}
            return Refused("plan.wrong_state", **facts)
        asked = ResourceRequested(
            department=self.department,
            item=self.item,
            needed_by=self.needed_by,
            count=self.count,
            plan=self.plan,
            by=context.actor,
        )
        return asked.refused(context, context.subject) or asked


@action("resource.grant", subject="resource", example="sales resource grant rsc_1")
class GrantResource(Action):
    """Grant a request; who made it can't."""

    def decide(self, state: Resource, context: Context) -> Decision:
        refused = wrong_state("resource", state.state, context, "grant", "requested") or own(state, context)
        return refused or ResourceGranted(by=context.actor)


@action("resource.decline", subject="resource", example="sales resource decline rsc_1 --reason 本季预算用完")
class DeclineResource(Action):
    """Decline a request, with the reason (--reason); who made it can't. One that was granted can be declined still."""

    def decide(self, state: Resource, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="resource.decline")
        refused = wrong_state("resource", state.state, context, "decline", "requested", "granted") or own(
            state, context
        )
        return refused or ResourceDeclined(by=context.actor)


@action("resource.deliver", subject="resource", example="sales resource deliver rsc_1")
class DeliverResource(Action):
    """Record that what was granted has been delivered."""

    def decide(self, state: Resource, context: Context) -> Decision:
        return wrong_state("resource", state.state, context, "deliver", "granted") or ResourceDelivered(
            by=context.actor
        )
