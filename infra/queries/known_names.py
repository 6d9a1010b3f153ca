"""Whether a name that a question is narrowed by was ever a person or a group here, and which names are near to one that wasn't."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from infra.access import session_role

if TYPE_CHECKING:
    from infra.read_models.source import Source

FEW: Final = 5
"""How many names are offered."""

# A subject's first event lies at the front of its part of the index of streams and versions.
THERE: Final = "SELECT 1 FROM log WHERE stream = ? AND version = 1 AND position <= ?"
SEEN: Final = "SELECT login FROM seen_owners() AS t(login) WHERE login NOT IN ('', 'company') ORDER BY login"


def there(store: Source, prefixes: Collection[str], name: str, position: int) -> bool:
    """Say whether the log has, up to `position`, a subject of one of these kinds whose id is made of `name`."""
    return any(store.db.one(THERE, (prefix + name, position)) for prefix in prefixes)


def near(store: Source, prefixes: Collection[str], name: str, position: int) -> tuple[list[str], list[str]]:
    """Return who is meant by `name`: the logins and codes near to it or called so, and all that there are by then."""
    from projections.queries.organisation import Organisation

    with store.view("organisation") as ask:
        organisation = Organisation(ask, position)
        called = {person.login: person.name for person in organisation.persons()} if "per_" in prefixes else {}
        if "grp_" in prefixes:
            called |= {code: said for code, (said, _parent) in organisation.groups().items()}
    named = [each for each, said in called.items() if said == name]
    alike = get_close_matches(name, called, FEW) or get_close_matches(name, called, FEW, 0.5)
    return [*named, *(each for each in alike if each not in named)][:FEW], list(called)


def seen(store: Source) -> list[str] | None:
    """Return the persons and groups that this login sees; None where it sees them all."""
    return None if session_role.sees_all(store.db) else [login for (login,) in store.db.all(SEEN)]
