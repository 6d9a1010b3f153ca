"""The sales process 流程: its stages in their order, and what is done in each, under which norm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from domain.kernel.field import fields_of
from domain.kernel.registry import action_class
from domain.kernel.rights import roles


class Step(NamedTuple):
    """Something to be done in a stage: the action that records it, and the policy that says by when."""

    action: str
    norm: str | None = None


PROCESS: Final[Mapping[str, tuple[Step, ...]]] = {
    "captured": (Step("lead.validate"), Step("customer.change"), Step("customer.add-contact")),
    "valid": (Step("lead.grade", "grading"), Step("customer.note-pain-point"), Step("customer.form-team")),
    "graded": (Step("follow-up.plan"), Step("follow-up.log", "entry-deadline"), Step("next-action.set")),
    "contacted": (
        Step("follow-up.log", "cadence"),
        Step("need.identify"),
        Step("signal.log"),
        Step("objection.log"),
        Step("opportunity.open"),
        Step("opportunity.move"),
    ),
    "need-identified": (
        Step("follow-up.log", "cadence"),
        Step("proposal.request"),
        Step("collaboration.ask"),
        Step("proposal.deliver"),
        Step("opportunity.move"),
    ),
    "proposed": (
        Step("follow-up.log", "cadence"),
        Step("quote.issue"),
        Step("objection.answer"),
        Step("objection.resolve"),
        Step("opportunity.forecast"),
        Step("opportunity.move"),
    ),
    "negotiating": (
        Step("objection.resolve"),
        Step("contract.draft"),
        Step("contract.submit"),
        Step("contract.review"),
        Step("contract.approve", "approval-tiers"),
        Step("contract.sign"),
    ),
    "signed": (
        Step("contract.archive"),
        Step("payment.schedule"),
        Step("payment.invoice"),
        Step("payment.receive"),
        Step("after-sale.hand-over", "hand-over"),
    ),
    "performing": (
        Step("delivery.deliver"),
        Step("delivery.accept"),
        Step("payment.receive"),
        Step("after-sale.schedule-visit"),
        Step("contract.complete"),
    ),
    "completed": (
        Step("after-sale.visit"),
        Step("after-sale.resolve"),
        Step("review.hold"),
        Step("practice.adopt"),
        Step("opportunity.open"),
    ),
    "lost": (Step("review.hold"), Step("practice.adopt"), Step("opportunity.reopen")),
    "invalid": (Step("lead.validate"),),
}
"""By stage; an action that this program doesn't know is none of its steps."""
STAGES: Final = tuple(stage for stage in PROCESS if stage not in ("lost", "invalid"))
"""The stages through which a customer goes, in their order."""
FILE: Final[Mapping[str, str]] = {
    "company": "customer.change",
    "industry": "customer.change",
    "size": "customer.change",
    "contact": "customer.add-contact",
    "channel": "customer.change",
    "need": "customer.change",
    "credit_code": "customer.change",
    "grade": "lead.grade",
}
"""What a customer's file is complete with, each with the action that fills it; for the need a pain point will do."""


def steps(stage: str) -> Iterator[Step]:
    """Yield what is to be done in a stage, in its order."""
    return (step for step in PROCESS[stage] if action_class(step.action) is not None)


def done_by(step: Step) -> tuple[str, ...]:
    """Return the roles that may do a step."""
    return roles(step.action)


def help_of(action: str) -> str:
    """Return what an action does, as its declaration says it: a message id."""
    return " ".join((getattr(action_class(action), "__doc__", None) or "").split())


def fields(action: str) -> tuple[list[str], list[str]]:
    """Return the fields that an action needs, and those that it takes beside them."""
    declared = fields_of(action_class(action)) if action_class(action) else ()  # type: ignore[arg-type]
    needed = [field.name for field in declared if field.required]
    return needed, [field.name for field in declared if not field.required]


def next_stage(stage: str) -> str | None:
    """Return the stage after this one; None at the end, and where nothing follows."""
    return STAGES[STAGES.index(stage) + 1] if stage in STAGES[:-1] else None
