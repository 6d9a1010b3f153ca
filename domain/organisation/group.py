"""Groups: the tree of teams below the company."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.declared import State, declared
from domain.kernel.event import Claim, Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import GroupCode


@event("group.formed")
class GroupFormed(Event):
    code: str
    name: str
    parent: GroupCode | None = None

    def claims(self) -> Iterable[Claim]:
        yield Claim("group", self.code, True)


@declared
class Group(State):
    """A group as the log knows it."""

    code: str = ""
    name: str = ""
    parent: str | None = None


def evolve(group: Group, happened: Any) -> Group:
    """Return `group` after `happened`."""
    match happened:
        case GroupFormed():
            group.code, group.name, group.parent = happened.code, happened.name, happened.parent
    return group


@action("group.form", subject="group", creates=True, example="sales group form g1 --name 一组")
class FormGroup(Action):
    """Form a group of the company, or of another group."""

    code: str = given("Short code by which the group is named.", positional=True)
    name: str = given("The group's name.")
    parent: GroupCode | None = given("Code of the group above; the company unless given.", default=None)

    def decide(self, state: Group, context: Context) -> Decision:
        if state.code:
            return Refused("group.exists", code=self.code, name=state.name)
        if self.parent and context.group(self.parent) is None:
            return Refused("group.unknown", code=self.parent)
        return GroupFormed(code=self.code, name=self.name, parent=self.parent)
