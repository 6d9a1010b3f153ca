"""The leads that a file has captured: how many of them have a name like another customer's, or the same, said once at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from infra.i18n import translate
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.commands.unit_of_work import CommandResult

_ = translate.translate

MOST: Final = 500
"""Of so many leads at most names that are near are looked for, a millisecond or two for each; of more, `sales duplicates` tells."""


class Likened:
    """The leads captured so far: those flagged as duplicates, and the others' names as long as there are few."""

    def __init__(self) -> None:
        self.captured = 0
        self.flagged = 0
        self.others: list[tuple[str, str]] = []

    def note(self, answer: CommandResult) -> None:
        """Take in what became of a request."""
        if answer.status != "recorded" or "customer.lead_captured" not in answer.names:
            return
        made: Any = answer.events[answer.names.index("customer.lead_captured")]
        self.captured += 1
        if made.duplicates:
            self.flagged += 1
        elif self.captured <= MOST:
            self.others.append((answer.subject, made.company))

    def say(self, session: Session) -> None:
        """Warn of those that have another's name, or one near it; nothing is said where none has."""
        few = self.captured <= MOST
        count = self.flagged + (self._near(session) if few else 0)
        line = marked("{count} of {captured} leads have a name or a number like other customers': sales duplicates")
        if not few:
            line = marked(
                "{count} of {captured} leads have the name or the number of other customers; those with a near name: sales duplicates"
            )
        if count:
            session.say(_("warning: ") + filled(line, {"count": count, "captured": self.captured}))

    def _near(self, session: Session) -> int:
        if not self.others:
            return 0
        from infra.queries import similar_customers

        return len(similar_customers.several(session.store().db, self.others))
