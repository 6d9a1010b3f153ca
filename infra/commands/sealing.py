"""Whose key a person's data is sealed with, and what of a request is a person's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.json_form import plain
from infra.event_store.erasures import TOGETHER, subject_of

if TYPE_CHECKING:
    from domain.kernel.event import Event
    from infra.commands.repository import Entry, Repository, Subject

PERSONAL: Final = frozenset(
    "answer cause competitor contact email evidence feedback need need_change next_actions outcome phone promises reason referrer "
    "signatories summary values what words".split()
)
"""The fields of actions that may hold a person's data: what is digested of them is digested with a secret."""


class Sealer:
    """Seals the personal values of one event: with the key of the contact whose they are, else of all the customer's people.

    A key serves until the next erasure: what is recorded after it has another.
    """

    __slots__ = ("_customer", "_event_id", "_history", "_made", "_stream", "_told", "_world")

    def __init__(
        self, world: Repository, stream: str, event_id: str, made: Event, history: Callable[[str], Sequence[Entry]]
    ) -> None:
        self._world, self._stream, self._event_id, self._made = world, stream, event_id, made
        self._history = history
        self._customer: tuple[str, Subject] | None = None
        self._told: tuple[str, Mapping[str, Any]] | None = None

    def __call__(self, path: str, value: str) -> str:
        customer, subject = self._customer = self._customer or self._found()
        whose = subject_of(customer, self._contact(path, subject))
        erasures = getattr(subject.state, "erasures", 0)
        if subject.version == 0 or self._made.NAME == "customer.contact_added":
            self._world.ring.new(whose, erasures)
        return self._world.ring.seal(whose, erasures, self._event_id, path, value)

    def _found(self) -> tuple[str, Subject]:
        """Return the customer whom the stream is about, or the stream itself, and what is known of it."""
        subject = self._world.subject(self._stream)
        customer = getattr(subject.state, "customer", None) or self._stream
        return customer, subject if customer == self._stream else self._world.subject(customer)

    def _contact(self, path: str, subject: Subject) -> str:
        """Return whose of the customer's contacts a value is, TOGETHER where it is no single one's."""
        if not self._stream.startswith("cus_"):
            return TOGETHER
        from domain.customer.data_subject import contact_of  # an act that says nothing personal does without

        name, data = self._told = self._told or self._said()
        return contact_of(name, path.removeprefix("values/").partition("/")[0], data, subject.state.contacts)

    def _said(self) -> tuple[str, Mapping[str, Any]]:
        """Return the name and the data of the event, those of the corrected one for a correction."""
        if self._made.NAME != "event.corrected":
            return self._made.NAME, plain(self._made)
        at, values = self._made.at, self._made.values  # type: ignore[attr-defined]
        first = next((told for told in self._history(self._stream) if told.position == at), None)
        return (first.name, {**first.data, **values}) if first else ("", {})
