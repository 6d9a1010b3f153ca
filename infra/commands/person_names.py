"""People by their names: a name that one person has stands for their login."""

from __future__ import annotations

from collections.abc import Collection

from domain.calendar.date_words import plain
from infra.commands.repository import Repository
from infra.errors.problem import Problem
from infra.event_store.reader import EventReader


class People:
    """Who has which name, read from the log once for each of its heads."""

    def __init__(self, world: Repository, log: EventReader) -> None:
        self.world, self.log = world, log
        self._head = -1
        self._logins: dict[str, list[str]] = {}

    def login(self, said: str, meant: Collection[str] = ()) -> str:
        """Return the login that is meant by what is none: that of whoever has the name, `said` itself if nobody has.

        Of several people of one name the only one who is still there is meant, or the only one among those `meant`.
        Raises Problem where that is not one.
        """
        logins = self.named(said)
        if len(logins) > 1:
            logins = [login for login in logins if login in meant] or logins
        if len(logins) > 1:
            raise Problem("person.ambiguous", name=said, logins=", ".join(logins))
        return logins[0] if logins else said

    def named(self, said: str) -> list[str]:
        """Return the logins of those who have a name, of those who are still there if there are any."""
        if self._head != self.world.head:
            self._read()
        logins = self._logins.get(plain(said), [])
        return [login for login in logins if not self.world.subject(f"per_{login}").state.departed] or logins

    def _read(self) -> None:
        self._head, self._logins = self.world.head, {}
        streams = self.log.streams_like("per_")
        self.world.load(streams)
        for stream in streams:
            person = self.world.subject(stream).state
            if person.login and person.name:
                self._logins.setdefault(plain(person.name), []).append(person.login)
