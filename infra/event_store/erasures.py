"""Erasures of a person's data in the log: whose keys each of them destroys."""

from __future__ import annotations

from typing import Final

from infra.event_store.codec import decode
from infra.event_store.stored_event import AppendBatch, Record

ERASING: Final = "customer.contact_erased"
TOGETHER: Final = ""
"""Whose a value is that lies under the key of all of a customer's people."""


def subject_of(customer: str, contact: str) -> str:
    """Return whose key seals what is a contact's, or with TOGETHER what is no single one's."""
    return f"{customer}/{contact}" if contact else customer


def erasure_of(record: Record) -> tuple[str, int]:
    """Return whose keys an erasure destroys, and its number among those of its customer: what was sealed before it goes."""
    data = decode(record.name, record.schema, record.data)
    return subject_of(record.stream, data.get("which") or TOGETHER), int(str(data["item"])[1:])


def erases(batch: AppendBatch) -> bool:
    """Say whether a batch erases a person's data."""
    return any(record.name == ERASING for record in batch.records)
