"""What a decision may know beside its subject's state: the envelope, other subjects, policies and the calendar.

Everything comes in as a value or through a look-up that the log answers, so a decision stays a pure function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from domain.kernel.recorded_event import Told


class Person(Protocol):
    """A person, as decisions about others know them."""

    @property
    def departed(self) -> dt.date | None: ...


class Calendar(Protocol):
    """The working days, as decisions reckon with them."""

    def deadline(self, day: dt.date, n: int) -> dt.date:
        """Return the `n`-th working day after `day`."""
        ...


class Figures(NamedTuple):
    """The digest of each view's figures of a period, by view; `position` is the last event that they know."""

    position: int
    digests: Mapping[str, str]


class Context(Protocol):
    """One action's surroundings.

    `at` is its business time as it will be stored (a plain date or a time with offset), `day` that time's day in
    the store's zone, `today` the day of entry; `recorder` is who enters it. `subject` is the id of the stream acted upon;
    `item` is the part of it (a next action, an objection) that the subject's key named.
    """

    at: str
    day: dt.date
    today: dt.date
    actor: str
    recorder: str
    role: str
    reason: str | None
    subject: str
    currency: str
    fiscal_month: int

    @property
    def item(self) -> str | None: ...
    @property
    def calendar(self) -> Calendar: ...
    def person(self, login: str) -> Person | None: ...
    def group(self, code: str) -> object | None: ...
    def load(self, subject: str) -> Any:
        """Return the state of another subject, of the class that its kind has."""
        ...

    def policy(self, name: str, day: dt.date | None = None) -> Mapping[str, Any]:
        """Return the values of the policy `name` in force on `day`, the action's own unless given."""
        ...

    def fresh(self, noun: str) -> str:
        """Return the id of a subject that an event of this decision brings into being."""
        ...

    def holders(self, kind: str, value: str) -> Sequence[str]:
        """Return the streams that claim `value`, the first claimant first."""
        ...

    def owned(self, login: str) -> Sequence[str]:
        """Return the customers that `login` owns as of now (only for actions that look up)."""
        ...

    def holding(self, login: str) -> Sequence[str]:
        """Return those of them that count for a holding cap: not yet signed, not invalid (only for actions that look up)."""
        ...

    def sold(self, login: str) -> Sequence[str]:
        """Return the contracts in which `login` is named or whose signing is theirs (only for actions that look up)."""
        ...

    def figures(self, period: str) -> Figures:
        """Return the digests of the figures of a period, by its name, as they are known now (only for actions that look up)."""
        ...

    def day_of(self, told: Told) -> dt.date:
        """Return the business day of an event, in the store's zone."""
        ...

    def closed_period(self, told: Told) -> str | None:
        """Return the closed period in which an event happened, or None."""
        ...

    def naming(self, subject: str) -> Sequence[str]:
        """Return the other subjects in whose events `subject` is named, the earliest first."""
        ...

    def contracts_of(self, customer: str) -> Sequence[str]:
        """Return the contracts of a customer."""
        ...

    def sealed_together(self, customer: str, contact: str) -> Sequence[tuple[int, str]]:
        """Return what is said of a contact and can't be erased without the rest: the event's position and the field."""
        ...

    def told(self, reference: str) -> Told | None:
        """Return the event that `reference` names by position, event id or key."""
        ...

    def history(self, stream: str) -> Sequence[Told]:
        """Return the events of `stream`, oldest first."""
        ...
