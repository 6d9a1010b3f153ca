"""Which contracts a question is about, as it asks the tables for them and for whose they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import standing, survivors, with_merged
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation

STOOD: Final = """
FROM {contracted} k CROSS JOIN {contracts} c
LEFT JOIN {facts} g ON c.owner IS NULL AND g.measure = 'signed' AND g.day = c.signed_day AND g.customer = c.customer
 AND g.source = c.signing AND g.since <= ? AND g.known_from <= ? AND g.known_to > ?
LEFT JOIN {tracked} n ON n.customer = c.customer
LEFT JOIN {tracking} t ON t.number = n.number AND t.stage <> ''
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = n.number AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
 AND t.known_from <= ? AND t.known_to > ?
LEFT JOIN {tracking_once} f ON f.number = t.number AND f.once = t.once
"""
"""Each contract beside the fact of its signing, where that says whose it is, and its customer."""
HELD: Final = """
WHERE k.begun <= ? AND c.begun = k.begun AND c.known_from <= ? AND c.known_to > ?
 AND c.since = (SELECT r.since FROM {contracts} r WHERE r.begun = k.begun AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
"""
WHOSE: Final = """
k.contract, c.number, c.customer, f.company,
CASE WHEN c.owner IS NOT NULL THEN c.owner WHEN c.signing IS NULL THEN t.owner WHEN g.owner <> '' THEN g.owner END,
c.owner IS NULL AND c.signing IS NULL
"""
"""What is selected first: a contract and whose it is, and whether that is only because its customer is theirs."""
UNOWNED: Final = 5
SIGNED: Final = """
 AND c.signed_day BETWEEN ? AND ? AND k.begun IN (
 SELECT b.begun FROM {facts} s CROSS JOIN {contract_names} b
 WHERE s.measure = 'signed' AND s.day BETWEEN ? AND ? AND b.subject = s.customer)
"""
"""Those signed on some days: their customers have a fact of it."""
OF_OWNERS: Final = """
SELECT b.begun FROM {{contract_names}} b WHERE b.subject IN ({persons})
UNION SELECT b.begun FROM {{facts}} s CROSS JOIN {{contract_names}} b
 WHERE s.measure = 'signed' AND s.owner IN ({marks}) AND b.subject = s.customer
UNION SELECT b.begun FROM (SELECT DISTINCT t.number FROM {{tracking}} t WHERE t.owner IN ({marks})) o
 CROSS JOIN {{tracked}} w CROSS JOIN {{contract_names}} b WHERE w.number = o.number AND b.subject = w.customer
UNION SELECT b.begun FROM {{merges}} m CROSS JOIN {{contract_names}} b WHERE b.subject = m.customer
"""
"""Every contract that may be theirs: it named them, its signing or its customer was theirs, or its customer is another's now."""
OF_SUBJECTS: Final = """
SELECT w.begun FROM {{contracted}} w WHERE w.contract IN ({marks})
UNION SELECT b.begun FROM {{contract_names}} b WHERE b.subject IN ({named})
"""
MOST: Final = 5_000
"""As many contracts are asked for one by one; where there are more, all are, and the others left out."""


class Wanted(NamedTuple):
    """Whose contracts are asked about: an owner's, those of a group and the groups below it, of some customers or contracts."""

    owner: str | None = None
    group: str | None = None
    subjects: Sequence[str] | None = None

    def narrowed(self, rows: list[dict[str, Any]], organisation: Organisation, contract: str) -> list[dict[str, Any]]:
        """Return those of the rows that are wanted; `contract` is the key that tells which contract a row is of."""
        if self == ALL:
            return rows
        within = _Within(organisation, self.group)
        return [
            row
            for row in rows
            if self.owner in (None, row["owner"])
            and (self.group is None or within[row["group"]])
            and (self.subjects is None or row[contract] in self.subjects or row["customer"] in self.subjects)
        ]


ALL: Final = Wanted()


class _Within(dict[str | None, bool]):
    """Whether a group is the one asked for, or below it."""

    def __init__(self, organisation: Organisation, group: str | None) -> None:
        super().__init__({None: False})
        self._organisation, self._group = organisation, group

    def __missing__(self, group: str | None) -> bool:
        found = self[group] = self._group in self._organisation.above(group or "")
        return found


class Condition(NamedTuple):
    """What a question asks of contracts beyond that they stood: SQL on `k`, `c` and what is beside them, and its parameters."""

    sql: str
    params: Sequence[Any] = ()


def signed_in(period: Period, moments: AsOf) -> Condition:
    """Return the condition that a contract was signed in a period."""
    days = (period.first.toordinal(), min(period.last, moments.day).toordinal())
    return Condition(SIGNED, days * 2)


def whose(ask: Ask, moments: AsOf, organisation: Organisation, wanted: Wanted) -> Condition:
    """Return a condition that every wanted contract meets, and few others do."""
    if wanted.subjects is not None:
        named = with_merged(ask, moments, wanted.subjects)
        sql = OF_SUBJECTS.format(marks=_marks(wanted.subjects), named=_marks(named))
        return _among([begun for (begun,) in ask(sql, [*wanted.subjects, *named])])
    if wanted.owner is None and wanted.group is None:
        return Condition("")
    logins = organisation.members_below(str(wanted.group), moments.day) if wanted.owner is None else [wanted.owner]
    if not logins:
        return _among([])
    persons = [f"per_{login}" for login in logins]
    sql = OF_OWNERS.format(marks=_marks(logins), persons=_marks(persons))
    return _among([begun for (begun,) in ask(sql, [*persons, *logins, *logins])])


def _among(begun: Sequence[int]) -> Condition:
    if not begun:
        return Condition(" AND k.begun IS NULL")
    return Condition(f" AND k.begun IN ({_marks(begun)})", begun) if len(begun) <= MOST else Condition("")


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def found(ask: Ask, moments: AsOf, select: str, *conditions: Condition, beside: str = "") -> list[tuple[Any, ...]]:
    """Return what is selected of the contracts that stood, and of what `beside` joins to them; the last says the order."""
    micros, known = moments.micros, (moments.position, moments.position)
    params = [micros, *known, micros, *known, *known, moments.position, *known, micros, *known]
    for condition in conditions:
        params += condition.params
    return ask(f"SELECT {select} {STOOD}{beside}{HELD}{''.join(each.sql for each in conditions)}", params)


def under_others(
    ask: Ask, moments: AsOf, rows: Sequence[dict[str, Any]], told: Sequence[Sequence[Any]], groups: Groups
) -> None:
    """Put the rows of a customer that was merged into another under that one.

    It is the other's owner whose they are, where what was `told` of a row says after its owner that nobody owns it by itself.
    """
    merged = survivors(ask, moments)
    several = [n for n, row in enumerate(rows) if row["customer"] in merged] if merged else []
    stood = standing(ask, moments, (merged[rows[n]["customer"]] for n in several))
    for n in several:
        row = rows[n]
        row["customer"] = merged[row["customer"]]
        into = stood.get(row["customer"])
        row["company"] = into.company if into else None
        if told[n][UNOWNED]:
            row["owner"] = into.owner if into else None
            row["group"] = groups[row["owner"]]
