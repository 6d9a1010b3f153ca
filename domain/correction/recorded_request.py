"""What an act was asked for, read back from the events that it made: its action, its subject and its fields.

An event holds what its action was given, mostly under the same names; where it doesn't, the action has a line in READ_BACK.
A decision that is taken again from what is read back makes the same events, or the log holds what the rules never let in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain.kernel.action import Action
from domain.kernel.field import CURRENCY, fields_of
from domain.kernel.recorded_event import Told
from domain.kernel.registry import action_class


class Happened(NamedTuple):
    """An event as it was told and as its class holds it."""

    told: Told
    event: Any


class Asked(NamedTuple):
    """An action as it may have been asked for: on `subject`, None where it brings one into being, with these fields."""

    action: type[Action]
    subject: str | None
    values: Mapping[str, Any]


Values = dict[str, Any]
Act = Sequence[Happened]

MADE_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "person.registered": ("person.register",),
    "person.joined_group": ("person.join",),
    "person.left_group": ("person.leave",),
    "person.role_changed": ("person.change-role",),
    "person.departed": ("person.depart",),
    "person.handover_completed": ("person.hand-over",),
    "group.formed": ("group.form",),
    "calendar.published": ("calendar.publish",),
    "policy.adopted": ("policy.adopt",),
    "target.set": ("target.set",),
    "target.allocated": ("target.allocate", "target.reallocate"),
    "target.reallocated": ("target.reallocate",),
    "target.revised": ("target.revise",),
    "target.submitted": ("target.submit",),
    "target.approved": ("target.approve",),
    "target.returned": ("target.return",),
    "target.filed": ("target.file",),
    "target.withdrawn": ("target.withdraw",),
    "plan.drafted": ("plan.draft",),
    "plan.committed": ("plan.commit",),
    "plan.submitted": ("plan.submit",),
    "plan.approved": ("plan.approve",),
    "plan.returned": ("plan.return",),
    "plan.filed": ("plan.file",),
    "plan.withdrawn": ("plan.withdraw",),
    "resource.requested": ("resource.request",),
    "resource.granted": ("resource.grant",),
    "resource.declined": ("resource.decline",),
    "resource.delivered": ("resource.deliver",),
    "customer.lead_captured": ("lead.capture",),
    "customer.lead_validated": ("lead.validate",),
    "customer.lead_invalidated": ("lead.invalidate",),
    "customer.assigned": ("customer.assign",),
    "customer.recalled": ("customer.recall",),
    "customer.graded": ("lead.grade",),
    "customer.leads_merged": ("lead.merge",),
    "customer.leads_unmerged": ("lead.unmerge",),
    "customer.details_changed": ("customer.change",),
    "customer.contact_changed": ("customer.change",),
    "customer.contact_added": ("customer.add-contact",),
    "customer.contact_erased": ("customer.erase-contact",),
    "customer.pain_point_noted": ("customer.note-pain-point",),
    "customer.dedicated_team_formed": ("customer.form-team",),
    "customer.followed_up": ("follow-up.log",),
    "customer.next_action_set": ("next-action.set",),
    "customer.next_action_completed": ("next-action.complete",),
    "customer.next_action_rescheduled": ("next-action.reschedule",),
    "customer.next_action_dropped": ("next-action.drop",),
    "customer.objection_logged": ("objection.log",),
    "customer.objection_answered": ("objection.answer",),
    "customer.objection_resolved": ("objection.resolve",),
    "customer.signal_logged": ("signal.log",),
    "customer.follow_up_planned": ("follow-up.plan",),
    "customer.follow_up_missed": ("follow-up.miss",),
    "customer.protected": ("customer.protect",),
    "customer.released": ("customer.release",),
    "customer.claimed": ("customer.claim",),
    "customer.ownership_disputed": ("customer.dispute",),
    "customer.ownership_ruled": ("customer.rule",),
    "need.identified": ("need.identify",),
    "need.changed": ("need.change",),
    "proposal.requested": ("proposal.request",),
    "proposal.delivered": ("proposal.deliver",),
    "quote.issued": ("quote.issue",),
    "opportunity.opened": ("opportunity.open",),
    "opportunity.moved": ("opportunity.move",),
    "opportunity.forecast": ("opportunity.forecast",),
    "opportunity.lost": ("opportunity.lose",),
    "opportunity.reopened": ("opportunity.reopen",),
    "contract.drafted": ("contract.draft",),
    "contract.submitted": ("contract.submit",),
    "contract.approved": ("contract.approve",),
    "contract.returned": ("contract.return",),
    "contract.reviewed": ("contract.review",),
    "contract.signed": ("contract.sign",),
    "contract.amended": ("contract.amend",),
    "contract.cancelled": ("contract.cancel",),
    "contract.order_placed": ("contract.order",),
    "contract.completed": ("contract.complete",),
    "contract.archived": ("contract.archive",),
    "payment.received": ("payment.receive",),
    "payment.scheduled": ("payment.schedule",),
    "payment.invoiced": ("payment.invoice",),
    "payment.refunded": ("payment.refund",),
    "payment.promised": ("payment.promise",),
    "delivery.delivered": ("delivery.deliver",),
    "delivery.accepted": ("delivery.accept",),
    "collaboration.asked": ("collaboration.ask",),
    "collaboration.delivered": ("collaboration.deliver",),
    "collaboration.declined": ("collaboration.decline",),
    "after-sale.handed_over": ("after-sale.hand-over",),
    "after-sale.promise_kept": ("after-sale.keep",),
    "after-sale.promise_broken": ("after-sale.break",),
    "after-sale.visit_scheduled": ("after-sale.schedule-visit",),
    "after-sale.visited": ("after-sale.visit",),
    "after-sale.complained": ("after-sale.complain",),
    "after-sale.resolved": ("after-sale.resolve",),
    "period.closed": ("period.close",),
    "review.held": ("review.hold",),
    "review.found": ("review.find",),
    "review.agreed": ("review.agree",),
    "review.completed": ("review.complete",),
    "review.finished": ("review.finish",),
    "practice.adopted": ("practice.adopt",),
    "practice.retired": ("practice.retire",),
    "event.corrected": ("event.correct",),
    "event.voided": ("event.void",),
}
"""By the event with which an act begins, the actions that may have made it, the likeliest first."""

ALONG: Final = frozenset(
    (
        *("customer.merged_into", "customer.unmerged_from", "opportunity.won", "contract.handed_over"),
        "after-sale.promised",
    )
)
"""Events that only come along with another of the same act: no action begins with one."""


def asked(act: Act) -> Iterator[Asked]:
    """Yield what may have been asked for by whoever made the first of these events; the others follow it in the log.

    Raises ValueError where the event holds what no action takes.
    """
    told = act[0].told
    for name in MADE_BY.get(told.name, ()):
        cls = action_class(name)
        assert cls is not None
        values = _alike(cls, told.data)
        read_back = READ_BACK.get(name)
        if read_back is not None:
            found = read_back(act, values)
            if found is None:
                continue
            values = found
        if cls.DATED and told.occurred != str(values.get(cls.DATED)):
            values.pop(cls.DATED, None)  # the day of its moment, which nobody gave apart
        yield Asked(cls, _subject(cls, told), values)


def _subject(cls: type[Action], told: Told) -> str | None:
    if cls.SUBJECT == "event":
        return str(told.data["at"])
    return None if cls.CREATES and told.version == 1 else told.stream


def _alike(cls: type[Action], data: Mapping[str, Any]) -> Values:
    """Return the fields that an action has in common with an event, read from the event's data.

    A currency is as it was told: once any text was one.
    """
    held = [(field, data[field.name]) for field in fields_of(cls) if data.get(field.name) is not None]
    return {f.attribute: value if f.kind is CURRENCY else f.kind.read(value) for f, value in held}


def _with(field: str, of: str) -> Callable[[Act, Values], Values]:
    return lambda act, values: {**values, field: getattr(act[0].event, of)}


def _following(act: Act, name: str) -> list[Any]:
    """Return the events called `name` that the same person told of the same subject at once after the first one."""
    first, found = act[0].told, []
    for told, event in act[1:]:
        if (told.name, told.stream, told.actor, told.occurred) != (name, first.stream, first.actor, first.occurred):
            break
        found.append(event)
    return found


def _changed(act: Act, values: Values) -> Values:
    """A file and one of its contacts may be changed at once: two events."""
    rest = _following(act, "customer.contact_changed")
    if act[0].told.name == "customer.contact_changed" or not rest:
        return values
    contact = {name: getattr(rest[0], name) for name in ("item", "contact", "phone", "email", "position")}
    return {**{name: value for name, value in contact.items() if value is not None}, **values}


def _graded(act: Act, values: Values) -> Values:
    """A criterion of which nothing is known was not given."""
    return {name: value for name, value in values.items() if value != "unknown"}


def _erased(act: Act, _values: Values) -> Values:
    """The item of an erasure is its own number, not that of the contact who went alone."""
    return {"item": which} if (which := act[0].event.which) else {}


def _followed_up(act: Act, values: Values) -> Values:
    from domain.customer.follow_up import Promise

    agreed = [
        Promise(each.what, each.due, each.working_days)
        for each in _following(act, "customer.next_action_set")
        if each.follow_up == act[0].event.item
    ]
    return {**values, "next_actions": tuple(agreed)}


def _handed_over(act: Act, values: Values) -> Values:
    from domain.after_sale.handover import Pledge

    made = _following(act, "after-sale.promised")
    return {**values, "promises": tuple(Pledge(each.words, each.due) for each in made)}


def _allocated(act: Act, values: Values) -> Values:
    return {**values, "child": _child(act, act[0].event.child)}


def _reallocated(act: Act, values: Values) -> Values | None:
    """Shares that only the children told are told first, then what moves."""
    own = [each for each in act[:3] if each.told.stream == act[0].told.stream]
    moved = next((each.event for each in own if each.told.name == "target.reallocated"), None)
    if moved is None or any(each.told.name != "target.allocated" for each in own[: _index(own, moved)]):
        return None
    return {"from_": _child(act, moved.from_), "to": _child(act, moved.to), "value": moved.value}


def _index(own: Act, event: Any) -> int:
    return next(n for n, each in enumerate(own) if each.event is event)


def _child(act: Act, child: str) -> str:
    """Return a child as it was named: by its owner where the act itself sets its target."""
    made = (each for each in act[1:] if each.told.stream == child and each.told.version == 1)
    return next((each.event.owner for each in made), child)


READ_BACK: Final[Mapping[str, Callable[[Act, Values], Values | None]]] = {
    "target.revise": _with("value", "new"),
    "target.allocate": _allocated,
    "target.reallocate": _reallocated,
    "lead.grade": _graded,
    "customer.change": _changed,
    "customer.erase-contact": _erased,
    "customer.protect": _with("until", "protected_until"),
    "customer.rule": _with("dispute", "item"),
    "follow-up.log": _followed_up,
    "after-sale.hand-over": _handed_over,
}
"""By action, what its fields were where its event tells them under other names; None where it can't have been that action."""
