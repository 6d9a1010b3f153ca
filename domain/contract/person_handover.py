"""Handing what a person has in hand to another: their customers, and the running contracts that are theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from domain.kernel.action import Action, Decision, On, action, given
from domain.kernel.context import Context
from domain.kernel.effective import standing
from domain.kernel.recorded_event import Told
from domain.kernel.refusal import Refused
from domain.kernel.types import OWNING, Login
from domain.organisation.person import HandoverCompleted, Person

if TYPE_CHECKING:
    from domain.contract.state import Contract

DATE: Final = len("2024-02-18")


def credited(contract: str, customer: str, context: Context) -> str | None:
    """Return who owns a contract: whom it names, else the customer's owner at its signing; None before that."""
    state: Contract = context.load(contract)
    if state.owner or state.signed_on is None:
        return state.owner
    signings = (each.told for each in standing(context.history(contract)) if each.values is not None)
    signing = next(told for told in signings if told.name == "contract.signed")
    latest: tuple[dt.date, str | None] = (dt.date.min, None)
    for each in standing(context.history(customer)):
        day = context.day_of(each.told)
        owns = each.values and each.told.name in OWNING
        if owns and latest[0] <= day <= state.signed_on and not later(each.told, signing, state.signed_on, context):
            latest = (day, (each.values or {}).get("owner"))
    return latest[1]


def later(change: Told, signing: Told, signed_on: dt.date, context: Context) -> bool:
    """Say whether a customer got another owner after a signing within the same day: where both name their time."""
    timed = len(change.occurred) > DATE and len(signing.occurred) > DATE and context.day_of(signing) == signed_on
    return timed and dt.datetime.fromisoformat(change.occurred) > dt.datetime.fromisoformat(signing.occurred)


def handed_over(login: str, customers: Sequence[str], context: Context) -> Iterator[tuple[str, str]]:
    """Yield the running contracts that are somebody's, each with its customer: of whosever customer, and a draft of their own."""
    of_customers = [contract for customer in customers for contract in context.contracts_of(customer)]
    for contract in dict.fromkeys((*of_customers, *context.sold(login))):
        state: Contract = context.load(contract)
        owner = credited(contract, state.customer, context) if state.running else None
        if state.running and (owner == login or (owner is None and contract in of_customers)):
            yield state.customer, contract


@action("person.hand-over", subject="person", looks_up=True, example="sales person hand-over zhang.san --to li.si")
class HandOver(Action):
    """Hand a person's customers and running contracts to another; closed deals stay credited."""

    to: Login = given("Login of the person who takes over.")

    def decide(self, state: Person, context: Context) -> Decision:
        from domain.contract.events import ContractHandedOver
        from domain.customer.events import CustomerAssigned

        taker = context.person(self.to)
        if taker is None:
            return Refused("person.unknown", login=self.to)
        if taker.departed:
            return Refused("person.departed", login=self.to, date=taker.departed)
        customers = context.owned(state.login)
        contracts = [*handed_over(state.login, customers, context)]
        done = HandoverCompleted(
            to=self.to, customers=tuple(customers), contracts=tuple(contract for _, contract in contracts)
        )
        return [
            done,
            *(On(customer, CustomerAssigned(owner=self.to)) for customer in customers),
            *(On(contract, ContractHandedOver(customer=customer, owner=self.to)) for customer, contract in contracts),
        ]
