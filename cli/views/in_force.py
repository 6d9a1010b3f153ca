"""Which policies a view has used: said beside the rows of its JSON, and in a line under its table."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from cli import text
from cli.text import filled, marked

if TYPE_CHECKING:
    from cli.session import Session
    from projections.organisation.ask import Organisation

_ = text.translate


def in_force(organisation: Organisation, day: date, *names: str) -> dict[str, Any]:
    """Return for a view's meta the policies in force on a day: each `name`, since when (`from`, null: the default), `values`."""
    from domain.policies import whole

    told = []
    for name in names:
        since, adopted = organisation.policy_since(name, day) or (None, None)
        told.append({"name": name, "from": since, "values": dict(whole(name, adopted))})
    return {"policies": told}


def say_in_force(session: Session, meta: dict[str, Any]) -> None:
    """Say under a table which policies its rows were reckoned by."""
    if session.output != "table":
        return
    for policy in meta["policies"]:
        facts = {**policy, "values": json.dumps(policy["values"], ensure_ascii=False)}
        line = marked("Policy {name}, in force from {from}: {values}")
        if policy["from"] is None:
            line = marked("Policy {name}, by default: {values}")
        session.say(filled(line, facts))
