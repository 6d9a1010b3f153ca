"""What of a stream's events as they stand hangs together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.kernel.effective import standing
from domain.kernel.recorded_event import Told

DELTAS: Final = frozenset(
    "contract.amended contract.cancelled contract.order_placed contract.completed contract.archived payment.received "
    "payment.scheduled payment.invoiced payment.refunded payment.promised delivery.delivered delivery.accepted".split()
)
"""What happens to a contract beside its way to the signing: nothing builds on it but what names its item."""


def needs_second_person(told: Told, history: Sequence[Told]) -> str | None:
    """Return what makes the event's facts need a second person: an approved target or plan, or a signed contract."""
    names = {entry.told.name for entry in standing(history) if entry.values is not None}
    if told.stream.startswith("con_") and "contract.signed" in names:
        return "a signed contract"
    if told.stream.startswith("tgt_") and names & {"target.approved", "target.filed"}:
        return "an approved target"
    if told.stream.startswith("pln_") and names & {"plan.approved", "plan.filed"}:
        return "an approved plan"
    return None


def builds_on(told: Told, history: Sequence[Told]) -> list[Told]:
    """Return the standing events that would hang in the air without `told`.

    These are everything after a subject's first event or a contract's signing, the approval after a review, and what
    names its item.
    """
    later = [c.told for c in standing(history) if c.values is not None and c.told.position > told.position]
    if told.version == 1 or told.name == "contract.signed":
        return later
    if told.name == "contract.reviewed":
        return [entry for entry in later if entry.name == "contract.approved"]
    if told.stream.startswith(("con_", "tgt_", "pln_", "rsc_")) and told.name not in DELTAS:
        return later
    item = told.data.get("item")
    return [entry for entry in later if item and item in (entry.data.get("item"), entry.data.get("finding"))]
