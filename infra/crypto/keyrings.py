"""The keyring of each open database: made when it is first asked for, closed with its database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from infra.crypto.keyring import Keyring
    from infra.db.database import Database


class Places(NamedTuple):
    """Where settings say that the keys are, and the file of wrapping keys; None: where they are by themselves."""

    keys: str | None = None
    wrapping_key_file: str | None = None


NOWHERE: Final = Places()
_places: WeakKeyDictionary[Database, Places] = WeakKeyDictionary()
_rings: WeakKeyDictionary[Database, Keyring] = WeakKeyDictionary()


def settle(db: Database, places: Places) -> None:
    """Say where the keys of the store that `db` is open on are."""
    _places[db] = places


def ring_of(db: Database) -> Keyring:
    """Return the keyring of the store that `db` is open on."""
    ring = _rings.get(db)
    if ring is None:
        from infra.crypto.keyring import Keyring

        places = _places.get(db, NOWHERE)
        ring = _rings[db] = Keyring(db, url=places.keys, file=places.wrapping_key_file)
    return ring


def stand_in(db: Database, ring: Keyring) -> None:
    """Let `ring` open what is sealed in the store that `db` is open on, in place of its own keys."""
    _rings[db] = ring


def forget(db: Database) -> None:
    """Let the keyring of `db`, if there is one, read its keys again: some may have been destroyed."""
    ring = _rings.get(db)
    if ring is not None:
        ring.forget()


def close_ring(db: Database) -> None:
    """Give back what the keyring of `db` holds, if there is one."""
    ring = _rings.pop(db, None)
    if ring is not None:
        ring.close()
