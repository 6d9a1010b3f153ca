"""Questions about buying signals: which there were, what answered each, and which nobody has answered in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from domain.period import Period
from projections.customers import chunks, survivors, with_merged
from projections.events import named
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.organisation.policies import Version, on, used, versions
from projections.projection import Ask
from projections.records.ask import Found, found
from projections.records.logged import logged
from projections.records.whose import Owned, found_of

PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")
ANY: Final = ("touch", "proposal", "quote", "contract")
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "asks-for-quotation": ("touch", "quote", "contract"),
    "asks-for-contract-details": ("touch", "contract"),
    "asks-for-proposal": ("touch", "proposal", "quote", "contract"),
    "asks-for-visit": ("touch",),
}
"""What answers a signal of a kind: a touch on a later day, or from its own day on a proposal, a quote, a contract drafted or signed."""

CONTRACTS: Final = """
SELECT n.subject, l.position, a.day FROM {{audit_named}} n CROSS JOIN {{log}} l
CROSS JOIN {{audit_entries}} a WHERE n.subject IN ({marks}) AND l.position = n.position
 AND l.name IN ('contract.drafted', 'contract.signed')
 AND a.position = l.position AND a.moment <= ? AND a.position <= ?
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND v.name = 'event.voided' AND c.position <= ?)
"""


class Answer(NamedTuple):
    """What may answer a signal: when, the position of the event that says so, and what it is."""

    day: date
    position: int
    kind: str


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    kind: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
    waiting: bool = False,
    explain: bool = False,
    records: Sequence[Found] | None = None,
) -> list[dict[str, Any]]:
    """Return the signals of a period (all without one), the first logged first, as they stood.

    `waiting` keeps those that nothing has answered; they are `unanswered` from the n-th working day on, `open` before.
    Only `records` are looked at where they are given: the signals of a customer, that another question has found.
    """
    whose: Any = {"owner": owner, "group": group, "customer": customer}
    every = found_of(ask, moments, organisation, "signal", opened=period, records=records, **whose)
    shown = [each for each in every if kind in (None, each.found.content["kind"])]
    several = versions(organisation, "signals")
    answers = _answers(ask, moments, shown)
    made = []
    for each in shown:
        answer = _first(each, answers.get(each.customer.customer, ()))
        if waiting and answer:
            continue
        row = _row(each, answer, several, organisation, moments.day)
        made.append({**row, "events": [*each.found.named(), *([answer] if answer else [])]} if explain else row)
    return _explained(ask, moments, made) if explain else made


def _explained(ask: Ask, moments: Moments, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the events that answered them in the place of the answers."""
    answers = [each for row in made for each in row["events"] if isinstance(each, Answer)]
    told = named(ask, (each.position for each in answers), moments)
    for row in made:
        row["events"] = [told[each.position][0] if isinstance(each, Answer) else each for each in row["events"]]
    return made


def _row(
    each: Owned, answer: Answer | None, several: Sequence[Version], organisation: Organisation, today: date
) -> dict[str, Any]:
    record, calendar = each.found, organisation.calendar()
    first, values = on(record.opened, several)
    days = values.get("kinds", {}).get(record.content["kind"], values["working_days"])
    due = calendar.deadline(record.opened, days)
    state = "answered" if answer else "unanswered" if today >= due else "open"
    return {
        **each.row(),
        "grade": each.customer.grade,
        "kind": record.content["kind"],
        "words": record.content.get("words"),
        "logged": record.opened.isoformat(),
        "by": record.actor,
        "due": due.isoformat(),
        "provisional": any(calendar.provisional(day) for day in (record.opened, due)),
        "state": state,
        "answered": answer.day.isoformat() if answer else None,
        "answered_by": answer.kind if answer else None,
        "waited": calendar.working_days(record.opened + timedelta(1), answer.day if answer else today),
        **each.whose(),
        "policy_from": None if first == date.min else first.isoformat(),
    }


def _first(each: Owned, answers: Iterable[Answer]) -> Answer | None:
    """Return the first answer to a signal, of those to its customer in their order."""
    kinds = ANSWERS.get(each.found.content["kind"], ANY)
    since, position = each.found.opened, each.found.opening.position
    for answer in answers:
        later = answer.day > since or (answer.day == since and answer.kind != "touch" and answer.position > position)
        if later and answer.kind in kinds:
            return answer
    return None


def _answers(ask: Ask, moments: Moments, shown: Sequence[Owned]) -> dict[str, list[Answer]]:
    """Return by customer what may answer its signals, in order; what happened to a merged lead is its survivor's."""
    if not shown:
        return {}
    streams = with_merged(ask, moments, {each.customer.customer for each in shown})
    since = Period.of_days(min(each.found.opened for each in shown), moments.day)
    by: dict[str, list[Answer]] = {}
    for met in logged(ask, moments, since, subjects=streams):
        if met.touch:
            by.setdefault(met.customer, []).append(Answer(met.day, met.position, "touch"))
    for each in found(ask, moments, "quote", "proposal", subjects=streams):
        if each.kind == "quote" or each.state == "delivered":
            told = each.events[1] if each.kind == "proposal" else each.opening
            by.setdefault(each.customer or "", []).append(Answer(told.day, told.position, each.kind))
    merged = survivors(ask, moments)
    for marks, some in chunks(streams):
        known = (*some, moments.micros, moments.position, moments.position)
        for who, position, day in ask(CONTRACTS.format(marks=marks), known):
            answer = Answer(date.fromordinal(day), position, "contract")
            by.setdefault(merged.get(str(who), str(who)), []).append(answer)
    return {customer: sorted(several) for customer, several in by.items()}


def policies(organisation: Organisation, rows: Iterable[Mapping[str, Any]], moments: Moments) -> list[dict[str, Any]]:
    """Return the values of the policy by which rows were judged; without any, those in force."""
    several = versions(organisation, "signals")
    days = [date.fromisoformat(row["logged"]) for row in rows] or [moments.day]
    return used("signals", (on(day, several) for day in days))
