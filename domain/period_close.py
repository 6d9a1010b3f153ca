"""Closing a period: where the log stood, and the digest of every figure, so that the figures can be shown again for ever."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.calendar.period import NoPeriod, Period
from domain.kernel.action import Action, Decision, action, given
from domain.kernel.context import Context
from domain.kernel.declared import State, declared
from domain.kernel.event import Event, event
from domain.kernel.field import BadValue, Kind, read_text
from domain.kernel.refusal import Refused


@event("period.closed")
class PeriodClosed(Event):
    """`position` is the last event that the figures know, `as_of` the day at whose end they stand; view -> digest."""

    period: str
    as_of: dt.date
    position: int
    digests: dict[str, Any]


@declared
class ClosedPeriod(State):
    """A period as the log knows it; `position` is 0 until it is closed."""

    period: str = ""
    position: int = 0


def evolve(closed: ClosedPeriod, happened: Any) -> ClosedPeriod:
    """Return `closed` after `happened`."""
    match happened:
        case PeriodClosed():
            closed.period, closed.position = happened.period, happened.position
    return closed


class PeriodName(str):
    """The canonical name of a period."""

    __slots__ = ()


def read_period(value: Any) -> PeriodName:
    try:
        return PeriodName(Period.parse(read_text(value)).name)
    except NoPeriod as wrong:
        raise BadValue(wrong.why, **wrong.facts) from None


PeriodName.KIND = Kind("period", read_period)  # type: ignore[attr-defined]


@action(
    "period.close",
    subject="period",
    creates=True,
    looks_up=True,
    example="sales period close 2024Q1",
)
class ClosePeriod(Action):
    """Close a period that has ended: its figures can be shown as they were closed for ever, whatever is entered later."""

    period: PeriodName = given("2024Q1, 2024-02, 2024-W07 or 2024.", positional=True)

    def decide(self, state: ClosedPeriod, context: Context) -> Decision:
        if state.position or state.period:
            return Refused("period.closed", period=state.period, position=state.position)
        period = Period.parse(self.period, context.fiscal_month)
        if context.day <= period.last:
            return Refused("period.running", period=period.name, last=period.last.isoformat())
        figures = context.figures(period.name)
        return PeriodClosed(
            period=period.name, as_of=period.last, position=figures.position, digests=dict(figures.digests)
        )
