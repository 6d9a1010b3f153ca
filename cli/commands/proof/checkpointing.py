"""What `sales work` does for the proof: seal new events and sign a checkpoint, each minute while there are any."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from cli.commands.proof.files import key_folder
from cli.core.errors import message_and_hint
from infra.errors.problem import Problem

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

MINUTE: Final = 60
PART: Final = 64 * 1024  # events sealed between two looks at the tables


class Sealing:
    """Seals a store from time to time. What goes wrong is said once, and the work goes on."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.next = 0.0
        self.said = ""

    def look(self, store: Store) -> None:
        """Seal what is new, if it is time."""
        if time.monotonic() < self.next:
            return
        try:
            if _step(self.session, store):
                self.next = time.monotonic() + MINUTE
        except Problem as problem:
            self.next = time.monotonic() + MINUTE
            if not problem.retry and problem.code != self.said:
                self.said = problem.code
                message, hint = message_and_hint(problem)
                self.session.say(f"{message} {hint} [{problem.code}]")


def _step(session: Session, store: Store) -> bool:
    """Do a part of it; say whether it is done for this minute."""
    from infra.db.errors import as_problems
    from infra.transparency.checkpoint_store import checkpoint, last
    from infra.transparency.tile_store import seal

    with as_problems(store.shown_url):
        head, _ = store.reader.head()
        before = last(store.db)
        if before is not None and (before.size == head or _young(before.made, store.clock())):
            return True
        if seal(store.db, head, PART) < head:
            return False
        checkpoint(store.db, key_folder(session), store.clock())
        return True


def _young(made: str, now: datetime) -> bool:
    """Say whether somebody signed within this minute."""
    return datetime.fromisoformat(made) > now - timedelta(seconds=MINUTE)
