"""What changes a contract after its signing, as deltas on their own date: amend and cancel."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from domain.action import Action, Decision, action, given
from domain.context import Context
from domain.contract import events as e
from domain.contract.approval import wrong_state
from domain.contract.state import Contract
from domain.refusal import Refused


@action(
    "contract.amend",
    subject="contract",
    dated="date",
    example="sales contract amend HT-2024-001 --delta 50000 --date 2024-05-06",
)
class AmendContract(Action):
    """Change the amount by a delta on its own date; before the signing this voids the approval."""

    delta: Decimal = given("By how much, with its sign.", also=("amount",))
    date: dt.date | None = given("Day of the amendment; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        refused = wrong_state(state, context, "contract.amend", "draft", "submitted", "approved", "returned", "signed")
        if refused:
            return refused
        if not self.delta:
            return Refused("event.nothing_changes")
        if state.value + self.delta < 0:
            return Refused("contract.below_zero", amount=format(state.value + self.delta, "f"))
        return state.unsigned_on(self.date or context.day) or e.ContractAmended(
            customer=state.customer, delta=self.delta, date=self.date or context.day
        )


@action(
    "contract.cancel",
    subject="contract",
    dated="date",
    example="sales contract cancel HT-2024-001 --date 2024-04-10 --reason 客户破产",
)
class CancelContract(Action):
    """Withdraw the whole value so far, on the day of the cancellation; receipts stay until they are refunded."""

    date: dt.date | None = given("Day of the cancellation; the action's own day unless given.", default=None)

    def decide(self, state: Contract, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="contract.cancel")
        refused = wrong_state(state, context, "contract.cancel", "draft", "submitted", "approved", "returned", "signed")
        day = self.date or context.day
        return refused or state.unsigned_on(day) or e.ContractCancelled(customer=state.customer, date=day)
