"""What a review is after its events: of what it is, what it has found, and which improvements are still open."""

from __future__ import annotations

from typing import Any

from domain.kernel.declared import State, declared, field
from domain.kernel.items import Record, moved, opened
from domain.kernel.refusal import Refused
from domain.review import events as e


@declared
class Review(State):
    """A review as the log knows it. `customer` is whom a deal's review speaks of: its words are that customer's data."""

    kind: str = ""
    customer: str = ""
    finished: bool = False
    records: dict[str, Record] = field(default_factory=dict)

    def next_item(self, letter: str) -> str:
        """Return the number of the review's next finding (f1, f2 ...) or improvement (m1, m2 ...)."""
        numbers = [int(item[1:]) for item in self.records if item[0] == letter]
        return f"{letter}{max(numbers, default=0) + 1}"

    def findings(self) -> list[Record]:
        return [record for record in self.records.values() if record.kind == "finding"]


def evolve(review: Review, happened: Any) -> Review:
    """Return `review` after `happened`."""
    match happened:
        case e.ReviewHeld():
            review.kind, review.customer = happened.kind, happened.customer or ""
        case e.FindingMade(item=item):
            opened(review.records, item, "finding", happened.kind)
        case e.ImprovementAgreed(item=item):
            opened(review.records, item, "improvement", "open", happened.owner)
        case e.ImprovementCompleted(item=item):
            moved(review.records, item, "done")
        case e.ReviewFinished():
            review.finished = True
    return review


def over(review: Review) -> Refused | None:
    """Return why nothing more is found or agreed in the review, if so."""
    return Refused("review.finished") if review.finished else None


def unfound(review: Review, finding: str | None) -> Refused | None:
    """Return a refusal if a finding is named that the review has not made."""
    known = [record.item for record in review.findings()]
    if finding is None or finding in known:
        return None
    return Refused("review.no_finding", finding=finding, known=", ".join(known) or "-")
