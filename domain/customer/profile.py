"""The customer file's actions: details, contacts, pain points, the dedicated team."""

from __future__ import annotations

from typing import Final

from domain.customer import events as e
from domain.customer.credit_code import CODE_HELP
from domain.customer.guard import gone
from domain.customer.state import Customer
from domain.kernel.action import Action, Decision, On, action, given
from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.types import Login

MANY: Final = 10
"""How many values are named that stand in the way of an erasure."""
CONTACT: Final = ("contact", "phone", "email", "position")
"""What is known of one of a customer's people."""


@action(
    "customer.change",
    subject="customer",
    example="sales customer change 某某科技有限公司 --industry 制造 --size 200-500",
)
class ChangeCustomer(Action):
    """Change details of the customer's file, or of one of its contacts (--item); what is not given stays."""

    company: str | None = given("New name of the company.", default=None)
    industry: str | None = given("Industry.", default=None)
    size: str | None = given("Size of the company.", default=None)
    credit_code: str | None = given(CODE_HELP, default=None)
    need: str | None = given("What they need, in their words (personal).", default=None)
    item: str | None = given("Which contact: c1, c2 ...; the first, c0, unless given.", default=None)
    contact: str | None = given("The contact's name (personal).", default=None, also=("name",))
    phone: str | None = given("The contact's phone (personal).", default=None)
    email: str | None = given("The contact's e-mail (personal).", default=None)
    position: str | None = given("The contact's position in their company.", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        refused = gone(state, context)
        if refused:
            return refused
        told = {name: value for name in CONTACT if (value := getattr(self, name)) is not None}
        item = self.item or state.first_contact
        if (told or self.item) and item not in state.contacts:
            known = ", ".join(state.contacts) or "-"
            return Refused("customer.no_such_item", state="known", kind="contact", item=item or "?", known=known)
        new = {
            name: value
            for name in ("company", "industry", "size", "credit_code", "need")
            if (value := getattr(self, name)) is not None and value != getattr(state, name)
        }
        other = {name: value for name, value in told.items() if value != state.contacts[item].get(name)}
        file = [e.CustomerDetailsChanged(**new)] if new else []
        wrong = next((wrong for made in file if (wrong := made.refused(context, context.subject))), None)
        contact = [e.ContactChanged(item=item, **other)] if other else []
        return wrong or [*file, *contact] or Refused("event.nothing_changes")


@action(
    "customer.add-contact",
    subject="customer",
    example="sales customer add-contact 某某科技有限公司 --contact 李总 --phone 13800000000",
)
class AddContact(Action):
    """Add a contact person to the customer's file."""

    contact: str = given("The contact's name (personal).", also=("name",))
    phone: str | None = given("Phone (personal).", default=None)
    email: str | None = given("E-mail (personal).", default=None)
    position: str | None = given("Position in their company.", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        return gone(state, context) or e.ContactAdded(
            item=state.next_item("c"),
            contact=self.contact,
            phone=self.phone,
            email=self.email,
            position=self.position,
        )


@action(
    "customer.erase-contact",
    subject="customer",
    example="sales customer erase-contact 某某科技有限公司 --reason 本人要求删除",
)
class EraseContact(Action):
    """Erase what is recorded of a contact, or of all the customer's people, for good (--reason): names, numbers, notes, what they said."""

    contact: str | None = given("The name of the contact who goes alone (personal); all go unless given.", default=None)
    item: str | None = given("Which contact goes alone: c0 (the first), c1 ...", default=None)

    def decide(self, state: Customer, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="customer.erase-contact")
        if self.contact or self.item:
            return self.alone(state, context)
        merged = ((lead, context.load(lead)) for lead in state.merged)
        return [
            e.ContactErased(item=state.next_item("e")),
            *(On(lead, e.ContactErased(item=told.next_item("e"))) for lead, told in merged),
        ]

    def alone(self, state: Customer, context: Context) -> Decision:
        """Decide on one contact, whose data must lie under keys of its own."""
        meant = [
            item
            for item, known in state.contacts.items()
            if self.item in (None, item) and (self.contact is None or known.get("contact") == self.contact)
        ]
        known = ", ".join(state.contacts) or "-"
        if not meant:
            facts = {"state": "known", "kind": "contact", "item": self.item or self.contact, "known": known}
            return Refused("customer.no_such_item", **facts)
        if len(meant) > 1:
            return Refused("customer.contact_ambiguous", name=self.contact, items=", ".join(meant))
        held = context.sealed_together(context.subject, meant[0])
        if held:
            said = ", ".join(f"{position} {field}" for position, field in held[:MANY])
            return Refused("customer.contact_not_alone", contact=meant[0], count=len(held), said=said)
        return e.ContactErased(item=state.next_item("e"), which=meant[0])


@action(
    "customer.note-pain-point",
    subject="customer",
    example="sales customer note-pain-point 某某科技有限公司 --words 交期太长",
)
class NotePainPoint(Action):
    """Note what hurts the customer, in their words."""

    words: str = given("The pain point (personal).", positional=True, also=("pain_point", "text"))

    def decide(self, state: Customer, context: Context) -> Decision:
        return gone(state, context) or e.PainPointNoted(item=state.next_item("p"), words=self.words)


@action(
    "customer.form-team",
    subject="customer",
    example="sales customer form-team 某某科技有限公司 --members zhang.san --members li.si",
)
class FormTeam(Action):
    """Form the dedicated team that a key customer needs; a team formed again replaces the one before."""

    members: tuple[Login, ...] = given("Logins of the members; may be repeated.")

    def decide(self, state: Customer, context: Context) -> Decision:
        for login in self.members:
            if context.person(login) is None:
                return Refused("person.unknown", login=login)
        if not self.members:
            return Refused("person.unknown", login="-")
        return gone(state, context) or e.DedicatedTeamFormed(members=self.members)
