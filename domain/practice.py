"""Practices 最佳实践/话术库: the questions, scripts, cases and templates that the team has adopted, until they are retired."""

from __future__ import annotations

from typing import Any, Literal

from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.declared import State, declared
from domain.kernel.event import Event, event
from domain.kernel.refusal import Refused
from domain.kernel.types import CustomerStage, GradeWord, ReviewId

PracticeKind = Literal["discovery-question", "script", "case", "template"]


@event("practice.adopted")
class PracticeAdopted(Event):
    """`finding` is the number of the finding in `review` from which it comes."""

    kind: PracticeKind
    text: str
    stage: CustomerStage | None = None
    grade: GradeWord | None = None
    objection: str | None = None
    review: ReviewId | None = None
    finding: str | None = None


@event("practice.retired")
class PracticeRetired(Event):
    pass


@declared
class Practice(State):
    """A practice as the log knows it; `state` is adopted or retired."""

    kind: str = ""
    objection: str | None = None
    state: str = ""


def evolve(practice: Practice, happened: Any) -> Practice:
    """Return `practice` after `happened`."""
    match happened:
        case PracticeAdopted():
            practice.kind, practice.objection, practice.state = happened.kind, happened.objection, "adopted"
        case PracticeRetired():
            practice.state = "retired"
    return practice


@action(
    "practice.adopt",
    subject="practice",
    creates=True,
    example="sales practice adopt script --objection price --text 先算三年总成本，再谈单价",
)
class AdoptPractice(Action):
    """Adopt a question, a script, a case or a template, for the whole team: everybody reads its text."""

    kind: PracticeKind = given("discovery-question, script, case or template.", positional=True)
    text: str = given("Its text, without a customer's person in it: it can't be erased.")
    stage: CustomerStage | None = given("For which stage.", default=None)
    grade: GradeWord | None = given("For customers of which grade.", default=None)
    objection: str | None = given("Against which kind of objection: price, lead-time, ...", default=None)
    review: ReviewId | None = given("From which review: id or key.", default=None)
    finding: str | None = given("From which of its findings: its number (f1).", default=None)

    def decide(self, state: Practice, context: Context) -> Decision:
        if self.finding and not self.review:
            return Refused("practice.finding_alone", finding=self.finding)
        if self.review:
            from domain.review.state import unfound

            refused = unfound(context.load(self.review), self.finding)
            if refused:
                return refused
        return PracticeAdopted(
            kind=self.kind,
            text=self.text,
            stage=self.stage,
            grade=self.grade,
            objection=self.objection,
            review=self.review,
            finding=self.finding,
        )


@action("practice.retire", subject="practice", example="sales practice retire pra_1 --reason 已有新话术")
class RetirePractice(Action):
    """Retire a practice, and say why (--reason); it stays in the history."""

    def decide(self, state: Practice, context: Context) -> Decision:
        if not context.reason:
            return Refused("reason.missing", action="practice.retire")
        return PracticeRetired() if state.state == "adopted" else Refused("practice.retired")
