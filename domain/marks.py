"""What a declaration can say of a field beside its type: `Annotated[str, Role("person"), NAMES]`."""

from __future__ import annotations

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


PERSONAL: Final = Personal()
NAMES: Final = Names()
OPEN: Final = Open()
