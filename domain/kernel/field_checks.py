"""What holds of a field by its type, whatever the action: which amounts it takes, and which words a team has for its choices."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from domain.kernel.field import Field, fields_of
from domain.kernel.refusal import Refused
from domain.kernel.unreadable import Unreadable

if TYPE_CHECKING:
    from domain.kernel.context import Context

_bounded: dict[type, tuple[Field, ...]] = {}
_worded: dict[type, tuple[Field, ...]] = {}


def unfit(said: Any, only: Collection[str] | None = None) -> Refused | None:
    """Return a refusal of the first amount that a field of an action or event can't take; `only` names the fields looked at."""
    cls = type(said)
    fields = _bounded.get(cls)
    if fields is None:
        fields = _bounded[cls] = tuple(field for field in fields_of(cls) if field.bound)
    for field in fields:
        value, bound = getattr(said, field.attribute), field.bound
        if bound and value is not None and (only is None or field.name in only) and not bound.holds(value):
            return Refused(bound.code, **{bound.named: format(value, "f")})
    return None


def in_words(said: Any, context: Context) -> Any:
    """Return the action with its choices in their own words where it says them in a team's; or the refusal of a word."""
    cls = type(said)
    changed: dict[str, str] = {}
    for field in worded_fields(cls):
        value = getattr(said, field.attribute)
        if value is None or value in field.choices:
            continue
        word = worded(field, value, context)
        if isinstance(word, Refused):
            return word
        changed[field.attribute] = word
    return cls(**{**{name: getattr(said, name) for name in cls.FIELDS}, **changed}) if changed else said


def worded_fields(cls: type) -> tuple[Field, ...]:
    """Return the fields of an action for whose choices a team has words of its own."""
    fields = _worded.get(cls)
    if fields is None:
        fields = _worded[cls] = tuple(field for field in fields_of(cls) if field.worded)
    return fields


def worded(field: Field, value: str, context: Context) -> str | Refused:
    """Return the choice that a value of the field stands for by the policy in force."""
    words: Mapping[str, str] = context.policy(field.worded or "")["words"]
    meant = value if value in field.choices else choice_of(words, value)
    if meant is not None:
        return meant
    why = Unreadable("it is one of {choices}", choices=", ".join((*field.choices, *words)))
    return Refused("event.bad_value", field=field.name, value=value, **why.told)


def choice_of(words: Mapping[str, str], said: str) -> str | None:
    """Return what a team's word stands for; wide and small letters are alike."""
    return words.get(said) or {plainly(word): choice for word, choice in words.items()}.get(plainly(said))


def plainly(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
