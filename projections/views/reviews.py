"""Questions about reviews: each with its findings, the evidence of these, and the improvements open, overdue and done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from domain.calendar.moment import local_text
from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customer_records import behind
from projections.queries.customers import chunks, standing
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation
from projections.queries.records import Stood, stood
from projections.views.column import Column, Note, Row, Rows
from projections.views.columns import OVERDUE, days_late
from projections.views.spec import Query, View, view

NEEDS: Final = ("records", "audit", "tracking", "pipeline", "organisation")
PARTS: Final = ("review", "finding", "improvement")
EVIDENCE: Final = """
SELECT l.event_id, l.position, l.name, l.stream, l.occurred FROM {{log}} l
WHERE l.event_id IN ({marks}) AND l.position <= ?
"""
SINCE: Final = """
SELECT c.corrected, l.name FROM {{audit_corrections}} c JOIN {{log}} l ON l.position = c.position
WHERE c.corrected IN ({marks}) AND c.position <= ? ORDER BY c.position
"""


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    part: str | None = None,
    kind: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    overdue: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return reviews, each followed by its findings and its improvements; those held in a period where one is named.

    `owner` and `group` keep the reviews of their work and, of the others, the improvements that are theirs to do.
    """
    records = stood(ask, moments, *PARTS)
    reviews = {each.subject: each for each in records if each.kind == "review"}
    companies = _companies(ask, moments, reviews.values())
    evidence = _evidence(ask, moments, records)
    deadlines = Deadlines(ask, organisation, moments.position)
    shown = []
    for review, parts in _by_review(records, reviews):
        if kind not in (None, review.said["kind"]) or (period and not period.contains(review.opened)):
            continue
        of = _of(review, companies)
        for each in parts:
            if part in (None, each.kind):
                row = _row(each, review, of, evidence, deadlines, moments)
                if (row["overdue"] or not overdue) and _concerns(row, review, organisation, moments, owner, group):
                    shown.append((each, row))
    if explain:
        for (_, row), events in zip(shown, behind(ask, moments, [each for each, _ in shown]), strict=True):
            row["events"] = events
    return [row for _, row in shown]


def _by_review(records: Iterable[Stood], reviews: Mapping[str, Stood]) -> Iterator[tuple[Stood, Sequence[Stood]]]:
    """Yield each review with its own record, then its findings, then its improvements."""
    parts: dict[str, tuple[list[Stood], ...]] = {subject: ([], [], []) for subject in reviews}
    for each in records:
        if each.subject in parts:
            parts[each.subject][PARTS.index(each.kind)].append(each)
    for subject, (own, findings, improvements) in parts.items():
        yield reviews[subject], [*own, *findings, *improvements]


def _row(
    each: Stood,
    review: Stood,
    of: str | None,
    evidence: Mapping[str, Mapping[str, Any]],
    deadlines: Deadlines,
    moments: AsOf,
) -> dict[str, Any]:
    said, scope, improves = each.said, review.said, each.kind == "improvement"
    due = deadlines.of(each) if improves else None
    passed, late = deadlines.passed(each, due.day, moments.day) if due else (False, 0)
    done = improves and each.state == "done"
    return {
        "review": each.subject,
        "part": each.kind,
        "item": each.item or None,
        "kind": said["kind"] if not improves else None,
        "of": of,
        "period": scope.get("period"),
        "opportunity": scope.get("opportunity"),
        "customer": review.customer,
        "group": scope.get("group"),
        "words": said.get("cause") if each.kind == "finding" else said.get("what"),
        "done_with": said.get("words") if done else None,
        "evidence": [evidence[event] for event in said.get("evidence") or () if event in evidence],
        "finding": said.get("finding"),
        "owner": said.get("owner"),
        "due": due.text if due else None,
        "state": each.state,
        "overdue": improves and each.closed is None and passed,
        "late_days": late if improves else None,
        "day": iso_of(each.opened),
        "by": each.actor,
        "closed": iso_of(each.closed) if each.closed else None,
    }


def _of(review: Stood, companies: Mapping[str, str]) -> str | None:
    """Return in words what a review is of: the period, the customer, and whose work."""
    scope = review.said
    named = (scope.get("period"), companies.get(review.customer or ""), scope.get("group"), scope.get("owner"))
    return " ".join(filter(None, named)) or None


def _companies(ask: Ask, moments: AsOf, reviews: Iterable[Stood]) -> dict[str, str]:
    stood = standing(ask, moments, (each.customer for each in reviews if each.customer))
    return {customer: known.company for customer, known in stood.items()}


def _concerns(
    row: Mapping[str, Any],
    review: Stood,
    organisation: Organisation,
    moments: AsOf,
    owner: str | None,
    group: str | None,
) -> bool:
    """Say whether a row is of the work of `owner` or `group`, or theirs to do."""
    if owner and owner not in (review.said.get("owner"), row["owner"]):
        return False
    if group is None:
        return True
    doer = row["owner"]
    return group in (review.said.get("group"), organisation.group_of(doer, moments.day) if doer else "")


