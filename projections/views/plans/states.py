"""Action plans as they stood: their states, and which key actions were in force on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.calendar.period import Period
from domain.plan.kinds import KeyAction
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customers import chunks
from projections.queries.record_events import Found, found

Actions = Mapping[str, KeyAction]
PERIODS: Final = "SELECT DISTINCT t.period FROM {targets} t WHERE t.known_from <= ?"
AIMS: Final = "SELECT DISTINCT t.target FROM {{targets}} t WHERE t.period IN ({marks})"
WITHDRAWN: Final = """
SELECT t.target FROM {targets} t WHERE t.state = 'withdrawn' AND t.known_from <= ? AND t.known_to > ?
 AND t.since = (SELECT MAX(r.since) FROM {targets} r
                WHERE r.target = t.target AND r.since <= ? AND r.known_from <= ? AND r.known_to > ?)
"""
DRAFTED: Final = """
SELECT DISTINCT l.stream FROM {{audit_named}} n JOIN {{log}} l ON l.position = n.position
WHERE n.subject IN ({marks}) AND l.name = 'plan.drafted'
"""
STATES: Final = {
    "plan.drafted": "draft",
    "plan.committed": "draft",
    "plan.submitted": "submitted",
    "plan.approved": "approved",
    "plan.returned": "returned",
    "plan.filed": "filed",
    "plan.withdrawn": "withdrawn",
}


class PlanRow(NamedTuple):
    """A plan as it stood. `versions` are the key actions in force by the day of their filing, the first from the start on."""

    plan: str
    target: str
    owner: str
    period: Period
    state: str
    versions: Sequence[tuple[date, Actions]]
    events: Sequence[dict[str, Any]]

    def on(self, day: date) -> Actions:
        """Return the key actions that a step which ends on `day` is held against."""
        in_force = self.versions[0][1]
        for filed, actions in self.versions[1:]:
            if filed > day:
                break
            in_force = actions
        return in_force

    def items(self) -> dict[str, KeyAction]:
        """Return every key action that was in force, by item, as it was last."""
        return {item: action for _, actions in self.versions for item, action in actions.items()}


def plans(ask: Ask, moments: AsOf, period: Period, fiscal_month: int = 1) -> list[PlanRow]:
    """Return the plans that overlap a period, the one drafted first first; no withdrawn one, and none of a withdrawn target."""
    streams = _streams(ask, moments, period, fiscal_month)
    every = (_stood(each, fiscal_month) for each in found(ask, moments, "plan", subjects=streams))
    stood = [row for row in every if row.state != "withdrawn"]
    known = (moments.position, moments.position)
    gone = {target for (target,) in ask(WITHDRAWN, (*known, moments.micros, *known))} if stood else set()
    return [row for row in stood if row.target not in gone and overlap(row.period, period)]


def _streams(ask: Ask, moments: AsOf, period: Period, fiscal_month: int) -> list[str]:
    """Return the plans whose target was ever one of a period that overlaps this one; a plan's period is its target's."""
    names = [name for (name,) in ask(PERIODS, (moments.position,)) if overlap(Period.parse(name, fiscal_month), period)]
    aims = [target for marks, some in chunks(names) for (target,) in ask(AIMS.format(marks=marks), some)]
    return [stream for marks, some in chunks(aims) for (stream,) in ask(DRAFTED.format(marks=marks), some)]


def overlap(one: Period, other: Period) -> bool:
    """Say whether two periods have a day in common."""
    return one.first <= other.last and other.first <= one.last


def _stood(plan: Found, fiscal_month: int) -> PlanRow:
    """Take a plan through its events in recorded order, in which its approvals make sense, as domain.plan does."""
    drafted: dict[str, Any] = {}
    actions: dict[str, KeyAction] = {}
    versions: list[tuple[date, Actions]] = []
    state = ""
    for told in sorted(plan.events, key=lambda each: each.position):
        content = told.content
        state = STATES[told.name]
        if told.name == "plan.drafted":
            # Drafted again, an event tells what it changed.
            drafted.update(content)
        elif told.name == "plan.committed":
            actions.pop(content["item"], None)
            if content["count"]:
                kind, count, per = (content[name] for name in ("kind", "count", "per"))
                actions[content["item"]] = KeyAction(kind, count, per, content.get("channel"))
        elif told.name == "plan.filed":
            versions.append((told.day, dict(actions)))
    return PlanRow(
        plan.subject,
        drafted["target"],
        drafted["owner"],
        Period.parse(drafted["period"], fiscal_month),
        state,
        sorted(versions, key=lambda version: version[0]) or [(plan.opened, actions)],
        plan.named(),
    )


def of_targets(rows: Iterable[PlanRow]) -> dict[str, PlanRow]:
    """Return plans by their target."""
    return {row.target: row for row in rows}
