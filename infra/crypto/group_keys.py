"""Wrapping data keys for the company and for one group each, on a protected store: who has a group's file opens no other's.

The company and each group have a key pair. Public keys lie in the key store; a desk's file holds the private key of its
group, the company's (for who sees everything, and for `sales work`) the company's. What else one may open follows in the
key store: a private key lies there sealed to each who may have it, that of a group below to the group above, that of what
is everybody's to every group, each of them to the company, and a new one to whoever had the one before.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from domain.kernel.unreadable import Unreadable
from infra.crypto.key_store import DataKey, KeyRows, Team
from infra.crypto.key_wrapping import NONCE, KeyWrapper, cipher_of, place_of_key
from infra.crypto.master_key_file import KeysUnusable, MasterKey, WrappingFile, made
from infra.crypto.recipient import public_of, seal_to, unsealed_with

if TYPE_CHECKING:
    from infra.db.database import Database

COMPANY: Final = "/"
"""The team of who sees everything; no group's code has a slash."""
EVERYBODY: Final = ""
"""The team of what belongs to nobody, and is for everybody to see."""
ALONE: Final = "@"
"""What the team of a person without a group begins with; the login follows."""
SYMMETRIC: Final = NONCE + 32 + 16
"""The length of a data key that was wrapped by somebody who has the private key."""


def owner_of(store: str, team: str) -> str:
    """Return whose a team's key is, as a line of a file of wrapping keys names it."""
    return store if team == COMPANY else f"{store}/{quote(team, safe='')}"


def pair(store: str, team: str) -> tuple[MasterKey, Team]:
    """Return a new key pair of a team."""
    private = made(owner_of(store, team))
    return private, Team(team, private.fingerprint, public_of(private.key))


def derived(private: bytes) -> bytes:
    """Return the key with which whoever has a team's private key wraps for it."""
    from hashlib import sha256

    return sha256(b"salestrail team key" + private).digest()


