"""Logging a follow-up, with the next actions that were agreed in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.customer import events as e
from domain.customer.follow_up_plan import KIND, planned
from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.field import BadValue, Kind, read_count, read_date, read_text
from domain.kernel.refusal import Refused
from domain.kernel.types import Touch


class Promise(NamedTuple):
    """A next action as it is told: what, and by when."""

    what: str
    due: dt.date | None
    working_days: int | None


def read_promise(value: Any) -> Promise:
    """Read a next action from `{"what": ..., "due": ...}` or from the text `send the quote @ 2024-02-18` / `@ 3wd`."""
    if isinstance(value, Mapping):
        unknown = set(value) - {"what", "due", "working_days"}
        if unknown or "what" not in value:
            raise BadValue("a next action has what, and due or working_days")
        days = value.get("working_days")
        due = value.get("due")
        return Promise(
            read_text(value["what"]),
            None if due is None else read_date(due),
            None if days is None else read_count(days),
        )
    what, at, when = read_text(value).rpartition("@")
    when = when.strip()
    if not at:
        raise BadValue("a next action is written: what @ 2024-02-18, or: what @ 3wd")
    if when.removeprefix("+").removesuffix("wd").isdecimal() and when.endswith("wd"):
        return Promise(read_text(what), None, int(when.removeprefix("+").removesuffix("wd")))
    return Promise(read_text(what), read_date(when), None)


def write_promise(promise: Promise) -> dict[str, Any]:
    """Write a next action as JSON."""
    written = {
        "what": promise.what,
        "due": promise.due.isoformat() if promise.due else None,
        "working_days": promise.working_days,
    }
    return {name: value for name, value in written.items() if value is not None}


Promise.KIND = Kind("next action", read_promise, write_promise)  # type: ignore[attr-defined]


def timed(promise: Promise) -> Refused | None:
    """Return why the promise has no clear time, if so: exactly one of due and working_days is needed."""
    if (promise.due is None) == (promise.working_days is None):
        return Refused("next_action.when")
    if promise.working_days is not None and not 0 <= promise.working_days <= 1000:
        return Refused("next_action.when")
    return None


def promised(item: str, promise: Promise, context: Context, follow_up: str | None = None) -> e.NextActionSet:
    """Return the event of a next action, counted from the action's own day; `follow_up` is where it was agreed."""
    counted = context.day if promise.working_days is not None else None
    return e.NextActionSet(
        item=item,
        what=promise.what,
        due=promise.due,
        working_days=promise.working_days,
        counted_from=counted,
        follow_up=follow_up,
    )


@action(
    "follow-up.log",
    subject="customer",
    example='sales follow-up log 某某科技有限公司 --channel call --feedback 感兴趣 --next-actions "寄报价 @ 3wd"',
)
class LogFollowUp(Action):
    """Log a contact with the customer; a reached contact on a counted channel is a touch."""

    channel: Touch = given("How: call, visit, e-mail, message and meeting count as touches.")
    contact: str | None = given("Whom (personal).", default=None)
    reached: bool = given("Was anybody reached?", default=True)
    feedback: str | None = given("What they said (personal).", default=None)
    need_change: str | None = given("What changed in their need (personal).", default=None)
    summary: str | None = given("What it was about (personal).", default=None)
    plan: str | None = given("The planned follow-up that it keeps: its number (l1) or whom it is with.", default=None)
    next_actions: tuple[Promise, ...] = given(
        "What was agreed: 'what @ 2024-02-18' or 'what @ 3wd'; may be repeated.", default=()
    )
    next_action: str | None = given("One next action; give --due or --working-days with it.", default=None)
    due: dt.date | None = given("When it is due.", default=None)
    working_days: int | None = given("Due at the end of the n-th working day after the contact.", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        promises = list(self.next_actions)
        if self.next_action or self.due or self.working_days is not None:
            promises.append(Promise(self.next_action or "follow up", self.due, self.working_days))
        refused = next(filter(None, map(timed, promises)), None)
        kept = self.kept(state, context)
        if isinstance(kept, Refused):
            return kept
        logged = e.FollowUpLogged(
            item=state.next_item("f"),
            channel=self.channel,
            contact=self.contact,
            reached=self.reached,
            feedback=self.feedback,
            need_change=self.need_change,
            summary=self.summary,
            plan=kept,
        )
        first = int(state.next_item("n")[1:])
        agreed = [promised(f"n{first + i}", promise, context, logged.item) for i, promise in enumerate(promises)]
        return gone(state, context) or refused or [logged, *agreed]

    def kept(self, state: Customer, context: Context) -> str | Refused | None:
        """Return the number of the planned follow-up that this one keeps, if it names one."""
        # What the subject's key named is read from the log: only where there is a plan that it can mean.
        some = any(record.kind == KIND for record in state.records.values())
        if not self.plan and not (some and (context.item or "").startswith("l")):
            return None
        which = planned(state, self.plan, context)
        return which if isinstance(which, Refused) else which.item
