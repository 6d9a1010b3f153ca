"""One action as somebody asks for it: read from typed words, a JSON line or a row, before any look at the log."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from domain.kernel.action import Action
from domain.kernel.field import BadValue, Field, fields_of
from domain.kernel.registry import ACTION_HOMES, action_class, actions_of
from infra.errors.problem import Problem

MEMBERS: Final = frozenset(
    "action subject data key actor recorder at reason source recorded correlation causation".split()
)


TEXTS: Final = frozenset("subject key actor recorder at source recorded".split())


class Request(NamedTuple):
    """An action with its envelope. `values` are the typed fields by attribute name; references are not resolved yet."""

    action: type[Action]
    values: dict[str, Any]
    subject: str | None = None
    key: str | None = None
    actor: str | None = None
    recorder: str | None = None
    at: str | None = None
    reason: str | None = None
    source: str | None = None
    recorded: str | None = None


_by_name: dict[type, dict[str, Field]] = {}
_required: dict[type, tuple[Field, ...]] = {}


def named_fields(cls: type) -> dict[str, Field]:
    """Return the fields of an action class by every name that its JSON form takes."""
    known = _by_name.get(cls)
    if known is None:
        fields = fields_of(cls)
        known = {also: f for f in fields for also in f.also}
        known.update((f.name, f) for f in fields)
        _by_name[cls] = known
    return known


def required_fields(cls: type) -> tuple[Field, ...]:
    """Return the fields that an action can't do without."""
    known = _required.get(cls)
    if known is None:
        known = _required[cls] = tuple(field for field in fields_of(cls) if field.required)
    return known


def typed(cls: type[Action], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `cls` read from `data`. Raises Problem for what is unknown, missing or wrong."""
    fields = named_fields(cls)
    values: dict[str, Any] = {}
    for name, raw in data.items():
        field = fields.get(name)
        if field is None:
            raise unknown_field(cls, name)
        if raw is None:
            continue
        try:
            values[field.attribute] = field.kind.read(raw)
        except BadValue as wrong:
            shown = raw if isinstance(raw, str) else repr(raw)
            raise Problem(
                "usage.bad_value",
                field=field.name,
                value=shown[:80],
                **wrong.told,
                help=field.help,
            ) from None
    for field in required_fields(cls):
        if field.attribute not in values:
            raise Problem("usage.missing_field", action=cls.NAME, field=field.name, help=field.help)
    if cls.EITHER:
        _either(cls, values)
    return values


def _either(cls: type[Action], values: Mapping[str, Any]) -> None:
    """Raise Problem unless one of the fields is given of which the action takes one."""
    said = [name for name in cls.EITHER if name in values]
    if len(said) > 1:
        raise Problem("usage.either_field", action=cls.NAME, fields=", ".join(said))
    if not said:
        help = next(field.help for field in fields_of(cls) if field.name == cls.EITHER[0])
        raise Problem("usage.missing_field", action=cls.NAME, field=" or ".join(cls.EITHER), help=help)


def unknown_field(cls: type[Action], name: str) -> Problem:
    """Return the problem of a field that an action has not, with the nearest that it has."""
    known = [field.name for field in fields_of(cls)]
    near = cls.INSTEAD.get(name) or get_close_matches(name, known, 1)
    facts = {"suggestion": " or ".join(near)} if near else {}
    return Problem("usage.unknown_field", action=cls.NAME, field=name, **facts, known=", ".join(known) or "-")


def request(line: Any) -> Request:
    """Read the object of a JSON line. Raises Problem."""
    if not isinstance(line, dict):
        raise Problem("line.not_object")
    name = line.get("action")
    cls = action_class(name) if isinstance(name, str) else None
    if cls is None:
        raise unknown_action(str(name))
    if not line.keys() <= MEMBERS:
        member = next(member for member in line if member not in MEMBERS)
        unknown = Problem("line.unknown_member", member=member, action=cls.NAME, known=", ".join(sorted(MEMBERS)))
        raise unknown.in_case("field" if member in named_fields(cls) else "")
    data = line.get("data") or {}
    if not isinstance(data, dict):
        raise Problem("usage.bad_value", field="data", value=str(data)[:80], why="a JSON object is expected", help="")
    reason = line.get("reason")
    if "reason" in data and "reason" not in named_fields(cls):
        data = dict(data)
        reason = data.pop("reason") or reason
    if cls.CREATES is False and "subject" in data and "subject" not in named_fields(cls):
        data = dict(data)
        line = {**line, "subject": line.get("subject") or data.pop("subject")}
    said = line.get
    subject = said("subject")
    if type(subject) is int:
        subject = str(subject)
        line = {**line, "subject": subject}
    for member, value in line.items():
        if not (value.__class__ is str and value.isprintable() and value.strip()) and member in TEXTS:
            _text(line, member)
    return Request(
        cls,
        typed(cls, data),
        subject,
        said("key"),
        said("actor"),
        said("recorder"),
        said("at"),
        None if reason is None else _reason(reason),
        said("source"),
        said("recorded"),
    )


def _text(line: Mapping[str, Any], member: str) -> str | None:
    value = line.get(member)
    why = "a text is expected"
    if value is None or (isinstance(value, str) and value.strip()):
        if value is None or value.isprintable() or "\x00" not in value:
            return value
        why = "it holds characters that are none"
    raise Problem("usage.bad_value", field=member, value=str(value)[:80], why=why, help="")


def _reason(value: Any) -> str | None:
    return _text({"reason": value}, "reason")


def unknown_action(name: str) -> Problem:
    """Return the problem of an action that doesn't exist, with the nearest that does."""
    noun = name.partition(".")[0]
    nouns = [noun] if noun in ACTION_HOMES else get_close_matches(noun, ACTION_HOMES, 2)
    known = [cls.NAME for n in (nouns or ACTION_HOMES) for cls in actions_of(n)]
    near = get_close_matches(name, known, 1, 0.5) or known[:1]
    return Problem("usage.unknown_action", action=name, suggestion=near[0])
