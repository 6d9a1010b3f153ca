"""Questions about reviews: each with its findings, the evidence of these, and the improvements open, overdue and done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain.calendar.moment import local_text
from domain.calendar.period import Period
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.customer_records import behind
from projections.queries.customers import chunks, standing
from projections.queries.dates import iso_of
from projections.queries.deadlines import Deadlines
from projections.queries.organisation import Organisation
from projections.queries.records import Stood, stood

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
    moments: Moments,
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
    moments: Moments,
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


def _companies(ask: Ask, moments: Moments, reviews: Iterable[Stood]) -> dict[str, str]:
    stood = standing(ask, moments, (each.customer for each in reviews if each.customer))
    return {customer: known.company for customer, known in stood.items()}


def _concerns(
    row: Mapping[str, Any],
    review: Stood,
    organisation: Organisation,
    moments: Moments,
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


def _evidence(ask: Ask, moments: Moments, records: Iterable[Stood]) -> dict[str, dict[str, Any]]:
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
