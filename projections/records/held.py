"""Lists of what customers' records say: each as it stood, with its customer as that stood, read by one question."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from domain.period import Period
from projections.customers import chunks, standing, streams_of, survivors
from projections.events import named
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.records.logged import positions

HELD: Final = """
SELECT r.kind, r.subject, r.item, r.customer, r.state, r.opened, r.closed, r.position, r.actor, r.said, r.steps, r.sources,
       t.stage, f.company, t.owner, t.grade{more}
FROM {source} LEFT JOIN {{tracked}} c ON c.customer = r.customer
 LEFT JOIN {{tracking}} t ON t.number = c.number AND t.known_from <= ? AND t.known_to > ?
  AND t.since = (SELECT s.since FROM {{tracking}} s WHERE s.number = c.number AND s.since <= ?
                 AND s.known_from <= ? AND s.known_to > ? ORDER BY s.since DESC LIMIT 1)
 LEFT JOIN {{tracking_once}} f ON f.number = c.number AND f.once = t.once{joined}
WHERE r.kind IN ({kinds}) AND r.since <= ? AND r.ends > ? AND r.known_from <= ? AND r.known_to > ?
"""
OPEN: Final = """
SELECT i.kind, i.subject, i.item, i.since, i.known_from FROM {{records}} i
WHERE i.kind IN ({kinds}) AND i.closed IS NULL AND i.since <= ? AND i.ends > ? AND i.known_from <= ? AND i.known_to > ?
"""
"""What finds the rows of records that were open, read from an index alone: few of those that were ever open still are."""
CLOSED: Final = OPEN.replace("i.closed IS NULL", "i.closed BETWEEN ? AND ?")
SAME: Final = """
 AND r.kind = k.kind AND r.subject = k.subject AND r.item = k.item AND r.since = k.since AND r.known_from = k.known_from
