"""What an event is: a frozen record of something that happened, under a stable name and schema version.

Stored names are ours (`customer.lead_captured`), never module paths, so a class may move or be renamed without touching history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from domain.context import Context
    from domain.refusal import Refused


class Claim(NamedTuple):
    """A value that a stream holds. `unique`: nobody else may hold it. Otherwise it only makes duplicates findable.

    What can be given up and taken up `again` is claimed each time anew, so that who takes it again and who takes it first
    at the same instant are in each other's way.
    """

    kind: str
    value: str
    unique: bool
    again: bool = False


class Declared:
    """What a declared class would otherwise have generated for each: equality, hash and repr by its fields.

    Generating these for every event costs a command more than all it does with them.
    """

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self.__slots__)))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({said})"


class Event(Declared):
    """What every event class has beside its own fields: its stored name, schema version, and whether it adds a record."""

    __slots__ = ()

    NAME: ClassVar[str]
    SCHEMA: ClassVar[int]
    ADDS: ClassVar[bool]

    def refused(self, context: Context, stream: str) -> Refused | None:
        """Return why the event can't stand in `stream`, whether it is recorded or corrected to this, if so."""
        return None


class Personal:
    """Marks a field that holds a person's data: `Annotated[str, PERSONAL]`."""


class Names:
    """Marks a field whose value is the id of another subject, so that the subject's audit finds the event."""


class Open:
    """Marks a choice that may be another word too, which the decision knows: `Annotated[Literal[...], OPEN]`."""


PERSONAL: Final = Personal()
NAMES: Final = Names()
OPEN: Final = Open()

EVENTS: Final[dict[str, type[Event]]] = {}
UPCASTS: Final[dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {}

C = TypeVar("C", bound=type)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, *, schema: int = 1, adds: bool = False) -> Callable[[C], C]:
    """Declare an event class under its stored `name`.

    `adds` says that the event is a record of its own (a follow-up, an objection) rather than new values for
    fields of its subject; the audit shows such a record without a "from".
    """

    def declare(cls: C) -> C:
        if cls.__doc__ is None:
            cls.__doc__ = name  # or else dataclass works out a signature, which costs as much again
        made: Any = dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)(cls)
        made.NAME, made.SCHEMA, made.ADDS = name, schema, adds
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
