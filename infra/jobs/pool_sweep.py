"""The sweep of the public pool: whoever has gone untouched for too long is recalled, once, by the rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from domain.calendar.moment import day_of
from domain.kernel.rights import SYSTEM
from domain.policy.defaults import whole
from infra.commands.request import Request
from infra.errors.problem import Problem
from projections.queries.organisation import Organisation

if TYPE_CHECKING:
    from infra.commands.handler import CommandHandler
    from infra.store.store import Store


class Recalled(NamedTuple):
    """A customer that was recalled on a day, and who had it."""

    customer: str
    company: str
    former: str
    day: date


def sweep(store: Store, recorder: str, day: date, *, dry_run: bool = False) -> list[Recalled]:
    """Recall every customer that was due by `day`, each on the day on which it was due; return those recalled now.

    Raises Problem where the store fails. Run again, or by two at once, each is recalled once: its key says since when
    it was untouched.
    """
    from domain.customer.pool import RecallCustomer

    ledger = store.ledger(SYSTEM, source="system", recorder=recorder)
    due = _due(store, ledger, day)
    answers = ledger.record(
        [
            Request(RecallCustomer, {}, subject=each.customer, key=key, actor=SYSTEM, at=each.day.isoformat())
            for each, key in due
        ],
        dry_run=dry_run,
    )
    return [
        each
        for (each, _), answer in zip(due, answers, strict=True)
        if not isinstance(answer, Problem) and answer.status == "recorded"
    ]


def _due(store: Store, ledger: CommandHandler, day: date) -> list[tuple[Recalled, str]]:
    """Return who has an owner and was due by a day, each with the key of its recall."""
    from domain.customer.tenure import KEPT, recall_day, told
    from projections.views import tracking

    with store.view("tracking", "organisation") as ask:
        moments = store.moments(day.isoformat())
        organisation = Organisation(ask, moments.position)
        rows = tracking.rows(ask, moments, organisation, currency=store.currency)
        adopted = organisation.policy_since("pool", day)
        days = whole("pool", adopted[1] if adopted else None)["recall_after"]
        calendar = organisation.calendar()
    owned = {row["id"]: row for row in rows if row["owner"] and row["stage"] not in KEPT}
    if days is None:
        return []
    ledger.world.refresh()
    found = []
    # No deadline of n working days ends before n days have gone by.
    latest = day - timedelta(days=days)
    for customer, row in owned.items():
        if row["last_contact"] and day_of(row["last_contact"], store.zone) > latest:
            continue
        merged = map(ledger.history, ledger.world.subject(customer).state.merged)
        now = told(ledger.history(customer), lambda told: day_of(told.occurred, store.zone), merged)
        due = recall_day(now, days, calendar)
        if due and due <= day:
            recalled = Recalled(customer, row["company"], row["owner"], due)
            found.append((recalled, f"recall#{customer}#{now.untouched}"))
    return found
