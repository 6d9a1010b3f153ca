"""The question that a view answers: the line that asks it again at the same two times, and what is said of it in a file."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from infra import __version__
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked

_ = translate.translate

SHOWING: Final = ("--output", "-o", "--out", "--lang", "--store", "--unit")
MOMENTS: Final = ("--as-of", "--known-at", "--to")
"""A moment at the end of a question is its as-of."""
ALONE: Final = ("--json", "--yes", "-y", "--no-input", "--no-color", "--no-pager", "--quiet", "-q")
TOLD: Final = {
    "period": marked("Period"),
    "from": marked("From"),
    "as_of": marked("As of"),
    "known_at": marked("Known at"),
    "position": marked("Log position"),
}


def question(words: Sequence[str], meta: Mapping[str, Any]) -> str:
    """Return the line that asks again: what was typed, without where and how it was shown, at the times of `meta`."""
    kept = list(_asking(words, dated="as_of" in meta))
    for name in ("as_of", "known_at"):
        if name in meta:
            kept += [f"--{name.replace('_', '-')}", str(meta[name])]
    return shlex.join(["sales", *kept])


def _asking(words: Sequence[str], *, dated: bool) -> Iterator[str]:
    taking = (*SHOWING, *MOMENTS) if dated else SHOWING
    skip = False
    for word in words:
        flag, equals, _value = word.partition("=")
        if skip:
            skip = False
        elif flag in taking:
            skip = not equals
        elif word not in ALONE and not (word.startswith("-o") and not word.startswith("--")):
            yield word


def about(view: Result, words: Sequence[str]) -> list[tuple[str, str]]:
    """Return what a file says of its view, as (what, said): the question, its times, the log position, the program."""
    said = [(_("Table"), title_of(view)), (_("Question"), question(words, view.meta))]
    said += [(_(title), _told(view.meta[key])) for key, title in TOLD.items() if view.meta.get(key) is not None]
    return [*said, (_("Rows"), str(len(list(view.rows)))), (_("Program"), f"Salestrail {__version__}")]


def _told(value: Any) -> str:
    return ", ".join(map(str, value.values())) if isinstance(value, Mapping) else str(value)


def title_of(view: Result) -> str:
    """Return the title of a view: its own, else the first clause of the line that tells of it, else its name."""
    if view.title:
        return _(view.title)
    line = _(view.line) or view.name
    for end in (": ", "：", "。", "，", ", "):
        line = line.partition(end)[0]
    return line.rstrip(".")
