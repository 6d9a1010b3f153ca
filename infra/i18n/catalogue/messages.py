"""Every message id of the program, found in the code that shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]

CALLS: Final = {
    "_": 0,
    "translate": 0,
    "marked": 0,
    "Note": 0,
    "Column": 1,
    "filled": 0,
    "no_table": 1,
    "BadValue": 0,
    "NoDay": 0,
    "NoTime": 0,
    "NoPeriod": 0,
    "NoAmount": 0,
    "NoCurrency": 0,
    "Unreadable": 0,
}
"""Functions whose argument of this place is a message id."""

WORDS: Final = {"why": (), "help": ("option", "argument", "Problem")}
"""Keywords whose text is a message id, and the functions that take them; all of them where none are named."""

VARIABLES: Final = ("why", "help", "said")
"""Variables whose text is a message id: what a note says may stand on a line of its own."""

CLAUSES: Final = ("state", "needed")
"""Keywords whose text is a message id where it is more than a word."""


def messages() -> list[str]:
    """Return every message id, without repetition, in a stable order."""
    found: dict[str, None] = {}
    for message in (*declared(), *written()):
        if message:
            found[message] = None
    return list(found)


def declared() -> Iterator[str]:
    """Yield the texts of refusals, problems, actions and their fields."""
    from domain.kernel.field import fields_of
    from domain.kernel.refusal_texts import all_texts
    from domain.kernel.registry import all_actions
    from domain.policy.defaults import RULES
    from infra.errors.catalogue import CASES, PROBLEMS
    from projections.views.registry import VIEWS, all_views

    for refusal in all_texts().values():
        yield from (refusal.message, refusal.hint)
    for problem in (*PROBLEMS.values(), *CASES.values()):
        yield from (problem.message, problem.hint, problem.otherwise)
    for rule in RULES.values():
        yield rule.expected
    for cls in (*all_actions(), *all_views()):
        yield " ".join((cls.__doc__ or "").split())
        for field in fields_of(cls):
            yield field.help
    for entry in VIEWS.values():
        yield entry.line
    for view in all_views():
        yield from (view.TITLE, *(view.BETWEEN or ()), view.PERIOD_HELP)
        summary = view.SUMMARY
        if summary:
            yield from (summary.help, summary.title)
        for column in (*view.COLUMNS, *(summary.columns if summary else ())):
            yield from (column.title, "" if column.missing == "—" else column.missing)


def written() -> Iterator[str]:
    """Yield the texts that stand in calls, and the docstrings of commands."""
    for folder in ("cli", "infra", "projections", "domain"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield from of_call(node)
                elif isinstance(node, ast.Assign):
                    yield from of_assignment(node)
                elif isinstance(node, ast.FunctionDef) and folder == "cli" and is_command(node):
                    yield " ".join((ast.get_docstring(node) or "").split())


def of_call(node: ast.Call) -> Iterator[str]:
    """Yield the message ids among the arguments of a call."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in CALLS and len(node.args) > CALLS[name]:
        yield from constant(node.args[CALLS[name]])
    for keyword in node.keywords:
        if keyword.arg in WORDS and (not WORDS[keyword.arg] or name in WORDS[keyword.arg]):
            yield from constant(keyword.value)
        elif keyword.arg in CLAUSES and name == "Refused":
            yield from (said for said in constant(keyword.value) if " " in said)


def of_assignment(node: ast.Assign) -> Iterator[str]:
    """Yield the texts that are given to a variable whose text is a message id, alone or with others."""
    for target in node.targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for name, value in zip(names, values, strict=False):
            if isinstance(name, ast.Name) and name.id in VARIABLES:
                yield from constant(value)


def constant(node: ast.expr) -> Iterator[str]:
    """Yield the text of a constant, both where there is a choice."""
    if isinstance(node, ast.IfExp):
        yield from (*constant(node.body), *constant(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def is_command(node: ast.FunctionDef) -> bool:
    """Say whether a function is decorated with `command(...)`."""
    return any(isinstance(d, ast.Call) and getattr(d.func, "id", "") == "command" for d in node.decorator_list)
