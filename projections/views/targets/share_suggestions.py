"""What shares of a target its members are suggested: by what they reached before, and what they are held capable of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from domain.calendar.period import Period
from domain.kernel.money import plain, ratio, split, text_of
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.organisation_events import of_policies
from projections.queries.targets import TargetRow, targets
from projections.views.progress import view as progress
from projections.views.targets.view import Member, tree


class Person(NamedTuple):
    """A person's reasons: the weight, what was reached in the past period, and whether the person was there then."""

    weight: Decimal
    past: Decimal
    newcomer: bool


def target_of(ask: Ask, named: str, moments: Moments) -> TargetRow | None:
    """Return a target as it stood, or None if it did not or was withdrawn."""
    return next((t for t in targets(ask, moments) if t.target == named and t.state not in ("", "withdrawn")), None)


def suggestions(
    ask: Ask,
    target: TargetRow,
    moments: Moments,
    organisation: Organisation,
    period: Period,
    past: Period,
    *,
    explain: bool = False,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a row for each member right below a target's owner with the share suggested, and the policy of weights.

    A person's score is the weight times what was reached in the `past` period; who was in no group by its end is taken
    for the average of those who were. Where nobody reached anything the weights alone count. A group's score is the sum
    of its people's. The target's value is split by the scores with largest remainders: money to 0.01, else whole numbers.
    """
    (policy,) = organisation.in_force(period.first, "capability")
    below = members(tree(organisation, moments, period, set()), target.owner or "")
    reached = _reached(ask, target, past, moments, organisation, explain)
    logins = sorted({login for _, people in below for login in people})
    weights = {login: Decimal(str(policy["values"]["weights"].get(login, 1))) for login in logins}
    people = {
        login: Person(weights[login], _number(reached.get(login)), not _there(organisation, login, past.last))
        for login in logins
    }
    scores = scored(people)
    of_members = [sum((scores[login] for login in mine), Decimal(0)) for _, mine in below]
    parts = shared_out(target.value or Decimal(0), of_members, money=target.currency is not None)
    whole, before = sum(of_members, Decimal(0)), sum((each.past for each in people.values()), Decimal(0))
    held = _allocated(target, targets(ask, moments))
    adopted = of_policies(ask, moments.position).get((policy["name"], policy["from"]), []) if explain else []
    rows = []
    for (member, mine), score, part in zip(below, of_members, parts, strict=True):
        then = sum((people[login].past for login in mine), Decimal(0))
        row = {
            "target": target.target,
            "level": member.level,
            "owner": member.owner,
            "metric": target.metric,
            "past_period": past.name,
            "past": text_of(then),
            "past_share": text_of(ratio(then, before)),
            "weight": text_of(people[member.owner].weight) if member.level == "person" else None,
            "newcomer": people[member.owner].newcomer if member.level == "person" else None,
            "share": text_of(ratio(score, whole)),
            "proposed": text_of(plain(part)),
            "allocated": text_of(held.get(member.owner)),
            "currency": target.currency,
        }
        behind = [event for login in mine for event in reached.get(login, {}).get("events", ())]
        rows.append({**row, "events": behind + adopted} if explain else row)
    return rows, policy


def members(places: Sequence[Member], owner: str) -> list[tuple[Member, list[str]]]:
    """Return who stands right below an owner in the tree, each with the people at or below it; nobody without people."""
    found: list[tuple[Member, list[str]]] = []
    for member, inside in _below(places, owner):
        people = (
            [member.owner] if member.level == "person" else [each.owner for each in inside if each.level == "person"]
        )
        if people:
            found.append((member, people))
    return found


def _below(places: Sequence[Member], owner: str) -> Iterator[tuple[Member, Sequence[Member]]]:
    """Yield each member one step below an owner, with the members below that one."""
    start = next((n for n, member in enumerate(places) if member.owner == owner), None)
    if start is None:
        return
    depth = places[start].depth
    n = start + 1
    while n < len(places) and places[n].depth > depth:
        end = n + 1
        while end < len(places) and places[end].depth > depth + 1:
            end += 1
        yield places[n], places[n + 1 : end]
        n = end


def scored(people: Mapping[str, Person]) -> dict[str, Decimal]:
    """Return each person's score."""
    known = [each.past for each in people.values() if not each.newcomer]
    if not sum(known, Decimal(0)) > 0:
        return {login: each.weight for login, each in people.items()}
    average = sum(known, Decimal(0)) / len(known)
    return {
        login: each.weight * max(average if each.newcomer else each.past, Decimal(0)) for login, each in people.items()
    }


def shared_out(value: Decimal, scores: Sequence[Decimal], *, money: bool) -> list[Decimal]:
    """Return the value split by the scores: money to 0.01, anything else that is whole into whole numbers."""
    if not scores or value <= 0:
        return [Decimal(0) for _ in scores]
    if money or value != value.to_integral_value():
        return split(value, scores)
    # `split` makes whole hundredths.
    return [part * 100 for part in split(value / 100, scores)]


def _reached(
    ask: Ask, target: TargetRow, past: Period, moments: Moments, organisation: Organisation, explain: bool
) -> dict[str, dict[str, Any]]:
    """Return each person's row of progress in the past period, in the target's metric, basis and currency."""
    found = progress.rows(
        ask, past, moments, organisation, currency=target.currency or "", metric=target.metric, level="person"
    )
    mine = [
        row
        for row in found
        if row["owner"] and row["basis"] == target.basis and row["currency"] in (None, target.currency)
    ]
    if explain:
        from projections.views.progress.events import explain as behind

        mine = behind(ask, mine, past, moments, organisation)
    return {row["owner"]: row for row in mine}


def _there(organisation: Organisation, login: str, day: date) -> bool:
    return any(first <= day.toordinal() for first, _, _ in organisation.memberships().get(login, ()))


def _allocated(target: TargetRow, everything: Sequence[TargetRow]) -> dict[str, Decimal]:
    """Return what each owner was given of a target: what was allocated, else the value of a target that names it its parent."""
    found: dict[str, Decimal] = {}
    for each in everything:
        given = target.allocations.get(each.target, each.value if each.parent == target.target else None)
        if each.owner and given is not None and each.state != "withdrawn":
            found[each.owner] = given
    return found


def _number(row: Mapping[str, Any] | None) -> Decimal:
    return Decimal(row["actual"]) if row and row["actual"] is not None else Decimal(0)
