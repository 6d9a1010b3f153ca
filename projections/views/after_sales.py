"""Questions about the time after a sale: what was promised and kept, which visits are due, what is complained about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio, text_of
from domain.kernel.types import GroupCode, Login
from domain.policy.defaults import DEFAULTS
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries import rows as grouped
from projections.queries.customer_records import Held, Wanted, behind, each_held
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation
from projections.views.column import Column, Note, Rows, Summary
from projections.views.columns import COMPANY, CUSTOMER_ID, GROUP, OVERDUE, OWNER, days_late
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER
from projections.views.spec import Query, View, by_policies, view

NEEDS: Final = ("records", "audit", "tracking", "pipeline", "organisation")
RECORDED: Final = " AND (r.kind = 'visit' OR r.opened BETWEEN ? AND ?)"
RECORDS: Final = ("hand-over", "promise", "visit", "complaint")
SATISFIED_FROM: Final = int(DEFAULTS["satisfaction"]["satisfied_from"])


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    record: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    still_open: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return what happened after sales, the first recorded first: hand-overs, promises, visits and complaints.

    A visit is one of the period in which it is due, whatever else is recorded of that in which it was recorded.
    """
    kinds = (record,) if record else RECORDS
    wanted = Wanted(owner=owner, group=group, still_open=still_open)
    if period is not None:
        wanted = wanted._replace(only=(RECORDED, [period.first.toordinal(), period.last.toordinal()]))
    deadlines = Deadlines(ask, organisation, moments.position)
    shown, of = [], list[Held]()
    for each in each_held(ask, moments, organisation, *kinds, wanted=wanted):
        due = deadlines.day(each)
        if period is None or each.kind != "visit" or period.contains(due or each.opened):
            shown.append(_row(each, due, deadlines, moments))
            if explain:
                of.append(each)
    if explain:
        for row, events in zip(shown, behind(ask, moments, of), strict=True):
            row["events"] = events
    return shown


def _row(each: Held, due: date | None, deadlines: Deadlines, moments: AsOf) -> dict[str, Any]:
    said = each.said
    passed, late = deadlines.passed(each, due, moments.day)
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "record": each.kind,
        "kind": said.get("kind"),
        "words": said.get("feedback" if each.kind == "visit" else "words"),
        "contract": said.get("contract"),
        "to": said.get("to"),
        "recorded": iso_of(each.opened),
        "by": each.actor,
        "due": iso_of(due) if due else None,
        "state": each.state,
        "closed": iso_of(each.closed) if each.closed else None,
        "score": said.get("score"),
        "outcome": said.get("outcome"),
        "reason": each.reason if each.state == "broken" else None,
        "overdue": each.closed is None and passed,
        "late_days": late,
        "days_open": ((each.closed or moments.day) - each.opened).days if each.kind == "complaint" else None,
        "owner": each.owner,
        "group": each.group,
    }


def by_owner(rows: Sequence[Mapping[str, Any]], satisfied_from: int = SATISFIED_FROM) -> list[dict[str, Any]]:
    """Return a line for each owner of the rows' customers, and first one for them all.

    `satisfaction` is the `satisfied` of the `scored` visits: those with a score of at least `satisfied_from`.
    """
    places: list[tuple[str, str | None, Sequence[Mapping[str, Any]]]] = [("company", "company", rows)] if rows else []
    places += [("person", owner, some) for owner, some in grouped.by_owner(rows)]
    return [{"level": level, "owner": owner, **_counted(some, satisfied_from)} for level, owner, some in places]


def _counted(rows: Sequence[Mapping[str, Any]], satisfied_from: int) -> dict[str, Any]:
    of = {record: [row for row in rows if row["record"] == record] for record in RECORDS}
    scores = [row["score"] for row in of["visit"] if row["score"] is not None]
    satisfied = sum(1 for score in scores if score >= satisfied_from)
    still = [row["days_open"] for row in of["complaint"] if row["state"] == "open"]
    return {
        "hand_overs": len(of["hand-over"]),
        "promises": len(of["promise"]),
        "kept": sum(1 for row in of["promise"] if row["state"] == "kept"),
        "broken": sum(1 for row in of["promise"] if row["state"] == "broken"),
        "visits_due": len(of["visit"]),
        "visits_done": sum(1 for row in of["visit"] if row["state"] == "done"),
        "visits_overdue": sum(1 for row in of["visit"] if row["overdue"]),
        "satisfied": satisfied,
        "scored": len(scores),
        "satisfaction": text_of(ratio(satisfied, len(scores))),
        "complaints": len(of["complaint"]),
        "complaints_open": len(still),
        "longest_open": max(still, default=None),
    }


