"""The norms themselves, each with the policy that sets it."""

from __future__ import annotations

from typing import Any

from projections.views.column import Column, Rows
from projections.views.norms.measures import NORMS
from projections.views.norms.parameters import ONE_NORM, WEEKS, Norm, policies_of
from projections.views.policies import SINCE, VALUES, explained
from projections.views.spec import Query, View, view


@view(
    "norms-in-force",
    title="Norms",
    about="A row a norm.",
    asked="sales norms --in-force --json",
    example="sales norms --in-force",
    needs=("organisation",),
    key=("norm",),
    period="present-week",
    period_help=WEEKS,
)
class NormsInForce(View):
    """Show the norms, each with the policy that sets it."""

    norm: Norm | None = ONE_NORM

    COLUMNS = (
        Column("norm", "Norm", meaning="The norm."),
        Column("policy", "Policy", meaning="The policy that sets it."),
        SINCE,
        VALUES,
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        named = [self.norm] if self.norm else list(NORMS)
        return explained(
            q,
            [
                {"norm": name, "policy": held["name"], "from": held["from"], "values": held["values"]}
                for name, held in zip(named, policies_of(self.norm, q), strict=True)
            ],
        )

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": policies_of(self.norm, q)}
