"""What an action is: one class with typed fields, their help, an example and its decision.

The command, the JSON form, the JSON Schema and the reference page are all read from the class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar, dataclass_transform

from domain.kernel.declared import NOTHING, Declared, Spec, with_slots
from domain.kernel.event import Event
from domain.kernel.field_checks import in_words, unfit
from domain.kernel.refusal import Refused
from domain.kernel.rights import before

if TYPE_CHECKING:
    from domain.kernel.context import Context


class On(NamedTuple):
    """An event for another stream than the subject's, recorded in the same transaction."""

    stream: str
    event: Event


Decision = Refused | Event | list[Event | On] | tuple[Event | On, ...]


class Action(Declared):
    """What every action class has beside its own fields; see `action` for what each says."""

    __slots__ = ()
    NAME: ClassVar[str]
    SUBJECT: ClassVar[str]
    CREATES: ClassVar[bool]
    EXAMPLE: ClassVar[str]
    REDO: ClassVar[bool]
    DATED: ClassVar[str | None]
    PLANS: ClassVar[bool]
    LOOKS_UP: ClassVar[bool]
    EITHER: ClassVar[tuple[str, ...]]
    INSTEAD: ClassVar[Mapping[str, tuple[str, ...]]]

    def decide(self, state: Any, context: Context) -> Decision:
        """Return the events that the action makes of `state`, or why not."""
        raise TypeError(f"{self.NAME} has no decision")


ACTIONS: Final[dict[str, type[Action]]] = {}

C = TypeVar("C", bound=type)


def given(
    help: str,
    *,
    default: Any = NOTHING,
    positional: bool = False,
    also: tuple[str, ...] = (),
) -> Any:
    """Declare a field of an action.

    `help` is its text in --help and in the reference; `positional` lets it stand bare after the verb;
    `also` lists other names under which the JSON form takes it. A field without `default` is required.
    """
    return Spec(default, help=help, positional=positional, also=also)


def within_rights(name: str, decide: Callable[..., Decision]) -> Callable[..., Decision]:
    """Return a decision that is taken only where the actor's role has the right to the action `name`.

    What its fields hold is looked at before: it is refused where it is no amount for them, and a team's words become the house's.
    """

    @wraps(decide)
    def rightly(self: Action, state: Any, context: Context) -> Decision:
        refused = before(name, context) or unfit(self)
        if refused:
            return refused
        said = in_words(self, context)
        return said if isinstance(said, Refused) else decide(said, state, context)

    return rightly


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(given,))
def action(
    name: str,
    *,
    subject: str,
    example: str,
    creates: bool = False,
    redo: bool = False,
    dated: str | None = None,
    plans: bool = False,
    looks_up: bool = False,
    either: tuple[str, ...] = (),
    instead: Mapping[str, tuple[str, ...]] = {},
) -> Callable[[C], C]:
    """Declare an action class under its `noun.verb` name.

    `subject` is the noun it acts on or, with `creates`, brings into being; `redo` lets a creating action act on an
    existing subject too. `dated` names the field whose plain date is the action's business time when it is given;
    only an action that `plans` may lie in the future. `looks_up` says that the decision asks the tables (who owns what), so what was
    decided before it in the same batch is recorded first. One of the fields that `either` names is given, and no more; `instead`
    says of a name that is none of its fields which of them may be meant. Whatever the action, its decision is asked only of an actor
    whose role has the right to it (domain.kernel.rights).
    """

    def declare(cls: C) -> C:
        made = with_slots(cls)
        made.NAME, made.SUBJECT, made.CREATES = name, subject, creates
        made.REDO, made.DATED, made.PLANS, made.LOOKS_UP = redo, dated, plans, looks_up
        made.EITHER, made.INSTEAD, made.EXAMPLE = either, instead, example
        made.decide = within_rights(name, made.decide)
        ACTIONS[name] = made
        return made  # type: ignore[no-any-return]

    return declare
