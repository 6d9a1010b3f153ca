"""What undoes an event: its withdrawal, or where it can't be withdrawn the verb that is its opposite."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain.kernel.effective import standing
from domain.kernel.recorded_event import Told
from domain.kernel.refusal import Refused


class Step(NamedTuple):
    """An action that undoes: its name, what it acts on, and its fields in their JSON form."""

    action: str
    subject: str
    data: Mapping[str, Any] = {}


def corrected_back(told: Told, history: Sequence[Told]) -> Step | Refused:
    """Return the correction to the values before `told`; what was corrected once more since then stays."""
    at = told.data["at"]
    before = next(each.values for each in standing(_until(told, history)) if each.told.position == at)
    later = {
        name
        for each in history
        if each.name == "event.corrected" and each.data["at"] == at and each.position > told.position
        for name in each.data["values"]
    }
    values = {name: (before or {}).get(name) for name in told.data["values"] if name not in later}
    return Step("event.correct", str(at), {"values": values}) if values else Refused("event.nothing_changes")


def _until(told: Told, history: Sequence[Told]) -> list[Told]:
    return [each for each in history if each.position < told.position]


OPPOSITES: Final[dict[str, Callable[[Told, Sequence[Told]], Step | Refused]]] = {
    "customer.leads_merged": lambda told, _: Step("lead.unmerge", told.data["duplicate"]),
    "customer.merged_into": lambda told, _: Step("lead.unmerge", told.stream),
    "customer.leads_unmerged": lambda told, _: Step("lead.merge", told.stream, {"duplicate": told.data["duplicate"]}),
    "customer.unmerged_from": lambda told, _: Step("lead.merge", told.data["survivor"], {"duplicate": told.stream}),
    "event.corrected": corrected_back,
    "event.voided": lambda told, _: Refused("undo.of_undo", name=told.name, position=told.position),
    "customer.contact_erased": lambda told, _: Refused("undo.erasure"),
    "person.handover_completed": lambda told, _: Refused("undo.hand_over"),
    "contract.handed_over": lambda told, _: Refused("undo.hand_over"),
    "period.closed": lambda told, _: Refused("undo.closing", period=told.data["period"]),
    "person.registered": lambda told, _: Refused("undo.registration", login=told.data["login"]),
    "group.formed": lambda told, _: Refused("undo.group"),
}
"""What undoes an event that can't be withdrawn, or why nothing does; any other event is withdrawn."""

LED: Final[Mapping[str, str]] = {
    "opportunity.won": "contract.signed",
    "customer.merged_into": "customer.leads_merged",
    "customer.unmerged_from": "customer.leads_unmerged",
    "contract.handed_over": "person.handover_completed",
    "customer.assigned": "person.handover_completed",
}
"""Events that come with another one of the same act, and go with it."""


def undoing(act: Sequence[Told], history: Callable[[str], Sequence[Told]]) -> list[tuple[Told, Step]] | Refused:
    """Return for the events of one act, last first, the steps that undo them; or why they can't be undone.

    What has begun a subject goes after what names it, which would hang in the air.
    """
    names = {told.name for told in act}
    steps: list[tuple[Told, Step]] = []
    for told in sorted(act, key=lambda told: (told.version == 1, -told.position)):
        if LED.get(told.name) in names:
            continue
        find = OPPOSITES.get(told.name)
        step = find(told, history(told.stream)) if find else Step("event.void", str(told.position))
        if isinstance(step, Refused):
            return step
        steps.append((told, step))
    return steps
