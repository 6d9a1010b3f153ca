"""Instalments: how a contract is to be paid in parts, when each is due, and which of them money that came in fills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.kernel import money
from domain.kernel.field import BadValue, Kind, read_count, read_date, read_number, read_text
from domain.kernel.refusal import Refused

OCCASIONS: Final = ("signing", "delivery", "acceptance")
"""From what on days are counted: the signing, the contract's first delivery, its first acceptance."""
KNOWN: Final = frozenset(("percent", "share", "amount", "due", "after", "days"))
NOTHING: Final = Decimal(0)
WHOLE: Final = Decimal(100)


class Instalment(NamedTuple):
    """A part of what a contract is worth: in `percent` of it or as an `amount`; due on a day, or `days` `after` something."""

    percent: Decimal | None
    amount: Decimal | None
    due: dt.date | None = None
    after: str | None = None
    days: int = 0

    def due_on(self, occasions: Mapping[str, dt.date]) -> dt.date | None:
        """Return when it is due, given the days of the OCCASIONS; None while that is not known."""
        if self.after is None:
            return self.due
        since = occasions.get(self.after)
        return since + dt.timedelta(days=self.days) if since else None


def read_instalment(value: Any) -> Instalment:
    """Read `{"percent": 30, "due": "2024-04-10"}`, `{"amount": ..., "after": "delivery", "days": 30}` or `30% @ signing+10`."""
    if not isinstance(value, Mapping):
        much, _, when = str(value).partition("@")
        value = {"share" if "%" in much else "amount": much, **({"due": when} if when.strip() else {})}
    if set(value) - KNOWN or len({"percent", "share", "amount"} & set(value)) != 1:
        raise BadValue("an instalment has percent or amount, and due, or after and days")
    percent = _percent(value)
    amount = read_number(value["amount"]) if percent is None else None
    if (percent if percent is not None else amount or NOTHING) <= 0:
        raise BadValue("an instalment is more than nothing")
    due, after, days = value.get("due"), value.get("after"), value.get("days")
    if isinstance(due, str) and not due.strip()[:1].isdecimal():
        if after is not None or days is not None:
            raise BadValue("an instalment has percent or amount, and due, or after and days")
        after, _, days = due.strip().removesuffix("d").partition("+")
        due = None
    if after is None:
        if days is not None:
            raise BadValue("an instalment has percent or amount, and due, or after and days")
        return Instalment(percent, amount, None if due is None else read_date(due))
    occasion = read_text(after)
    count = read_count(days or 0)
    if occasion not in OCCASIONS or due is not None or not 0 <= count <= 10_000:
        raise BadValue("it is due on a day, or days after {choices}", choices=", ".join(OCCASIONS))
    return Instalment(percent, amount, None, occasion, count)


def _percent(value: Mapping[str, Any]) -> Decimal | None:
    """Return the part in percent; a share is written 0.3 or 30%."""
    if "percent" in value:
        return read_number(str(value["percent"]).strip().removesuffix("%").strip())
    if "share" not in value:
        return None
    said = str(value["share"]).strip()
    number = read_number(said.removesuffix("%").strip())
    return number if "%" in said or number > 1 else money.plain(number * WHOLE)


class Stored(dict[str, Any]):
    """An instalment in its stored form, as an event carries it."""


def write_instalment(instalment: Instalment) -> Stored:
    """Write an instalment as it is stored."""
    percent, amount, due, after, days = instalment
    written = {
        "percent": None if percent is None else format(percent, "f"),
        "amount": None if amount is None else format(amount, "f"),
        "due": due.isoformat() if due else None,
        "after": after,
        "days": days if after else None,
    }
    return Stored({name: value for name, value in written.items() if value is not None})


Stored.KIND = Kind("instalment", lambda value: write_instalment(read_instalment(value)))  # type: ignore[attr-defined]
Instalment.KIND = Kind("instalment", read_instalment, write_instalment)  # type: ignore[attr-defined]


def unreadable(stored: Iterable[Any]) -> Refused | None:
    """Return why these can't be the instalments of a schedule, if so."""
    try:
        found = [read_instalment(each) for each in stored]
    except BadValue as wrong:
        return Refused("event.bad_value", field="instalments", value=list(stored), **wrong.told)
    if not found:
        return Refused("payment.no_instalments")
    shares = sum((each.percent or NOTHING for each in found), NOTHING)
    return Refused("payment.above_whole", percent=format(shares, "f")) if shares > WHOLE else None


def amounts(instalments: Sequence[Instalment], worth: Decimal) -> list[Decimal]:
    """Return the amount of each: the shares of `worth` to the cent, by largest remainder, so that they sum exactly."""
    percents = [each.percent for each in instalments if each.percent is not None]
    rest = WHOLE - sum(percents, NOTHING)
    shares = iter(money.split(worth, [*percents, rest] if rest else percents) if percents else ())
    return [each.amount if each.amount is not None else next(shares) for each in instalments]


def fitted(planned: Sequence[Decimal], worth: Decimal) -> tuple[list[Decimal], Decimal]:
    """Return the planned amounts as far as the contract is worth them now, and what of its worth they leave out.

    What a contract loses by an amendment or its cancellation is taken from its last instalments first.
    """
    left, found = worth, []
    for amount in planned:
        found.append(min(amount, max(left, NOTHING)))
        left -= found[-1]
    return found, max(left, NOTHING)


class Filling:
    """Planned amounts that are filled move by move: what each has `got`, and what is left `over` beyond all of them."""

    __slots__ = ("got", "over", "planned")

    def __init__(self, planned: Sequence[Decimal]) -> None:
        self.planned, self.got, self.over = planned, [NOTHING] * len(planned), NOTHING

    def move(self, amount: Decimal, named: int | None) -> None:
        """Take the next move, which names its instalment or fills the oldest open one.

        What exceeds an instalment goes to the oldest open one. A negative move is taken from the one it names, then from
        what is left over, then from the one filled last; if it comes before there is enough, the next moves make it good.
        """
        got, planned = self.got, self.planned
        first = [named - 1] if named is not None and 0 < named <= len(planned) else []
        if amount > 0:
            lacking = min(amount, max(-self.over, NOTHING))
            self.over += lacking + _added(got, planned, (*first, *range(len(planned))), amount - lacking)
            return
        back = _taken(got, first, -amount)
        spare = min(back, max(self.over, NOTHING))
        self.over -= spare + _taken(got, reversed(range(len(planned))), back - spare)


def _added(got: list[Decimal], planned: Sequence[Decimal], order: Iterable[int], amount: Decimal) -> Decimal:
    """Fill the parts in this order; return what of the amount is left over."""
    for n in order:
        part = min(amount, max(planned[n] - got[n], NOTHING))
        got[n] += part
        amount -= part
    return amount


def _taken(got: list[Decimal], order: Iterable[int], amount: Decimal) -> Decimal:
    """Take from the parts in this order; return what of the amount was not there."""
    for n in order:
        part = min(amount, got[n])
        got[n] -= part
        amount -= part
    return amount
