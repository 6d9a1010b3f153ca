"""Objections: logged in the customer's words, answered, resolved; an answered one is open until it is resolved."""

from __future__ import annotations

from domain.customer import events as e
from domain.customer.guard import gone
from domain.customer.state import Customer, Objection
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import PracticeId

ITEM_HELP = "Which one: its number (o1) or its kind; not needed when only one is open."


def chosen(state: Customer, named: str | None, context: Context) -> Objection | Refused:
    """Return the open objection that `named`, the subject's key, or being the only one, points to."""
    still = state.open_objections()
    wanted = named or (context.item if context.item and context.item.startswith("o") else None)
    matching = [o for o in still if wanted in (None, o.item, o.kind)]
    if len(matching) == 1:
        return matching[0]
    known = "; ".join(f"{o.item} {o.kind}" for o in still) or "-"
    return Refused("customer.no_such_item", state="open", kind="objection", item=wanted or "?", known=known)


@action(
    "objection.log", subject="customer", example="sales objection log 某某科技有限公司 --kind price --words 比同行贵"
)
class LogObjection(Action):
    """Log what the customer objects to."""

    kind: str = given("What about: price, lead-time, quality, ...", positional=True)
    words: str | None = given("In their words (personal).", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        item = state.next_item("o")
        return gone(state, context) or e.ObjectionLogged(item=item, kind=self.kind, words=self.words)


@action(
    "objection.answer", subject="customer", example="sales objection answer 某某科技有限公司 o1 --answer 含三年质保"
)
class AnswerObjection(Action):
    """Record the answer that was given; the objection stays open until it is resolved."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("objection",))
    answer: str | None = given("What was answered (personal).", default=None)
    practice: PracticeId | None = given("Which practice of the playbook the answer followed: id or key.", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        which = chosen(state, self.item, context)
        if isinstance(which, Refused):
            return which
        return e.ObjectionAnswered(item=which.item, answer=self.answer, practice=self.practice)


@action(
    "objection.resolve", subject="customer", example="sales objection resolve 某某科技有限公司 o1 --outcome 接受分期"
)
class ResolveObjection(Action):
    """Record how the objection ended."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("objection",))
    outcome: str | None = given("How it ended (personal).", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        which = chosen(state, self.item, context)
        return which if isinstance(which, Refused) else e.ObjectionResolved(item=which.item, outcome=self.outcome)
