"""What a customer lacks for the next stage, and the command that brings it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from shlex import quote
from typing import Any, Final, NamedTuple

from domain.customer.state import Customer

Row = Mapping[str, Any]
CONTRACT: Final = {"draft": "submit", "returned": "submit", "submitted": "approve", "approved": "sign"}
"""By the state of a contract that is not signed, the verb that takes it on."""


class Seen(NamedTuple):
    """What is looked at: the customer, its open opportunities, its contracts, and the criteria of grades."""

    customer: Customer
    opportunities: Sequence[Row]
    contracts: Sequence[Row]
    criteria: Sequence[Row]


class Lack(NamedTuple):
    """What is missing (a code that the command line words), its facts, and the words that bring it after `sales`."""

    what: str
    facts: Mapping[str, str]
    command: str


def _validation(seen: Seen) -> Iterator[Lack]:
    for duplicate in seen.customer.duplicates:
        yield Lack("duplicate", {"other": duplicate}, f"lead merge {{subject}} --duplicate {duplicate}")
    yield Lack("validation", {}, "lead validate {subject}")


def _grade(seen: Seen) -> Iterator[Lack]:
    if seen.customer.valid is None:
        yield from _validation(seen)
    for row in seen.criteria:
        if row["grade"] == "initial" and not row["met"]:
            yield Lack(
                "criterion", {"criterion": row["criterion"], "needed": str(row["needed"])}, "lead grade {subject}"
            )
    yield Lack("grade", {}, "lead grade {subject} initial")


def _touch(seen: Seen) -> Iterator[Lack]:
    yield Lack("touch", {}, "follow-up log {subject}")


def _moved(stage: str) -> Callable[[Seen], Iterator[Lack]]:
    def lacking(seen: Seen) -> Iterator[Lack]:
        if not seen.opportunities:
            yield Lack("opportunity", {}, "opportunity open {subject}")
        for row in seen.opportunities:
            yield Lack("moved", {"opportunity": row["id"], "stage": stage}, f"opportunity move {row['id']} {stage}")

    return lacking


def _signed(seen: Seen) -> Iterator[Lack]:
    waiting = [row for row in seen.contracts if row["state"] in CONTRACT]
    if not waiting:
        yield Lack("contract", {}, "contract draft --customer {subject}")
    for row in waiting:
        verb = CONTRACT[row["state"]]
        yield Lack(f"contract_{verb}", {"number": row["number"]}, f"contract {verb} {quote(row['number'])}")


def _paid(seen: Seen) -> Iterator[Lack]:
    for row in seen.contracts:
        if row["outstanding"] and Decimal(row["outstanding"]) > 0 and row["state"] == "signed":
            facts = {"number": row["number"], "amount": row["outstanding"], "currency": row["currency"]}
            yield Lack("outstanding", facts, f"payment receive {quote(row['number'])} --amount {row['outstanding']}")


STEPS: Final[Mapping[str, tuple[str, Callable[[Seen], Iterator[Lack]]]]] = {
    "captured": ("valid", _validation),
    "valid": ("graded", _grade),
    "graded": ("contacted", _touch),
    "contacted": ("need-identified", _moved("need-identified")),
    "need-identified": ("proposed", _moved("proposed")),
    "proposed": ("negotiating", _moved("negotiating")),
    "negotiating": ("signed", _signed),
    "signed": ("completed", _paid),
    "performing": ("completed", _paid),
}
"""By stage, the one that comes next, and what finds out what it still lacks. A further stage is one entry."""


def missing(
    subject: str,
    stage: str,
    customer: Customer,
    opportunities: Sequence[Row],
    contracts: Sequence[Row],
    criteria: Sequence[Row],
) -> dict[str, Any]:
    """Return the next stage (None after the last) and what is missing for it."""
    step = STEPS.get(stage)
    if step is None:
        return {"next_stage": None, "missing": []}
    still = [row for row in opportunities if row["state"] == "open"]
    return {
        "next_stage": step[0],
        "missing": [
            {**lack._asdict(), "command": f"sales {lack.command}".replace("{subject}", subject)}
            for lack in step[1](Seen(customer, still, contracts, criteria))
        ],
    }