class TeamWrapper(KeyWrapper):
    """The wrapping keys that one file opens, in a store whose keys are wrapped for each group."""

    def __init__(self, file: WrappingFile, rows: KeyRows, store: Database) -> None:
        super().__init__(file)
        self.rows, self.store = rows, store

    def current(self, rows: KeyRows) -> MasterKey:
        """Return the company's wrapping key if this file has it, else the one of the own team, which must be there."""
        company = self.teams[COMPANY]
        if self.reaches(company.fingerprint):
            return self.of(company.fingerprint)
        return self.of(self.teams[self.own()].fingerprint)

    def exchanged(self, rows: KeyRows) -> MasterKey:
        """Give the company and every team a new key pair; the one before opens the one after, until its file has that."""
        before = self.teams
        fresh = {team: pair(rows.id, team) for team in before}
        self.file.add(fresh[COMPANY][0])
        for team, (private, public) in fresh.items():
            rows.keep_team(public)
            holders = {before[team], fresh[COMPANY][1]} - {public}
            rows.hand_on((private.fingerprint, h.fingerprint, seal_to(h.public, private.key)) for h in holders)
        old = {each.fingerprint: team for team, each in before.items()}
        for fingerprint, holder in rows.handed_on():
            if fingerprint in old and holder in old and old[holder] not in (COMPANY, old[fingerprint]):
                private, to = fresh[old[fingerprint]][0], fresh[old[holder]][1]
                rows.hand_on([(private.fingerprint, to.fingerprint, seal_to(to.public, private.key))])
        rows.use_wrapping(fresh[COMPANY][1].fingerprint)
        self.forget()
        return self.of(fresh[COMPANY][1].fingerprint)

    def must_make_secrets(self) -> None:
        """Raise KeysUnusable unless what is everybody's may be made here: a desk takes what is there."""
        self.of(self.teams[COMPANY].fingerprint)

    def wrapped(self, key: DataKey, raw: bytes, wrapping: MasterKey) -> DataKey:
        """Return a key wrapped for the company and for its team; a desk's new key is its own team's until that is settled."""
        company = self.teams[COMPANY]
        if self.reaches(company.fingerprint):
            key = super().wrapped(key, raw, self.of(company.fingerprint))
        else:
            sealed = seal_to(company.public, raw, place_of_key(key))
            key = key._replace(wrap=company.fingerprint, wrapped=sealed, team=self.own())
        return self.shared(key, raw)

    def shared(self, key: DataKey, raw: bytes) -> DataKey:
        """Return a key wrapped for its team, beside what it is wrapped for already."""
        if key.team is None or key.team not in self.teams:
            return key._replace(share="", shared=None)
        again = super().wrapped(key, raw, self.of(self.teams[key.team].fingerprint))
        return key._replace(share=again.wrap, shared=again.wrapped)

    def raw(self, key: DataKey) -> bytes:
        """Return the data key itself, by whichever of its wrappings this file opens. Raises KeysUnusable."""
        if key.wrapped is not None and self.reaches(key.wrap):
            return self._taken_out(key)
        if key.shared is not None and self.reaches(key.share):
            return self._taken_out(key._replace(wrap=key.share, wrapped=key.shared))
        self.of(key.share or key.wrap)
        raise AssertionError("unreachable")

    def _taken_out(self, key: DataKey) -> bytes:
        assert key.wrapped is not None
        private = self.privates[key.wrap]
        try:
            if len(key.wrapped) != SYMMETRIC:
                return unsealed_with(private, key.wrapped, place_of_key(key))
            for secret in (derived(private), private):  # the latter wrapped keys before there were groups
                try:
                    cipher: Any = cipher_of(secret)
                    return bytes(cipher.decrypt(key.wrapped[:NONCE], key.wrapped[NONCE:], place_of_key(key)))
                except Exception as wrong:
                    if secret is private or type(wrong).__name__ != "InvalidTag":
                        raise
            raise AssertionError("unreachable")
        except Exception as wrong:
            damaged = Unreadable("the data key is damaged ({fault})", fault=type(wrong).__name__)
            raise KeysUnusable(file=key.id, **damaged.told) from wrong

    def of(self, fingerprint: str) -> MasterKey:
        """Return the wrapping key of that fingerprint. Raises KeysUnusable."""
        if not self.reaches(fingerprint):
            lacking = Unreadable("it lacks the wrapping key {key} of this store", key=fingerprint)
            raise KeysUnusable(file=self.file.name, **lacking.told)
        return MasterKey("", fingerprint, derived(self.privates[fingerprint]))

    def reaches(self, fingerprint: str) -> bool:
        """Say whether this file opens what is wrapped with a key; whether somebody exchanged it is looked up once."""
        if fingerprint in self.privates or self._open_more():
            return fingerprint in self.privates
        return False

    def private(self, fingerprint: str) -> bytes:
        """Return a private key that is at hand. Raises KeysUnusable."""
        self.of(fingerprint)
        return self.privates[fingerprint]

    def outdated(self) -> bool:
        """Say whether the teams have other keys by now."""
        return {each.team: each for each in self.rows.teams()} != self.teams

    def forget(self) -> None:
        """Read the file and the key store again when they are needed."""
        super().forget()
        for name in ("teams", "privates", "_opened", "_own"):
            self.__dict__.pop(name, None)

    @cached_property
    def teams(self) -> dict[str, Team]:
        """The public key of each team."""
        return {each.team: each for each in self.rows.teams()}

    @cached_property
    def privates(self) -> dict[str, bytes]:
        """The private keys at hand, by fingerprint: those of the file, and once they are needed what these open."""
        mine = (each for each in self.file.all() if each.owner.partition("/")[0] == self.rows.id)
        return {each.fingerprint: each.key for each in mine}

    def _open_more(self) -> bool:
        """Open the private keys that lie sealed for those at hand; returns whether that was not done already."""
        if self.__dict__.get("_opened"):
            return False
        self.__dict__["_opened"] = True
        asked: set[str] = set()
        while waiting := set(self.privates) - asked:
            asked |= waiting
            for fingerprint, holder, sealed in self.rows.held_by(waiting):
                if fingerprint not in self.privates:
                    self.privates[fingerprint] = unsealed_with(self.privates[holder], sealed)
        self._renew()
        return True

    def own(self) -> str:
        """Return the team whose file this is, if the login still belongs to it. Raises KeysUnusable."""
        return self._own

    @cached_property
    def _own(self) -> str:
        lines = [each.owner for each in self.file.all() if each.owner.startswith(f"{self.rows.id}/")]
        mine = [unquote(owner.partition("/")[2]) for owner in lines]
        seen = {str(owner) for (owner,) in self.store.all("SELECT * FROM seen_owners()")}
        for team in reversed(mine):
            if team.removeprefix(ALONE) in seen and team in self.teams:
                return team
        if mine:
            other = Unreadable("it is of {team}, where you don't belong any more", team=mine[-1])
            raise KeysUnusable(file=self.file.name, **other.told)
        lacking = Unreadable("it lacks the wrapping key {key} of this store", key=self.teams[COMPANY].fingerprint)
        raise KeysUnusable(file=self.file.name, **lacking.told)

    def _renew(self) -> None:
        """Put keys that others were exchanged for into the file, in the place of those, which open old copies alone."""
        mine = [each for each in self.file.all() if each.owner.partition("/")[0] == self.rows.id]
        present = {owner_of(self.rows.id, each.team): each.fingerprint for each in self.teams.values()}
        for owner in dict.fromkeys(each.owner for each in mine):
            held, newest = {each.fingerprint for each in mine if each.owner == owner}, present.get(owner, "")
            # The company's stands beside the one key of before there were groups until nothing is wrapped with that.
            if newest in self.privates and newest not in held and (owner != self.rows.id or not self.rows.before()):
                with suppress(KeysUnusable):  # a file that can't be written opens what it opened all the same
                    self.file.hold(MasterKey(owner, newest, self.privates[newest]))
