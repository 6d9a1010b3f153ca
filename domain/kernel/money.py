"""Amounts: decimals with at most four places, summed exactly, rounded half-up only when shown or split."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from domain.kernel.unreadable import Unreadable

PLACES: Final = 4
UNIT: Final = 10**PLACES
CENT: Final = Decimal("0.01")
SIXTH: Final = Decimal("0.000001")
LIMIT: Final = Decimal(10) ** 14


class NoAmount(Unreadable):
    """A text that writes no amount."""


def amount(text: str | int | Decimal) -> Decimal:
    """Return the amount that `text` writes: digits, an optional sign, `,` between thousands and one point.

    Raises NoAmount for anything else (12万, 1e3, nan, more than four decimals, 10^14 and more).
    """
    plain = str(text).strip()
    digits = plain.replace(",", "") if _grouped(plain) else plain
    bare = digits[1:] if digits[:1] in "+-" else digits
    if not bare.replace(".", "", 1).isdigit() or not bare.isascii():
        raise NoAmount("an amount is written in digits, as 120000 or 120000.50")
    try:
        value = Decimal(digits)
    except InvalidOperation as wrong:
        raise NoAmount("an amount is written in digits, as 120000 or 120000.50") from wrong
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PLACES:
        raise NoAmount("an amount has at most four decimals")
    if abs(value) >= LIMIT:
        raise NoAmount("an amount is below 100,000,000,000,000")
    return value


def _grouped(plain: str) -> bool:
    if "," not in plain:
        return False
    whole = plain.lstrip("+-").partition(".")[0].split(",")
    return 1 <= len(whole[0]) <= 3 and all(len(part) == 3 for part in whole[1:])


def units(value: Decimal) -> int:
    """Return `value` as a whole number of ten-thousandths, which a database sums exactly."""
    return int(value.scaleb(PLACES))


def from_units(whole: int) -> Decimal:
    """Return the amount that `whole` ten-thousandths make, without trailing zeros beyond what it needs."""
    return plain(Decimal(whole).scaleb(-PLACES))


def units_text(whole: int) -> str:
    """Return the same amount as text, without making a decimal of it: tables show them by the ten thousand."""
    digits, rest = divmod(abs(whole), UNIT)
    sign = "-" if whole < 0 else ""
    return f"{sign}{digits}.{rest:0{PLACES}d}".rstrip("0") if rest else f"{sign}{digits}"


def plain(value: Decimal) -> Decimal:
    """Return `value` without an exponent and without trailing zeros after the point."""
    reduced = value.normalize()
    exponent = reduced.as_tuple().exponent
    return reduced.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else reduced


def text_of(value: Decimal | None) -> str | None:
    """Return a number as the decimal text that rows hold; None stays what is not set or not applicable."""
    return None if value is None else format(value, "f")


def shown(value: Decimal) -> Decimal:
    """Round half-up to 0.01, for display only."""
    return value.quantize(CENT, ROUND_HALF_UP)


def ratio(numerator: Decimal | int, denominator: Decimal | int) -> Decimal | None:
    """Return numerator / denominator rounded half-up to six places, or None when the denominator is 0."""
    if not denominator:
        return None
    return plain((Decimal(numerator) / Decimal(denominator)).quantize(SIXTH, ROUND_HALF_UP))


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split `total` by `weights` into shares of whole cents that sum to it exactly (largest remainder).

    Raises ValueError if the weights do not sum to a positive number or one is negative.
    """
    parts = [Decimal(weight) for weight in weights]
    whole = sum(parts, Decimal(0))
    if whole <= 0 or any(part < 0 for part in parts):
        raise ValueError("weights must be positive")
    exact = [total * part / whole for part in parts]
    floors = [share.quantize(CENT, ROUND_DOWN) for share in exact]
    left = int((total - sum(floors, Decimal(0))) / CENT)
    step = CENT if left >= 0 else -CENT
    order = sorted(range(len(parts)), key=lambda i: abs(exact[i] - floors[i]), reverse=True)
    for i in order[: abs(left)]:
        floors[i] += step
    floors[order[0]] += total - sum(floors, Decimal(0))
    return floors
