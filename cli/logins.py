"""The logins of a store on Postgres, as `sales init` admits and turns them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.options import option
from cli.text import filled, marked
from infra.problem import Problem

if TYPE_CHECKING:
    from cli.session import Session
    from infra.postgres.logins import Login
    from infra.store import Store

LOGINS: Final = (
    option(
        "--login",
        metavar="LOGIN=PERSON",
        many=True,
        help=marked("On Postgres: a person's own login, which records as that person; may be repeated."),
    ),
    option(
        "--service",
        metavar="LOGIN=PERSON",
        many=True,
        help=marked("On Postgres: a service's login, which may record what others did; may be repeated."),
    ),
    option(
        "--reader",
        metavar="LOGIN=PERSON",
        many=True,
        help=marked("On Postgres: a login that reads what that person may see; may be repeated."),
    ),
    option(
        "--projector",
        metavar="LOGIN",
        many=True,
        help=marked("On Postgres: a login for sales work, which keeps the tables in step; may be repeated."),
    ),
    option(
        "--revoke",
        metavar="LOGIN",
        many=True,
        help=marked("On Postgres: a login that is let in no more; may be repeated."),
    ),
)
KINDS: Final = {"login": "person", "service": "service", "reader": "reader", "projector": "projector"}


def protected(session: Session, store: Store, given: Mapping[str, Sequence[str]]) -> None:
    """Give the store its roles and its logins, or say why not; a file has neither. Raises Problem."""
    asked = [name for name, values in given.items() if values]
    if store.db.dialect == "sqlite":
        if asked:
            why = marked("A SQLite file has no logins: who owns the file may do everything.")
            raise Problem("usage.options", why=why, command="init")
        return
    from infra.faults import as_problems
    from infra.postgres.logins import admit, turn_away
    from infra.postgres.roles import protect

    wanted = _wanted(store, given)
    with as_problems(store.shown_url):
        roles = protect(store.db, store.db.schema)  # type: ignore[attr-defined]
        if roles is None:
            if asked:
                raise Problem("login.unprotected", store=store.shown_url)
            line = marked(
                "The store works, but without roles: this login may not make them. Run sales init as one that may."
            )
            session.say(filled(line, {}))
            return
        with store.db.transaction():
            for login in wanted:
                admit(store.db, roles, login)
            for name in given.get("revoke") or ():
                turn_away(store.db, roles, name)
        keys_for_groups(session, store)


def keys_for_groups(session: Session, store: Store) -> None:
    """Wrap the data keys for each group, and say what that changed."""
    from infra.sharing import begun, settle

    if not store.reader.ring.beside:
        return
    done = settle(store.reader.ring, store.db)
    if not begun(store.reader.ring):
        line = marked(
            "The data keys are still wrapped with one key for all, which {file} lacks:"
            " sales work wraps them for each group where that key is."
        )
        session.say(filled(line, {"file": store.reader.ring.file.name}))
    elif done.brought:
        line = marked(
            "{count} data keys, which one file opened, are wrapped for the company and for one group each now."
            " Give every desk its group's file: sales keys hand-out LOGIN FILE; the file of before opens nothing any more."
        )
        session.say(filled(line, {"count": done.brought}))
    elif done.groups:
        line = marked("{count} groups have a wrapping key now. Give each desk its file: sales keys hand-out LOGIN FILE")
        session.say(filled(line, {"count": done.groups}))


def _wanted(store: Store, given: Mapping[str, Any]) -> list[Login]:
    from infra.postgres.logins import read_login

    wanted = [read_login(text, kind) for name, kind in KINDS.items() for text in given.get(name) or ()]  # type: ignore[arg-type]
    for login in wanted:
        if login.kind != "projector" and not store.reader.holders("login", [login.person]):
            raise Problem("person.unknown", login=login.person)
    return wanted
