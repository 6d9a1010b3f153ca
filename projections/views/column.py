"""What a table is made of, whoever shows it: columns with what each means, notes below it, and what a summary makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

Row = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]
Kind = Literal["text", "amount", "count", "ratio", "date", "time", "list", "flag"]
NUMBERS: Final = ("amount", "count", "ratio")


class Note(NamedTuple):
    """A sentence in the words of a message id; facts may be notes, or lists of them, themselves."""

    message: str
    facts: Mapping[str, Any] = {}


class Money(str):
    """An amount in a sentence: it is shown in the unit that was asked for."""

    __slots__ = ()


class Change(Money):
    """An amount that was added or taken away: it is shown with its sign."""

    __slots__ = ()


class Column(NamedTuple):
    """A column: its key in JSON, its title (a message id; none where only JSON has it), what it holds and means.

    `missing` stands where nothing is known; where that is empty, a table for the eye leaves out a column that is blank in
    every row. One that is `asked` for by a flag keeps its room where there is not enough for all. A `wide` one stands in files,
    but not in a table for the eye. `meaning` and `form`, the type in words, are for the reference; what has no meaning is no key of
    the rows, and only its `text` fills it. `text` gives what a reader sees in place of the value, in every format but JSON; `eye`
    what a table for the eye shows.
    """

    key: str
    title: str
    kind: Kind = "text"
    align: Literal["", "left", "right"] = ""
    missing: str = "—"
    asked: bool = False
    meaning: str = ""
    form: str = ""
    wide: bool = False
    text: Callable[[Row], Any] | None = None
    eye: Callable[[Row], Any] | None = None

    @property
    def right(self) -> bool:
        return self.align == "right" or (not self.align and self.kind in NUMBERS)


def only_json(key: str, form: str, meaning: str) -> Column:
    """Return a key of the rows that programs get and no table shows."""
    return Column(key, "", meaning=meaning, form=form)


class Summary(NamedTuple):
    """What `--summary` shows in place of the rows, under NAME-summary: other rows, made of them.

    `explained` says that they have the events behind them, too, where these are asked for.
    """

    help: str
    title: str
    columns: tuple[Column, ...]
    of: Callable[[Rows], list[dict[str, Any]]]
    about: str = ""
    asked: str = ""
    explained: bool = False