"""
MANY: Final = 2_000


class Held(NamedTuple):
    """A record of a customer as it stood: `said` and `steps` are what its row tells, `customer` whose it is, merges followed.

    `owner` is the customer's owner on the day asked about, `group` the owner's group then; `more` what else was asked for.
    """

    kind: str
    subject: str
    item: str
    customer: str
    state: str
    opened: date
    closed: date | None
    position: int
    actor: str
    said: Mapping[str, Any]
    steps: Sequence[Sequence[Any]]
    sources: str
    company: str
    owner: str | None
    grade: str | None
    group: str | None
    more: Sequence[Any] = ()

    @property
    def number(self) -> str:
        """The record's number as its customer shows it: that of a merged lead has the lead's id before it."""
        return self.numbered(self.item)

    def numbered(self, item: str) -> str:
        """Return the number of another record of its stream, as its customer shows that."""
        return item if self.subject == self.customer else f"{self.subject}/{item}"

    @property
    def reason(self) -> str | None:
        """The reason given with the last step."""
        return self.steps[-1][4] if self.steps else None

    @property
    def timing(self) -> Mapping[str, Any]:
        """What was told last of when it is due."""
        return self.said

    @property
    def closing(self) -> int:
        """The position of the last event that plays a part in it."""
        return max((step[1] for step in self.steps), default=self.position)

    def row(self) -> dict[str, Any]:
        """Return how a row begins that tells of the record."""
        return {"customer": self.customer, "company": self.company, "item": self.number}

    def whose(self) -> dict[str, Any]:
        return {"owner": self.owner, "group": self.group}


day_of: Final = cache(date.fromordinal)


class Wanted(NamedTuple):
    """Which records are wanted: of customers of an owner, a group, one customer; opened in a period; still open.

    They are as they stood at the moment `until` in microseconds, else at the question's. With `still_open` those `closed` in
    a period may be wanted too. `only` is a further condition on a row `r`, and `more` are further columns, each with its
    parameters; `joined` is joined to find these.
    """

    owner: str | None = None
    group: str | None = None
    customer: str | None = None
    opened: Period | None = None
    still_open: bool = False
    closed: Period | None = None
    until: int | None = None
    only: tuple[str, Sequence[Any]] = ("", ())
    more: tuple[str, Sequence[Any]] = ("", ())
    joined: str = ""


TOLD: Final = (", l.occurred, l.recorded, l.recorder", ())
"""What the log says beside: when the opening happened, as it was told, when it was recorded, and who recorded it."""
BESIDE: Final = " LEFT JOIN {log} l ON l.position = r.position"


def held(ask: Ask, moments: Moments, organisation: Organisation, *kinds: str, wanted: Wanted) -> list[Held]:
    """Return the records of these kinds that customers have, the first opened first; asks records, tracking and pipeline.

    Those of customers that did not stand then are left out; those of a merged lead are its survivor's.
    """
    whose: Any = {"owner": wanted.owner, "group": wanted.group, "customer": wanted.customer}
    streams = streams_of(ask, moments, organisation, **whose)
    sql, params = _question(moments, kinds, wanted, everybody=streams is None)
    if streams is None:
        rows = ask(sql, params)
    else:
        rows = [
            row for marks, some in chunks(streams) for row in ask(f"{sql} AND r.subject IN ({marks})", [*params, *some])
        ]
    rows.sort(key=_first_opened)
    return _made(rows, _Whose(ask, moments, organisation, rows), wanted)


def _question(
    moments: Moments, kinds: Sequence[str], wanted: Wanted, *, everybody: bool
) -> tuple[str, list[Any]]:  # fmt: skip
    """Return the statement that reads the rows, with its parameters; `everybody`: no streams narrow it down."""
    known, until = moments.position, moments.micros if wanted.until is None else wanted.until
    stood = [until, until, known, known]
    by = "r" if everybody else "+r"  # the streams narrow down more than any day does
    source, found, conditions, values = "{records} r", [], "", list[Any]()
    closed = [wanted.closed.first.toordinal(), wanted.closed.last.toordinal()] if wanted.closed else []
    marks = ", ".join("?" * len(kinds))
    if wanted.still_open and everybody:
        several = [OPEN, CLOSED] if closed else [OPEN]
        keys = " UNION ALL ".join(each.format(kinds=marks) for each in several)
        source, conditions = f"({keys}) k CROSS JOIN {{records}} r", SAME
        found = [*kinds, *stood, *([*kinds, *closed, *stood] if closed else [])]
    elif wanted.still_open:
        conditions = f" AND ({by}.closed IS NULL{' OR +r.closed BETWEEN ? AND ?' if closed else ''})"
        values += closed
    if wanted.opened:
        conditions += f" AND {by}.opened BETWEEN ? AND ?"
        values += [wanted.opened.first.toordinal(), wanted.opened.last.toordinal()]
    sql = HELD.format(source=source, kinds=marks, more=wanted.more[0], joined=wanted.joined)
    customer = [known, known, moments.micros, known, known]
    params = [*wanted.more[1], *found, *customer, *kinds, *stood, *values, *wanted.only[1]]
    return sql + conditions + wanted.only[0], params


def _first_opened(row: Sequence[Any]) -> tuple[int, int]:
    return row[5], row[7]


class _Whose:
    """Whose records are that were a merged lead's, and the group of each owner."""

    def __init__(self, ask: Ask, moments: Moments, organisation: Organisation, rows: Sequence[Sequence[Any]]) -> None:
        self._organisation, self._day = organisation, moments.day
        self.merged = survivors(ask, moments) if rows else {}
        passed = {self.merged[row[3]] for row in rows if row[3] in self.merged} if self.merged else set[str]()
        self.survivors = standing(ask, moments, passed)
        self._groups: dict[str | None, str | None] = {None: None}

    def group(self, owner: str | None) -> str | None:
        if owner not in self._groups:
            self._groups[owner] = self._organisation.group_of(owner or "", self._day)
        return self._groups[owner]


def _made(rows: Sequence[Sequence[Any]], whose: _Whose, wanted: Wanted) -> list[Held]:
    loads, made = reader(len(rows)), []
    for (
        kind, subject, item, own, state, opened, closed, position, actor, said, steps, sources,
        stage, called, whom, graded, *more,
    ) in rows:  # fmt: skip
        customer, company, owner, grade = own, called, whom, graded
        if own in whose.merged:
            stood = whose.survivors.get(whose.merged[own])
            if stood is None:
                continue
            customer, company, owner, grade = stood.customer, stood.company, stood.owner, stood.grade
        elif not stage:
            continue
        group = whose.group(owner)
        if wanted.owner in (None, owner) and wanted.group in (None, group):
            days = day_of(opened), day_of(closed) if closed else None
            told = loads(said), loads(steps) if steps else ()
            made.append(
                Held(kind, subject, item, customer, state, *days, position, actor, *told, sources, company, owner, grade,
                     group, more)
            )  # fmt: skip
    return made


def reader(rows: int) -> Callable[[str], Any]:
    """Return what reads the JSON that we wrote into the cells of that many rows; orjson pays only from a few thousand on."""
    if rows < MANY:
        decode = json.JSONDecoder().raw_decode
        return lambda cell: decode(cell)[0]
    import orjson

    return orjson.loads  # type: ignore[no-any-return,unused-ignore]


def behind(ask: Ask, moments: Moments, several: Iterable[Held]) -> list[list[dict[str, Any]]]:
    """Return the events behind each record, what corrects them included, as rows name them."""
    found = [positions(each.sources) for each in several]
    told = named(ask, (position for some in found for position in some), moments)
    return [[told[position][0] for position in some] for some in found]
