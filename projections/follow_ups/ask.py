"""Questions about follow-ups: which there were in a period, what was agreed in them, how late they were entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from domain.period import Period
from domain.words import is_touch
from projections.deadlines import Deadlines
from projections.late.ask import norm_on
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.organisation.policies import on, used, versions
from projections.projection import Ask
from projections.records.ask import Found, found
from projections.records.whose import Owned, owned

SAID: Final = ("contact", "feedback", "need_change", "summary", "plan")
PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    owner: str | None = None,
    group: str | None = None,
    channel: str | None = None,
    customer: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the follow-ups of a period (all without one), the first first, as they stood.

    They are those of the person `owner` who made them, as progress counts them, and of that person's `group` on the day.
    `late_days` are working days from the contact's day to its entry.
    """
    logged = found(ask, moments, "follow-up", opened=period)
    mine = [each for each in logged if owner in (None, each.actor) and channel in (None, each.content["channel"])]
    if group is not None:
        mine = [each for each in mine if organisation.group_of(each.actor, each.opened) == group]
    shown = owned(ask, moments, organisation, mine, customer=customer)
    deadlines = Deadlines(ask, organisation, moments.position)
    agreed = _agreed(ask, moments, shown)
    norms = [(first, int(values["working_days"])) for first, values in organisation.policies("entry-deadline")]
    made = []
    for each in shown:
        said, told = each.found.content, each.found.opening
        entered = datetime.fromisoformat(told.recorded).astimezone(moments.zone).date()
        late = deadlines.calendar().late_days(told.day, entered) if entered > told.day else 0
        row = {
            **each.row(),
            "time": told.at,
            "channel": said["channel"],
            "reached": said.get("reached", True),
            "touch": is_touch(said),
            **{name: said.get(name) for name in SAID},
            "next_actions": [
                _promise(action, deadlines) for action in agreed.get((each.found.subject, each.found.item), ())
            ],
            "actor": told.actor,
            "group": organisation.group_of(told.actor, told.day),
            "recorder": told.recorder,
            "recorded": told.recorded,
            "late_days": late,
            "breaks_norm": late > norm_on(told.day, norms),
            "owner": each.customer.owner,
        }
        made.append({**row, "events": each.found.named()} if explain else row)
    return made


def policies(organisation: Organisation, rows: Iterable[Mapping[str, Any]], moments: Moments) -> list[dict[str, Any]]:
    """Return the entry norms that rows were held against."""
    several = versions(organisation, "entry-deadline")
    days = [datetime.fromisoformat(row["time"]).date() for row in rows] or [moments.day]
    return used("entry-deadline", (on(day, several) for day in days))


def _agreed(ask: Ask, moments: Moments, shown: Sequence[Owned]) -> dict[tuple[str, str], list[Found]]:
    """Return what was agreed in each follow-up, by its stream and item; it was set on the day of the follow-up."""
    days = [each.found.opened for each in shown]
    if not days:
        return {}
    wanted, within = {each.found.subject for each in shown}, Period.of_days(min(days), max(days))
    agreed: dict[tuple[str, str], list[Found]] = {}
    for action in found(ask, moments, "next-action", opened=within, subjects=wanted):
        if action.opening.content.get("follow_up"):
            agreed.setdefault((action.subject, action.opening.content["follow_up"]), []).append(action)
    return agreed


def _promise(action: Found, deadlines: Deadlines) -> dict[str, Any]:
    due = deadlines.of(action)
    return {
        "item": action.number,
        "what": action.content["what"],
        "due": due.day.isoformat() if due else None,
        "provisional": bool(due and due.provisional),
        "state": action.state,
    }
