"""The page of the actions: for each its example, its fields and the events that it makes."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.emitted_events import events_of
from cli.docs.reference.examples import line_of
from cli.docs.reference.markdown import code, fenced, link, table
from domain.kernel.action import Action
from domain.kernel.field import Field, fields_of
from domain.kernel.registry import ACTION_HOMES, actions_of
from infra.commands.request import MEMBERS

INTRO: Final = """# Actions

An action is typed as `sales NOUN VERB` or told as a line of a batch (`sales apply`), with the same fields, the
same reading of values and the same answer. Fields are snake_case in JSON and kebab-case as flags. The JSON Schema
of a line: `sales schema lead.capture`.

## Members of a line
"""
ENVELOPE: Final = {
    "action": ("text", "The action, as `lead.capture`."),
    "subject": (
        "text",
        "What is acted on: an id, the key of the line that made it, or its exact name; for an event also its position.",
    ),
    "data": ("object", "The action's fields, as listed below."),
    "key": ("text", "An id of your own; the same key records the same thing only once. On the command line `--key`."),
    "actor": ("login", "Whose act it is; who runs the command unless given (`--actor`)."),
    "recorder": ("login", "Who entered it; who runs the command unless given."),
    "at": ("date or time", "When it happened: `2024-02-18` or a time with its offset; now unless given (`--at`)."),
    "reason": ("text", "Why (`--reason`)."),
    "recorded": ("time", "When it was recorded; only with `--recorded-as-given`, into an empty store."),
    "source": ("text", "How it came in (cli, batch, import, system); only with `--recorded-as-given`."),
    "correlation": ("text", "Taken and not kept; the program writes its own."),
    "causation": ("text", "Taken and not kept; the program writes its own."),
}


def page() -> str:
    """Return the page."""
    lines = [INTRO, *table(("member", "type", "meaning"), ((code(m), *ENVELOPE[m]) for m in ENVELOPE if m in MEMBERS))]
    for noun in ACTION_HOMES:
        lines += [f"## {noun}", ""]
        for action in actions_of(noun):
            lines += section(action)
    return "\n".join(lines)


def section(action: type[Action]) -> list[str]:
    """Return the lines about one action."""
    fields = fields_of(action)
    return [
        f"### {action.NAME}",
        "",
        " ".join((action.__doc__ or "").split()),
        "",
        *fenced(action.EXAMPLE, line_of(action)),
        *table(("field", "type", "", "meaning"), (row(field) for field in fields)),
        f"{about(action)} Events: {', '.join(link(e.NAME, 'events.md') for e in events_of(action))}.",
        "",
    ]


def about(action: type[Action]) -> str:
    """Return what the action acts on, and which day it counts on."""
    said = f"Acts on {article(action.SUBJECT)}."
    if action.CREATES:
        said = f"Makes {article(action.SUBJECT)}"
        said += ", or changes the one named as the subject." if action.REDO else "."
    if action.DATED:
        said += f" Its business time is `{action.DATED}` where that is given."
    return f"{said} It may lie in the future." if action.PLANS else said


def article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def row(field: Field) -> tuple[str, str, str, str]:
    """Return a field as a row: its name, type, whether it is needed, and what it means."""
    meaning = field.help
    if field.also:
        meaning += f" Also: {', '.join(map(code, field.also))}."
    return code(field.name), type_of(field), need(field), meaning


def type_of(field: Field) -> str:
    """Return a field's type in words."""
    words = {"number": "decimal", "count": "whole number", "flag": "true or false", "table": "object"}
    known = {"person": "login", "group": "group code", "target-or-owner": "target or owner", "event": "event"}
    if field.choices:
        word = ", ".join(map(code, field.choices)) + (", or another" if field.open and not field.worded else "")
        word += f", or a word of the policy {code(field.worded)}" if field.worded else ""
    elif field.role:
        word = known.get(field.role, f"{field.role} id")
    else:
        word = words.get(field.kind.word, field.kind.word)
    return f"list of {word}" if field.many else word


def need(field: Field) -> str:
    """Return whether a field is required, and else what holds without it."""
    if field.required:
        return "required"
    if field.default in (None, ()):
        return ""
    default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
    return f"else {code(default)}"
