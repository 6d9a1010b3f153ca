"""What an erasure takes: which sealed values of a customer's events lie under the keys that it destroys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.customer.data_subject import contact_of
from infra.event_store.codec import CORRECTED
from infra.event_store.erasures import subject_of
from projections.engine.sealed import Sealed, key_of

if TYPE_CHECKING:
    from infra.commands.repository import Entry
    from infra.crypto.keyring import Keyring


class Value(NamedTuple):
    """A sealed value: where it stands, and under whose key; `alive` is False once that key is destroyed."""

    position: int
    name: str
    field: str
    subject: str
    alive: bool


def values(ring: Keyring, history: Iterable[Entry]) -> Iterator[Value]:
    """Yield the sealed values of events, in their order."""
    found = [(told, field, key_of(value)) for told in history for field, value in sealed_fields(told)]
    whose = ring.whose({key for _, _, key in found})
    for told, field, key in found:
        if key in whose:
            yield Value(told.position, told.name, field, *whose[key])


def sealed_fields(told: Entry) -> Iterator[tuple[str, Sealed]]:
    """Yield the sealed values of an event, each with the name of its field."""
    said = told.data["values"] if told.name == CORRECTED else told.data
    for field, value in said.items():
        for each in value if isinstance(value, list) else (value,):
            if type(each) is Sealed:
                yield field, each


def taken(ring: Keyring, history: Iterable[Entry], customer: str, contact: str | None) -> list[Value]:
    """Return what goes with a contact of a customer, or with all of its people where `contact` is None."""
    gone = customer if contact is None else subject_of(customer, contact)
    return [
        each
        for each in values(ring, history)
        if each.alive and (each.subject == gone or (contact is None and each.subject.startswith(f"{customer}/")))
    ]


def together(ring: Keyring, history: Sequence[Entry], customer: str, contact: str) -> list[Value]:
    """Return what is said of a contact and lies under the key of all of the customer's people."""
    mine = {told.position for told in history if is_about(told, history, contact)}
    return [each for each in values(ring, history) if each.alive and each.subject == customer and _of(each, mine)]


def _of(value: Value, mine: set[int]) -> bool:
    """Say whether a value in one of these events is the contact's: of a capture its need and its referrer are not."""
    captured = value.name == "customer.lead_captured" and not contact_of(value.name, value.field, {}, {})
    return value.position in mine and not captured


def is_about(told: Entry, history: Sequence[Entry], contact: str) -> bool:
    """Say whether an event speaks of a contact: it is the contact's, names it, or corrects one that is or does."""
    if told.name == CORRECTED:
        first = next((each for each in history if each.position == told.data["at"]), None)
        return first is not None and first.name != CORRECTED and is_about(first, history, contact)
    if told.name == "customer.lead_captured":
        return contact == "c0"
    if told.name in ("customer.contact_added", "customer.contact_changed"):
        return bool(told.data["item"] == contact)
    return told.name == "customer.followed_up" and told.data.get("contact") in names_of(history, contact)


def names_of(history: Sequence[Entry], contact: str) -> list[Any]:
    """Return every name that a contact has had."""
    said: list[Any] = []
    for told in history:
        data: Mapping[str, Any] = told.data["values"] if told.name == CORRECTED else told.data
        naming = told.name != "customer.followed_up" and data.get("contact") is not None
        corrects_touch = told.name == CORRECTED and told.data["name"] == "customer.followed_up"
        if naming and not corrects_touch and is_about(told, history, contact):
            said.append(data["contact"])
    return said
