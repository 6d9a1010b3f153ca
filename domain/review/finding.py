"""What a review finds, shown by events that stand in the log, and the improvements that are agreed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from domain.calendar.due import DAYS_HELP, DUE_HELP, timed, untimed
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.items import standing_in
from domain.kernel.refusal import Refused
from domain.kernel.types import EventRef, Login
from domain.review.events import FindingKind, FindingMade, ImprovementAgreed, ImprovementCompleted
from domain.review.state import Review, over, unfound

ITEM_HELP: Final = "Which one: its number (m1) or its owner; not needed when only one is open."


def shown_by(references: tuple[str, ...], context: Context) -> list[str] | Refused:
    """Return the ids of the events that are named, each once, or why one of them shows nothing."""
    found: dict[str, None] = {}
    for reference in references:
        told = context.told(reference)
        if told is None:
            return Refused("event.unknown", event=reference)
        for later in context.history(told.stream):
            if later.name == "event.voided" and later.data["at"] == told.position:
                return Refused("event.gone", event=told.position, by=later.position)
        found[told.event_id] = None
    return list(found)


@action(
    "review.find",
    subject="review",
    example="sales review find rev_1 failure --cause 报价晚了三天 --evidence 318 --evidence 325",
)
class MakeFinding(Action):
    """Record a finding: a success or a failure, its cause, and the events that show it."""

    kind: FindingKind = given("success or failure.", positional=True)
    cause: str = given("Why it came so (personal).")
    evidence: tuple[EventRef, ...] = given(
        "An event that shows it: its position, its id or the key of its line; may be repeated.", default=()
    )

    def decide(self, state: Review, context: Context) -> Decision:
        evidence = shown_by(self.evidence, context)
        if isinstance(evidence, Refused):
            return over(state) or evidence
        return over(state) or FindingMade(
            item=state.next_item("f"), kind=self.kind, cause=self.cause, evidence=tuple(evidence)
        )


@action(
    "review.agree",
    subject="review",
    example="sales review agree rev_1 --what 报价模板先行 --owner zhang.san --due 2024-04-30 --finding f1",
)
class AgreeImprovement(Action):
    """Agree on what is going to be done better: by whom, and by when."""

    what: str = given("What is going to be done (personal).")
    owner: Login = given("Who does it.")
    due: dt.date | None = given(DUE_HELP, default=None)
    working_days: int | None = given(DAYS_HELP, default=None)
    finding: str | None = given("From which finding of the review: its number (f1).", default=None)

    def decide(self, state: Review, context: Context) -> Decision:
        person = context.person(self.owner)
        if person is None:
            return Refused("person.unknown", login=self.owner)
        return (
            over(state)
            or unfound(state, self.finding)
            or untimed(self.due, self.working_days)
            or ImprovementAgreed(
                item=state.next_item("m"),
                what=self.what,
                owner=self.owner,
                finding=self.finding,
                **timed(self.due, self.working_days, context),
            )
        )


@action("review.complete", subject="review", example="sales review complete rev_1 m1")
class CompleteImprovement(Action):
    """Record that an improvement which was agreed is done, also after the review was finished."""

    item: str | None = given(ITEM_HELP, default=None, positional=True, also=("improvement",))
    words: str | None = given("What was done (personal).", default=None)

    def decide(self, state: Review, context: Context) -> Decision:
        still = standing_in(state.records, "improvement", ("open",))
        named = self.item or (context.item if context.item and context.item.startswith("m") else None)
        matching = [record for record in still if named in (None, record.item, record.label)]
        if len(matching) != 1:
            known = "; ".join(f"{record.item} {record.label}" for record in still) or "-"
            return Refused("review.no_improvement", item=named or "?", known=known)
        return ImprovementCompleted(item=matching[0].item, words=self.words)
