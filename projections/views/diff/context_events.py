"""What lies around the subjects: moves between groups, calendars, policies, and whatever else happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from projections.engine.as_of import AsOf
from projections.engine.projection import Ask

MEMBERSHIPS: Final = "SELECT login, first, last, known_from, known_to FROM {memberships}"
LEARNED: Final = """
SELECT known_from, known_to FROM {{{table}}} WHERE ((known_from > ? AND known_from <= ?) OR (known_to > ? AND known_to <= ?))
"""
WINDOWS: Final = "policies", " AND name = 'new-customer-window'"
MEANWHILE: Final = """
SELECT e.position FROM {{log}} l CROSS JOIN {{audit_entries}} e
WHERE l.stream = ? AND e.position = l.position AND {meanwhile}
UNION SELECT n.position FROM {{audit_named}} n CROSS JOIN {{audit_entries}} e
WHERE n.subject = ? AND e.position = n.position AND {meanwhile}
"""
KNOWN: Final = "e.position > ? AND e.position <= ?"
HAPPENED: Final = "e.moment > ? AND e.moment <= ? AND e.position <= ?"
LAST: Final = "SELECT MAX(l.position) FROM {log} l WHERE l.stream = ? AND l.position <= ?"


def learned(ask: Ask, table: str, before: AsOf, after: AsOf, only: str = "") -> list[int]:
    """Return the events between two positions that changed what is believed in a table of the organisation."""
    low, high = before.position, after.position
    rows = ask(LEARNED.format(table=table) + only, (low, high, low, high)) if low < high else []
    return sorted({known for row in rows for known in row if low < known <= high})


def moves(ask: Ask, before: AsOf, after: AsOf) -> dict[str, list[int]]:
    """Return for each person the events by which their groups are others at `after`: learned, or in force, meanwhile."""
    low, high = before.position, after.position
    first, last = before.day.toordinal(), after.day.toordinal()
    found: dict[str, set[int]] = {}
    for login, begins, ends, known_from, known_to in ask(MEMBERSHIPS):
        if low < high:
            of = {known for known in (known_from, known_to) if low < known <= high}
        else:
            believed = known_from <= high < known_to
            of = {known_from} if believed and (first < begins <= last or first <= ends < last) else set()
        if of:
            found.setdefault(login, set()).update(of)
    return {login: sorted(positions) for login, positions in found.items()}


def meanwhile(ask: Ask, subjects: Iterable[str], before: AsOf, after: AsOf) -> list[int]:
    """Return what happened to these subjects between the moments, or the last before them where nothing did."""
    known = before.position < after.position
    between: tuple[int, ...] = (before.position, after.position)
    if not known:
        between = (before.micros, after.micros, after.position)
    sql = MEANWHILE.format(meanwhile=KNOWN if known else HAPPENED)
    several = list(dict.fromkeys(subjects))
    found = {row[0] for subject in several for row in ask(sql, (subject, *between, subject, *between))}
    if not found:
        found = {row[0] for subject in several for row in ask(LAST, (subject, after.position)) if row[0]}
    return sorted(found)
