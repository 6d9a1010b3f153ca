"""Everything that can go wrong, as a stable code with its facts, and the exit status of its kind.

A refusal of the domain becomes a Problem too, so that one form reaches the user.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Self

from domain.kernel.refusal import Refused

if TYPE_CHECKING:
    from infra.errors.catalogue import Text

EXITS: Final = {
    "fault": 1,
    "usage": 2,
    "rule": 3,
    "missing": 4,
    "conflict": 5,
    "right": 6,
    "store": 7,
    "partly": 8,
    "check": 9,
    "interrupted": 130,
}


def why_of(wrong: ValueError) -> dict[str, Any]:
    """Return why something can't be read, as facts of a problem: a message id with its facts, or what `wrong` says."""
    from domain.kernel.unreadable import Unreadable

    return wrong.told if isinstance(wrong, Unreadable) else {"why": str(wrong)}


class Problem(Exception):
    """What went wrong: a stable `code` and the `facts` of its text; with `retry` the same call may go through later.

    In some `case` of a code another text helps (infra.errors.catalogue.CASES).
    """

    case: str = ""

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    @classmethod
    def of(cls, refused: Refused) -> Problem:
        return cls(refused.code, **refused.facts)

    def in_case(self, case: str) -> Self:
        """Return the problem, told as it is in that case."""
        self.case = case
        return self

    @property
    def text(self) -> Text:
        from domain.kernel.refusal_texts import text_of  # nothing is loaded for a text that nobody reads
        from infra.errors.catalogue import CASES, PROBLEMS, Text

        known = CASES.get((self.code, self.case)) or PROBLEMS.get(self.code)
        if known and known.otherwise and not self.facts.get("suggestion"):
            return known._replace(hint=known.otherwise)
        return known or Text(*(text_of(self.code) or ("rule", self.code, "")))

    @property
    def exit_status(self) -> int:
        return EXITS[self.text.kind]

    @property
    def retry(self) -> bool:
        return self.code in (
            "store.busy",
            "store.uncertain",
            "store.contended",
            "store.unreachable",
            "store.full",
            "projection.lags",
        )


def not_among(field: str, value: str, choices: Iterable[str], *, help: str | None = "") -> Problem:
    """Return the problem that a value is none of the choices there are."""
    why, facts = "it is one of {choices}", {"choices": ", ".join(choices)}
    return Problem("usage.bad_value", field=field, value=value[:80], why=why, why_facts=facts, help=help)
