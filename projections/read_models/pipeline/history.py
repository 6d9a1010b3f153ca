"""What an opportunity's history makes of it: a row for each event, and for each change of hands while it is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from domain.kernel.json_form import revive
from domain.kernel.money import units
from domain.kernel.types import OWNING
from domain.sales.opportunity import Opportunity, evolve
from projections.engine.corrections import in_business_order
from projections.engine.projection import OPEN, Seen
from projections.read_models.ownership import Owners

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
"""(opportunity or customer, since, step) -> the content of the row."""

NAMING: Final = ("customer.lead_captured", "customer.details_changed")


class Holder:
    """The customer of an opportunity, as far as the opportunity shows it: its owner and its name by moment."""

    def __init__(self, events: Sequence[Seen]) -> None:
        """Take the customer's effective events."""
        self._owners = Owners(events)
        named = (seen for seen in in_business_order(events) if seen.name in NAMING and seen.data.get("company"))
        self._names = [(seen.moment, seen.position, seen.data["company"]) for seen in named]
        handed = [(seen.moment, seen.position) for seen in events if seen.name in OWNING]
        self.changes = sorted({*handed, *((moment, position) for moment, position, _ in self._names)})

    def names(self, customer: str) -> Rows:
        """Return the place and content of each name of the customer."""
        return {(customer, moment, position): (name,) for moment, position, name in self._names}

    def at(self, moment: int, act: Seen | None = None) -> tuple[str, str | None]:
        """Return the owner at a moment, and the name by then, or the first that it had.

        An act is its owner's as any is: of a plain date the last one's of that day.
        """
        name = self._names[0][2] if self._names else None
        for since, _, named in self._names:
            if since > moment:
                break
            name = named
        return self._owners.at(moment) if act is None else self._owners.of(act).owner, name


class Course:
    """An opportunity on its way, and what its rows say beside its state."""

    def __init__(self) -> None:
        self.state = Opportunity()
        self.opened = self.changed = ""
        self.valued = 0

    def step(self, seen: Seen) -> None:
        """Take an event of the opportunity, in business order."""
        evolve(self.state, revive(seen.name, seen.data))
        self.opened, self.changed = self.opened or seen.occurred, seen.occurred
        if seen.name in ("opportunity.opened", "opportunity.reopened") or (
            seen.name == "opportunity.forecast" and seen.data.get("amount") is not None
        ):
            self.valued = seen.position

    def content(self, owner: str, company: str | None) -> tuple[Any, ...]:
        """Return the row's content after `ends`, in the order of the table's columns."""
        o = self.state
        return (
            o.status,
            owner,
            o.customer,
            company,
            o.name,
            o.stage,
            units(o.amount),
            o.currency,
            o.close_date.isoformat() if o.close_date else None,
            None if o.probability is None else format(o.probability, "f"),
            self.opened,
            self.changed,
            self.valued,
        )


def rows_of(opportunity: str, events: Sequence[Seen], holder: Holder) -> Rows:
    """Return the rows of an opportunity from its effective events and its customer."""
    course = Course()
    stood: list[tuple[int, int, tuple[Any, ...]]] = []
    for moment, position, seen in _in_order(events, holder):
        if seen is not None:
            course.step(seen)
        elif course.state.status != "open":
            continue
        if course.state.status:
            content = course.content(*holder.at(moment, seen))
            if seen is not None or content != stood[-1][2]:
                stood.append((moment, position, content))
    ends = [*(since for since, _, _ in stood[1:]), OPEN]
    return {
        (opportunity, since, step): (end, *content) for (since, step, content), end in zip(stood, ends, strict=False)
    }


def _in_order(events: Iterable[Seen], holder: Holder) -> list[tuple[int, int, Seen | None]]:
    """Return the opportunity's events and its customer's changes; at one moment the customer's come first."""
    told = [(seen.moment, True, seen.position, seen) for seen in events]
    changed = [(moment, False, position, None) for moment, position in holder.changes]
    ordered = sorted([*told, *changed], key=lambda each: each[:3])
    return [(moment, position, seen) for moment, _, position, seen in ordered]
