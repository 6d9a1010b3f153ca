"""How a customer is held: by whom since when, untouched and protected until when, and when that ends in the pool 公海."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.kernel.types import OWNING, is_touch

if TYPE_CHECKING:
    from domain.kernel.context import Calendar
    from domain.kernel.recorded_event import Told

KEPT: Final = ("signed", "performing", "completed", "invalid")
"""The stages in which a customer stays with its owner whatever happens."""

PROTECTING: Final = ("customer.protected", "customer.claimed")
TOUCHING: Final = "customer.followed_up"


class Held(NamedTuple):
    """How a customer is held: `owner` since `since`, or nobody after `former`.

    `untouched` is the day of the last touch, or the one on which the owner took the customer where that is later;
    `protected` the last day of a protection. Days of no such thing are None.
    """

    owner: str | None = None
    since: dt.date | None = None
    former: str | None = None
    untouched: dt.date | None = None
    protected: dt.date | None = None


def held(acts: Iterable[tuple[dt.date, str, Mapping[str, Any]]]) -> Held:
    """Return how a customer is held after what was done with it, in the order of its days: (day, event's name, data)."""
    now = Held()
    for day, name, data in acts:
        if name in OWNING:
            now = passed(now, day, data.get("owner"))
        if name in PROTECTING:
            now = now._replace(protected=dt.date.fromisoformat(data["protected_until"]))
        if name in OWNING or (name == TOUCHING and is_touch(data)):
            now = now._replace(untouched=day)
    return now


def passed(now: Held, day: dt.date, owner: str | None) -> Held:
    """Return how a customer is held after it has passed to an owner, or stayed with the one it had."""
    if owner == now.owner and now.since:
        return now
    return now._replace(owner=owner, since=day, former=None if owner else now.owner, protected=None)


def told(history: Sequence[Told], day_of: Callable[[Told], dt.date], merged: Iterable[Sequence[Told]] = ()) -> Held:
    """Return how a customer is held after its events, which stand as corrected, in the order of their days.

    A touch of a lead that was merged into it is one of its own; whose that lead was tells nothing.
    """
    from domain.kernel.effective import standing

    own = [each for each in standing(history) if each.values is not None]
    own += [e for lead in merged for e in standing(lead) if e.values is not None and e.told.name == TOUCHING]
    acts = sorted((day_of(each.told), each.told.position, each.told.name, each.values or {}) for each in own)
    return held((day, name, values) for day, _, name, values in acts)


def recall_day(now: Held, days: int | None, calendar: Calendar) -> dt.date | None:
    """Return the day on which a customer is due for the pool: never within its protection, None for never."""
    if days is None or now.owner is None or now.untouched is None:
        return None
    due = calendar.deadline(now.untouched, days)
    return max(due, calendar.deadline(now.protected, 1)) if now.protected else due


def claimable_from(now: Held, login: str, wait: int, calendar: Calendar) -> dt.date | None:
    """Return from which day on somebody may take a customer that nobody owns: the former owner waits longer."""
    if now.since is None:
        return None
    return calendar.deadline(now.since, wait) if login == now.former else now.since
