"""The metrics of targets: those of the house, and those that a team defines by the policy `metrics` as counts and sums.

A definition is a declaration, no code: of which kind the records are that it counts, and for follow-ups by which channel and
whether somebody was reached; or what the amounts are of that it sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, get_args

from domain.kernel.types import BuiltIn, Touch

BUILT_IN: Final[tuple[str, ...]] = get_args(BuiltIn)
LONGEST: Final = 40
"""The most letters that the name of a metric has."""


class Countable(NamedTuple):
    """What can be counted: the kind of its records (None: of the contracts' own facts), and the event that makes one."""

    record: str | None
    event: str


COUNTABLE: Final[Mapping[str, Countable]] = {
    "follow-ups": Countable("follow-up", "customer.followed_up"),
    "next-actions": Countable("next-action", "customer.next_action_set"),
    "signals": Countable("signal", "customer.signal_logged"),
    "needs": Countable("need", "need.identified"),
    "proposal-requests": Countable("proposal", "proposal.requested"),
    "quotes": Countable("quote", "quote.issued"),
    "collaborations": Countable("collaboration", "collaboration.asked"),
    "hand-overs": Countable("hand-over", "after-sale.handed_over"),
    "complaints": Countable("complaint", "after-sale.complained"),
    "reviews": Countable("review", "review.held"),
    "contracts": Countable(None, "contract.signed"),
}
"""By the word in a definition; each counts on its day, to the credit of who did it, a contract to that of its owner."""


class Summable(NamedTuple):
    """Whose amounts can be summed: those of the records of a kind, or of the facts of a measure."""

    record: str | None = None
    measure: str | None = None


SUMMABLE: Final[Mapping[str, Summable]] = {
    "quotes": Summable(record="quote"),
    "contracts": Summable(measure="signed"),
    "receipts": Summable(measure="collected"),
    "invoices": Summable(measure="invoiced"),
    "deliveries": Summable(measure="delivered"),
}
"""By the word in a definition; each amount counts on its day and in its currency, amendments and refunds with their sign."""


def named(text: str) -> bool:
    """Say whether a metric may have this name: letters and digits of any script with dashes between, and no metric of the house."""
    from domain.kernel.synonyms import meant

    parts = text.split("-")
    plain = len(text) <= LONGEST and text == text.lower() and all(part.isalnum() for part in parts)
    return plain and text not in BUILT_IN and meant(text, BUILT_IN) is None


def definitions(values: Mapping[str, Any]) -> bool:
    """Say whether these are values of the policy `metrics`: a definition for each name."""
    held = values.get("metrics")
    if set(values) != {"metrics"} or not isinstance(held, Mapping):
        return False
    return all(isinstance(name, str) and named(name) and definition(each) for name, each in held.items())


def definition(value: Any) -> bool:
    """Say whether a value declares what is counted or summed."""
    if not isinstance(value, Mapping):
        return False
    if set(value) == {"sum"}:
        return isinstance(value["sum"], str) and value["sum"] in SUMMABLE
    if not {"count"} <= set(value) <= {"count", "channel", "reached"}:
        return False
    if not isinstance(value["count"], str) or value["count"] not in COUNTABLE:
        return False
    if value["count"] != "follow-ups":
        return set(value) == {"count"}
    return value.get("channel") in (None, *get_args(Touch)) and isinstance(value.get("reached", False), bool)


def known(versions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the metrics that there are: those of the house, then those that these values of the policy define."""
    defined = {name for values in versions for name in values["metrics"]}
    return [*BUILT_IN, *sorted(defined)]


def summed(metric: str | None, versions: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether any of these values of the policy `metrics` defines a metric as a sum of amounts."""
    return any("sum" in values["metrics"].get(metric, ()) for values in versions)
