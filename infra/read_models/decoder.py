"""The records of the log as folds see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.calendar.moment import placed
from infra.event_store import codec
from infra.event_store.stored_event import Record
from projections.engine.projection import Seen

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring


def one(record: Record, zone: ZoneInfo, ring: Keyring | None = None) -> Seen:
    """Return a record as folds see it; `ring` opens what is sealed in it, where a fold shows it.

    Raises LookupError for an unknown event, ValueError for what can't be read.
    """
    occurred = record.occurred
    moment, day = placed(occurred, zone)
    return Seen(
        record.position,
        record.stream,
        record.version,
        record.name,
        occurred,
        moment,
        day,
        record.recorded,
        record.actor,
        record.recorder,
        record.source,
        record.key,
        record.reason,
        record.event_id,
        codec.decode(record.name, record.schema, record.data, record.event_id, ring),
    )


def readable(records: Sequence[Record], zone: ZoneInfo, ring: Keyring) -> list[Seen]:
    """Return the records as folds see them, up to the first that can't be read."""
    found = []
    for record in records:
        try:
            found.append(one(record, zone, ring))
        except Exception:  # noqa: BLE001
            break
    return found


def unreadable(record: Record, zone: ZoneInfo) -> str:
    """Return why a record can't be read."""
    try:
        one(record, zone)
    except Exception as broken:  # noqa: BLE001
        return f"{type(broken).__name__}: {broken}"
    return "the fold stopped"
