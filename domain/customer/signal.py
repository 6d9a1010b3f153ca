"""Buying signals: what the customer does that points to a deal."""

from __future__ import annotations

from domain.action import Action, Decision, action, given
from domain.context import Context
from domain.customer.events import SignalLogged
from domain.customer.standing import gone
from domain.customer.state import Customer


@action("signal.log", subject="customer", example="sales signal log 某某科技有限公司 --kind asks-for-quotation")
class LogSignal(Action):
    """Log a buying signal."""

    kind: str = given("asks-for-quotation, asks-for-contract-details, ...", positional=True)
    words: str | None = given("In their words (personal).", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        return gone(state, context) or SignalLogged(item=state.next_item("s"), kind=self.kind, words=self.words)
