"""Questions about the public pool 公海: who is in it and may be claimed by whom, and who is about to be recalled into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.customer.holding import KEPT, PROTECTING, claimable_from, held, recall_day
from domain.moment import day_of
from domain.period import Period
from domain.policies import whole
from domain.words import OWNING
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.ownership.acts import Act, acts
from projections.projection import Ask
from projections.records.ask import found
from projections.tracking import ask as tracking

WHY: Final = {"customer.recalled": "recalled", "customer.released": "released"}
"""Why a customer is in the pool, by what brought it there; every other has never been given to anybody."""

HOLDING: Final = tuple(dict.fromkeys((*OWNING, *PROTECTING)))
TOLD: Final = ("industry", "size", "grade", "channel", "last_contact")


def policy_on(organisation: Organisation, day: date) -> Mapping[str, Any]:
    """Return the values of the pool's policy in force on a day."""
    since = organisation.policy_since("pool", day)
    return whole("pool", since[1] if since else None)


def _customers(ask: Ask, moments: Moments, organisation: Organisation, *, owned: bool) -> dict[str, dict[str, Any]]:
    """Return the tracking rows of the customers that somebody owns, or that nobody does, by id."""
    rows = tracking.rows(ask, moments, organisation, currency="")
    return {row["id"]: row for row in rows if bool(row["owner"]) == owned}


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    period: Period | None = None,
    owner: str | None = None,
    group: str | None = None,
    claimant: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return who is in the pool, the first to come there first; asks tracking, audit and the organisation.

    `owner` keeps those whom that person had last and `group` those whose last owner is in it on the as-of day, `period` those that
    came in it, `claimant` those that this person may claim on the as-of day. Whoever is invalid is no customer to claim.
    """
    unowned = _customers(ask, moments, organisation, owned=False)
    wanted = [customer for customer, row in unowned.items() if row["stage"] != "invalid"]
    wait, calendar = policy_on(organisation, moments.day)["wait_days"], organisation.calendar()
    shown = []
    for customer, done in acts(ask, moments, wanted, HOLDING).items():
        now = held((act.day, act.name, act.values) for act in done)
        last = _last_passing(done)
        assert now.since is not None
        from_when = claimable_from(now, now.former, wait, calendar) if now.former else None
        team = organisation.group_of(now.former, moments.day) if now.former else None
        if (owner not in (None, now.former)) or (group not in (None, team)):
            continue
        if period and not period.contains(now.since):
            continue
        first = from_when if claimant is not None and claimant == now.former else now.since
        if claimant is not None and (first is None or first > moments.day):
            continue
        row = unowned[customer]
        told = {
            "customer": customer,
            "company": row["company"],
            "since": now.since.isoformat(),
            "days": (moments.day - now.since).days,
            "why": WHY.get(last.name, "unassigned"),
            "former": now.former,
            "reason": last.reason,
            "claimable_from": now.since.isoformat(),
            "former_from": from_when.isoformat() if from_when else None,
            **{name: row[name] for name in TOLD},
        }
        shown.append(told | ({"events": last.events} if explain else {}))
    return sorted(shown, key=lambda each: (each["since"], each["customer"]))


def _last_passing(done: Sequence[Act]) -> Act:
    """Return what the customer passed by last, to nobody."""
    freed = [act for act in done if act.name in OWNING]
    last = freed[-1]
    for act in reversed(freed):  # one who is freed twice has been so since the first time
        if act.values.get("owner"):
            break
        last = act
    return last


def due(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    within: int = 5,
    owner: str | None = None,
    group: str | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return whom the rule recalls within some working days from the as-of day, the first to go first.

    Asks tracking, audit, records, pipeline and the organisation. One in dispute stays until it is ruled on, and has `disputed`
    true; `days_left` is 0 from the day on which it is due.
    """
    days, calendar = policy_on(organisation, moments.day)["recall_after"], organisation.calendar()
    if days is None:
        return []
    rows = _customers(ask, moments, organisation, owned=True)
    wanted = [
        customer
        for customer, row in rows.items()
        if row["stage"] not in KEPT and owner in (None, row["owner"]) and group in (None, row["group"])
    ]
    last_day = calendar.deadline(moments.day, within)
    disputed = {each.customer for each in found(ask, moments, "dispute", still_open=True)} if wanted else set()
    shown = []
    for customer, done in acts(ask, moments, wanted, HOLDING).items():
        row = rows[customer]
        now = held((act.day, act.name, act.values) for act in done)
        touched = day_of(row["last_contact"], moments.zone) if row["last_contact"] else None
        untouched = max(filter(None, (now.untouched, touched)))
        ends = recall_day(now._replace(untouched=untouched), days, calendar)
        if ends is None or ends > last_day:
            continue
        told = {
            "customer": customer,
            "company": row["company"],
            "owner": row["owner"],
            "group": row["group"],
            "untouched_since": untouched.isoformat(),
            "protected_until": now.protected.isoformat() if now.protected else None,
            "due": ends.isoformat(),
            "days_left": calendar.late_days(moments.day, ends),
            "disputed": customer in disputed,
            "grade": row["grade"],
            "next_action": row["next_action"],
            "next_due": row["next_due"],
        }
        shown.append(told | ({"events": [event for act in done for event in act.events]} if explain else {}))
    return sorted(shown, key=lambda each: (each["due"], each["customer"]))
