"""What a declaration can say of a field beside its type: `Annotated[str, Role("person"), NAMES]`."""

from __future__ import annotations

from decimal import Decimal
from typing import Final


class Role:
    """Marks what a field's text stands for: `Annotated[str, Role("person")]`."""

    __slots__ = ("noun",)

    def __init__(self, noun: str) -> None:
        self.noun = noun


class Personal:
    """Marks a field that holds a person's data: `Annotated[str, PERSONAL]`."""


class Names:
    """Marks a field whose value is the id of another subject, so that the subject's audit finds the event."""


class Open:
    """Marks a choice that may be another word too, which the decision knows: `Annotated[Literal[...], OPEN]`."""


class Currency:
    """Marks a text that is the code of a currency: `Annotated[str, CURRENCY]`."""


class Worded:
    """Marks a choice for which a team has words of its own, those of the policy that is named: the decision gets the choice."""

    __slots__ = ("policy",)

    def __init__(self, policy: str) -> None:
        self.policy = policy


class Bound:
    """Marks a number that is more than nothing or, where `zero` may be, no less; at most `most`.

    Another one is refused as `code`, which names it as its fact `named`.
    """

    __slots__ = ("code", "most", "named", "zero")

    def __init__(self, code: str, named: str = "amount", *, zero: bool = False, most: int | None = None) -> None:
        self.code, self.named, self.zero, self.most = code, named, zero, most

    def holds(self, value: Decimal) -> bool:
        return (value > 0 or (self.zero and value == 0)) and (self.most is None or value <= self.most)


PERSONAL: Final = Personal()
NAMES: Final = Names()
OPEN: Final = Open()
CURRENCY: Final = Currency()
