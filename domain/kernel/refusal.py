"""What a decision answers when a rule or a right says no, and how such an answer reads (domain.kernel.refusal_texts).

Texts are gettext message ids; the command line translates them and fills in the facts.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple


class Refused:
    """A decision's no: a stable `code` and the `facts` that its text names. Nothing is recorded."""

    __slots__ = ("code", "facts")

    def __init__(self, code: str, /, **facts: Any) -> None:
        self.code = code
        self.facts = facts

    def __repr__(self) -> str:
        return f"Refused({self.code!r}, {self.facts!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused) and (self.code, self.facts) == (other.code, other.facts)

    def __hash__(self) -> int:
        return hash(self.code)


class Text(NamedTuple):
    """How a refusal reads: its kind decides the exit code (rule 3, missing 4, conflict 5, right 6)."""

    kind: Literal["rule", "missing", "conflict", "right"]
    message: str
    hint: str
