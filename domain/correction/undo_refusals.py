"""Why an act can't be undone, and what to do instead."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "undo.nothing": Text("missing", "Nothing of {who} is left to undo.", "Look at what was recorded: sales log"),
    "undo.of_undo": Text(
        "rule",
        "A withdrawal is not withdrawn ({name} at position {position}).",
        "Record what was withdrawn again, as a new act.",
    ),
    "undo.erasure": Text(
        "rule", "What was erased is gone for good.", "Add the contact anew: sales customer add-contact"
    ),
    "undo.hand_over": Text(
        "rule",
        "A hand-over moved many things at once and is not undone as one.",
        "Give back what should not have moved: sales lead assign CUSTOMER --owner LOGIN",
    ),
    "undo.closing": Text(
        "rule",
        "A closed period stays closed.",
        "Correct the facts; what differs from the closing is shown by: sales period diff {period}",
    ),
    "undo.registration": Text(
        "rule",
        "A registration is not undone: acts name the person.",
        "If they don't belong here: sales person depart {login}",
    ),
    "undo.group": Text(
        "rule",
        "The forming of a group is not undone: people and targets name it.",
        "Let its members join another one: sales person join LOGIN --group CODE",
    ),
}
