"""What customers owe: each signed contract's instalments with what is due, invoiced, received, overdue and promised."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from domain.contract.instalments import Instalment, amounts, filled, fitted, read_instalment
from domain.money import from_units, plain
from domain.period import Period
from projections.contracts.ask import narrowed
from projections.contracts.standing import Standing, asked_for, everything, standing, unsettled
from projections.events import named
from projections.grouped import by_owner
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.projection import Ask

BUCKETS: Final = ("not-due", "0-30", "31-60", "61-90", "90+")
NOTHING: Final = Decimal(0)
SILENT: Final = frozenset(
    "contract.submitted contract.reviewed contract.approved contract.returned contract.archived contract.handed_over".split()
)
"""What bears on no number here."""


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


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    currency: str,
    period: Period | None = None,
    owner: str | None = None,
    group: str | None = None,
    subjects: Sequence[str] | None = None,
    overdue: bool = False,
    settled: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return what is outstanding, the longest overdue first; asks progress, tracking, pipeline and audit.

    `period` keeps what is due in it, `subjects` contracts and the contracts of customers, `settled` also what has come in
    whole. A surplus is what has come in beyond what a contract is worth; its outstanding is negative. The rows of one due
    day begin with those in `currency`.
    """
    chosen: Collection[str] | None = asked_for(ask, moments, organisation, owner, group, subjects)
    some = chosen is not None
    if chosen is None:
        chosen = everything(ask, moments) if settled else unsettled(ask, moments)
    found = narrowed(standing(ask, moments, organisation, chosen), organisation, owner, group, subjects)
    found = [each for each in found if each.state.signed_on or each.sums["collected"]]
    if some and not settled:
        found = [each for each in found if each.sums["signed"] != each.sums["collected"]]
    shown = [row for each in found for row in _of_contract(each, moments.day, settled)]
    if overdue:
        shown = [row for row in shown if row["days_overdue"]]
    if period is not None:
        shown = [row for row in shown if row["due"] and period.contains(date.fromisoformat(row["due"]))]
    shown.sort(
        key=lambda row: (
            row["due"] or "9999",
            row["currency"] != currency,
            row["currency"],
            row["number"],
            row["place"],
        )
    )
    if explain:
        behind = named(ask, {p for each in found for p in _positions(each)}, moments)
        events = {each.contract: [behind[p][0] for p in _positions(each)] for each in found}
        shown = [{**row, "events": events[row["contract"]]} for row in shown]
    for row in shown:
        del row["place"]
    return shown


def _positions(each: Standing) -> list[int]:
    """Return the positions of the events behind what is owed, what corrects them included."""
    told = {seen.position: seen.name for seen in each.events}
    return [position for position in each.positions if told.get(position, "event.corrected") not in SILENT]


def parts(each: Standing) -> list[Part]:
    """Return the parts in which a contract is paid, in their order."""
    state, worth = each.state, from_units(each.sums["signed"])
    schedule = [_agreed(tuple(said.items())) for said in state.instalments]
    planned, rest = fitted(amounts(schedule, state.planned), worth) if schedule else ([], max(worth, NOTHING))
    whole = [*planned, rest]
    received, surplus = filled(whole, _moves(each, {"payment.received": 1, "payment.refunded": -1}))
    invoiced, _ = filled(whole, _moves(each, {"payment.invoiced": 1}))
    occasions = _occasions(each)
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


def _moves(each: Standing, signs: Mapping[str, int]) -> list[tuple[Decimal, int | None]]:
    found = each.named(*signs)
    return [(Decimal(seen.data["amount"]) * signs[seen.name], seen.data.get("instalment")) for seen in found]


def _occasions(each: Standing) -> dict[str, date]:
    """Return the days from which instalments count: the signing, the first delivery, the first acceptance."""
    deliveries = each.state.deliveries.values()
    found = {
        "signing": [each.state.signed_on] if each.state.signed_on else [],
        "delivery": [delivery.date for delivery in deliveries],
        "acceptance": [delivery.accepted for delivery in deliveries if delivery.accepted],
    }
    return {name: min(days) for name, days in found.items() if days}