OWNERS: Final = (
    Column("level", "Level", meaning="company for all rows, else person."),
    Column("owner", "Owner", meaning="Who owned the customers; null for nobody.", form="login"),
    Column("hand_overs", "Hand-overs", "count", meaning="Hand-overs."),
    Column("promises", "Promises", "count", meaning="Promises made at them."),
    Column("kept", "Kept", "count", meaning="Of these kept."),
    Column("broken", "Broken", "count", meaning="Of these broken."),
    Column("visits_due", "Visits due", "count", meaning="Visits scheduled for the period; without one, all."),
    Column("visits_done", "Visits done", "count", meaning="Of these done, whenever."),
    Column("visits_overdue", "Visits overdue", "count", meaning="Of these open after their day."),
    Column(
        "satisfied", "Satisfied", "count",
        meaning="Of those scored, with a score from the policy `satisfaction` on.",
    ),
    Column("scored", "Scored", "count", meaning="Visits with a score."),
    Column("satisfaction", "Satisfaction", "ratio", meaning="satisfied / scored; null without a score."),
    Column("complaints", "Complaints", "count", meaning="Complaints."),
    Column("complaints_open", "Still open", "count", meaning="Of these open."),
    Column(
        "longest_open", "Longest open", "count",
        meaning="Days for which the longest of these is open; null without one.",
    ),
)  # fmt: skip


@view(
    "after-sales",
    title="After-sales",
    about="A row a record, the first recorded first.",
    example="sales after-sales --record complaint --open",
    needs=NEEDS,
    key=("customer", "item"),
    period="any",
    period_help="Only what was recorded, and visits that are due, in this period.",
)
class AfterSales(View):
    """Show hand-overs with their promises, return visits with their scores, and complaints with the days they are open."""

    record: Literal["hand-over", "promise", "visit", "complaint"] | None = given(
        "Only records of this kind.", default=None
    )
    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    open: bool = given("Only promises, visits and complaints that are still open.", default=False)

    COLUMNS = (
        COMPANY,
        Column("record", "Record", meaning="hand-over, promise, visit or complaint."),
        Column("kind", "Kind", missing="", meaning="Of a complaint: what it is about."),
        Column(
            "words", "In words", missing="",
            meaning="A promise, what was said on a visit, a complaint in the customer's words.",
        ),
        Column(
            "due", "Due", "date",
            meaning="Of a visit, and of a promise for which a day was named; reckoned as for collaborations.",
        ),
        Column(
            "state", "State",
            meaning="A hand-over: done; a promise: open, kept or broken; a visit: scheduled or done; a complaint: open or"
            " resolved.",
        ),
        OVERDUE,
        Column(
            "score", "Score", "count", missing="",
            meaning="Of a visit: how content the customer was, from 1 (worst) to 10 (best).",
        ),
        OWNER,
        Column(
            "days_open", "Days open", "count", missing="",
            meaning="Of a complaint: days until it was resolved, or until the as-of day.",
        ),
        Column("to", "Handed to", missing="", meaning="Of a hand-over: who took over.", form="login"),
        Column("recorded", "Recorded", "date", meaning="When it was made, scheduled or raised."),
        Column("closed", "Closed on", "date", wide=True, meaning="When it was done, kept, broken or resolved."),
        Column(
            "late_days", "Days late", "count", wide=True, text=days_late,
            meaning="Working days from its day to its end, or to the as-of day; 0 while it is in time.",
        ),
        Column("outcome", "Outcome", wide=True, meaning="How a complaint ended."),
        Column("reason", "Reason", wide=True, meaning="Why a promise was broken."),
        Column(
            "contract", "Contract", wide=True,
            meaning="The id of the contract that it is about, where one was named.",
        ),
        Column("by", "By", wide=True, meaning="Whose act that was.", form="login"),
        GROUP._replace(wide=True),
        Column(
            "item", "Item", wide=True,
            meaning="Its number at the customer: t1, h1, v1, x1; after a merge with the lead's id before it.",
        ),
        CUSTOMER_ID._replace(wide=True),
    )  # fmt: skip
    SUMMARY = Summary(
        "A line for each owner instead: promises kept, visits due and done, satisfaction, complaints.",
        "After-sales",
        OWNERS,
        by_owner,
        about="A row for all, and one for each owner of customers.",
        asked="sales after-sales --summary --json",
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whose: Any = {"record": self.record, "owner": self.owner, "group": self.group, "still_open": self.open}
        return rows(q.ask, q.moments, q.organisation, q.period, **whose, explain=q.explain)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": q.organisation.in_force(q.moments.day, "satisfaction")}

    def summed(self, rows: Rows, meta: Mapping[str, Any]) -> list[dict[str, Any]]:
        return by_owner(rows, _satisfied_from(meta))

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        if rows:
            said = "Satisfied: {satisfied} of {scored}, from a score of {score} on; complaints open: {complaints_open}."
            score = _satisfied_from(q.said)
            yield Note(said, {**_counted(rows, score), "score": score})
            yield by_policies(q.said["policies"])

    def notes_on_summary(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.said["policies"])


def _satisfied_from(meta: Mapping[str, Any]) -> int:
    (policy,) = meta["policies"]
    return int(policy["values"]["satisfied_from"])
