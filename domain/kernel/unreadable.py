"""A text that can't be read as what it should be, with a reason that can be told in any language."""

from __future__ import annotations

from typing import Any


class Unreadable(ValueError):
    """A text that is none of what was expected; `why` is a gettext message id, filled in with `facts`."""

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(why.format(**facts))
        self.why, self.facts = why, facts

    @property
    def told(self) -> dict[str, Any]:
        """The reason as a problem or a refusal names it: why, and why_facts where it has any."""
        return {"why": self.why, "why_facts": self.facts} if self.facts else {"why": self.why}
