"""What is recorded of a subject and has a life of its own: numbered, opened, moved from state to state, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from domain.kernel.declared import State, declared, field
from domain.kernel.refusal import Refused


@declared
class Record(State):
    """One of a subject's needs, quotes, visits ...: `item` is its number there (q1), `label` another way to name it."""

    item: str
    kind: str
    state: str
    label: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def opened(records: dict[str, Record], item: str, kind: str, state: str, label: str = "", **data: Any) -> None:
    """Take a new record in."""
    records[item] = Record(item, kind, state, label, data)


def moved(records: Mapping[str, Record], item: str, state: str | None = None, **data: Any) -> None:
    """Take a record on to another state, or give it other data; one that is not there stays away."""
    record = records.get(item)
    if record is not None:
        record.state = state or record.state
        record.data.update(data)


def standing_in(records: Mapping[str, Record], kind: str, states: Iterable[str]) -> list[Record]:
    """Return the records of a kind that are in one of these states, the first opened first."""
    wanted = tuple(states)
    return [record for record in records.values() if record.kind == kind and record.state in wanted]


def chosen(among: list[Record], named: str | None, item: str | None, *, kind: str, state: str) -> Record | Refused:
    """Return the one record that is meant: the `named` one by number or label, that of the key's `item`, or the only one.

    `kind` and `state` are the words with which a refusal speaks of what was looked for.
    """
    wanted = named or (item if any(record.item == item for record in among) else None)
    matching = [record for record in among if wanted in (None, record.item, record.label)]
    if len(matching) == 1:
        return matching[0]
    known = "; ".join(f"{record.item} {record.label}".rstrip() for record in among) or "-"
    return Refused("customer.no_such_item", state=state, kind=kind, item=wanted or "?", known=known)
