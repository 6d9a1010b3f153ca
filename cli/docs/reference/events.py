"""The page of the events: the envelope, and the fields of each."""

from __future__ import annotations

from typing import Final

from cli.docs.reference.actions import article, need, type_of
from cli.docs.reference.emitted_events import events_of
from cli.docs.reference.markdown import code, fenced, link, table
from domain.kernel.event import UPCASTS, Event
from domain.kernel.field import Field, fields_of
from domain.kernel.registry import all_actions, all_events
from infra.event_store.stored_event import Record

INTRO: Final = """# Events

An event is what the log keeps: an envelope, and its data as JSON in the bytes in which it was first written. Names
and schema versions never change; data of an older version is lifted when it is read, and the stored bytes stay as
they are. `sales export` writes a header and then an event a line: the envelope's members (those that are null are
left out) and `data`.

## The envelope
"""
EXPORT: Final = (
    '{"salestrail":1,"settings":{"zone":"Asia/Shanghai","fiscal_month":"1","currency":"CNY","calendar":"cn"},"events":318}',
    '{"position":1,"stream":"per_zhang.san","version":1,"name":"person.registered","schema":1,...,"data":{...}}',
)
ENVELOPE: Final = {
    "position": "Its place in the log, from 1 without gaps.",
    "stream": "The id of its subject.",
    "version": "Its place in the subject's history, from 1 without gaps.",
    "name": "Its name, as listed below.",
    "schema": "The version of its data's form.",
    "occurred": "When it happened: an ISO date, or an ISO time with its offset, as it was given.",
    "recorded": "When the log learned it: UTC, to the microsecond; never earlier than the event before.",
    "actor": "Login of the person whose act it is.",
    "recorder": "Login of the person who entered it.",
    "source": "How it came in: `cli`, `batch`, `import` or `system`.",
    "key": "The key under which it was told, or null.",
    "event_id": "Its id: 32 hexadecimal digits, later ones sort later.",
    "correlation": "The digest of what was told under the key, or null; another digest under it is a conflict.",
    "causation": "Reserved: the event that caused it; null so far.",
    "reason": "Why, as given, or null.",
    "migrated": "1 where `recorded` was given rather than taken from the clock, else 0.",
    "data": "Its fields.",
}
MARKS: Final = """## Marks of fields

- **personal**: holds a person's data.
- **names**: holds the id of another subject, whose audit history shows the event too.
"""


def page() -> str:
    """Return the page."""
    makers: dict[str, list[str]] = {}
    for action in all_actions():
        for event in events_of(action):
            makers.setdefault(event.NAME, []).append(action.NAME)
    lines = [INTRO, *table(("member", "meaning"), ((code(m), ENVELOPE[m]) for m in Record._fields)), *fenced(*EXPORT)]
    lines += [MARKS.strip(), ""]
    for event in all_events():
        lines += section(event, makers.get(event.NAME, []))
    return "\n".join(lines)


def section(event: type[Event], makers: list[str]) -> list[str]:
    """Return the lines about one event."""
    fields = fields_of(event)
    lifted = [str(schema) for name, schema in sorted(UPCASTS) if name == event.NAME]
    version = f"Schema {event.SCHEMA}" + (f", read from {', '.join(lifted)} too." if lifted else ".")
    adds = " A record of its own." if event.ADDS else ""
    return [
        f"## {event.NAME}",
        "",
        f"{version}{adds} Made by {', '.join(link(maker, 'actions.md') for maker in makers)}.",
        "",
        *(table(("field", "type", "", "marks"), (row(field) for field in fields)) or ["No fields.", ""]),
    ]


def row(field: Field) -> tuple[str, str, str, str]:
    """Return a field as a row: its name, type, whether it is always there, and its marks."""
    marks = ["personal"] if field.personal else []
    if field.names:
        marks.append(f"names {article(field.role or 'subject')}")
    there = "always there" if field.required else need(field)
    return code(field.name), type_of(field), there, ", ".join(marks)
