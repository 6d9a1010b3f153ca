"""What was believed: the entries of the log up to a moment of knowledge, corrected, and without what was withdrawn.

Nothing here imports `projections`: the rules are taken from the papers a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from domain.calendar.moment import day_of, instant
from infra.event_store import codec
from infra.store.store import Store

UNDONE = {
    "customer.leads_unmerged": ("customer.leads_merged", "duplicate"),
    "customer.unmerged_from": ("customer.merged_into", "survivor"),
}


class Entry(NamedTuple):
    """An event of the log; `moment` (microseconds) and `day` are its business time."""

    position: int
    stream: str
    name: str
    occurred: str
    recorded: str
    actor: str
    recorder: str
    source: str
    key: str | None
    reason: str | None
    event_id: str
    data: Mapping[str, Any]
    moment: int
    day: date

    @property
    def customer(self) -> str | None:
        """The customer whose history it belongs to, if any."""
        return self.stream if self.stream.startswith("cus_") else self.data.get("customer")


class Belief(NamedTuple):
    """The log as it was known, and what of it stands; asked as of `micros`, a moment on `day`."""

    known: Sequence[Entry]
    standing: Sequence[Entry]
    micros: int
    day: date
    position: int
    zone: tzinfo
    currency: str

    def of(self, *prefixes: str) -> list[Entry]:
        """Return what stands of the streams with these prefixes, in recorded order."""
        return [entry for entry in self.standing if entry.stream.startswith(prefixes)]

    def named(self, *names: str) -> list[Entry]:
        """Return the standing entries of these names, in recorded order."""
        return [entry for entry in self.standing if entry.name in names]


def entries(store: Store) -> list[Entry]:
    """Return the whole log of a store, in recorded order, a person's data opened."""
    found = []
    for r in store.reader.read(0, 1_000_000):
        data = codec.opened(codec.decode(r.name, r.schema, r.data, r.event_id, store.reader.ring))
        when = (instant(r.occurred, store.zone), day_of(r.occurred, store.zone))
        told = (r.position, r.stream, r.name, r.occurred, r.recorded, r.actor, r.recorder, r.source, r.key, r.reason)
        found.append(Entry(*told, r.event_id, data, *when))
    return found


def believed(log: Sequence[Entry], as_of: datetime, known_at: datetime, currency: str = "CNY") -> Belief:
    """Return what was believed at `known_at`, to be asked as of `as_of`; both in the store's zone."""
    zone = as_of.tzinfo
    assert zone is not None
    known = [entry for entry in log if datetime.fromisoformat(entry.recorded) <= known_at]
    micros = instant(as_of.isoformat(), zone)
    position = known[-1].position if known else 0
    return Belief(known, standing(known, zone), micros, as_of.date(), position, zone, currency)


def standing(known: Iterable[Entry], zone: tzinfo) -> list[Entry]:
    """Return the entries as they stand: with corrected values, and without the voided and the merges that were undone."""
    stand: dict[int, Entry] = {}
    for entry in known:
        if entry.name == "event.voided":
            stand.pop(entry.data["at"], None)
        elif entry.name == "event.corrected":
            if entry.data["at"] in stand:
                stand[entry.data["at"]] = corrected(stand[entry.data["at"]], entry.data["values"], zone)
        elif entry.name in UNDONE:
            name, who = UNDONE[entry.name]
            merges = [e for e in stand.values() if (e.stream, e.name) == (entry.stream, name)]
            undone = [e for e in merges if e.data[who] == entry.data[who]]
            if undone:
                del stand[undone[-1].position]
        else:
            stand[entry.position] = entry
    return list(stand.values())


def corrected(entry: Entry, values: Mapping[str, Any], zone: tzinfo) -> Entry:
    """Return the entry with other values; another date of what has a date of its own is another business day."""
    changed = entry._replace(data={**entry.data, **values})
    dated = entry.name.startswith(("contract.", "payment.", "delivery.", "opportunity.won"))
    if not dated or "date" not in values:
        return changed
    return changed._replace(moment=instant(values["date"], zone), day=date.fromisoformat(values["date"]))


def in_business_order(some: Iterable[Entry]) -> list[Entry]:
    """Return entries by business time; of one moment, as they were recorded."""
    return sorted(some, key=lambda entry: (entry.moment, entry.position))
