"""Whose key a person's data is sealed with, and what of a request is a person's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infra.record import Batch, Record
    from infra.world import World

ERASING: Final = "customer.contact_erased"

PERSONAL: Final = frozenset(
    "answer cause competitor contact email evidence feedback need need_change next_actions outcome phone promises reason referrer "
    "signatories summary values what words".split()
)
"""The fields of actions that may hold a person's data: what is digested of them is digested with a secret."""


def erasure_of(record: Record) -> int:
    """Return the number of the erasure that a record is among those of its customer: what was sealed before it goes."""
    from infra.codec import decode

    return int(str(decode(record.name, record.schema, record.data)["item"])[1:])


def erases(batch: Batch) -> bool:
    """Say whether a batch erases a person's data."""
    return any(record.name == ERASING for record in batch.records)


class Sealer:
    """Seals the personal values of one event, with the key of the customer whom its stream is about.

    A key is a customer's until the next erasure: what is recorded after it has another.
    """

    __slots__ = ("_event_id", "_place", "_stream", "_world")

    def __init__(self, world: World, stream: str, event_id: str) -> None:
        self._world, self._stream, self._event_id = world, stream, event_id
        self._place: tuple[str, int] | None = None

    def __call__(self, path: str, value: str) -> str:
        if self._place is None:
            self._place = self._found()
        return self._world.ring.seal(*self._place, self._event_id, path, value)

    def _found(self) -> tuple[str, int]:
        """Return the customer and how often its people's data was erased."""
        subject = self._world.subject(self._stream)
        customer = getattr(subject.state, "customer", None) or self._stream
        if customer != self._stream:
            subject = self._world.subject(customer)
        if subject.version == 0:
            self._world.ring.new(customer)
        return customer, getattr(subject.state, "erasures", 0)
