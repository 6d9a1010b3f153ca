"""Questions about cadence: the windows of a period, how each stands, and what that makes of each owner's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio
from domain.kernel.types import DELIVERABLES, GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries import rows as grouped
from projections.queries.customers import chunks
from projections.queries.events import event
from projections.queries.organisation import Organisation
from projections.queries.policies import used, versions
from projections.views.cadence.evaluation import NOBODY, Asked, Judged, behind, judged
from projections.views.cadence.grade_spans import Wanted
from projections.views.cadence.windows import Span
from projections.views.column import Column, Note, Row, Rows, Summary, only_json
from projections.views.columns import COMPANY, CUSTOMER_ID, PROVISIONAL
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER, ONE_CUSTOMER, Customer, Grade
from projections.views.spec import Query, View, by_policies, view

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
    moments: AsOf,
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
    ask: Ask, moments: AsOf, organisation: Organisation, found: Iterable[Judged], *, explain: bool = False
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


def policies(organisation: Organisation, rows: Iterable[Mapping[str, Any]], moments: AsOf) -> list[dict[str, Any]]:
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


def _gradings(ask: Ask, moments: AsOf, customers: Iterable[str]) -> dict[str, list[tuple[date, dict[str, Any]]]]:
    behind: dict[str, list[tuple[date, dict[str, Any]]]] = {}
    for marks, some in chunks(sorted(customers)):
        for stream, position, identity, name, day in ask(
            GRADINGS.format(marks=marks), (*some, moments.position, moments.position)
        ):
            told = event((position, identity, name, stream))
            behind.setdefault(stream, []).append((date.fromordinal(day), told))
    return behind


def name_or_all(row: Row) -> Any:
    """Return whose line it is, in words where it is everybody's."""
    return Note("all") if row["level"] == "all" else row["owner"]


OWNERS: Final = (
    Column(
        "owner", "Owner", missing="none", meaning="Whose customers; null for nobody's, and in the row of all.",
        form="login", text=name_or_all,
    ),
    Column("customers", "Customers", "count", meaning="How many customers have a window."),
    Column("windows", "Windows", "count", meaning="How many windows."),
    Column("needed", "Touches needed", "count", meaning="Touches that they need together."),
    Column("done", "Touches done", "count", meaning="Of these, those done: no window counts for more than it needs."),
    Column("met", "Windows met", "count", meaning="Windows met."),
    Column("missed", "Missed", "count", meaning="Windows missed."),
    Column("open", "Windows open", "count", meaning="Windows not met, and not over."),
    Column("met_share", "Share met", "ratio", missing="n/a", meaning="numerator / denominator; null where there is neither."),
    only_json("level", "text", "person, or `all` in the last row."),
    only_json("cut", "count", "Windows not met before another grade began."),
    only_json("free", "count", "Windows that need nothing."),
    only_json("numerator", "count", "met."),
    only_json("denominator", "count", "met + missed."),
)  # fmt: skip


@view(
    "cadence",
    title="Cadence",
    about="A row for each customer's window that ends in the period, the first to end first.",
    asked="sales cadence --period 2024-W07 --json",
    example="sales cadence --period 2024-W07 --grade key",
    needs=PROJECTIONS,
    key=("customer", "from"),
    period="present",
)
class Cadence(View):
    """Show whether customers were met as often as their grade asks: what was needed, done and missing in each window.

    A window is an ISO week, or so many weeks from the grading on; it counts in the period in which it ends. It needs no
    more touches than it has working days. Another grade begins windows of its own, and the one that it cuts short is
    neither met nor missed, unless it was met before.
    """

    grade: Grade | None = given("Only windows of this grade.", default=None)
    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    customer: Customer | None = ONE_CUSTOMER
    missed: bool = given("Only windows that were missed.", default=False)

    COLUMNS = (
        COMPANY,
        Column("grade", "Grade", meaning="The grade that asks for it: initial, high or key."),
        Column("week", "Week", meaning="The ISO week in which the window ends."),
        Column(
            "owner", "Owner", form="login",
            meaning="Who owned the customer on the window's last day, or on the as-of day before it.",
        ),
        Column(
            "needed", "Touches needed", "count",
            meaning="Touches on distinct days that it needs: those of the policy, at most its working days.",
        ),
        Column("done", "Touches done", "count", meaning="Distinct days with a touch in it."),
        Column(
            "missing", "Missing", "list", form="list of text",
            meaning="Channels not used that are needed; none where enough of them are.",
        ),
        Column(
            "state", "State",
            meaning="met, missed, open (not met, and its last day is not over; an as-of day counts as over), cut (not met before"
            " another grade began) or free (no working day, so nothing is needed).",
        ),
        Column(
            "from", "From", "date",
            meaning="The window's first day: a Monday, the day of grading, or the day after the window before.",
        ),
        Column("to", "To", "date", meaning="Its last day; the day before another grade where that cuts it short."),
        Column(
            "deliverables", "Deliverables", "list",
            meaning="Minutes and documents sent in it, which are no touches: `day` and `channel`.",
            text=lambda row: [f"{each['day']} {each['channel']}" for each in row["deliverables"]],
        ),
        PROVISIONAL,
        Column("group", "Group", wide=True, meaning="That owner's group on that day.", form="group code"),
        Column("working_days", "Working days", "count", wide=True, meaning="Working days in it."),
        Column("days", "Days", "list", wide=True, meaning="Those days.", form="list of date"),
        Column(
            "policy_from", "Policy from", "date", wide=True,
            meaning="Since when the policy is in force that decides about it; null for the default.",
        ),
        CUSTOMER_ID._replace(wide=True),
        only_json("met", "true or false", "Whether it was met; null while it is open, cut or free."),
    )  # fmt: skip
    SUMMARY = Summary(
        "A line for each owner instead, and one for all.",
        "Cadence by owner",
        OWNERS,
        by_owner,
        about="A row an owner, and one for all.",
        asked="sales cadence --period 2024Q1 --summary --json",
        explained=True,
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"grade": self.grade, "owner": self.owner, "group": self.group, "customer": self.customer}
        found = rows(q.ask, q.moments, q.organisation, q.in_period, **whose, explain=q.explain)
        return [row for row in found if row["state"] == "missed"] if self.missed else found

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": policies(q.organisation, rows, q.moments)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(policies(q.organisation, rows, q.moments))
