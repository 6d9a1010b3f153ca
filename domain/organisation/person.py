"""Persons: who acts, in which role, in which group, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.declared import State, declared, field
from domain.kernel.event import Claim, Event, event
from domain.kernel.refusal import Refused
from domain.kernel.rights import SYSTEM, raising
from domain.kernel.types import GroupCode, Login, PersonRole


@event("person.registered")
class PersonRegistered(Event):
    login: str
    name: str
    role: PersonRole

    def claims(self) -> Iterable[Claim]:
        yield Claim("login", self.login, True)


@event("person.joined_group")
class PersonJoinedGroup(Event):
    group: GroupCode
    from_: dt.date


@event("person.left_group")
class PersonLeftGroup(Event):
    group: GroupCode
    from_: dt.date


@event("person.role_changed")
class PersonRoleChanged(Event):
    role: PersonRole


@event("person.departed")
class PersonDeparted(Event):
    date: dt.date


@event("person.handover_completed", adds=True)
class HandoverCompleted(Event):
    to: Login
    customers: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()


@declared
class Person(State):
    """A person as the log knows them. `groups` holds (from, group or None) in recorded order."""

    login: str = ""
    name: str = ""
    role: str = ""
    departed: dt.date | None = None
    groups: list[tuple[dt.date, str | None]] = field(default_factory=list)

    def group_on(self, day: dt.date) -> str | None:
        """Return the group's code on `day`: of the changes up to it the latest, the last recorded of one day."""
        latest: tuple[dt.date, str | None] | None = None
        for change in self.groups:
            if change[0] <= day and (latest is None or change[0] >= latest[0]):
                latest = change
        return latest[1] if latest else None


def evolve(person: Person, happened: Any) -> Person:
    """Return `person` after `happened`."""
    match happened:
        case PersonRegistered():
            person.login, person.name, person.role = happened.login, happened.name, happened.role
        case PersonJoinedGroup():
            person.groups.append((happened.from_, happened.group))
        case PersonLeftGroup():
            person.groups.append((happened.from_, None))
        case PersonRoleChanged():
            person.role = happened.role
        case PersonDeparted():
            person.departed = happened.date
        case HandoverCompleted():
            pass
    return person


@action(
    "person.register", subject="person", creates=True, example="sales person register zhang.san --name 张三 --role rep"
)
class RegisterPerson(Action):
    """Register a person, so that acts can be recorded in their name."""

    login: str = given("Login that the team chooses: letters, digits, dot, dash, underscore.", positional=True)
    name: str = given("The person's name.")
    role: PersonRole = given("What the person does.", default="rep")

    def decide(self, state: Person, context: Context) -> Decision:
        if self.login == SYSTEM:
            return Refused("person.reserved", login=self.login)
        if state.login:
            return Refused("person.exists", login=self.login, name=state.name)
        return raising(self.role, "person.register", context) or PersonRegistered(
            login=self.login, name=self.name, role=self.role
        )


@action("person.join", subject="person", example="sales person join zhang.san --group g1 --from 2024-02-19")
class JoinGroup(Action):
    """Put a person into a group from a day on; the group before is left."""

    group: GroupCode = given("Code of the group.")
    from_: dt.date | None = given("First day in the group; the action's own day unless given.", default=None)

    def decide(self, state: Person, context: Context) -> Decision:
        if context.group(self.group) is None:
            return Refused("group.unknown", code=self.group)
        if state.departed:
            return Refused("person.departed", login=state.login, date=state.departed)
        return PersonJoinedGroup(group=self.group, from_=self.from_ or context.day)


@action("person.leave", subject="person", example="sales person leave zhang.san --from 2024-03-01")
class LeaveGroup(Action):
    """Take a person out of their group from a day on."""

    from_: dt.date | None = given("First day outside; the action's own day unless given.", default=None)

    def decide(self, state: Person, context: Context) -> Decision:
        day = self.from_ or context.day
        group = state.group_on(day)
        if group is None:
            return Refused("person.not_in_group", login=state.login, date=day)
        return PersonLeftGroup(group=group, from_=day)


@action("person.change-role", subject="person", example="sales person change-role zhang.san --role manager")
class ChangeRole(Action):
    """Give a person another role."""

    role: PersonRole = given("The new role.")

    def decide(self, state: Person, context: Context) -> Decision:
        return raising(self.role, "person.change-role", context) or PersonRoleChanged(role=self.role)


@action("person.depart", subject="person", example="sales person depart zhang.san --date 2024-06-30")
class Depart(Action):
    """Record that a person has left the company."""

    date: dt.date | None = given("Last day; the action's own day unless given.", default=None)

    def decide(self, state: Person, context: Context) -> Decision:
        if state.departed:
            return Refused("person.departed", login=state.login, date=state.departed)
        return PersonDeparted(date=self.date or context.day)