def _evidence(ask: Ask, moments: AsOf, records: Iterable[Stood]) -> dict[str, dict[str, Any]]:
    """Return the events that findings name, by id, each with what has become of it: corrected or voided since."""
    ids = [event for each in records for event in each.said.get("evidence") or () if each.kind == "finding"]
    named: dict[str, dict[str, Any]] = {}
    for marks, some in chunks(ids):
        for event, position, name, subject, occurred in ask(EVIDENCE.format(marks=marks), (*some, moments.position)):
            at = local_text(occurred, moments.zone)
            named[event] = {"position": position, "event": event, "name": name, "subject": subject, "occurred": at}
    by_position = {told["position"]: told for told in named.values()}
    for marks, some in chunks(by_position):
        for corrected, name in ask(SINCE.format(marks=marks), (*some, moments.position)):
            by_position[corrected]["since"] = "voided" if name == "event.voided" else "corrected"
    return {event: {**told, "since": told.get("since")} for event, told in named.items()}


EVENT: Final = "{position} {name}"
EVENT_SINCE: Final = "{position} {name} ({since})"
"""An event that shows a finding, which is the same in every language."""
SINCE_THEN: Final = {"corrected": Note("corrected"), "voided": Note("voided")}


def _evidence_told(row: Row) -> list[Note]:
    """Return the events that show a finding by position and name, and whether each was corrected since."""
    return [
        Note(EVENT_SINCE if told["since"] else EVENT, {**told, "since": SINCE_THEN.get(told["since"])})
        for told in row["evidence"]
    ]


@view(
    "reviews",
    title="Reviews and improvements",
    about="A row for each review, finding and improvement.",
    example="sales reviews --part improvement --overdue",
    needs=NEEDS,
    key=("review", "part", "item"),
    period="any",
    period_help="Only reviews held in this period.",
)
class Reviews(View):
    """Show reviews with their findings, the events that show them, and the improvements open, overdue and done."""

    part: Literal["review", "finding", "improvement"] | None = given("Only these lines.", default=None)
    kind: Literal["weekly", "monthly", "quarterly", "deal-won", "deal-lost"] | None = given(
        "Only reviews of this kind.", default=None
    )
    owner: Login | None = given("Only reviews of this person's work, and what is theirs to do.", default=None)
    group: GroupCode | None = given("Only reviews of this group's work, and what is its people's to do.", default=None)
    overdue: bool = given("Only improvements that are open after their day.", default=False)

    COLUMNS = (
        Column("day", "Day", "date", meaning="When it was held, found or agreed."),
        Column("part", "Record", meaning="review, finding or improvement: each review is followed by its own."),
        Column("of", "Of", missing="", meaning="What the review is of, in words: period, customer, group, person."),
        Column("words", "Cause, or what is agreed", missing="", meaning="A finding's cause; what is agreed."),
        Column(
            "owner", "Owner", missing="", form="login",
            meaning="Of a review: of whose work it is; of an improvement: who does it.",
        ),
        Column("due", "Due", "date", missing="", meaning="Of an improvement; reckoned as for collaborations."),
        Column("state", "State", meaning="held or finished; found; open or done."),
        OVERDUE._replace(meaning="Whether an improvement is open after its day."),
        Column(
            "kind", "Kind", missing="",
            meaning="weekly, monthly, quarterly, deal-won or deal-lost; of a finding success or failure.",
        ),
        Column(
            "evidence", "Evidence", "list", text=_evidence_told,
            meaning="Of a finding: each event's position, event, name, subject and occurred, and what it was `since`: corrected,"
            " voided or null.",
        ),
        Column(
            "item", "Item", missing="",
            meaning="The number within the review, as f1 or m1; null for the review itself.",
        ),
        Column("review", "Review", meaning="The review's id."),
        Column(
            "finding", "Finding", wide=True,
            meaning="Of an improvement: the number of the finding that it comes from.",
        ),
        Column("done_with", "Done with", wide=True, meaning="What was done, of an improvement that is completed."),
        Column(
            "late_days", "Days late", "count", wide=True, text=days_late,
            meaning="Of an improvement: working days from its day to its end, or to the as-of day.",
        ),
        Column("closed", "Closed on", "date", wide=True, meaning="When the review was finished, the improvement completed."),
        Column("by", "By", wide=True, meaning="Whose act that was.", form="login"),
        Column("period", "Period", wide=True, meaning="Its period, as 2024Q1."),
        Column("group", "Group", wide=True, meaning="Of which group's work it is.", form="group code"),
        Column("opportunity", "Opportunity", wide=True, meaning="The id of its opportunity."),
        Column(
            "customer", "Id", wide=True,
            meaning="The id of its customer; of a merged lead that of the survivor.",
        ),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        which: Any = {"part": self.part, "kind": self.kind, "overdue": self.overdue}
        whose: Any = {"owner": self.owner, "group": self.group}
        return rows(q.ask, q.moments, q.organisation, q.period, **which, **whose, explain=q.explain)

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        if rows:
            agreed = [row for row in rows if row["part"] == "improvement"]
            facts = {
                "findings": sum(1 for row in rows if row["part"] == "finding"),
                "open": sum(1 for row in agreed if row["state"] == "open"),
                "overdue": sum(1 for row in agreed if row["overdue"]),
                "done": sum(1 for row in agreed if row["state"] == "done"),
            }
            said = "Findings: {findings}; improvements open: {open}, of these overdue: {overdue}; done: {done}."
            yield Note(said, facts)
