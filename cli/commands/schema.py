"""`sales schema`: the JSON Schema of an action's line in a batch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.core.command import command
from cli.core.options import argument
from domain.kernel.action import Action
from domain.kernel.field import Field, fields_of
from domain.kernel.registry import action_class, all_actions
from infra.commands.request import unknown_action
from infra.errors.problem import Problem
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from cli.core.session import Session

ENVELOPE = {
    "key": "An id of your own: the same key records the same thing only once.",
    "actor": "Login of the person whose act it is.",
    "recorder": "Login of the person who enters it.",
    "at": "When it happened: a date, or a time with its offset.",
    "reason": "Why.",
}


@command(
    argument("action", required=False, help=marked("The action, as lead.capture; all of them if not given.")),
    example="sales schema lead.capture",
    shows="plain",
)
def schema(session: Session, *, action: str | None) -> None:
    """Print the JSON Schema of an action's line, for those who write batches by program."""
    if action is None:
        lines: dict[str, Any] = {"oneOf": [line_schema(cls) for cls in all_actions()]}
        title = "Any action"
    else:
        cls = action_class(action) or action_class(action.replace(" ", "."))
        if cls is None:
            raise Problem(unknown_action(action).code, **unknown_action(action).facts)
        lines, title = line_schema(cls), cls.NAME
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **lines}
    print(json.dumps(whole, ensure_ascii=False, indent=2))


def line_schema(cls: type[Action]) -> dict[str, Any]:
    """Return the schema of a line that asks for `cls`."""
    properties: dict[str, Any] = {"action": {"const": cls.NAME}}
    required = ["action"]
    if not cls.CREATES or cls.REDO:
        noun = "event" if cls.SUBJECT == "event" else cls.SUBJECT
        properties["subject"] = {
            "type": ["string", "integer"] if noun == "event" else "string",
            "description": f"The {noun} acted on: its id, its key or its exact name.",
        }
    if not cls.CREATES:
        required.append("subject")
    for name, help in ENVELOPE.items():
        properties[name] = {"type": "string", "description": help}
    data = data_schema(cls)
    properties["data"] = data
    if data.get("required") or ways_of(cls):
        required.append("data")
    doc = " ".join((cls.__doc__ or "").split())
    body = {"description": doc, "type": "object", "properties": properties}
    return {**body, "required": required, "additionalProperties": False}


def data_schema(cls: type[Action]) -> dict[str, Any]:
    """Return the schema of an action's `data`, as pydantic writes it for the fields that the class declares."""
    from pydantic import ConfigDict, create_model
    from pydantic import Field as Described

    members: dict[str, Any] = {}
    for field in fields_of(cls):
        usual = None if field.many else field.default
        told = Described(default=... if field.required else usual, description=field.help)
        members[field.name] = (type_of(field), told)
        for also in field.also:
            members[also] = (type_of(field), Described(default=None, description=f"Another name of {field.name}."))
    model = create_model("data", __config__=ConfigDict(extra="forbid"), **members)
    written: dict[str, Any] = model.model_json_schema()
    for described in written.get("properties", {}).values():
        described.pop("title", None)
        if described.get("default", "") is None:
            del described["default"]
    written.pop("title", None)
    ways = ways_of(cls)
    if ways:
        written["required"] = [f.name for f in fields_of(cls) if f.required and not f.also]
        written.update(ways[0] if len(ways) == 1 else {"allOf": ways})
    return written


def ways_of(cls: type[Action]) -> list[dict[str, Any]]:
    """Return for each thing that an action needs, and that can be said under several names, which these are.

    Of the fields of which it takes one no other stands beside it.
    """
    ways = [[way(name) for name in (f.name, *f.also)] for f in fields_of(cls) if f.required and f.also]
    if cls.EITHER:
        ways.append([way(name, [other for other in cls.EITHER if other != name]) for name in cls.EITHER])
    return [{"anyOf": each} for each in ways]


def way(name: str, others: Sequence[str] = ()) -> dict[str, Any]:
    """Return the condition that a field is given, and none of the others."""
    without = {"not": {"anyOf": [{"required": [other]} for other in others]}} if others else {}
    return {"required": [name], **without}


def type_of(field: Field) -> Any:
    """Return the type that a field takes in JSON."""
    import datetime as dt
    from decimal import Decimal
    from typing import Annotated, Literal

    from pydantic import Field as Described

    words: dict[str, Any] = {
        "number": Decimal,
        "count": int,
        "flag": bool,
        "date": dt.date,
        "currency": Annotated[str, Described(pattern="^[A-Za-z]{3}$")],
        "table": dict[str, Any],
        "next action": str | dict[str, Any],
        "instalment": str | dict[str, Any],
        "promise": str | dict[str, Any],
    }
    one: Any = Literal[field.choices] if field.choices and not field.open else words.get(field.kind.word, str)
    if field.worded:
        one = Literal[field.choices] | str
    return list[one] if field.many else one
