"""The page of the errors: every code with its kind, exit status, text and hint."""

from __future__ import annotations

from typing import Final

from cli.docs.help import EXITS as STATUSES
from cli.docs.reference.markdown import braced, code, fenced, table
from domain.kernel.refusal_texts import all_texts
from infra.errors.catalogue import PROBLEMS
from infra.errors.problem import EXITS, Problem

INTRO: Final = """# Errors

An error says what went wrong, why, and what to do next, and has a stable code. It goes to stderr; with `--json` it
is an object on stdout. In a batch it stands in the answer of its line. A refusal records nothing.
"""
TEXT: Final = (
    "error: The source must be traceable: the channel referral needs its referrer.",
    "hint: Add --referrer, so that the source can be traced.",
    "[lead.untraceable]",
)
OBJECT: Final = (
    '{"schema":1,"ok":false,"error":{"code":"lead.untraceable","message":"...","facts":{...},"hint":"...","retry":false}}',
)
MEMBERS: Final = {
    "code": "The code, as listed below; it stays.",
    "message": "What went wrong, in the language asked for.",
    "facts": "The values that the text names, by the names in braces below.",
    "hint": "What to do next.",
    "retry": "true where the same call may go through a moment later.",
}
LOOK: Final = """What was recorded although somebody should look at it: `warnings` in the answer, each with `code`,
`message` and `facts`."""
WARNINGS: Final = {
    "lead.duplicate": "The lead has the name or the credit code of known customers; `facts.customers` are the ids of the"
    " first ten, `facts.count` is how many they are.",
    "lead.near": "The name is like those of other customers, which `facts.customers` names with their ids.",
    "contract.overpaid": "By an amendment, a correction or a withdrawal the contract is worth less than has come in for it;"
    " `facts.overpaid` says by how much.",
    "target.over_allocated": "The children hold more than the target; `facts.over` says how much.",
}


def page() -> str:
    """Return the page."""
    return "\n".join(
        [
            INTRO,
            *fenced(*TEXT),
            *fenced(*OBJECT),
            *table(("member", "meaning"), ((code(name), meaning) for name, meaning in MEMBERS.items())),
            "## Exit statuses",
            "",
            *table(("status", "meaning"), STATUSES),
            "## Refusals",
            "",
            "A rule or a right says no.",
            "",
            *codes(list(all_texts())),
            "## Problems",
            "",
            "Everything else: a line that can't be read, a file, a store.",
            "",
            *codes(list(PROBLEMS)),
            "## Warnings",
            "",
            LOOK,
            "",
            *table(("code", "meaning"), ((code(name), meaning) for name, meaning in WARNINGS.items())),
        ]
    )


def codes(names: list[str]) -> list[str]:
    """Return the table of these codes."""
    rows = []
    for name in names:
        problem = Problem(name, suggestion="?")
        text = problem.text
        again = ", worth a retry" if problem.retry else ""
        rows.append((code(name), f"{text.kind}{again}", EXITS[text.kind], braced(text.message), braced(text.hint)))
    return table(("code", "kind", "exit", "text", "hint"), rows)
