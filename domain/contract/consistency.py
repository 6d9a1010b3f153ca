"""Whether a contract still adds up when one of its events is corrected or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from domain.contract import events as e
from domain.contract.amendment import above_limit
from domain.contract.instalments import amounts, read_instalment
from domain.contract.state import Contract, evolve
from domain.kernel.effective import Corrected
from domain.kernel.json_form import revive
from domain.kernel.money import plain
from domain.kernel.recorded_event import Told
from domain.kernel.refusal import Refused

AFTER_SIGNING: Final = (
    "contract.amended",
    "contract.cancelled",
    "contract.order_placed",
    "contract.completed",
    "delivery.delivered",
)


def told_by(history: Sequence[Corrected]) -> Contract:
    """Return the contract that these events tell of."""
    contract = Contract()
    for each in history:
        if each.values is not None:
            contract = evolve(contract, revive(each.told.name, each.values))
    return contract


def unsound(told: Told, corrected: Any, history: Sequence[Corrected], before: Mapping[str, Any]) -> Refused | None:
    """Return why a contract would not add up with the correction in its `history`, if so.

    `corrected` is the event as it is to be, None where it is withdrawn; `before` are its values as they stood.
    """
    contract = Contract()
    for each in history:
        if each.values is None:
            continue
        happened = revive(each.told.name, each.values)
        refused = _untimely(contract, each.told.name, happened) or _twice(contract, happened)
        if refused:
            return refused
        contract = evolve(contract, happened)
        if each.told.position == told.position and isinstance(happened, e.PaymentScheduled):
            uneven = _uneven(contract)
            if uneven:
                return uneven
    return _short(contract) or (_mistaken(contract, corrected, before) if corrected is not None else None)


def _untimely(contract: Contract, name: str, happened: Any) -> Refused | None:
    """Return a refusal of what would lie before the signing or the delivery that it builds on."""
    if name in AFTER_SIGNING:
        return contract.unsigned_on(happened.date)
    delivery = contract.deliveries.get(happened.item) if isinstance(happened, e.DeliveryAccepted) else None
    if delivery and happened.date < delivery.date:
        return Refused("delivery.not_yet", day=happened.date.isoformat(), since=delivery.date.isoformat())
    return None


def _twice(contract: Contract, happened: Any) -> Refused | None:
    """Return a refusal of a number or a milestone that the contract has already."""
    match happened:
        case e.FrameworkOrderPlaced(number=number) if number in {each.number for each in contract.orders.values()}:
            return Refused("contract.order_taken", number=number, contract=contract.number)
        case e.PaymentInvoiced(number=number) if number in {each.number for each in contract.invoices.values()}:
            return Refused("payment.invoice_taken", number=number, contract=contract.number)
        case e.MilestoneDelivered(milestone=name) if name in {each.milestone for each in contract.deliveries.values()}:
            return Refused("delivery.again", milestone=name)
    return None


def _uneven(contract: Contract) -> Refused | None:
    total = sum(amounts(list(map(read_instalment, contract.instalments)), contract.planned), Decimal(0))
    if total == contract.planned:
        return None
    facts = {"total": format(plain(total), "f"), "value": format(contract.planned, "f"), "currency": contract.currency}
    return Refused("payment.uneven", **facts)


def _short(contract: Contract) -> Refused | None:
    """Return a refusal of a contract that is worth, or has got, less than nothing."""
    if contract.agreed < 0:
        return Refused("contract.below_zero", amount=format(contract.agreed, "f"))
    if contract.orders and not contract.framework:
        return Refused("contract.not_framework", kind=contract.kind, contract=contract.number)
    if contract.collected < 0:
        return Refused("payment.overdrawn", amount=format(contract.collected, "f"), currency=contract.currency)
    if contract.invoiced < 0:
        return _above("payment.above_value", contract, contract.invoiced)
    return None


def _mistaken(contract: Contract, corrected: Any, before: Mapping[str, Any]) -> Refused | None:
    """Return what the decision about such an event would have refused; a cancellation came after what it withdrew.

    What an amendment has left beyond the worth is nothing that a correction has to make good unless it adds to it.
    """
    worth = contract.ordered if contract.framework else contract.agreed
    more = _more(corrected, before)
    match corrected:
        case e.PaymentReceived(advance=False, amount=amount) if more and contract.collected > worth:
            left = max(amount - (contract.collected - worth), Decimal(0))
            facts = {"amount": format(amount, "f"), "outstanding": format(left, "f"), "currency": contract.currency}
            return Refused("payment.above_outstanding", **facts)
        case e.PaymentInvoiced() if more and contract.invoiced > worth:
            return _above("payment.above_value", contract, contract.invoiced)
        case e.MilestoneDelivered() if more and contract.delivered > worth:
            return _above("delivery.above_value", contract, contract.delivered)
    if contract.framework and 0 < contract.agreed < contract.ordered:
        return above_limit(contract, contract.ordered, contract.agreed)
    from domain.contract.payment import misplaced

    currency = None if isinstance(corrected, e.ContractDrafted) else getattr(corrected, "currency", None)
    return misplaced(contract, currency, getattr(corrected, "instalment", None))


def _more(corrected: Any, before: Mapping[str, Any]) -> bool:
    """Say whether an event is for more than it was, or no more an advance."""
    amount = getattr(corrected, "amount", None)
    was_advance = bool(before.get("advance")) and not getattr(corrected, "advance", True)
    return was_advance or (amount is not None and amount > Decimal(before.get("amount") or 0))


def _above(code: str, contract: Contract, total: Decimal) -> Refused:
    facts = {"total": format(total, "f"), "amount": format(total, "f")}
    worth = contract.ordered if contract.framework else contract.agreed
    return Refused(code, **facts, value=format(worth, "f"), currency=contract.currency)
