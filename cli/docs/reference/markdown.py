"""The few forms of Markdown that the reference pages need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table, or none without rows."""
    lines = ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    head = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    return [*head, *lines, ""] if lines else []


def cell(value: object) -> str:
    """Return a value as it may stand in a table."""
    return " ".join(str(value).split()).replace("|", "\\|")


def code(text: object) -> str:
    """Return text in the form of code."""
    return f"`{text}`"


def fenced(*lines: str) -> list[str]:
    """Return the lines of a block of code."""
    return ["```", *lines, "```", ""]


def link(name: str, page: str = "") -> str:
    """Return a link to the heading that is `name`, on this page or another."""
    anchor = "".join(c for c in name.lower() if c.isalnum() or c in "_-")
    return f"[{code(name)}]({page}#{anchor})"


def braced(text: str) -> str:
    """Return a text that is filled in with facts as a reader sees it: doubled braces stand for themselves."""
    return text.replace("{{", "{").replace("}}", "}")
