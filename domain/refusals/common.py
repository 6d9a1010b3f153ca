"""What any action may be refused for: whom or what it names, the right to it, a reason that is missing."""

from __future__ import annotations

from typing import Final

from domain.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "subject.unknown": Text(
        "missing",
        "There is no {noun} {subject}.",
        "Name it by id, by key or by its exact name; look with: sales tracking",
    ),
    "subject.ambiguous": Text(
        "missing", "{count} subjects are named {subject}: {candidates}.", "Use one of these ids."
    ),
    "subject.missing": Text(
        "missing",
        "{action} acts on a {noun}, and none is named.",
        "Put its id, key or exact name after the verb (in JSON: subject).",
    ),
    "subject.withdrawn": Text(
        "missing",
        "All that was recorded of {subject} was withdrawn; there is no such {noun}.",
        "See: sales audit {subject}",
    ),
    "subject.wrong_kind": Text("missing", "{subject} is a {kind}, not a {noun}.", "Name a {noun}."),
    "right.role": Text(
        "right",
        "{actor} is a {role}; {action} is for {allowed}.",
        "Ask one of them, or change the role: sales person change-role",
    ),
    "reason.missing": Text("rule", "{action} needs a reason.", "Say why, with --reason (in JSON: reason)."),
}
