"""The policies in force: the values that were adopted, or the default that holds until some are."""

from __future__ import annotations

import json
from typing import Any

from domain.kernel.action import given
from domain.policy.defaults import DEFAULTS
from projections.queries.organisation_events import of_policies
from projections.views.column import Column, Row
from projections.views.parameters import PolicyName
from projections.views.spec import Query, View, view


def as_json(row: Row) -> str:
    """Return the values of a policy as one text."""
    return json.dumps(row["values"], ensure_ascii=False)


SINCE = Column(
    "from",
    "In force from",
    missing="always",
    form="date",
    meaning="In force from; null for the default that nobody adopted.",
)
VALUES = Column("values", "Values", form="object", meaning="Its values.", text=as_json)


def explained(q: Query, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with what adopted the policy of each, where that is asked for."""
    if not q.explain:
        return rows
    behind = of_policies(q.ask, q.moments.position)
    return [{**row, "events": behind.get((row["policy"], row["from"]), [])} for row in rows]


@view(
    "policy",
    title="",
    about="A row for each policy in force.",
    example="sales policy show approval-tiers --as-of 2024-06-30",
    command="policy show",
    needs=("organisation",),
    key=("policy",),
)
class Policies(View):
    """Show the policies in force: the values adopted, or the default that holds until one is."""

    name: PolicyName | None = given("Which policy; all unless given.", default=None, positional=True)

    COLUMNS = (Column("policy", "Policy", meaning="The policy's name."), SINCE, VALUES)

    def rows(self, q: Query) -> list[dict[str, Any]]:
        held = q.organisation.in_force(q.moments.day, *([self.name] if self.name else DEFAULTS))
        return explained(q, [{"policy": p["name"], "from": p["from"], "values": p["values"]} for p in held])
