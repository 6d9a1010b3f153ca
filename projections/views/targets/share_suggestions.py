"""What shares of a target its members are suggested: by what they reached before, and what they are held capable of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import plain, ratio, split, text_of
from domain.kernel.refusal import Refused
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.queries.organisation_events import of_policies
from projections.queries.targets import TargetRow, targets
from projections.views.column import Column, Note, Rows
from projections.views.parameters import PeriodName, Target
from projections.views.progress import view as progress
from projections.views.spec import NoAnswer, Query, View, by_policies, view
from projections.views.targets.view import Member, tree


class Person(NamedTuple):
    """A person's reasons: the weight, what was reached in the past period, and whether the person was there then."""

    weight: Decimal
    past: Decimal
    newcomer: bool


def target_of(ask: Ask, named: str, moments: AsOf) -> TargetRow | None:
    """Return a target as it stood, or None if it did not or was withdrawn."""
    return next((t for t in targets(ask, moments) if t.target == named and t.state not in ("", "withdrawn")), None)


def suggestions(
    ask: Ask,
    target: TargetRow,
    moments: AsOf,
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
    ask: Ask, target: TargetRow, past: Period, moments: AsOf, organisation: Organisation, explain: bool
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


def shared(q: Query, named: str) -> tuple[TargetRow, Period]:
    """Return a target that can be shared out, and its period. Raises NoAnswer."""
    whole = target_of(q.ask, named, q.moments)
    if whole is None:
        raise NoAnswer(Refused("subject.unknown", noun="target", subject=named))
    if whole.value is None or not whole.period or not whole.owner:
        raise NoAnswer(Refused("target.no_value", target=whole.target))
    if whole.metric == "repurchase-rate":
        raise NoAnswer(Refused("target.not_shared", metric=whole.metric))
    return whole, Period.parse(whole.period, q.fiscal_month)


@view(
    "target-shares",
    title="",
    about="A row for each member right below the owner of a target; a person decides with target.allocate.",
    asked="sales target suggest tgt_1 --past 2023Q4 --json",
    example="sales target suggest tgt_1 --past 2023Q4",
    command="target suggest",
    needs=("progress", "records", "organisation"),
    key=("target", "owner"),
)
class TargetShares(View):
    """Suggest which share of a target each member right below its owner takes."""

    target: Target = given("A target to be shared out: suggest shares for its members.", positional=True)
    past: PeriodName | None = given("The period whose results count; the one before unless given.", default=None)

    COLUMNS = (
        Column(
            "owner", "Owner",
            meaning="The member right below the target's owner: a group, or a rep of the group.",
        ),
        Column(
            "past", "Reached before", "amount", form="number",
            meaning="What the member reached in it; of a group what its people did.",
        ),
        Column(
            "past_share", "Past share", "ratio", missing="n/a",
            meaning="Its part of what all members reached; null where nobody reached anything.",
        ),
        Column(
            "weight", "Weight", missing="", form="number",
            meaning="The person's capability weight by the policy capability, 1 unless named; null for a group.",
        ),
        Column(
            "share", "Share", "ratio", missing="n/a",
            meaning="The part suggested: weight x past (of a newcomer the average), over the sum; the weights alone where all"
            " reached nothing.",
        ),
        Column(
            "proposed", "Suggested", "amount", form="number",
            meaning="That part of the target's value, by largest remainder: money to 0.01, else whole numbers.",
        ),
        Column(
            "allocated", "Allocated", "amount", form="number",
            meaning="What was given to the member so far; null for nothing.",
        ),
        Column("currency", "Currency", missing="", meaning="Of the amounts; null for what is no money."),
        Column("level", "Level", wide=True, meaning="group or person."),
        Column("metric", "Metric", wide=True, meaning="The target's metric."),
        Column("past_period", "Past period", wide=True, meaning="The period whose results count."),
        Column(
            "newcomer", "Newcomer", missing="", wide=True, form="true or false",
            meaning="Whether the person was in no group yet by the end of that period, and is taken for the average; null for a"
            " group.",
        ),
        Column("target", "Id", wide=True, meaning="The target that is shared out."),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        whole, period = shared(q, self.target)
        past = Period.parse(self.past, q.fiscal_month) if self.past else period.before(q.fiscal_month)
        found, _ = suggestions(q.ask, whole, q.moments, q.organisation, period, past, explain=q.explain)
        return found

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        _, period = shared(q, self.target)
        return {"period": period.name, "policies": q.organisation.in_force(period.first, "capability")}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(q.said["policies"])
