"""Corrections: new values for a recorded event, or its withdrawal; the original stays in the log and in the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from domain.correction.dependence import builds_on, needs_second_person
from domain.correction.dependents import elsewhere
from domain.kernel.action import Action, Decision, On, action, given
from domain.kernel.context import Context
from domain.kernel.effective import Corrected, standing
from domain.kernel.event import Claim, Event, event
from domain.kernel.field import BadValue, Field, fields_of
from domain.kernel.field_checks import unfit, worded
from domain.kernel.json_form import revive
from domain.kernel.recorded_event import Told
from domain.kernel.refusal import Refused
from domain.kernel.registry import event_class
from domain.kernel.rights import changing
from domain.kernel.types import CustomerId, Login
from domain.kernel.unique_numbers import NUMBERED


@event("event.corrected")
class EventCorrected(Event):
    event: str
    at: int
    name: str
    values: dict[str, Any]
    customer: CustomerId | None = None
    by: Login
    overpaid: Decimal | None = None

    def claims(self) -> Iterable[Claim]:
        if self.name.startswith("customer."):
            from domain.customer.events import names_of

            yield from names_of(self.values.get("company"), self.values.get("credit_code"))
        elif self.name in NUMBERED and "number" in self.values:
            yield Claim(NUMBERED[self.name], self.values["number"], False, again=True)


@event("event.voided")
class EventVoided(Event):
    event: str
    at: int
    customer: CustomerId | None = None
    by: Login
    overpaid: Decimal | None = None


FIXED: Final = frozenset(
    "customer item login code digest by duplicate survivor duplicates child parent opportunity contract contracts duplicate_count "
    "customers from to year over overpaid unmet event at turn".split()
)
FIXED_OF: Final[Mapping[str, frozenset[str]]] = {
    "target.set": frozenset("metric period owner basis".split()),
    "customer.objection_answered": frozenset(("practice",)),
    "review.found": frozenset(("evidence",)),
    "review.agreed": frozenset(("finding",)),
    "practice.adopted": frozenset(("review", "finding")),
    "plan.drafted": frozenset("target period owner".split()),
}
"""Fields that make the place of the subject among others, beside the FIXED ones."""
STATES: Final = frozenset(
    "contract.submitted contract.approved contract.returned target.submitted target.approved target.filed target.returned "
    "plan.submitted plan.approved plan.filed plan.returned resource.granted resource.declined resource.delivered".split()
)
UNDONE_OTHERWISE: Final = frozenset(
    "event.corrected event.voided customer.leads_merged customer.merged_into customer.leads_unmerged "
    "customer.unmerged_from customer.contact_erased person.handover_completed contract.handed_over "
    "opportunity.won period.closed".split()
)


BEGINNINGS: Final = frozenset(("person.registered", "group.formed"))
"""What others name without a trace in its own history, so that it can be corrected and not withdrawn."""


def untouchable(told: Told | None, reference: str, done: str, context: Context) -> Refused | None:
    """Return why the event can be neither corrected nor voided, if so."""
    if told is None:
        return Refused("event.unknown", event=reference)
    if told.name in UNDONE_OTHERWISE or told.name in (STATES if done == "corrected" else BEGINNINGS):
        return Refused("event.not_correctable", name=told.name, done=done)
    history = context.history(told.stream)
    for later in history:
        if later.name == "event.voided" and later.data["at"] == told.position:
            return Refused("event.gone", event=told.position, by=later.position)
    what = needs_second_person(told, history) or ("a closed period" if context.closed_period(told) else None)
    if what and told.actor == context.actor:
        return Refused("event.second_person", actor=context.actor, what=what)
    return None


@action(
    "event.correct",
    subject="event",
    example="""sales event correct 318 --values '{"amount": "800000"}' --reason 少写一个零""",
)
class CorrectEvent(Action):
    """Correct the values of a recorded event (--reason); it counts as corrected from now on, at its own date."""

    values: dict[str, Any] = given("The new values, as a JSON object.", positional=True)

    def decide(self, state: Told | None, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="event.correct")
        refused = untouchable(state, context.subject, "corrected", context)
        if refused or state is None:
            return refused or ()
        lacks = changing(state, self.values, "event.correct", context)
        if lacks:
            return lacks
        values = self.checked(state, context)
        if isinstance(values, Refused):
            return values
        history = standing(context.history(state.stream))
        mine = next(each for each in history if each.told.position == state.position)
        now = mine.values or {}
        changed = {name: value for name, value in values.items() if now.get(name) != value}
        if not changed:
            return Refused("event.nothing_changes")
        mine.values = {**now, **changed}
        corrected = revive(state.name, mine.values)
        refused = (
            unfit(corrected, changed)
            or corrected.refused(context, state.stream)
            or in_the_future(changed, context)
            or unsound(state, corrected, history, now)
        )
        if refused:
            return refused
        over = overpaid(state, history, context)
        return [self.correction(state, changed, context, over), *self.winning(state, changed, context)]

    def winning(self, signing: Told, changed: Mapping[str, Any], context: Context) -> Iterator[On]:
        """Yield the correction of what a signing has won: it is won on the day of the signing."""
        if "date" in changed:
            for opportunity, told in won_by(signing, context):
                yield On(opportunity, self.correction(told, {"date": changed["date"]}, context))

    def correction(
        self, state: Told, changed: dict[str, Any], context: Context, over: Decimal | None = None
    ) -> EventCorrected:
        return EventCorrected(
            event=state.event_id,
            at=state.position,
            name=state.name,
            values=changed,
            customer=state.data.get("customer"),
            by=context.actor,
            overpaid=over,
        )

    def checked(self, told: Told, context: Context) -> dict[str, Any] | Refused:
        """Return the values in their stored form, or the first that the event can't take."""
        fields: Mapping[str, Field] = {field.name: field for field in fields_of(event_class(told.name))}
        fixed = FIXED | FIXED_OF.get(told.name, frozenset())
        correctable = ", ".join(name for name in fields if name not in fixed)
        checked: dict[str, Any] = {}
        for name, value in self.values.items():
            if name not in fields:
                return Refused("event.no_such_field", name=told.name, field=name, known=correctable)
            if name in fixed:
                return Refused("event.fixed_field", field=name)
            try:
                read = None if value is None and not fields[name].required else fields[name].kind.read(value)
            except BadValue as wrong:
                return Refused("event.bad_value", field=name, value=value, **wrong.told)
            if fields[name].worded and isinstance(read, str):
                read = worded(fields[name], read, context)
            unknown = read if isinstance(read, Refused) else nobody(fields[name], read, context)
            if unknown:
                return unknown
            write = fields[name].kind.write
            checked[name] = write(read) if write and read is not None else read
        return checked


