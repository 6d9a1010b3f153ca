"""The parts in which a contract is paid, by what had happened to it: amounts, due days, what came in, what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from domain.contract.instalments import Filling, Instalment, amounts, fitted, read_instalment
from domain.contract.state import Contract
from domain.kernel.money import from_units, plain
from projections.engine.projection import Seen

NOTHING: Final = Decimal(0)

Row = tuple[Any, ...]
"""The columns of a part from `part` on."""


class Part(NamedTuple):
    """What of a contract is to come in at once: an instalment, the rest that no schedule speaks of, or a surplus."""

    part: str
    number: int | None
    amount: Decimal
    due: date | None
    invoiced: Decimal
    received: Decimal

    @property
    def outstanding(self) -> Decimal:
        return self.amount - self.received


class Money:
    """A contract's events about money, taken in the order of their moments, and what they fill of its parts."""

    __slots__ = ("_filled", "_invoiced", "_received", "_whole", "moves", "promised")

    def __init__(self) -> None:
        self.moves: list[Seen] = []
        self.promised = False
        self._whole: tuple[Decimal, ...] | None = None
        self._filled = 0
        self._received = self._invoiced = Filling(())

    def take(self, seen: Seen) -> None:
        """Take the next event."""
        self.moves.append(seen)
        self.promised = self.promised or seen.name == "payment.promised"

    def filled(self, whole: tuple[Decimal, ...]) -> tuple[Filling, Filling]:
        """Return what was received and what was invoiced of these parts; only new moves are taken while the parts stay."""
        if whole != self._whole:
            self._whole, self._filled = whole, 0
            self._received, self._invoiced = Filling(whole), Filling(whole)
        for seen in self.moves[self._filled :]:
            amount, named = Decimal(seen.data["amount"]), seen.data.get("instalment")
            if seen.name == "payment.invoiced":
                self._invoiced.move(amount, named)
            elif seen.name != "payment.promised":
                self._received.move(amount if seen.name == "payment.received" else -amount, named)
        self._filled = len(self.moves)
        return self._received, self._invoiced


def rows(state: Contract, worth: int, money: Money) -> list[Row]:
    """Return the parts of a contract, which is worth so many ten-thousandths, in their order.

    A promise stands beside the instalment that it names, else beside the oldest part that is open.
    """
    several = _parts(state, from_units(worth), money)
    beside: dict[int, tuple[str, str, int]] = {}
    for promise, kept in _promises(money.moves) if money.promised else ():
        open_ = (n for n, part in enumerate(several) if part.outstanding > 0)
        named = promise.data.get("instalment")
        place = named - 1 if named else next(open_, len(several) - 1)
        said = _text(Decimal(promise.data["amount"])), promise.data["due"], int(kept)
        beside[min(place, len(several) - 1)] = said
    return [_row(part, beside.get(n, (None, None, None))) for n, part in enumerate(several)]


def _row(part: Part, promise: tuple[Any, ...]) -> Row:
    kind, number, amount, due, invoiced, received = part
    left = amount - received
    money = (_text(amount), _text(invoiced), _text(received), _text(max(left, NOTHING)), _text(max(-left, NOTHING)))
    return (kind, number, due.isoformat() if due else None, *money, (left > 0) - (left < 0), *promise)


def _parts(state: Contract, worth: Decimal, money: Money) -> list[Part]:
    schedule = tuple(_agreed(tuple(said.items())) for said in state.instalments)
    planned, rest = fitted(_amounts(schedule, state.planned), worth) if schedule else ([], max(worth, NOTHING))
    filling, billing = money.filled((*planned, rest))
    received, invoiced, surplus = filling.got, billing.got, filling.over
    occasions = _occasions(state)
    found = [
        Part("instalment", n + 1, amount, schedule[n].due_on(occasions), invoiced[n], received[n])
        for n, amount in enumerate(planned)
    ]
    if rest or not (schedule or surplus):
        found.append(Part("rest", None, rest, None, invoiced[-1], received[-1]))
    if surplus:
        found.append(Part("surplus", None, NOTHING, None, NOTHING, surplus))
    return found


@lru_cache(maxsize=4096)
def _agreed(said: tuple[tuple[str, Any], ...]) -> Instalment:
    """Return an instalment as it is stored; many contracts are paid alike."""
    return read_instalment(dict(said))


@lru_cache(maxsize=4096)
def _amounts(schedule: tuple[Instalment, ...], worth: Decimal) -> list[Decimal]:
    """Return what each instalment comes to; it is asked at each payment again."""
    return amounts(schedule, worth)


def _occasions(state: Contract) -> dict[str, date]:
    """Return the days from which instalments count: the signing, the first delivery, the first acceptance."""
    deliveries = state.deliveries.values()
    found = {
        "signing": [state.signed_on] if state.signed_on else [],
        "delivery": [delivery.date for delivery in deliveries],
        "acceptance": [delivery.accepted for delivery in deliveries if delivery.accepted],
    }
    return {name: min(days) for name, days in found.items() if days}


def _promises(moves: Sequence[Seen]) -> list[tuple[Seen, bool]]:
    """Return the customer's promises in the order in which they were given, and whether each was kept.

    What came in from the day of the promise to the day it names keeps it, the promise that ends first before the others.
    """
    given = [seen for seen in moves if seen.name == "payment.promised"]
    if not given:
        return []
    receipts = [seen for seen in moves if seen.name == "payment.received"]
    left = [Decimal(seen.data["amount"]) for seen in receipts]
    kept = {}
    for promise in sorted(given, key=lambda seen: (seen.data["due"], seen.position)):
        due, lacking = date.fromisoformat(promise.data["due"]), Decimal(promise.data["amount"])
        for n, receipt in enumerate(receipts):
            part = min(lacking, left[n]) if promise.day <= receipt.day <= due else NOTHING
            left[n] -= part
            lacking -= part
        kept[promise.position] = not lacking
    return [(promise, kept[promise.position]) for promise in given]


@lru_cache(maxsize=8192)
def _text(value: Decimal) -> str:
    return format(plain(value), "f")
