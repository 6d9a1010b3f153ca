"""The tree of targets of a period: each member with its value, its share of what stands above it, and what was reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import ratio, text_of
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.membership import COMPANY
from projections.queries.organisation import Organisation
from projections.queries.targets import Allocations, TargetRow, targets
from projections.views.column import Column, Note, Row, Rows, only_json
from projections.views.parameters import Metric
from projections.views.plans.existing import KEY_ACTION, PROJECTIONS, any_plan, without_action, worded
from projections.views.progress import view as progress
from projections.views.progress.actuals import LINES
from projections.views.spec import Query, View, view

GONE: Final = ("", "withdrawn")
REVISIONS: Final = """
SELECT l.stream, COUNT(*) FROM {{log}} l JOIN {{audit_entries}} a ON a.position = l.position
WHERE l.stream IN ({marks}) AND l.name = 'target.revised' AND l.position <= ? AND a.moment <= ?
 AND NOT EXISTS (SELECT 1 FROM {{audit_corrections}} c JOIN {{log}} v ON v.position = c.position
                 WHERE c.corrected = l.position AND v.name = 'event.voided' AND c.position <= ?)
GROUP BY l.stream
"""


class Member(NamedTuple):
    """A place of the tree: the level company, group or person, its owner, and how far below the company it hangs."""

    level: str
    owner: str
    depth: int


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    currency: str,
    metric: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the targets of a period in the order of the tree, metric by metric; a member without one is not set."""
    everything = targets(ask, moments)
    mine = {
        (t.metric, t.basis, t.owner): t
        for t in everything
        if t.period == period.name and t.owner and t.state not in GONE and metric in (None, t.metric)
    }
    metrics = {name for name, _, _ in mine}
    only = next(iter(metrics)) if len(metrics) == 1 else metric
    reached = progress.rows(ask, period, moments, organisation, currency=currency, metric=only) if metrics else []
    if explain:
        from projections.views.progress.events import explain as behind

        reached = behind(ask, reached, period, moments, organisation)
    by_place = _by_place(reached)
    revised = _revisions(ask, [t.target for t in mine.values()], moments)
    members = tree(organisation, moments, period, {owner for _, _, owner in mine if owner})
    standing = Parts(everything)
    shown = []
    for name, basis in _lines(mine):
        for member in members:
            target = mine.get((name, basis, member.owner))
            held = by_place.get((name, basis, member.level, member.owner), {})
            actual = held.get((target.currency if target else None) or currency) or next(iter(held.values()), None)
            row = _row(member, (name, basis), target, actual, standing, period)
            shown.append({**row, "revisions": revised.get(row["id"], 0) if target else None})
            if explain:
                shown[-1]["events"] = actual["events"] if actual else []
    return shown


def tree(organisation: Organisation, moments: AsOf, period: Period, targeted: set[str]) -> list[Member]:
    """Return the company, its groups and their people from above downwards, as they stood on the period's last day or before.

    Its people are the reps who were in a group that day, and whoever has a target.
    """
    day = min(period.last, moments.day)
    groups = organisation.groups()
    people: dict[str | None, list[str]] = {}
    gone = {p.login for p in organisation.persons() if p.departed and p.departed <= day.isoformat()}
    reps = {p.login for p in organisation.persons() if p.role == "rep"} - gone
    for login in sorted(reps | targeted - {COMPANY} - set(groups)):
        team = organisation.group_of(login, day)
        if team or login in targeted:
            people.setdefault(team if team in groups else None, []).append(login)

    def below(parent: str | None, depth: int) -> Iterator[Member]:
        for code, (_, above) in groups.items():
            if (above if above in groups else None) == parent:
                yield Member("group", code, depth)
                yield from below(code, depth + 1)
        yield from (Member("person", login, depth) for login in people.get(parent, ()))

    return [Member("company", COMPANY, 0), *below(None, 1)]


def _lines(mine: Mapping[tuple[str, str | None, str], TargetRow]) -> list[tuple[str, str | None]]:
    """Return the metrics, with their bases, of which there is a target: in the order of progress, then any other."""
    order = [(name, basis) for name, basis, _ in LINES]
    found = {(name, basis) for name, basis, _ in mine}
    return [line for line in order if line in found] + sorted(found - set(order), key=str)


