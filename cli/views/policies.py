"""Which policies a view has used: in its JSON, and in a line under its table."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from cli.text import filled, marked

if TYPE_CHECKING:
    from cli.session import Session
    from projections.organisation.ask import Organisation


def used(organisation: Organisation, day: date, *names: str) -> list[dict[str, Any]]:
    """Return each policy as it is in force on a day: `from` is null for the default."""
    from domain.policies import DEFAULTS

    found = {name: organisation.policy_since(name, day) or (None, DEFAULTS[name]) for name in names}
    return [{"name": name, "from": since, "values": values} for name, (since, values) in found.items()]


def say(session: Session, policies: list[dict[str, Any]]) -> None:
    """Say under a table which policies it used, and since when they are in force."""
    if session.output != "table":
        return
    for policy in policies:
        line = marked("Policy {name}, in force from {since}: {values}")
        if policy["from"] is None:
            line = marked("Policy {name}, by default: {values}")
        values = json.dumps(policy["values"], ensure_ascii=False)
        session.say(filled(line, {"name": policy["name"], "since": policy["from"], "values": values}))
