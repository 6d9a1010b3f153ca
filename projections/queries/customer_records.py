"""Lists of what customers' records say: each as it stood, with its customer as that stood, read by one question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol

from domain.calendar.period import Period
from projections.engine.as_of import AsOf, days_within
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.customers import chunks, standing, streams_of, survivors
from projections.queries.dates import day_of
from projections.queries.events import named
from projections.queries.follow_up_log import positions
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation

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


class Held(NamedTuple):
    """A record of a customer as it stood: `said` and `steps` are what its row tells, `customer` whose it is, merges followed.

    `number` is the record's as its customer shows it: that of a merged lead has the lead's id before it.

    `owner` is the customer's owner on the day asked about, `group` the owner's group then; `more` what else was asked for.
    """

    kind: str
    subject: str
    item: str
    number: str
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

    def under(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what tells of another record of the lead that it was a record of, with its number as the customer shows it."""
        return {**row, "item": f"{self.subject}/{row['item']}"}

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
        return closing_of(self.position, self.steps)


def closing_of(position: int, steps: Sequence[Sequence[Any]]) -> int:
    """Return the position of the last event of a record: of its steps, or of its opening."""
    return max([step[1] for step in steps], default=position)


class Wanted(NamedTuple):
    """Which records are wanted: of customers of an owner, a group, one customer; opened in a period; still open.

    They are as they stood at the moment `until` in microseconds, else at the question's; those opened in a period by its day.
    With `still_open` those `closed` in a period may be wanted too. `only` is a further condition on a row `r`, and `more` are
    further columns, each with its parameters; `joined` is joined to find these.
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


def held(ask: Ask, moments: AsOf, organisation: Organisation, *kinds: str, wanted: Wanted) -> list[Held]:
    """Return the records of these kinds that customers have, the first opened first; asks records, tracking and pipeline.

    Those of customers that did not stand then are left out; those of a merged lead are its survivor's.
    """
    return list(each_held(ask, moments, organisation, *kinds, wanted=wanted))


def each_held(
    ask: Ask, moments: AsOf, organisation: Organisation, *kinds: str, wanted: Wanted
) -> Iterator[Held]:  # fmt: skip
    """Yield the same one after another: a row that is made of each at once finds its cells near by."""
    whose: Any = {"owner": wanted.owner, "group": wanted.group, "customer": wanted.customer}
    streams = streams_of(ask, moments, organisation, **whose)
    sql, params = _question(moments, kinds, wanted, everybody=streams is None)
    if streams is None:
        rows = ask(sql, params)
    else:
        rows = [
            row for marks, some in chunks(streams) for row in ask(f"{sql} AND r.subject IN ({marks})", [*params, *some])
        ]
    rows.sort(key=_FIRST_OPENED)
    yield from _made(ask, moments, organisation, rows, wanted)


def _question(
    moments: AsOf, kinds: Sequence[str], wanted: Wanted, *, everybody: bool
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
        values += days_within(moments, wanted.opened)
    sql = HELD.format(source=source, kinds=marks, more=wanted.more[0], joined=wanted.joined)
    customer = [known, known, moments.micros, known, known]
    params = [*wanted.more[1], *found, *customer, *kinds, *stood, *values, *wanted.only[1]]
    return sql + conditions + wanted.only[0], params


_FIRST_OPENED: Final = itemgetter(5, 7)


def _made(
    ask: Ask, moments: AsOf, organisation: Organisation, rows: Sequence[Sequence[Any]], wanted: Wanted
) -> Iterator[Held]:
    loads, new = reader(len(rows)), tuple.__new__
    merged = survivors(ask, moments) if rows else {}
    passed = standing(ask, moments, {merged[row[3]] for row in rows if row[3] in merged}) if merged else {}
    owned_by, of_group, groups = wanted.owner, wanted.group, Groups(organisation, moments.day)
    for (
        kind, subject, item, own, state, opened, closed, position, actor, said, steps, sources,
        stage, called, whom, graded, *more,
    ) in rows:  # fmt: skip
        customer, company, owner, grade = own, called, whom, graded
        if own in merged:
            stood = passed.get(merged[own])
            if stood is None:
                continue
            customer, company, owner, grade = stood.customer, stood.company, stood.owner, stood.grade
        elif not stage:
            continue
        group = groups[owner]
        if (owned_by is None or owned_by == owner) and (of_group is None or of_group == group):
            number = item if subject == customer else f"{subject}/{item}"
            cells = (
                kind, subject, item, number, customer, state, day_of(opened), day_of(closed) if closed else None, position,
                actor, loads(said), loads(steps) if steps else (), sources, company, owner, grade, group, more,
            )  # fmt: skip
            yield new(Held, cells)


class Sourced(Protocol):
    """A record that says on which events its row rests."""

    @property
    def sources(self) -> str: ...


def behind(ask: Ask, moments: AsOf, several: Iterable[Sourced]) -> list[list[dict[str, Any]]]:
    """Return the events behind each record, what corrects them included, as rows name them."""
    found = [positions(each.sources) for each in several]
    told = named(ask, (position for some in found for position in some), moments)
    return [[told[position][0] for position in some] for some in found]
