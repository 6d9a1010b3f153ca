"""A contract on its way through events: its state, and what the ledger says of it beside that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from projections.engine import json
from projections.engine.projection import Seen
from projections.read_models.contract_facts import ContractCourse, Deal

PAYMENTS: Final = frozenset("payment.received payment.refunded payment.invoiced payment.promised".split())


class Walk:
    """A contract on its way through events in recorded order, and what its rows say beside its state."""

    __slots__ = ("approved_by", "course", "events", "reviews")

    def __init__(self, stream: str) -> None:
        self.course = ContractCourse(stream)
        self.events: list[Seen] = []
        self.reviews: list[Seen] = []
        self.approved_by: str | None = None

    def take(self, seen: Seen) -> Deal | None:
        """Take the next event; return the delta that it makes."""
        deal = self.course.step(seen)
        self.events.append(seen)
        if seen.name == "contract.approved":
            self.approved_by = seen.data["by"]
        elif seen.name == "contract.reviewed":
            self.reviews.append(seen)
        return deal

    def approver(self) -> str | None:
        """Return who has approved what the contract says: an approval of what it said before an edit holds no more."""
        state = self.course.state
        if self.approved_by is None or state.signed_on or state.approved == state.digest():
            return self.approved_by
        return None

    def opinions(self) -> str | None:
        """Return the departments' opinions, as JSON; one of what the contract said before an edit holds no more."""
        if not self.reviews:
            return None
        state = self.course.state
        reads = None if state.signed_on else state.digest()
        return listed(
            [
                {
                    **{name: seen.data[name] for name in ("item", "department", "opinion", "by")},
                    "holds": reads in (None, seen.data["digest"]),
                }
                for seen in self.reviews
            ]
        )

    def not_accepted(self) -> str | None:
        """Return the milestones that were delivered and wait for their acceptance, as JSON."""
        return listed([each.milestone for each in self.course.state.deliveries.values() if not each.accepted])


def listed(values: Sequence[object]) -> str | None:
    """Return what stands in a cell for a list: JSON, nothing for an empty one."""
    return json.encode(values) if values else None
