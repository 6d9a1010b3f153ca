"""The events behind a customer's row of the tracking table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks

BEHIND: Final = """
SELECT s.subject, l.position, l.event_id, l.name FROM (
  SELECT o.stream AS subject, o.position FROM {{log}} o WHERE o.stream IN ({marks})
  UNION SELECT n.subject, n.position FROM {{audit_named}} n WHERE n.subject IN ({marks})) s
JOIN {{audit_entries}} a ON a.position = s.position JOIN {{log}} l ON l.position = s.position
WHERE a.moment <= ? AND l.position <= ? ORDER BY s.subject, l.position
"""


def of_customers(ask: Ask, moments: AsOf, customers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return for each customer the events that its row rests on: its own, and its contracts' and opportunities'."""
    found: dict[str, list[dict[str, Any]]] = {}
    for marks, some in chunks(customers):
        sql = BEHIND.format(marks=marks)
        for subject, position, event, name in ask(sql, (*some, *some, moments.micros, moments.position)):
            found.setdefault(subject, []).append({"position": position, "event": event, "name": name})
    return found
