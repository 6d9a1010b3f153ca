"""What a practice may be refused for."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "practice.finding_alone": Text(
        "rule", "A finding is one of a review, and no review is named.", "Name it: --review rev_... --finding {finding}"
    ),
    "practice.retired": Text("rule", "The practice is retired already.", "What is in use: sales playbook"),
}