class Parts:
    """Which target is a part of which: by the parent that it names, or by what was allocated to it."""

    def __init__(self, everything: Sequence[TargetRow]) -> None:
        self._known = {t.target: t for t in everything}
        self._shares = Allocations(everything)
        self._giver: dict[str, TargetRow] = {}
        for target in everything:
            if target.state not in GONE:
                self._giver.update(dict.fromkeys(target.allocations, target))

    def above(self, target: TargetRow) -> TargetRow | None:
        """Return the target that this one is a part of, unless it was withdrawn."""
        named = self._known.get(target.parent or "")
        return named if named and named.state not in GONE else self._giver.get(target.target)

    def shared(self, target: TargetRow) -> Decimal:
        """Return how much of a target is shared out among its parts."""
        return self._shares.of(target)


def _by_place(reached: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, dict[str, Any]]]:
    found: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for row in reached:
        place = (row["metric"], row["basis"], row["level"], row["owner"])
        found.setdefault(place, {})[row["currency"] or ""] = row
    return found


def _row(
    member: Member,
    line: tuple[str, str | None],
    target: TargetRow | None,
    actual: Mapping[str, Any] | None,
    parts: Parts,
    period: Period,
) -> dict[str, Any]:
    value = target.value if target else None
    above = parts.above(target) if target else None
    shared = parts.shared(target) if target and value is not None else None
    return {
        "id": target.target if target else None,
        "depth": member.depth,
        "level": member.level,
        "owner": member.owner,
        "metric": line[0],
        "basis": line[1],
        "period": period.name,
        "state": target.state if target else None,
        "value": text_of(value),
        "original": text_of(target.original if target else None),
        "currency": (target.currency if target else None) or (actual["currency"] if actual else None),
        "parent": above.target if above else None,
        "share_of_parent": text_of(_share(target, above)),
        "allocated": text_of(shared),
        "unallocated": text_of(value - shared) if value is not None and shared is not None else None,
        "over_allocated": shared > value if value is not None and shared is not None else None,
        "actual": actual["actual"] if actual else None,
        "attainment": actual["attainment"] if actual else None,
    }


def _share(target: TargetRow | None, above: TargetRow | None) -> Decimal | None:
    """Return what part of the target above was given to this one, as the allocated amount there counts it."""
    if target is None or above is None or above.value is None or above.currency != target.currency:
        return None
    given = above.allocations.get(target.target, target.value)
    return None if given is None else ratio(given, above.value)


def _revisions(ask: Ask, ids: Sequence[str], moments: AsOf) -> dict[str | None, int]:
    """Return how often each target was revised, where it was."""
    if not ids:
        return {}
    sql = REVISIONS.format(marks=", ".join("?" * len(ids)))
    return dict(ask(sql, (*ids, moments.position, moments.micros, moments.position)))


def in_the_tree(row: Row) -> Any:
    """Return whose row it is, as far to the right as it hangs below the company; of a key action what it is."""
    if row["level"] == KEY_ACTION:
        return worded(row, "key_action", row["depth"])
    return "  " * row["depth"] + row["owner"]


def of_target(key: str) -> Callable[[Row], Any]:
    """Return what a row says under `key`, which of a key action its target says above it."""
    return lambda row: None if row["level"] == KEY_ACTION else row[key]


def of_parts(key: str) -> Callable[[Row], Any]:
    """Return what a row says of its parts, of which a person's target has none."""
    return lambda row: None if row["level"] == "person" and row["allocated"] == "0" else row[key]


