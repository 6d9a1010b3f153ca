"""Questions about cadence: the windows of a period, how each stands, and what that makes of each owner's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import ratio
from domain.kernel.types import DELIVERABLES
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries import rows as grouped
from projections.queries.customers import chunks
from projections.queries.events import event
from projections.queries.organisation import Organisation
from projections.queries.policies import used, versions
from projections.views.cadence.evaluation import NOBODY, Asked, Judged, behind, judged
from projections.views.cadence.grade_spans import Wanted
from projections.views.cadence.windows import Span

__all__ = ("Judged", "behind", "by_owner", "judged", "policies", "rows", "shown")

PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")
STATES: Final = ("met", "missed", "open", "cut", "free")
MET: Final[Mapping[str, bool | None]] = {"met": True, "missed": False}
GRADINGS: Final = """
SELECT l.stream, l.position, l.event_id, l.name, a.day FROM {{log}} l CROSS JOIN {{audit_entries}} a
WHERE l.stream IN ({marks}) AND l.name = 'customer.graded' AND a.position = l.position AND a.position <= ?
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND v.name = 'event.voided' AND c.position <= ?)
ORDER BY a.day, l.position
"""


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period,
    *,
    currency: str = "",
    grade: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return a row for each customer's window that ends in a period, the first to end first.

    `met` is null for what is neither met nor missed yet, or needs nothing. `customer` asks for a single one.
    """
    if explain:
        whose: Any = {"grade": grade, "owner": owner, "group": group, "customer": customer}
        return shown(ask, moments, organisation, judged(ask, moments, organisation, period, **whose), explain=True)
    return _plain(Asked(ask, moments, organisation, period, Wanted(grade, owner, group, customer)), organisation)


def _plain(asked: Asked, organisation: Organisation) -> list[dict[str, Any]]:
    """Return the rows; of the windows in which nobody was met they are copies, each with its customer."""
    spans = Days(organisation)
    ended: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for piece in sorted(asked.pieces, key=attrgetter("company", "customer")):
        customer, company, _, owner, group, windows = piece
        for span, some in asked.followed.beside(piece) or ((span, ()) for span in windows):
            if some:
                row = _row(asked.one(piece, span, some), spans)
                ended.setdefault((span.last, span.first), []).append(row)
                continue
            row = (span.row or _template(span, spans, ended)).copy()
            row["customer"] = customer
            row["company"] = company
            row["owner"] = owner
            row["group"] = group
            span.alike.append(row)
    return [row for days in sorted(ended) for row in ended[days]]


def _template(span: Span, spans: Days, ended: dict[tuple[int, int], list[dict[str, Any]]]) -> dict[str, Any]:
    """Return what the rows of one window share where nobody was met in it, and find the place of these rows."""
    span.alike = ended.setdefault((span.last, span.first), [])
    span.row = _row(Judged(NOBODY, span.window, span.kept, None, None, ()), spans)
    return span.row


def shown(
    ask: Ask, moments: Moments, organisation: Organisation, found: Iterable[Judged], *, explain: bool = False
) -> list[dict[str, Any]]:
    """Return the rows of windows, the first to end first."""
    made = sorted(found, key=lambda e: (e.window.last, e.window.first, e.customer.company, e.customer.customer))
    spans = Days(organisation)
    rows = [_row(each, spans) for each in made]
    if explain:
        told = behind(ask, moments, made)
        gradings = _gradings(ask, moments, {each.customer.customer for each in made})
        for row, each in zip(rows, made, strict=True):
            graded = [event for day, event in gradings.get(each.customer.customer, ()) if day <= each.window.last]
            row["events"] = [*graded[-1:], *(told[p] for one in each.follow_ups for p in one.positions)]
    return rows


class Days(dict[tuple[date, date], dict[str, Any]]):
    """What a window's days alone say of it, reckoned once."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__()
        self._calendar = organisation.calendar()

    def __missing__(self, days: tuple[date, date]) -> dict[str, Any]:
        first, last = days
        year, week, _ = last.isocalendar()
        told = self[days] = {
            "week": f"{year}-W{week:02}",
            "from": first.isoformat(),
            "to": last.isoformat(),
            "working_days": self._calendar.working_days(first, last),
            "provisional": self._calendar.provisional(first) or self._calendar.provisional(last),
        }
        return told


def _row(each: Judged, spans: Days) -> dict[str, Any]:
    window, kept = each.window, each.kept
    span = spans[window.first, window.last]
    return {
        "customer": each.customer.customer,
        "company": each.customer.company,
        "grade": window.grade,
        "owner": each.whose,
        "group": each.group,
        "week": span["week"],
        "from": span["from"],
        "to": span["to"],
        "working_days": span["working_days"],
        "needed": kept.needed,
        "done": len(kept.days),
        "days": [day.isoformat() for day in kept.days],
        "missing": list(kept.missing),
        "deliverables": [
            {"day": one.day.isoformat(), "channel": one.channel}
            for one in each.follow_ups
            if one.channel in DELIVERABLES
        ],
        "state": kept.state,
        "met": MET.get(kept.state),
        "provisional": span["provisional"],
        "policy_from": None if window.adopted == date.min else window.adopted.isoformat(),
    }


def policies(organisation: Organisation, rows: Iterable[Mapping[str, Any]], moments: Moments) -> list[dict[str, Any]]:
    """Return the values of the cadence by which rows were judged; without any, those in force."""
    several = versions(organisation, "cadence")
    wanted = {date.fromisoformat(row["policy_from"] or date.min.isoformat()) for row in rows}
    wanted = wanted or {[first for first, _ in several if first <= moments.day][-1]}
    return used("cadence", (each for each in several if each[0] in wanted))


def by_owner(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a line for each owner among the rows, and last one for all: windows, how they stand, and the share met.

    `met_share` is met / (met + missed), null where neither is. `needed` and `done` are sums; no window counts as done more
    than it needed.
    """
    people = [_line("person", owner, some) for owner, some in grouped.by_owner(rows)]
    return [*people, _line("all", None, rows)]


def _line(level: str, owner: str | None, some: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    states = [row["state"] for row in some]
    counts = {state: states.count(state) for state in STATES}
    share = ratio(counts["met"], counts["met"] + counts["missed"])
    line: dict[str, Any] = {
        "level": level,
        "owner": owner,
        "customers": len({row["customer"] for row in some}),
        "windows": len(some),
        "needed": sum(row["needed"] for row in some),
        "done": sum(min(row["done"], row["needed"]) for row in some),
        **counts,
        "numerator": counts["met"],
        "denominator": counts["met"] + counts["missed"],
        "met_share": None if share is None else format(share, "f"),
    }
    if some and "events" in some[0]:
        events = {told["position"]: told for row in some for told in row["events"]}
        line["events"] = [events[position] for position in sorted(events)]
    return line


def _gradings(ask: Ask, moments: Moments, customers: Iterable[str]) -> dict[str, list[tuple[date, dict[str, Any]]]]:
    behind: dict[str, list[tuple[date, dict[str, Any]]]] = {}
    for marks, some in chunks(sorted(customers)):
        for stream, position, identity, name, day in ask(
            GRADINGS.format(marks=marks), (*some, moments.position, moments.position)
        ):
            told = event((position, identity, name, stream))
            behind.setdefault(stream, []).append((date.fromordinal(day), told))
    return behind
