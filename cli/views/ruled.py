"""What a view says of the policies that it used: in its meta, and in a line under a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.text import filled, marked
from cli.view import View

if TYPE_CHECKING:
    from cli.session import Session


def show(session: Session, view: View, policies: Sequence[Mapping[str, Any]]) -> None:
    """Print a view with the policies that decided about its rows."""
    session.show(view._replace(meta={**view.meta, "policies": list(policies)}))
    if session.output != "table":
        return
    import json

    adopted, default = (
        marked("Policy {name}, in force from {from}: {values}"),
        marked("Policy {name}, the default: {values}"),
    )
    for policy in policies:
        line = default if policy["from"] is None else adopted
        session.say(filled(line, {**policy, "values": json.dumps(policy["values"], ensure_ascii=False)}))
