"""Key actions below the targets that they serve: as rows of the tree of targets, and in short beside progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import ratio, text_of
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.plans import view as question
from projections.views.plans.existing import KEY_ACTION, without_action
from projections.views.plans.states import PlanRow, of_targets, plans

SERVING: Final = frozenset((("leads", "leads"), ("valid-leads", "leads")))
"""The metrics of which a kind of key action is a part in the same unit, so that it has a share of its target."""


def with_key_actions(
    ask: Ask,
    rows: Iterable[Mapping[str, Any]],
    moments: AsOf,
    organisation: Organisation,
    period: Period,
    *,
    fiscal_month: int,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the rows of the tree with a row for each key action right below the target whose plan it is of.

    Its `value` is what the period demands of it, its `actual` what was done, its `state` and `id` are the plan's.
    """
    made = of_targets(plans(ask, moments, period, fiscal_month))
    lines = question.rows(
        ask, moments, organisation, period, whole=True, fiscal_month=fiscal_month, explain=explain
    ) if made else []  # fmt: skip
    of_plan: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        of_plan.setdefault(line["plan"], []).append(line)
    shown: list[dict[str, Any]] = []
    for row in rows:
        shown.append(without_action(row))
        plan = made.get(row["id"] or "")
        shown += (_below(row, plan, line) for line in of_plan.get(plan.plan, ())) if plan else ()
    return shown


def _below(target: Mapping[str, Any], plan: PlanRow, line: Mapping[str, Any]) -> dict[str, Any]:
    due, done = Decimal(line["demanded"]), Decimal(line["done"])
    serves = (target["metric"], line["kind"]) in SERVING and target["value"] is not None
    row = {
        **dict.fromkeys(key for key in target if key != "events"),
        "id": plan.plan,
        "depth": target["depth"] + 1,
        "level": KEY_ACTION,
        "owner": plan.owner,
        "metric": target["metric"],
        "basis": target["basis"],
        "period": target["period"],
        "state": plan.state,
        "value": format(due, "f"),
        "parent": target["id"],
        "share_of_parent": text_of(ratio(due, Decimal(target["value"]))) if serves else None,
        "actual": format(done, "f"),
        "attainment": text_of(ratio(done, due)),
        "revisions": len(plan.versions) - 1,
        "key_action": line["kind"],
        **{key: line[key] for key in ("channel", "count", "per", "met", "missed")},
    }
    return {**row, "events": line["events"]} if "events" in line else row


def in_short(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each key action once with how many of its steps were met and missed, and how each of them stands."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        head = {key: line[key] for key in ("level", "owner", "plan", "state", "kind", "channel", "count", "per")}
        held = found.setdefault((line["plan"], line["item"]), {**head, "met": 0, "missed": 0, "steps": []})
        held["count"] = line["count"]
        held["met"] += line["met"]
        held["missed"] += line["missed"]
        held["steps"].append({key: line[key] for key in ("step", "demanded", "done", "result")})
    return list(found.values())
