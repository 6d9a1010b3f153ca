"""The way into force of what is approved: who submits can't approve, and an approval binds what it has read."""

from __future__ import annotations

from typing import Protocol

from domain.kernel.context import Context
from domain.kernel.refusal import Refused
from domain.kernel.rights import lacking


class Submitted(Protocol):
    """What is submitted, approved and filed: the digests of what was, who submitted, and the digest of what it is now."""

    state: str
    submitted: str | None
    submitted_by: str | None
    approved: str | None

    def digest(self) -> str: ...


def wrong_state(noun: str, state: str, context: Context, verb: str, *needed: str) -> Refused | None:
    """Return a refusal of `noun` unless its `state` is one of those `needed`."""
    if state in needed:
        return None
    facts = {"state": state, "action": f"{noun}.{verb}", "needed": " or ".join(needed), noun: context.subject}
    return Refused(f"{noun}.wrong_state", **facts)


def not_approvable(noun: str, state: Submitted, context: Context) -> Refused | None:
    """Return a refusal unless it was submitted by somebody else, as it is now, and the actor may approve it."""
    refused = wrong_state(noun, state.state, context, "approve", "submitted")
    if refused:
        return refused
    if state.submitted_by == context.actor:
        return Refused(f"{noun}.own_submission", actor=context.actor)
    lacks = lacking(f"{noun}.approve", context)
    if lacks:
        return lacks
    return edited(noun, context) if state.submitted != state.digest() else None


def not_returnable(noun: str, state: Submitted, context: Context) -> Refused | None:
    """Return a refusal unless it waits for an approval, or has one, and a reason is given."""
    if not context.reason:
        return Refused("reason.missing", action=f"{noun}.return")
    return wrong_state(noun, state.state, context, "return", "submitted", "approved")


def not_fileable(noun: str, state: Submitted, context: Context) -> Refused | None:
    """Return a refusal unless it was approved as it is now."""
    refused = wrong_state(noun, state.state, context, "file", "approved")
    if refused:
        return refused
    return edited(noun, context) if state.approved != state.digest() else None


def edited(noun: str, context: Context) -> Refused:
    return Refused(f"{noun}.edited", **{noun: context.subject})
