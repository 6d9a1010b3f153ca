"""What is known of one customer's way through the stages: what happened of what each stage asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from domain.kernel.registry import action_class
from domain.process import FILE
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks, survivors
from projections.queries.record_events import events

OWN: Final = """
SELECT l.position, l.name, l.stream FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE (l.stream IN ({marks}) OR l.position IN (SELECT n.position FROM {{audit_named}} n WHERE n.subject IN ({marks})))
 AND a.moment <= ? AND l.position <= ? AND l.name NOT IN ('event.corrected', 'event.voided')
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND v.name = 'event.voided' AND c.position <= ?)
ORDER BY l.position
"""
TELLING: Final = ("customer.lead_captured", "customer.details_changed", "customer.pain_point_noted")
"""The events that fill what a row of tracking does not show."""
CONTRACT: Final[Mapping[str, str]] = {
    "contract.drafted": "contract.submit",
    "contract.submitted": "contract.approve",
    "contract.returned": "contract.submit",
    "contract.approved": "contract.sign",
}
"""What a contract waits for after an event."""


class Facts(NamedTuple):
    """What a customer's row shows, the names of what has happened, what its open contract waits for, and what its file lacks."""

    row: Mapping[str, Any]
    happened: frozenset[str]
    waits_for: str | None
    unfilled: tuple[str, ...]

    def lacks(self, stage: str, after: str) -> Iterator[str]:
        """Yield the actions that have not been taken of those by which `stage` is reached; `after` is the next one to reach."""
        row = self.row
        match stage:
            case "valid" if "customer.lead_validated" not in self.happened:
                yield "lead.validate"
            case "graded" if row["grade"] is None:
                yield "lead.grade"
            case "contacted" if row["last_contact"] is None:
                yield "follow-up.log"
            case "need-identified" | "proposed" | "negotiating" if stage == after:
                yield from self._moving(stage)
            case "signed" if stage == after:
                yield self.waits_for or "contract.draft"
            case "performing" if stage == after and "after-sale.handed_over" not in self.happened:
                yield "after-sale.hand-over"
            case "completed" if stage == after and action_class("contract.complete") is not None:
                yield "contract.complete"

    def _moving(self, stage: str) -> Iterator[str]:
        if "opportunity.opened" not in self.happened:
            yield "opportunity.open"
        if stage == "negotiating" and self.row["open_objections"]:
            yield "objection.resolve"
        yield "opportunity.move"


def facts(ask: Ask, moments: AsOf, row: Mapping[str, Any]) -> Facts:
    """Return what is known of the customer of a row of tracking; asks audit and pipeline."""
    mine = [row["id"], *(lead for lead, into in survivors(ask, moments).items() if into == row["id"])]
    found = []
    for marks, some in chunks(mine):
        known = (moments.micros, moments.position, moments.position)
        found += ask(OWN.format(marks=marks), (*some, *some, *known))
    waits: dict[str, str | None] = {}
    for _, name, stream in found:
        if name.startswith("contract.") and stream.startswith("con_"):
            waits[stream] = CONTRACT.get(name, None if name != "contract.amended" else waits.get(stream))
    told = events(ask, moments, (position for position, name, _ in found if name in TELLING))
    said: dict[str, Any] = {}
    for each in told.values():
        said.update({name: value for name, value in each.content.items() if value})
    open_one = next((action for action in reversed(waits.values()) if action), None)
    return Facts(row, frozenset(name for _, name, _ in found), open_one, tuple(_unfilled(row, said)))


def _unfilled(row: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that the file lacks; a pain point stands in for a need."""
    for name in FILE:
        filled = row["pain_points"] or said.get("need") if name == "need" else row.get(name) or said.get(name)
        if not filled:
            yield name
