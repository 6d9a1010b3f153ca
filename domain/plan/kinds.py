"""The words of key actions, and what one is."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

KeyActionKind = Literal[
    "leads", "touches", "intent-touches", "visits", "calls", "needs", "proposals", "quotes", "contracts"
]
Per = Literal["day", "week", "month"]

TOUCHES: Final = ("touches", "intent-touches", "visits", "calls")
"""The kinds that count customers touched on a day: any, those with a grade, those visited, those called."""


class KeyAction(NamedTuple):
    """So many of a kind a day, week or month; leads may be of one channel, touches too."""

    kind: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody wants of this
    per: str
    channel: str | None

    @property
    def place(self) -> tuple[str, str | None, str]:
        """What only one key action of a plan is: its kind, channel and step."""
        return (self.kind, self.channel, self.per)
