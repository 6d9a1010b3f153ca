"""What an event is: a frozen record of something that happened, under a stable name and schema version.

Stored names are ours (`customer.lead_captured`), never module paths, so a class may move or be renamed without touching history.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar, dataclass_transform

from domain.kernel.declared import Declared, with_slots

if TYPE_CHECKING:
    from domain.kernel.context import Context
    from domain.kernel.refusal import Refused


class Claim(NamedTuple):
    """A value that a stream holds. `unique`: nobody else may hold it. Otherwise it only makes duplicates findable.

    What can be given up and taken up `again` is claimed each time anew, so that who takes it again and who takes it first
    at the same instant are in each other's way.
    """

    kind: str
    value: str
    unique: bool
    again: bool = False


class Event(Declared):
    """What every event class has beside its own fields: its stored name, its schema version, whether it adds a
    record, and by which actions it is recorded."""

    __slots__ = ()

    NAME: ClassVar[str]
    SCHEMA: ClassVar[int]
    ADDS: ClassVar[bool]
    BY: ClassVar[tuple[str, ...]]

    def refused(self, context: Context, stream: str) -> Refused | None:
        """Return why the event can't stand in `stream`, whether it is recorded or corrected to this, if so."""
        return None


EVENTS: Final[dict[str, type[Event]]] = {}
UPCASTS: Final[dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {}

C = TypeVar("C", bound=type)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, *, schema: int = 1, adds: bool = False, by: tuple[str, ...] = ()) -> Callable[[C], C]:
    """Declare an event class under its stored `name`.

    `adds` says that the event is a record of its own (a follow-up, an objection) rather than new values for
    fields of its subject; the audit shows such a record without a "from". `by` names the actions that record it where
    who may take them is told otherwise than for its noun (domain.kernel.rights).
    """

    def declare(cls: C) -> C:
        made = with_slots(cls)
        made.NAME, made.SCHEMA, made.ADDS, made.BY = name, schema, adds, by
        EVENTS[name] = made
        return made  # type: ignore[no-any-return]

    return declare


def upcast(name: str, schema: int) -> Callable[[Callable[[dict[str, Any]], dict[str, Any]]], Any]:
    """Register how the data of `name` in version `schema` becomes the data of version `schema + 1`."""

    def register(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
        UPCASTS[name, schema] = change
        return change

    return register


def upcasted(name: str, schema: int, current: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return `data` lifted from its stored `schema` to the `current` one, step by step.

    Raises LookupError if a step is missing or the stored schema is newer than this program.
    """
    if schema > current:
        raise LookupError(f"{name} has schema {schema}, newer than {current}")
    for version in range(schema, current):
        data = UPCASTS[name, version](data)
    return data
