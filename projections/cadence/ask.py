"""Questions about cadence: the windows of a period, how each stands, and what that makes of each owner's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.cadence import Standing as Kept
from domain.cadence import Window, standing, windows
from domain.money import ratio
from domain.period import Period
from domain.words import DELIVERABLES
from projections import grouped
from projections.cadence.graded import Histories, History, histories
from projections.customers import Standing, chunks, survivors, with_merged
from projections.customers import standing as standing_customers
from projections.events import event, named
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.organisation.policies import used, versions
from projections.projection import Ask
from projections.records.logged import Logged, logged

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


class Judged(NamedTuple):
    """A customer's window with how it stands and the follow-ups in it; `whose` is who owned the customer at its end."""

    customer: Standing
    window: Window
    kept: Kept
    whose: str | None
    group: str | None
    follow_ups: Sequence[Logged]


def judged(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period | None,
    *,
    grade: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
    held: Histories | None = None,
) -> list[Judged]:
    """Return the windows that end in a period and have begun by the day asked about; without one, those not over on it.

    `held` are the histories where they have been read for other days too.
    """
    several, today = versions(organisation, "cadence"), moments.day
    if customer is not None:
        customer = survivors(ask, moments).get(customer, customer)
    owners = [owner] if owner is not None else organisation.ever_in([group]) if group is not None else None
    mine: list[tuple[History, Window, str | None, str | None]] = []
    teams: dict[tuple[str, date], str | None] = {}
    for history in held.at(today) if held else histories(ask, moments, customer, owners, still=period is None):
        for window in windows(history.grades, several, today, period.first if period else today):
            within = period.contains(window.last) if period else window.first <= today <= window.last
            whose = history.owner_on(min(window.last, today)) if within else None
            if within and grade in (None, window.grade) and owner in (None, whose):
                place = whose or "", min(window.last, today)
                if place not in teams:
                    teams[place] = organisation.group_of(*place)
                team = teams[place]
                if group in (None, team):
                    mine.append((history, window, whose, team))
    known = standing_customers(ask, moments, (history.customer for history, *_ in mine))
    followed = _followed(ask, moments, mine, whole=owners is None and customer is None)
    calendar = organisation.calendar() if mine else None
    made = []
    for history, window, whose, team in mine:
        stood = known.get(history.customer)
        if stood is not None and calendar is not None:
            some = [each for each in followed.get(history.customer, ()) if window.first <= each.day <= window.last]
            touches = [(each.day, each.channel) for each in some if each.touch]
            made.append(Judged(stood, window, standing(window, touches, calendar, today), whose, team, some))
    return made


def _followed(
    ask: Ask, moments: Moments, mine: Sequence[tuple[History, Window, Any, Any]], *, whole: bool
) -> dict[str, list[Logged]]:
    """Return the follow-ups from the first of these windows to the last, by customer; `whole`: everybody is asked for."""
    found_by: dict[str, list[Logged]] = {}
    if mine:
        days = Period.of_days(min(each[1].first for each in mine), max(each[1].last for each in mine))
        streams = None if whole else with_merged(ask, moments, (history.customer for history, *_ in mine))
        for each in logged(ask, moments, days, subjects=streams):
            found_by.setdefault(each.customer, []).append(each)
    return found_by


def behind(ask: Ask, moments: Moments, made: Iterable[Judged]) -> dict[int, dict[str, Any]]:
    """Return the events of the follow-ups in these windows, and what has corrected them, by position."""
    several = (position for each in made for one in each.follow_ups for position in one.positions)
    return {position: told for position, (told,) in named(ask, several, moments).items()}


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
    made = judged(ask, moments, organisation, period, grade=grade, owner=owner, group=group, customer=customer)
    return shown(ask, moments, organisation, made, explain=explain)


def shown(
    ask: Ask, moments: Moments, organisation: Organisation, judged: Iterable[Judged], *, explain: bool = False
) -> list[dict[str, Any]]:
    """Return the rows of windows, the first to end first."""
    made = sorted(judged, key=lambda e: (e.window.last, e.window.first, e.customer.company, e.customer.customer))
    spans: dict[tuple[date, date], dict[str, Any]] = {}
    rows = []
    for each in made:
        days = each.window.first, each.window.last
        rows.append(_row(each, spans.get(days) or spans.setdefault(days, _span(*days, organisation))))
    if explain:
        told = behind(ask, moments, made)
        gradings = _gradings(ask, moments, {each.customer.customer for each in made})
        for row, each in zip(rows, made, strict=True):
            graded = [event for day, event in gradings.get(each.customer.customer, ()) if day <= each.window.last]
            row["events"] = [*graded[-1:], *(told[p] for one in each.follow_ups for p in one.positions)]
    return rows


def _span(first: date, last: date, organisation: Organisation) -> dict[str, Any]:
    """Return what a window's days alone say of it."""
    calendar = organisation.calendar()
    year, week, _ = last.isocalendar()
    return {
        "week": f"{year}-W{week:02}",
        "from": first.isoformat(),
        "to": last.isoformat(),
        "working_days": calendar.working_days(first, last),
        "provisional": calendar.provisional(first) or calendar.provisional(last),
    }


def _row(each: Judged, span: Mapping[str, Any]) -> dict[str, Any]:
    window, kept = each.window, each.kept
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