@view(
    "targets",
    title="Target breakdown",
    about="A row for each member of the tree and metric: the company, its groups, their people.",
    asked="sales targets --period 2024Q1 --json",
    example="sales targets --period 2024Q1",
    needs=PROJECTIONS,
    key=("level", "owner", "metric", "basis", "id", "key_action", "channel", "per"),
    period="present",
)
class Targets(View):
    """Show how targets are broken down: company, groups, persons and key actions, each with its share of what is above it."""

    metric: Metric | None = given("Only this metric, also one that the team has defined.", default=None)

    COLUMNS = (
        Column("owner", "Owner", meaning="`company`, a group's code or a login.", eye=in_the_tree),
        Column(
            "metric", "Metric", missing="", eye=of_target("metric"),
            meaning="The target's metric; of a key action that of the target it serves.",
        ),
        Column(
            "value", "Target", "amount", missing="not set", form="number",
            meaning="The value in force: the filed one, else the one set; null is not set.",
        ),
        Column(
            "share_of_parent", "Share", "ratio", missing="", meaning="The part of the parent's value that was given to it."
        ),
        Column("actual", "Actual", "amount", missing="n/a", form="number", meaning="What was reached by the as-of day."),
        Column("attainment", "Attainment", "ratio", missing="", meaning="actual / value."),
        Column(
            "unallocated", "Unallocated", "amount", missing="", form="number", eye=of_parts("unallocated"),
            meaning="value minus allocated; negative where more was given than there is.",
        ),
        Column(
            "allocated", "Allocated", "amount", missing="", form="number", eye=of_parts("allocated"),
            meaning="What its parts hold together.",
        ),
        Column(
            "state", "State", missing="",
            meaning="draft, submitted, approved, returned or filed; null without a target.",
        ),
        Column(
            "basis", "Basis", missing="", eye=of_target("basis"), meaning="signed or collected, for sales; else null."
        ),
        Column(
            "original", "Original", "amount", form="number", meaning="The value before any revision.",
            eye=lambda row: None if row["original"] == row["value"] else row["original"],
        ),
        Column(
            "revisions", "Revisions", "count", eye=lambda row: row["revisions"] or None,
            meaning="How often it was revised; of a key action how often its plan was filed again.",
        ),
        Column("currency", "Currency", missing="", meaning="Of the amounts; null for what is no money."),
        Column("id", "Id", missing="", meaning="The target's id; null for a member of the tree that has none."),
        Column(
            "met", "Steps met", "count", missing="", meaning="Of a key action in how many steps it was met."
        ),
        Column(
            "missed", "Steps missed", "count", missing="", meaning="Of a key action in how many steps it was missed."
        ),
        Column(
            "key_action", "Key action", missing="", wide=True,
            meaning="Of a key action its kind, as in plans; its `value` is what the period demands, its `id` the plan's.",
        ),
        Column(
            "channel", "Channel", missing="", wide=True, meaning="Of a key action the channel that it is bound to."
        ),
        Column("count", "Count", "count", missing="", wide=True, meaning="Of a key action how many."),
        Column("per", "Per", missing="", wide=True, meaning="Of a key action day, week or month."),
        Column("level", "Level", wide=True, meaning="company, group, person or key-action."),
        Column("depth", "Depth", "count", wide=True, meaning="How far below the company: 0 for itself."),
        Column("parent", "Parent", missing="", wide=True, meaning="The target that this one is a part of."),
        Column(
            "over_allocated", "Over-allocated", missing="", wide=True, form="true or false",
            meaning="Whether more was given than there is.",
        ),
        only_json("period", "text", "The period, as 2024Q1."),
    )  # fmt: skip
    DIGEST = (
        *("id", "level", "owner", "metric", "basis", "period", "state", "value", "original", "currency", "parent"),
        *("share_of_parent", "allocated", "unallocated", "over_allocated", "revisions", "actual", "attainment"),
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        asked: Any = {"currency": q.currency, "metric": self.metric, "explain": q.explain}
        found = rows(q.ask, q.moments, q.organisation, q.in_period, **asked)
        if not any_plan(q.ask):
            return [without_action(row) for row in found]
        from projections.views.plans.tree import with_key_actions

        how: Any = {"fiscal_month": q.fiscal_month, "explain": q.explain}
        return with_key_actions(q.ask, found, q.moments, q.organisation, q.in_period, **how)

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        for row in rows:
            if row["over_allocated"]:
                over = row["unallocated"].removeprefix("-")
                yield Note(
                    "warning: the parts of {owner}'s target ({metric}) are {over} more than the target itself.",
                    {"owner": row["owner"], "metric": row["metric"], "over": over},
                )
