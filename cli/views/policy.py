"""The policies in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import argument
from cli.views.common import asking, explained, structured, told
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

POLICY: Final = (
    Column("policy", marked("Policy")),
    Column("from", marked("In force from"), missing=marked("always")),
    Column("values", marked("Values")),
)


@command(
    argument("name", required=False, completes="POLICY", help=marked("Which policy; all unless given.")),
    example="sales policy show approval-tiers --as-of 2024-06-30",
    name="show",
)
def policy_show(session: Session, name: str | None) -> None:
    """Show the policies in force: the values adopted, or the default that holds until one is."""
    import json

    from domain.policy.defaults import DEFAULTS, whole

    if name is not None and name not in DEFAULTS:
        raise Problem("policy.unknown", name=name, known=", ".join(DEFAULTS))
    with asking(session, "organisation") as (ask, moments, organisation):
        rows: list[dict[str, Any]] = []
        for each in [name] if name else DEFAULTS:
            since, adopted = organisation.policy_since(each, moments.day) or (None, None)
            values = whole(each, adopted)
            said = values if structured(session) else json.dumps(values, ensure_ascii=False)
            rows.append({"policy": each, "from": since, "values": said})
        if session.explain:
            from projections.queries.organisation_events import of_policies

            behind = of_policies(ask, moments.position)
            rows = [{**row, "events": behind.get((row["policy"], row["from"]), [])} for row in rows]
    session.show(Result("policy", explained(POLICY, session), rows, told(moments)))
