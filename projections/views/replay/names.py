"""Whose a contract or an opportunity is, and what customers were called, as it was known at a frame."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import BEGUN, chunks

ONCE: Final = """
SELECT c.customer, MIN(f.company), MAX(f.company) FROM {{tracked}} c JOIN {{tracking_once}} f ON f.number = c.number
WHERE c.customer IN ({marks}) GROUP BY c.customer
"""
EACH: Final = """
SELECT c.customer, f.company, t.since, t.known_from, t.known_to
FROM {{tracked}} c JOIN {{tracking}} t ON t.number = c.number
JOIN {{tracking_once}} f ON f.number = t.number AND f.once = t.once
WHERE c.customer IN ({marks}) ORDER BY t.since
"""


class Names:
    """The names of some subjects' customers; most have had one and the same all the time."""

    def __init__(self, ask: Ask, subjects: Iterable[str]) -> None:
        """Look up customers, and the contracts and opportunities of customers; of other subjects nothing is known."""
        self._begun: dict[str, dict[str, Any]] = {}
        several = sorted({*subjects})
        for stream, changes in _asked(ask, BEGUN, [each for each in several if each.startswith(("con_", "opp_"))]):
            self._begun[stream] = {field: value for field, _, value in json.loads(changes)}
        self._always: dict[str, str | None] = {}
        self._by_time: dict[str, list[tuple[Any, ...]]] = {}
        customers = sorted({self.customer(each) for each in several} - {""})
        rows = _asked(ask, ONCE, customers)
        self._always = {customer: name for customer, name, _ in rows}
        for customer, *row in _asked(ask, EACH, [customer for customer, least, most in rows if least != most]):
            self._by_time.setdefault(customer, []).append(tuple(row))

    def customer(self, subject: str) -> str:
        """Return the customer that the subject is or belongs to; '' for none."""
        if subject.startswith("cus_"):
            return subject
        return str(self._begun.get(subject, {}).get("customer") or "")

    def number(self, contract: str) -> str | None:
        """Return the number under which a contract was drafted."""
        return self._begun.get(contract, {}).get("number")

    def at(self, subject: str, frame: AsOf) -> str | None:
        """Return what the subject's customer was called, as known at the frame; None for what has none."""
        customer = self.customer(subject)
        name = self._always.get(customer)
        for company, since, known_from, known_to in self._by_time.get(customer, ()):
            if since <= frame.micros and known_from <= frame.position < known_to:
                name = company
        return name


def _asked(ask: Ask, sql: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for marks, some in chunks(values):
        found += ask(sql.format(marks=marks), some)
    return found
