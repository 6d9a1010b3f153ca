"""What an action after the sale may be refused for."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "after_sale.unsigned": Text(
        "rule", "The contract {contract} is not signed.", "Sign it first: sales contract sign {contract}"
    ),
    "after_sale.other_contract": Text(
        "rule",
        "The contract {contract} is not one of this customer's: it is {customer}'s.",
        "Name a contract of this customer, or record it of the other one.",
    ),
    "after_sale.score": Text(
        "rule", "A score is a whole number from 1 to 10, not {score}.", "Give --score 1 (worst) to --score 10 (best)."
    ),
}
