"""Next actions: set, complete, reschedule, drop; each is open until it is closed alone."""

from __future__ import annotations

import datetime as dt

from domain.customer import events as e
from domain.customer.follow_up import Promise, promised, timed
from domain.customer.guard import gone
from domain.customer.state import Customer, NextAction
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused

ITEM_HELP = "Which one: its number (n2) or its text; not needed when only one is open."


def chosen(state: Customer, named: str | None, context: Context) -> NextAction | Refused:
    """Return the open next action that `named`, the subject's key, or being the only one, points to."""
    still = state.open_actions()
    wanted = named or (context.item if context.item and context.item.startswith("n") else None)
    matching = [a for a in still if wanted in (None, a.item, a.what)]
    if len(matching) == 1:
        return matching[0]
    known = "; ".join(f"{a.item} {a.what}" for a in still) or "-"
    return Refused("customer.no_such_item", state="open", kind="next action", item=wanted or "?", known=known)


@action(
    "next-action.set",
    subject="customer",
    example="sales next-action set 某某科技有限公司 --what 寄样品 --working-days 3",
)
class SetNextAction(Action):
    """Set what is to be done next, and by when."""

    what: str = given("What is to be done (personal).", positional=True)
    due: dt.date | None = given("The day it is due.", default=None)
    working_days: int | None = given("Due at the end of the n-th working day after the action's day.", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        promise = Promise(self.what, self.due, self.working_days)
        item = state.next_item("n")
        return gone(state, context) or timed(promise) or promised(item, promise, context)


@action("next-action.complete", subject="customer", example="sales next-action complete 某某科技有限公司 n1")
class CompleteNextAction(Action):
    """Close one next action as done."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("what", "next_action"))

    def decide(self, state: Customer, context: Context) -> Decision:
        which = chosen(state, self.item, context)
        return which if isinstance(which, Refused) else e.NextActionCompleted(item=which.item)


@action(
    "next-action.reschedule",
    subject="customer",
    example="sales next-action reschedule 某某科技有限公司 n1 --due 2024-03-01",
)
class RescheduleNextAction(Action):
    """Give an open next action another time."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("what", "next_action"))
    due: dt.date | None = given("The new day.", default=None)
    working_days: int | None = given("Due at the end of the n-th working day after the action's day.", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        which = chosen(state, self.item, context)
        if isinstance(which, Refused):
            return which
        counted = context.day if self.working_days is not None else None
        return timed(Promise(which.what, self.due, self.working_days)) or e.NextActionRescheduled(
            item=which.item, due=self.due, working_days=self.working_days, counted_from=counted
        )


@action("next-action.drop", subject="customer", example="sales next-action drop 某某科技有限公司 n1 --reason 客户取消")
class DropNextAction(Action):
    """Close one next action without doing it."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("what", "next_action"))

    def decide(self, state: Customer, context: Context) -> Decision:
        which = chosen(state, self.item, context)
        return which if isinstance(which, Refused) else e.NextActionDropped(item=which.item)
