"""Whose a customer is, where two say it is theirs: the dispute, and the ruling by somebody who is no party to it."""

from __future__ import annotations

from domain.customer import ownership as o
from domain.customer.guard import disputed, gone, open_disputes
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.items import chosen
from domain.kernel.refusal import Refused
from domain.kernel.rights import ASSIGNING, may
from domain.kernel.types import Login


@action(
    "customer.dispute",
    subject="customer",
    example="sales customer dispute 某某科技有限公司 --evidence 一月已拜访并报价",
)
class DisputeOwnership(Action):
    """Say that a customer is yours although another owns it; until it is ruled on, the customer stays where it is."""

    claimant: Login | None = given("Who says it is theirs; the actor unless given.", default=None)
    evidence: str | None = given("What shows it (personal).", default=None, also=("words", "text"))

    def decide(self, state: Customer, context: Context) -> Decision:
        claimant = self.claimant or context.actor
        refused = gone(state, context) or unfounded(claimant, state, context)
        if refused:
            return refused
        return o.OwnershipDisputed(
            item=state.next_item("t"), claimant=claimant, owner=state.owner or "", evidence=self.evidence
        )


def unfounded(claimant: str, state: Customer, context: Context) -> Refused | None:
    """Return why somebody can't dispute a customer's owner, if so."""
    if claimant != context.actor and not may(context.role, ASSIGNING):
        return Refused("ownership.for_another", claimant=claimant)
    person = context.person(claimant)
    if person is None:
        return Refused("person.unknown", login=claimant)
    if person.departed and person.departed < context.day:
        return Refused("person.departed", login=claimant, date=person.departed)
    if state.owner is None:
        return Refused("ownership.nobodys", subject=context.subject)
    if state.owner == claimant:
        return Refused("ownership.own", claimant=claimant)
    again = next((record for record in open_disputes(state) if record.label == claimant), None)
    return disputed(state, context) if again else None


@action(
    "customer.rule",
    subject="customer",
    example="sales customer rule 某某科技有限公司 --owner li.si --reason 先登记",
)
class RuleOnOwnership(Action):
    """Rule whose a disputed customer is: a manager or director does who is no party; the owner moves, or stays."""

    owner: Login = given("Whose it is: the claimant, the present owner, or a third.", positional=True)
    dispute: str | None = given("Which dispute: t1 ...; the only open one unless given.", default=None, also=("item",))

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = gone(state, context)
        if refused:
            return refused
        record = chosen(open_disputes(state), self.dispute, context.item, kind="dispute", state="open")
        if isinstance(record, Refused):
            return record
        if context.actor in (record.data["claimant"], record.data["owner"], state.owner):
            return Refused("ownership.party", actor=context.actor)
        person = context.person(self.owner)
        if person is None:
            return Refused("person.unknown", login=self.owner)
        if person.departed and person.departed < context.day:
            return Refused("person.departed", login=self.owner, date=person.departed)
        return o.OwnershipRuled(item=record.item, owner=self.owner)