def _of_contract(each: Standing, day: date, settled: bool) -> Iterator[dict[str, Any]]:
    """Yield the rows of a contract; a promise stands beside what it names, else beside the oldest that is open."""
    several = parts(each)
    promises = _promises(each, day)
    beside: dict[int | None, dict[str, Any]] = {}
    for promise in promises:
        open_ = (n for n, part in enumerate(several) if part.outstanding > 0)
        place = promise["instalment"] - 1 if promise["instalment"] else next(open_, len(several) - 1)
        beside[min(place, len(several) - 1)] = promise
    for n, part in enumerate(several):
        if settled or part.outstanding:
            yield _row(each, part, n, day, beside.get(n))


def _row(each: Standing, part: Part, place: int, day: date, promise: Mapping[str, Any] | None) -> dict[str, Any]:
    late = max((day - part.due).days, 0) if part.due and part.outstanding > 0 else None
    return {
        "place": place,
        "contract": each.contract,
        "number": each.state.number,
        "customer": each.customer,
        "company": each.company,
        "owner": each.owner,
        "group": each.group,
        "part": part.part,
        "instalment": part.number,
        "due": part.due.isoformat() if part.due else None,
        "amount": _text(part.amount),
        "invoiced": _text(part.invoiced),
        "received": _text(part.received),
        "outstanding": _text(part.outstanding),
        "currency": each.state.currency,
        "days_overdue": late,
        "ageing": bucket(late) if part.outstanding > 0 else None,
        "promise": promise["state"] if promise else None,
        "promised": promise["amount"] if promise else None,
        "promise_due": promise["due"] if promise else None,
    }


def bucket(late: int | None) -> str:
    """Return in which class of age something is: not-due until the day after it was due."""
    if not late:
        return BUCKETS[0]
    return BUCKETS[min((late - 1) // 30, 3) + 1]


def _promises(each: Standing, day: date) -> list[dict[str, Any]]:
    """Return the customer's promises in the order in which they were given, and what became of each.

    What came in from the day of the promise to the day it names keeps it, the promise that ends first before the others.
    """
    receipts = each.named("payment.received")
    left = [Decimal(seen.data["amount"]) for seen in receipts]
    given = each.named("payment.promised")
    states = {}
    for promise in sorted(given, key=lambda seen: (seen.data["due"], seen.position)):
        due, lacking = date.fromisoformat(promise.data["due"]), Decimal(promise.data["amount"])
        for n, receipt in enumerate(receipts):
            part = min(lacking, left[n]) if promise.day <= receipt.day <= due else NOTHING
            left[n] -= part
            lacking -= part
        states[promise.position] = "kept" if not lacking else "open" if day <= due else "broken"
    return [
        {
            "amount": _text(Decimal(promise.data["amount"])),
            "due": promise.data["due"],
            "instalment": promise.data.get("instalment"),
            "state": states[promise.position],
        }
        for promise in given
    ]


def totals(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sums of rows by currency, and under `owners` those of each owner: outstanding, overdue, and by age."""
    made = []
    for currency in sorted({row["currency"] for row in found}):
        mine = [row for row in found if row["currency"] == currency]
        parted = [{"owner": owner, **_sums(some)} for owner, some in by_owner(mine)]
        made.append({"currency": currency, **_sums(mine), "owners": parted})
    return made


def _sums(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    def total(*ages: str) -> str:
        return _text(sum((Decimal(row["outstanding"]) for row in found if row["ageing"] in ages), NOTHING))

    surplus = sum((-Decimal(row["outstanding"]) for row in found if row["part"] == "surplus"), NOTHING)
    return {
        "outstanding": total(*BUCKETS),
        "overdue": total(*BUCKETS[1:]),
        "ageing": {name: total(name) for name in BUCKETS},
        "surplus": _text(surplus),
    }


@lru_cache(maxsize=8192)
def _text(value: Decimal) -> str:
    return format(plain(value), "f")
