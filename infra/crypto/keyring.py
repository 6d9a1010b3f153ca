"""The data keys at hand: one for each subject, read from the key store where they are needed, made where there is none."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from infra.crypto.key_store import DIGEST_ID, DataKey, KeyRows, open_keys, utc_now
from infra.crypto.key_wrapping import ALTERED, NONCE, KeyWrapper, cipher_of
from infra.crypto.master_key_file import MasterKey, WrappingFile, default_file
from infra.crypto.unsealing import ID, unsealed
from infra.db.database import must_last
from infra.db.errors import StoreBusy, StoreFault
from projections.engine.sealed import ERASED

if TYPE_CHECKING:
    from infra.db.database import Database

KEPT: Final = 8_192
"""Keys kept unwrapped; those that were used first are forgotten first."""
Unwrapped = tuple[DataKey, bytes | StoreFault | None]
"""A key, and what it is unwrapped: None if it was destroyed, or else what forbids its use."""
DIGEST: Final = "digest"
"""The subject of the key under which requests are digested."""


class Keyring:
    """The keys of one store, for one thread at a time. Every method raises StoreFault where keys can't be used."""

    def __init__(self, db: Database, *, url: str | None = None, file: str | None = None) -> None:
        self._db, self._url = db, url or os.environ.get("SALES_KEYS")
        self.file = WrappingFile(file or default_file(os.environ))
        self._wrapper = KeyWrapper(self.file)
        self._rows: KeyRows | None = None
        self._opened: dict[str, Any] = {}
        self._sealing: dict[tuple[str, int], tuple[str, Any]] = {}
        self._asked: set[str] = set()
        self._expected: set[str] = set()
        self._fresh: dict[str, tuple[str, int, bytes]] = {}
        self._secret: bytes | None = None
        self._pool, self._at = b"", 0

    def rows(self, *, create: bool = False) -> KeyRows | None:
        """Return the rows of the key store, None while there is none; `create` makes one."""
        if self._rows is None:
            db = open_keys(self._db, self._url, create=create)
            self._rows = KeyRows(db) if db else None
            if self._rows is not None and self._rows.grouped and self._rows.teams():
                from infra.crypto.group_keys import TeamWrapper

                self._wrapper = TeamWrapper(self.file, self._rows, self._db)
        if create and self._rows is not None:
            must_last(self._rows.db)
        return self._rows

    @property
    def wrapper(self) -> KeyWrapper:
        """What wraps and takes out the keys of this store."""
        return self._wrapper

    @property
    def beside(self) -> bool:
        """Whether the key store lies beside the store, and in no place of its own, which knows no groups."""
        return self._url is None

    @property
    def grouped(self) -> bool:
        """Whether keys are wrapped for each group, so that not everybody sees each of them."""
        return type(self._wrapper) is not KeyWrapper

    # Sealing

    def seal(self, subject: str, version: int, event_id: str, path: str, value: str) -> str:
        """Return a value's sealed form for the event's stored data: the key's id, the nonce and the cipher text."""
        key = self._sealing.get((subject, version)) or self._key_for(subject, version)
        nonce = self._random(NONCE)
        cipher = key[1].encrypt(nonce, value.encode(), f"{event_id}\0{path}".encode())
        return key[0] + b64encode(nonce + cipher, ALTERED).decode()

    def expect(self, subjects: Iterable[str]) -> None:
        """Note whose keys may be asked for next, so that they are read at once."""
        self._expected = set(subjects)

    def _key_for(self, subject: str, version: int) -> tuple[str, Any]:
        """Return the key with which a subject's data is sealed after so many erasures, made if there is none."""
        rows = self.rows()
        if rows is not None:
            live = rows.live({subject, *self._expected})
            self._take_up([key for key in live if (key.subject, key.version) not in self._sealing])
        self._expected.clear()
        return self._sealing.get((subject, version)) or self._made(subject, version)

    def _take_up(self, keys: Sequence[DataKey]) -> None:
        """Seal with keys of the key store from now on; one of others that can't be opened keeps nobody from sealing."""
        for key, raw in self.unwrapped(keys):
            if isinstance(raw, bytes) and (key.subject, key.version) not in self._sealing:
                self._keep_sealing(key.subject, key.version, key.id, raw)
            elif isinstance(raw, StoreFault) and not self.grouped:
                raise raw

    def new(self, subject: str, version: int = 0) -> None:
        """Note that a subject has no key yet, so that none is looked for."""
        if (subject, version) not in self._sealing:
            self._made(subject, version)

    def _made(self, subject: str, version: int) -> tuple[str, Any]:
        raw = self._random(32)
        id = b64encode(self._random(ID * 3 // 4), ALTERED).decode()
        self._fresh[id] = (subject, version, raw)
        return self._keep_sealing(subject, version, id, raw)

    def _keep_sealing(self, subject: str, version: int, id: str, raw: bytes) -> tuple[str, Any]:
        if len(self._sealing) >= KEPT:
            for place in list(self._sealing)[: KEPT // 2]:
                del self._sealing[place]
        known = self._sealing[subject, version] = (id, self._keep_opened(id, raw))
        return known

    def _keep_opened(self, id: str, raw: bytes) -> Any:
        return self._keep_cipher(id, cipher_of(raw))

    def _keep_cipher(self, id: str, cipher: Any) -> Any:
        if len(self._opened) >= KEPT:
            for old in list(self._opened)[: KEPT // 2]:
                del self._opened[old]
        self._opened[id] = cipher
        return cipher

    def keep(self) -> None:
        """Write the keys that were made, durably: before the events that they seal are recorded."""
        if not self._fresh:
            return
        rows = self.rows(create=True)
        assert rows is not None
        try:
            self._write(rows)
        except StoreBusy:
            if not self.grouped:
                raise
            self._wrapper.forget()  # an erasure has exchanged the wrapping keys at this moment
            self._write(rows)
        self._fresh.clear()

    def _write(self, rows: KeyRows) -> None:
        """Write the keys that were made, wrapped as the key store has it now."""
        with rows.db.transaction():
            wrapping, now = self._wrapper.current(rows), utc_now()
            made = [
                self._wrapper.wrapped(DataKey(id, subject, version, "", None, now, None), raw, wrapping)
                for id, (subject, version, raw) in self._fresh.items()
            ]
            rows.add(made, known=not rows.grouped)

    def secret(self) -> bytes:
        """Return what requests are digested with, made on first use: the same for everybody who uses this key store."""
        if self._secret is None:
            rows = self.rows(create=True)
            assert rows is not None
            known = rows.by_ids([DIGEST_ID])
            if not known:
                self._wrapper.must_make_secrets()
                with rows.db.transaction():
                    key = DataKey(DIGEST_ID, DIGEST, 0, "", None, utc_now(), None)
                    rows.add([self._wrapper.wrapped(key, self._random(32), self._wrapper.current(rows))])
                known = rows.by_ids([DIGEST_ID])
            for _, raw in self.unwrapped(known):
                if isinstance(raw, StoreFault):
                    raise raw
                self._secret = raw
        assert self._secret is not None
        return self._secret

    def _random(self, length: int) -> bytes:
        """Return random bytes; they are drawn a page at a time."""
        if self._at + length > len(self._pool):
            self._pool, self._at = os.urandom(4096), 0
        self._at += length
        return self._pool[self._at - length : self._at]

    def take(self, keys: Sequence[tuple[DataKey, bytes | None]]) -> None:
        """Keep keys that come from another store, wrapped for this one; of a destroyed one there is nothing to wrap."""
        rows = self.rows(create=True)
        assert rows is not None
        with rows.db.transaction():
            wrapping = self._wrapper.current(rows)
            taken = [key if raw is None else self._wrapper.wrapped(key, raw, wrapping) for key, raw in keys]
            rows.add(taken)
        self.forget()
        self._secret = None

    # Opening

    def ask(self, id: str) -> None:
        """Note a key that may be needed to open what was read, so that those of a batch are read at once."""
        if id not in self._opened:
            self._asked.add(id)

    def opened(self, sealed: str) -> str:
        """Return what a sealed value (a Sealed's text) holds, ERASED if its key was destroyed, SEALED if there is none.

        What is no sealed value, or was not sealed for its place, is SEALED too.
        """
        place, _, body = sealed.rpartition(":")
        cipher = self._opened.get(body[:ID])
        if cipher is None:
            cipher = self._read({body[:ID], *self._asked})[body[:ID]]
            self._asked.clear()
        if isinstance(cipher, StoreFault):
            raise cipher
        return unsealed(cipher, place, body)

    def opened_each(self, sealed: Sequence[str]) -> list[str]:
        """Return `opened` of many, their keys read at once; where a key can't be used, what it sealed is SEALED."""
        parts = [text.rpartition(":") for text in sealed]
        ciphers = self._read({body[:ID] for _, _, body in parts})
        return [unsealed(ciphers[body[:ID]], place, body) for place, _, body in parts]

    def _read(self, ids: Iterable[str]) -> dict[str, Any]:
        """Return what opens values under each key: its cipher, or else ERASED, what forbids its use, None if there is none.

        More may be asked for than are kept.
        """
        found = {id: self._opened.get(id) for id in ids}
        lacking = [id for id, cipher in found.items() if cipher is None]
        rows = self.rows() if lacking else None
        for key, raw in self.unwrapped(rows.by_ids(lacking)) if rows else ():
            if isinstance(raw, StoreFault):
                found[key.id] = None if self.grouped and raw.facts.get("file") == key.id else raw
            else:
                found[key.id] = self._keep_cipher(key.id, ERASED if raw is None else cipher_of(raw))
        return found

    def unwrapped(self, keys: Sequence[DataKey]) -> Iterator[Unwrapped]:
        """Yield keys, each unwrapped.

        Those that an erasure has wrapped anew since they were read are read again.
        """
        while keys:
            failed = list[tuple[DataKey, StoreFault]]()
            for key in keys:
                try:
                    yield key, None if key.wrapped is None else self._wrapper.raw(key)
                except StoreFault as wrong:
                    failed.append((key, wrong))
            keys = (yield from self._exchanged(failed)) if failed else []

    def _exchanged(self, failed: Sequence[tuple[DataKey, StoreFault]]) -> Generator[Unwrapped, None, list[DataKey]]:
        """Yield again those that are what they were; return the others, as they are by now."""
        rows, outdated = self.rows(), self._wrapper.outdated()
        now = {key.id: key for key in rows.by_ids(key.id for key, _ in failed)} if rows else {}
        again = [now.get(key.id, key) for key, _ in failed]
        if not outdated:
            yield from (each for each, key in zip(failed, again, strict=True) if each[0] == key)
            again = [key for (before, _), key in zip(failed, again, strict=True) if before != key]
        self._wrapper.forget()
        return again

    def whose(self, ids: Iterable[str]) -> dict[str, tuple[str, bool]]:
        """Return for each key that is known of these whose it is, and whether it still opens something."""
        rows = self.rows()
        known = {key.id: (key.subject, key.wrapped is not None) for key in (rows.by_ids(ids) if rows else ())}
        return known | {id: (self._fresh[id][0], True) for id in ids if id in self._fresh}

    def wrapping(self) -> str | None:
        """Return the fingerprint of the wrapping key in use, which every destroying of keys exchanges; None without keys."""
        rows = self.rows()
        return rows.wrapping() if rows is not None else None

    # Destroying

    def forget(self) -> None:
        """Forget all keys but those not yet written; they are read again where they are needed."""
        self._opened.clear()
        self._asked.clear()
        self._sealing.clear()
        for id, (subject, version, raw) in self._fresh.items():
            self._keep_sealing(subject, version, id, raw)

    def ready(self) -> None:
        """Raise StoreFault unless keys can be destroyed, and the others wrapped anew, from here."""
        rows = self.rows()
        if rows is not None and not self.grouped and (fingerprint := rows.wrapping()) is not None:
            self._wrapper.of(fingerprint)

    def erase(self, erased: dict[str, int]) -> int:
        """Destroy the keys of these subjects made before the erasure of that number, and exchange the wrapping key.

        Every other key is wrapped anew and the old wrapping key destroyed, so that no copy of the key store opens what
        was erased. Done again, it finishes what was broken off. Returns how many keys there were to destroy.
        """
        self.forget()
        rows = self.rows()
        if rows is None or rows.wrapping() is None:
            return 0
        if rows.db.fixed:
            return self._hidden(rows, erased)
        with rows.db.transaction():
            rows.wrapping(hold=True)
            count = sum(rows.destroy(subject, number) for subject, number in erased.items())
            if count:
                rows.rewrap(self._anew(rows, self._wrapper.exchanged(rows)))
        self._leave_only_what_is_used(rows)
        self._wrapper.forget()
        rows.settle()
        return count

    def _leave_only_what_is_used(self, rows: KeyRows) -> None:
        """Destroy the wrapping keys that were exchanged, and no new one with which another erasure wraps at this moment."""
        self._wrapper.forget()
        with rows.db.transaction():
            used = rows.wrapping(hold=True)
            if used is None:
                return
            if self.grouped:
                with suppress(StoreFault):
                    self._wrapper.of(
                        used
                    )  # somebody else's exchange: what this file has opens it, and has it put there
            held = {each.fingerprint for each in self.file.of(rows.id)}
            if held != {used} and (used in held or not self.grouped):
                self.file.leave(rows.id, used)

    def _anew(self, rows: KeyRows, wrapping: MasterKey) -> Iterator[DataKey]:
        """Yield the live keys, wrapped anew; a damaged one that somebody made for a group holds up no erasure."""
        for key in rows.every():
            if key.wrapped is not None:
                try:
                    raw = self._wrapper.raw(key)
                except StoreFault as wrong:
                    if self.grouped and wrong.facts.get("file") == key.id:
                        continue
                    raise
                yield self._wrapper.wrapped(key, raw, wrapping)

    def _hidden(self, rows: KeyRows, erased: dict[str, int]) -> int:
        """Let nothing be opened here that was erased, where the keys themselves can't be destroyed; no other key is touched."""
        rows.db.step_aside()
        with rows.db.transaction():
            return sum(rows.destroy(subject, number) for subject, number in erased.items())

    def close(self) -> None:
        """Give the connection back."""
        if self._rows is not None:
            self._rows.db.close()
            self._rows = None
            self._wrapper = KeyWrapper(self.file)
