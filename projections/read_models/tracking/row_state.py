"""One customer's row of the tracking table, and how each event changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date
from typing import Any, Final

from domain.calendar.moment import instant
from domain.customer.state import Customer, evolve, file_completeness
from domain.kernel.json_form import revive
from domain.kernel.money import units
from domain.kernel.types import OWNING, is_touch
from domain.sales.opportunity import Opportunity
from domain.sales.opportunity import evolve as evolve_opportunity
from projections.engine import json
from projections.engine.projection import Seen
from projections.engine.sealed import shown
from projections.read_models.contract_facts import Deal

GONE: Final = ("", None, None, None, None, "", None, None, None, None, None, None, None, None, 0, 0, None)
"""The content of a row that stands for no customer any more (merged into another, or its capture voided)."""

REWRITTEN: Final = {
    "customer.lead_captured": ("duplicates",),
    "customer.lead_validated": ("duplicates",),
    "customer.pain_point_noted": ("pain_points",),
    "customer.next_action_set": ("actions",),
    "customer.next_action_completed": ("actions",),
    "customer.next_action_rescheduled": ("actions",),
    "customer.next_action_dropped": ("actions",),
    "customer.objection_logged": ("objections",),
    "customer.objection_answered": ("objections",),
    "customer.objection_resolved": ("objections",),
}
"""Which parts of the row, kept as JSON, an event of the customer can change."""

STAGES: Final = ("captured", "valid", "graded", "contacted", "need-identified", "proposed", "negotiating", "signed")


SHOWN: Final = {
    "need.identified": "need-identified",
    "proposal.delivered": "proposed",
    "quote.issued": "proposed",
}
"""The stage that an act shows to be reached, whatever opportunity it is for."""


class Tracked:
    """What a row shows, folded in business order."""

    __slots__ = (
        "acts",
        "collected",
        "completed",
        "customer",
        "delivered",
        "last_contact",
        "last_touch",
        "opened",
        "opportunities",
        "owned_since",
        "signed",
        "signings",
        "written",
    )

    def __init__(self) -> None:
        self.customer = Customer()
        self.opportunities: dict[str, Opportunity] = {}
        self.signed: dict[str, int] = {}
        self.collected: dict[str, int] = {}
        self.signings: set[str] = set()
        self.acts: set[str] = set()
        self.delivered: set[str] = set()
        self.completed: set[str] = set()
        self.last_contact: str | None = None
        self.last_touch: Seen | None = None
        self.owned_since: tuple[date, int] = (date.min, 0)
        self.opened: dict[str, str] = {}
        self.written: dict[str, str | None] = {}

    def take(self, seen: Seen, mine: bool) -> None:
        """Take an event of the customer (`mine`), of a lead merged into it, or of one of its opportunities."""
        if seen.stream.startswith("opp_"):
            self.written.pop("amounts", None)
            opportunity = self.opportunities.setdefault(seen.stream, Opportunity())
            evolve_opportunity(opportunity, revive(seen.name, seen.data))
        elif not seen.stream.startswith("con_"):
            self._of_customer(seen, mine)

    def _of_customer(self, seen: Seen, mine: bool) -> None:
        name, customer = seen.name, self.customer
        for part in REWRITTEN.get(name, ()):
            self.written.pop(part, None)
        if name == "customer.followed_up":
            self._touched(seen)
        elif name == "customer.objection_logged":
            self.opened[seen.data["item"] if mine else f"{seen.stream}/{seen.data['item']}"] = seen.occurred
        elif name in SHOWN:
            self.acts.add(SHOWN[name])
        if not mine:
            if name.startswith(("customer.next_action", "customer.objection")):
                evolve(customer, revive(name, {**seen.data, "item": f"{seen.stream}/{seen.data['item']}"}))
            return
        if name in OWNING:
            kept, place = customer.owner, (seen.day, seen.position)
            evolve(customer, revive(name, seen.data))
            if place < self.owned_since:
                customer.owner = kept
            else:
                self.owned_since = place
            return
        evolve(customer, revive(name, seen.data))

    def _touched(self, seen: Seen) -> None:
        """Take a follow-up: a touch, if somebody was reached on a counted channel. One of a merged lead may come late."""
        last = self.last_touch
        if not is_touch(seen.data):
            return
        if last is None or seen.day > last.day or (seen.day == last.day and hour(seen) >= hour(last)):
            self.last_touch, self.last_contact = seen, seen.occurred

    def add(self, deal: Deal) -> None:
        """Take a dated delta of a contract."""
        match deal.measure:
            case "signed" | "collected":
                self.written.pop("amounts", None)
                sums = self.signed if deal.measure == "signed" else self.collected
                sums[deal.currency] = sums.get(deal.currency, 0) + deal.amount
            case "delivered":
                self.delivered.add(deal.contract)
            case "completed":
                self.completed.add(deal.contract)
        if deal.seen.name == "contract.signed":
            self.signings.add(deal.contract)
        elif deal.seen.name == "contract.cancelled":
            self.signings.discard(deal.contract)

    def stage(self) -> str:
        """Return the stage that the customer has reached.

        With a contract it is performing once something was delivered under one, and completed once all of them are.
        """
        customer = self.customer
        if self.signings:
            open_ = self.signings - self.completed
            return "completed" if not open_ else "performing" if open_ & self.delivered else "signed"
        if customer.valid is False:
            return "invalid"
        standing = [o for o in self.opportunities.values() if o.status == "open"]
        if self.opportunities and not standing and all(o.status == "lost" for o in self.opportunities.values()):
            return "lost"
        reached = [*self.acts, *(o.stage for o in standing if o.stage)]
        if self.last_contact:
            reached.append("contacted")
        if customer.grade:
            reached.append("graded")
        if customer.valid:
            reached.append("valid")
        return max(reached, key=STAGES.index, default="captured")

    def content(self) -> tuple[Any, ...]:
        """Return the row's content, in the order of the table's columns."""
        c = self.customer
        if not c.known or c.merged_into:
            return GONE
        filled, fields = file_completeness(c)
        return (
            c.company,
            c.industry,
            c.size,
            shown(c.contact),
            self._text("pain_points", lambda: [shown(words) for words in c.pain_points]),
            self.stage(),
            c.channel,
            c.campaign,
            c.grade,
            c.owner,
            self.last_contact,
            self._text("actions", self._actions),
            self._text("objections", self._objections),
            self._text("amounts", self._amounts),
            filled,
            fields,
            self._text("duplicates", lambda: c.duplicates),
        )

    def _text(self, part: str, value: Callable[[], Any]) -> str | None:
        """Return a part of the row as JSON; it is written again only after an event that can change it."""
        written = self.written
        if part not in written:
            now = value()
            written[part] = json.encode(now) if now else None
        return written[part]

    def _actions(self) -> list[list[Any]]:
        still = self.customer.open_actions()
        return [[a.item, shown(a.what), _iso(a.due), a.working_days, _iso(a.counted_from)] for a in still]

    def _objections(self) -> list[list[Any]]:
        return [[o.item, o.kind, self.opened.get(o.item)] for o in self.customer.open_objections()]

    def _amounts(self) -> dict[str, list[int]]:
        expected: dict[str, int] = {}
        for opportunity in self.opportunities.values():
            if opportunity.status == "open":
                worth = expected.get(opportunity.currency, 0) + units(opportunity.amount)
                expected[opportunity.currency] = worth
        currencies = sorted({*expected, *self.signed, *self.collected})
        return {c: [expected.get(c, 0), self.signed.get(c, 0), self.collected.get(c, 0)] for c in currencies}


def hour(seen: Seen) -> int:
    """Return when on its day something was: a plain day begins with its first moment."""
    return 0 if len(seen.occurred) == 10 else instant(seen.occurred, UTC)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
