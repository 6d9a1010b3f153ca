"""Handing a customer over to after-sales, with what was promised; each promise is kept or broken alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.after_sale import events as e
from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.field import BadValue, Kind, read_date, read_text
from domain.kernel.items import Record, chosen, standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import ContractId, Login

if TYPE_CHECKING:
    from domain.contract.state import Contract

PROMISE_HELP: Final = "Which promise: its number (h1); not needed when only one is open."
CONTRACT_HELP: Final = "The contract that it is about: id, key or number."


class Pledge(NamedTuple):
    """A promise as it is told: what, and by when if that was said."""

    words: str
    due: dt.date | None = None


def read_pledge(value: Any) -> Pledge:
    """Read a promise from `{"words": ..., "due": ...}` or from the text `training on site @ 2024-06-30`."""
    if isinstance(value, Mapping):
        if set(value) - {"words", "due"} or "words" not in value:
            raise BadValue("a promise has words, and due if a day was named")
        due = value.get("due")
        return Pledge(read_text(value["words"]), None if due is None else read_date(due))
    text = read_text(value)
    words, at, day = text.rpartition("@")
    try:
        return Pledge(read_text(words), read_date(day)) if at else Pledge(text)
    except BadValue:
        return Pledge(text)


def write_pledge(pledge: Pledge) -> dict[str, Any]:
    """Write a promise as JSON."""
    return {"words": pledge.words, **({"due": pledge.due.isoformat()} if pledge.due else {})}


Pledge.KIND = Kind("promise", read_pledge, write_pledge)  # type: ignore[attr-defined]


def of_another(contract: str | None, context: Context) -> Refused | None:
    """Return why nothing after the sale can be about this contract of the customer, if so."""
    if contract is None:
        return None
    named: Contract = context.load(contract)
    home = named.customer
    while context.load(home).merged_into:
        home = str(context.load(home).merged_into)
    if home != context.subject:
        return Refused("after_sale.other_contract", contract=named.number, customer=home)
    return None if named.signed_on else Refused("after_sale.unsigned", contract=named.number)


def promise(state: Customer, named: str | None, context: Context) -> Record | Refused:
    """Return the open promise that is meant."""
    still = standing_in(state.records, "promise", ("open",))
    return chosen(still, named, context.item, kind="promise", state="open")


@action(
    "after-sale.hand-over",
    subject="customer",
    example='sales after-sale hand-over 某某科技有限公司 --to li.si --promises "现场培训两次 @ 2024-06-30"',
)
class HandOver(Action):
    """Hand the customer over to after-sales, with what was promised to it."""

    to: Login = given("Who takes over.", positional=True)
    promises: tuple[Pledge, ...] = given(
        "What was promised (personal): 'what', or 'what @ 2024-06-30'; may be repeated.", default=()
    )
    contract: ContractId | None = given(CONTRACT_HELP, default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        if context.person(self.to) is None:
            return Refused("person.unknown", login=self.to)
        first = int(state.next_item("h")[1:])
        made = [
            e.PromiseMade(item=f"h{first + n}", words=pledge.words, due=pledge.due, contract=self.contract)
            for n, pledge in enumerate(self.promises)
        ]
        handed = e.HandedOver(item=state.next_item("t"), to=self.to, contract=self.contract)
        return gone(state, context) or of_another(self.contract, context) or [handed, *made]


@action("after-sale.keep", subject="customer", example="sales after-sale keep 某某科技有限公司 h1")
class KeepPromise(Action):
    """Record that a promise made at the hand-over was kept."""

    item: str | None = given(PROMISE_HELP, default=None, positional=True, also=("promise",))

    def decide(self, state: Customer, context: Context) -> Decision:
        which = promise(state, self.item, context)
        return which if isinstance(which, Refused) else e.PromiseKept(item=which.item)


@action(
    "after-sale.break", subject="customer", example="sales after-sale break 某某科技有限公司 h1 --reason 工程师离职"
)
class BreakPromise(Action):
    """Record that a promise made at the hand-over will not be kept, and why (--reason)."""

    item: str | None = given(PROMISE_HELP, default=None, positional=True, also=("promise",))

    def decide(self, state: Customer, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="after-sale.break")
        which = promise(state, self.item, context)
        return which if isinstance(which, Refused) else e.PromiseBroken(item=which.item)
