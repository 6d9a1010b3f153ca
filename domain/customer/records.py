"""Buying signals: what the customer does that points to a deal."""

from __future__ import annotations

from domain.customer.events import SignalLogged
from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context


@action("signal.log", subject="customer", example="sales signal log 某某科技有限公司 --kind asks-for-quotation")
class LogSignal(Action):
    """Log a buying signal."""

    kind: str = given("asks-for-quotation, asks-for-contract-details, ...", positional=True)
    words: str | None = given("In their words (personal).", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        return gone(state, context) or SignalLogged(item=state.next_item("s"), kind=self.kind, words=self.words)
