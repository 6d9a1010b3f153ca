"""When something asked for is due: on a day, or at the end of the n-th working day after the day it was asked on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.refusal import Refused

if TYPE_CHECKING:
    from domain.kernel.context import Context

DUE_HELP: Final = "The day it is due."
DAYS_HELP: Final = "Due at the end of the n-th working day after the action's day."
MOST: Final = 1_000
"""Working days ahead; more is a slip of the pen."""


def untimed(due: dt.date | None, working_days: int | None) -> Refused | None:
    """Return why this is no clear time, if so: exactly one of the two is needed."""
    if (due is None) == (working_days is None):
        return Refused("due.when")
    if working_days is not None and not 0 <= working_days <= MOST:
        return Refused("due.days", most=MOST)
    return None


def mistimed(due: dt.date | None, working_days: int | None, counted_from: dt.date | None) -> Refused | None:
    """Return why the fields of an event say no clear time, if so: working days need the day from which they count."""
    if working_days is not None and counted_from is None:
        return Refused("due.when")
    return untimed(due, working_days)


def timed(due: dt.date | None, working_days: int | None, context: Context) -> dict[str, Any]:
    """Return the fields of an event that say when it is due; working days are counted from the action's own day."""
    counted = context.day if working_days is not None else None
    return {"due": due, "working_days": working_days, "counted_from": counted}
