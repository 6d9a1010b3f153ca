"""What the log stores and what an append brings: plain rows, and the faults a store may answer with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple


class Record(NamedTuple):
    """One row of the log, exactly the stored values.

    `occurred` is an ISO date or an ISO time with offset, as it was given. `recorded` is UTC in the fixed form
    'YYYY-MM-DDTHH:MM:SS.ffffffZ', so that the order of the texts is the order of the times. `migrated` is 1 where
    `recorded` was given rather than taken from the clock.
    """

    position: int
    stream: str
    version: int
    name: str
    schema: int
    occurred: str
    recorded: str
    actor: str
    recorder: str
    source: str
    key: str | None
    event_id: str
    correlation: str | None
    causation: str | None
    reason: str | None
    migrated: int
    data: bytes


class Fresh(NamedTuple):
    """A row to be appended: no position yet, and `recorded` only where it is given (all rows of a batch, or none)."""

    stream: str
    version: int
    name: str
    schema: int
    occurred: str
    recorded: str | None
    actor: str
    recorder: str
    source: str
    key: str | None
    event_id: str
    correlation: str | None
    causation: str | None
    reason: str | None
    migrated: int
    data: bytes


class Claim(NamedTuple):
    """`stream` holds `value`.

    A unique kind always has n = 0; otherwise n follows the last n seen, so that two who claim at once conflict.
    """

    kind: str
    value: str
    n: int
    stream: str


class Keyed(NamedTuple):
    """What a key recorded: its first event's position and stream, and how many events in all."""

    key: str
    digest: bytes
    position: int
    stream: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody wants of this


class Batch(NamedTuple):
    """All that one append writes, or nothing of it.

    `expected` holds every stream that was read to decide, written or not, with the version seen (0: no event).
    `keys` are (key, digest, index of its first record, number of records); `mentions` are (subject, index of the
    record); `unclaim` are (kind, value, n), given back before `claims` are taken. `at` is the position that the first
    record must get, where a record speaks of another's position. `now` has the form of `recorded`.
    """

    records: Sequence[Fresh]
    now: str
    expected: Mapping[str, int] = {}
    claims: Sequence[Claim] = ()
    keys: Sequence[tuple[str, bytes, int, int]] = ()
    mentions: Sequence[tuple[str, int]] = ()
    unclaim: Sequence[tuple[str, str, int]] = ()
    at: int | None = None


def only_read(batch: Batch) -> dict[str, int]:
    """Return the expected versions that no record of the batch guards by its own place in its stream."""
    written = {record.stream for record in batch.records}
    return {stream: version for stream, version in batch.expected.items() if stream not in written}


class Appended(NamedTuple):
    """Where a batch lies: its first and last position, and the time recorded with its last record."""

    first: int
    last: int
    recorded: str


class Conflict(Exception):
    """Somebody else wrote in between: nothing was recorded; reload and decide again."""

    def __init__(self, what: Literal["version", "claim", "key"], detail: str) -> None:
        super().__init__(f"{what}: {detail}")
        self.what = what
        self.detail = detail


class StoreFault(Exception):
    """The store could not do what was asked. `code` names the kind of fault, `facts` what its text needs.

    StoreFault
      StoreMissing       no store there yet
      StoreUnreachable   cannot be opened or connected to, or is not a database
      StoreTooNew        made by a newer program
      StoreBusy          somebody else holds it
        StoreSwapped       a rebuild has put another table in the place of the one that was asked
      StoreFull          no room on its disk
      StoreUncertain     the connection was lost before the answer: look up whether the batch was recorded
      StoreRefused       a constraint, a trigger or a privilege said no
        RecordedTooEarly   a given recorded time lies before the log's last
        StoreUnstorable    a row holds what its table can't
      StoreBroken        anything else the database complained about
    """

    code: ClassVar[str] = "store.fault"

    def __init__(self, **facts: Any) -> None:
        # Libraries break lines in what they say, and an error is told in one.
        facts = {name: " ".join(said.split()) if name == "why" else said for name, said in facts.items()}
        super().__init__(", ".join(f"{name}: {value}" for name, value in facts.items()))
        self.facts = facts


class StoreMissing(StoreFault):
    """There is no store at this address yet."""

    code = "store.missing"


class StoreUnreachable(StoreFault):
    """The store cannot be opened or connected to, or is not a database."""

    code = "store.unreachable"


class StoreTooNew(StoreFault):
    """The store was made by a newer program; it is left as it is."""

    code = "store.too_new"


class StoreBusy(StoreFault):
    """Somebody else held the store for longer than we wait."""

    code = "store.busy"


class StoreSwapped(StoreBusy):
    """A rebuild has put another table in the place of the one that was asked."""


class StoreFull(StoreFault):
    """The store's disk has no room; nothing was recorded."""

    code = "store.full"


class StoreUncertain(StoreFault):
    """The connection was lost before the answer came: the batch is recorded wholly or not at all."""

    code = "store.uncertain"


class StoreRefused(StoreFault):
    """A constraint, a trigger or a privilege said no."""

    code = "store.refused"


class RecordedTooEarly(StoreRefused):
    """A given recorded time lies before the log's last; recorded times never go back."""

    code = "store.recorded_too_early"


class StoreUnstorable(StoreRefused):
    """A row holds what its table can't: a number beyond 64 bits, a character that is none, nothing where something must be."""


class StoreBroken(StoreFault):
    """The database complained about something that no other fault covers."""

    code = "store.broken"