def nobody(field: Field, value: Any, context: Context) -> Refused | None:
    """Return a refusal if the field names a person or a group that is not known."""
    for each in value if field.many and value else (value,):
        if each and field.role == "person" and context.person(each) is None:
            return Refused("person.unknown", login=each)
        if each and field.role == "group" and context.group(each) is None:
            return Refused("group.unknown", code=each)
    return None


def in_the_future(changed: Mapping[str, Any], context: Context) -> Refused | None:
    """Return a refusal if the day of what has happened is corrected to one that is yet to come."""
    day = changed.get("date")
    return Refused("event.future", day=day) if day and day > context.today.isoformat() else None


def unsound(
    told: Told, corrected: Any, history: Sequence[Corrected], before: Mapping[str, Any] | None = None
) -> Refused | None:
    """Return why the subject would not add up with the correction in its `history`; `corrected` is None for a withdrawal.

    `before` are the values of the event as they stood.
    """
    if not told.stream.startswith("con_"):
        return None
    from domain.contract.consistency import unsound

    return unsound(told, corrected, history, before or {})


def overpaid(told: Told, history: Sequence[Corrected], context: Context) -> Decimal | None:
    """Return what has come in beyond what a contract is worth with the correction in its `history`, if that is more than now."""
    if not told.stream.startswith("con_"):
        return None
    from domain.contract.consistency import told_by

    over = told_by(history).overpaid
    return over if over > told_by(standing(context.history(told.stream))).overpaid else None


def won_by(told: Told, context: Context) -> Iterator[tuple[str, Told]]:
    """Yield the opportunity that an event has won as a signing, with the event that says so."""
    opportunity = context.load(told.stream).opportunity if told.name == "contract.signed" else None
    for each in standing(context.history(opportunity)) if opportunity else ():
        if each.values and each.told.name == "opportunity.won" and each.values["contract"] == told.stream:
            yield opportunity or "", each.told


@action("event.void", subject="event", example="sales event void 318 --reason 重复录入")
class VoidEvent(Action):
    """Withdraw a recorded event (--reason); it stays in the log and counts no more."""

    def decide(self, state: Told | None, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="event.void")
        refused = untouchable(state, context.subject, "voided", context)
        if refused or state is None:
            return refused or ()
        lacks = changing(state, {}, "event.void", context)
        if lacks:
            return lacks
        followed = builds_on(state, context.history(state.stream)) or [*elsewhere(state, context)]
        if followed:
            names = ", ".join(f"{told.position} {told.name}" for told in followed[:5])
            return Refused("event.followed", count=len(followed), events=names)
        without = [each for each in standing(context.history(state.stream)) if each.told.position != state.position]
        refused = unsound(state, None, without)
        if refused:
            return refused
        over = overpaid(state, without, context)
        return [self.withdrawal(state, context, over), *self.reopening(state, context)]

    def withdrawal(self, told: Told, context: Context, over: Decimal | None = None) -> EventVoided:
        customer = told.data.get("customer")
        return EventVoided(event=told.event_id, at=told.position, customer=customer, by=context.actor, overpaid=over)

    def reopening(self, told: Told, context: Context) -> Iterator[On]:
        """Yield the withdrawal of what a signing has won, so that the opportunity is open again."""
        for opportunity, won in won_by(told, context):
            yield On(opportunity, self.withdrawal(won, context))
