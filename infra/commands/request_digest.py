"""What a request says, as a digest that is the same however it is spelled: under one key it must stay the same.

The same instant in another offset, a default that is spelled out, a list in another order where order says nothing, an
event named by its position or by its id: all these are one meaning. Earlier programs digested the spelling; what they
recorded is known again by the spellings that it may have had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.calendar.moment import instant, local_text
from domain.kernel.field import BadValue, fields_of
from domain.kernel.registry import event_class

if TYPE_CHECKING:
    from infra.commands.repository import Entry
    from infra.commands.request import Request

ANY_ORDER: Final = frozenset("channels departments evidence holidays make_up_days members signatories".split())
"""The fields whose values are a set: in which order they are told says nothing."""

MOST: Final = 4
"""So many defaults of one action are tried as spelled out or left out; none has more."""

_defaults: dict[type, dict[str, Any]] = {}


class Spelled(NamedTuple):
    """What is known of the request that a key recorded: when it occurred, who acted, and its first event's data.

    Where it acted on an event, `key` is that of the line that had recorded this one.
    """

    occurred: str
    actor: str
    data: Mapping[str, Any]
    key: str | None = None


class Content(NamedTuple):
    """What a request says. `subject` is what it acts on, `actor` who acts where it names nobody.

    For an action on an event, `told` is that event. A `secret` keeps others from guessing what was said: a phone has few
    digits.
    """

    request: Request
    subject: str
    values: Mapping[str, Any]
    actor: str
    zone: tzinfo
    secret: bytes = b""
    told: Entry | None = None

    def digest(self) -> bytes:
        """Return the digest of what is meant; without a key there is none."""
        return self._meant(self.request.actor, self.values) if self.request.key else b""

    def says(self, digest: bytes, recorded: Spelled) -> bool:
        """Say whether `digest`, which is that of what was `recorded`, may be of a request that means the same."""
        return any(digest == other for other in self._spellings(recorded))

    def _spellings(self, recorded: Spelled) -> Iterator[bytes]:
        """Yield the digests under which what this means may have been recorded, by this program or one before."""
        actors, variants = self._actors(recorded), self._currencies(recorded)
        for actor, values in product(actors, variants):
            yield self._meant(actor, values)
        for actor, values, at, subject in product(actors, variants, self._times(recorded), self._subjects(recorded)):
            for told in self._told_or_not(values):
                for secret in {self.secret, b""}:
                    yield digested(self._said(subject, actor, at, sorted(told.items())), secret)

    def _meant(self, actor: str | None, values: Mapping[str, Any]) -> bytes:
        acting = "" if self.request.action.CREATES else self.told.event_id if self.told else self.subject
        defaults = _defaults_of(self.request.action)
        values = corrected(self.told.name, values) if self.told and "values" in values else values
        meant = [
            (name, _meaning(name, value))
            for name, value in values.items()
            if name not in defaults or defaults[name] != value
        ]
        meant.sort()
        return digested(self._said(acting, actor, self._at(), meant), self.secret)

    def _at(self) -> str | None:
        """Return the line's time in the store's zone; one that nobody reads, for a day stands in the data, as it is."""
        at = self.request.at
        try:
            return local_text(at, self.zone) if at and len(at) != 10 else at
        except ValueError:
            return at

    def _said(self, acting: str, actor: str | None, at: str | None, values: list[tuple[str, Any]]) -> tuple[Any, ...]:
        return (self.request.action.NAME, acting, actor, at, self.request.reason, *values)

    def _actors(self, recorded: Spelled) -> list[str | None]:
        """Return how the line may have named who acted: whoever records their own acts need not be named."""
        actor = self.request.actor
        same = (actor or self.actor) == recorded.actor
        return [*dict.fromkeys((actor, None, recorded.actor))] if same else [actor]

    def _currencies(self, recorded: Spelled) -> list[Mapping[str, Any]]:
        """Return the values with and without a currency that is the one meant anyway."""
        given, known = self.values.get("currency"), recorded.data.get("currency")
        if known is None or given not in (None, known):
            return [self.values]
        if given is None and not any(field.attribute == "currency" for field in fields_of(self.request.action)):
            return [self.values]
        without = {name: value for name, value in self.values.items() if name != "currency"}
        return [self.values, {**without, "currency": known} if given is None else without]

    def _times(self, recorded: Spelled) -> list[str | None]:
        """Return how the line may have written its time, if it wrote one."""
        at, occurred = self.request.at, recorded.occurred
        if not at or len(at) == 10 or len(occurred) == 10 or not self._same_instant(at, occurred):
            return [at]
        forms = [at, occurred, occurred[:19], occurred[:16], occurred.replace("+00:00", "Z")]
        return [*dict.fromkeys(form.replace("T", mark) for form in forms for mark in "T ")]

    def _same_instant(self, at: str, occurred: str) -> bool:
        """Say whether both name one time; what names none is no other spelling of any."""
        try:
            return instant(at, self.zone) == instant(occurred, self.zone)
        except ValueError:
            return False

    def _subjects(self, recorded: Spelled) -> list[str]:
        if self.request.action.CREATES:
            return [""]
        told = self.told
        names = (told.event_id, str(told.position), recorded.key) if told else ()
        return [*dict.fromkeys((self.subject, *filter(None, names)))]

    def _told_or_not(self, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the values with each default that they hold, or could, told or left out."""
        defaults = _defaults_of(self.request.action)
        free = [name for name, default in defaults.items() if values.get(name, default) == default][:MOST]
        others = {name: value for name, value in values.items() if name not in free}
        yield values
        for told in product((False, True), repeat=len(free)):
            yield others | {name: defaults[name] for name, spelled in zip(free, told, strict=True) if spelled}


def digested(said: tuple[Any, ...], secret: bytes) -> bytes:
    """Return the digest of what is said."""
    import hashlib  # loads OpenSSL: only where there are keys

    return hashlib.blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=16, key=secret).digest()


def corrected(name: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a correction's values as the fields of the corrected event take them: 100.00 is 100."""
    fields = {field.name: field for field in fields_of(event_class(name))}
    return {**values, "values": {each: _stored(fields.get(each), value) for each, value in values["values"].items()}}


def _stored(field: Any, value: Any) -> Any:
    if field is None or value is None:
        return value
    try:
        read = field.kind.read(value)
    except BadValue:
        return value
    return field.kind.write(read) if field.kind.write else read


def _defaults_of(action: type) -> dict[str, Any]:
    known = _defaults.get(action)
    if known is None:
        fields = [field for field in fields_of(action) if not field.required and field.default is not None]
        known = _defaults[action] = {field.attribute: field.default for field in fields}
    return known


def _meaning(name: str, value: Any) -> Any:
    """Return a value as it is whatever the order in which its parts were told, where that says nothing."""
    if isinstance(value, Mapping):
        return {key: _meaning("", part) for key, part in sorted(value.items())}
    if name in ANY_ORDER:
        return tuple(sorted(value))
    if value.__class__ is list:
        return [_meaning("", part) for part in value]
    return int(value) if value.__class__ is float and value.is_integer() else value
