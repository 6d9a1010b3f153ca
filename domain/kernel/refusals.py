"""What any action may be refused for: whom or what it names, the right to it, a reason that is missing."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

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
        "{action} needs its {noun}, and none is named.",
        "Put its id, key or exact name after the verb (in JSON: subject).",
    ),
    "subject.wrong_kind": Text(
        "missing", "{subject} names something else: {kind}, not {noun}.", "Name what is meant: {noun}."
    ),
    "subject.withdrawn": Text(
        "missing",
        "All that was recorded of {subject} was withdrawn; there is no such {noun}.",
        "See: sales audit {subject}",
    ),
    "right.role": Text(
        "right",
        "{actor} has the role {role}; {action} is for {allowed}.",
        "Ask one of them, or change the role: sales person change-role",
    ),
    "right.departed": Text(
        "right",
        "{login} departed on {date} and acts no more.",
        "What happened until then a manager or a director enters in their name: --actor {login} --at ...",
    ),
    "reason.missing": Text("rule", "{action} needs a reason.", "Say why, with --reason (in JSON: reason)."),
}
