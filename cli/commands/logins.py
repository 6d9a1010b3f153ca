"""The logins of a store on Postgres, as `sales init` admits and turns them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.core.options import option
from infra.errors.problem import Problem
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.access.postgres_logins import Login
    from infra.store.store import Store

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
FEW: Final = 8
CHANGED: Final = {
    ("table", True): marked("tables: {names}"),
    ("table", False): marked("{count} tables"),
    ("function", True): marked("functions: {names}"),
    ("function", False): marked("{count} functions"),
    ("policy", True): marked("row policies: {names}"),
    ("policy", False): marked("{count} row policies"),
    ("event", True): marked("known events: {names}"),
    ("event", False): marked("{count} known events"),
}
KINDS: Final = {"login": "person", "service": "service", "reader": "reader", "projector": "projector"}


def protected(session: Session, store: Store, given: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the store its roles and its logins, or say why not; a file has neither. Returns what was changed. Raises Problem."""
    changed: list[str] = []
    asked = [name for name, values in given.items() if values]
    if store.db.dialect == "sqlite":
        if asked:
            why = marked("A SQLite file has no logins: who owns the file may do everything.")
            raise Problem("usage.options", why=why, command="init")
        return changed
    from infra.access.postgres_logins import admit, turn_away
    from infra.db.errors import as_problems
    from infra.store.postgres_roles import protect

    wanted = _wanted(store, given)
    with as_problems(store.shown_url):
        roles = protect(store.db, store.db.schema, changed)  # type: ignore[attr-defined]
        if roles is None:
            if asked:
                raise Problem("login.unprotected", store=store.shown_url)
            line = marked(
                "The store works, but without roles: this login may not make them. Run sales init as one that may."
            )
            session.say(filled(line, {}))
            return changed
        with store.db.transaction():
            for login in wanted:
                admit(store.db, roles, login)
            for name in given.get("revoke") or ():
                turn_away(store.db, roles, name)
        keys_for_groups(session, store)
    return changed


def keys_for_groups(session: Session, store: Store) -> None:
    """Wrap the data keys for each group, and say what that changed."""
    from infra.crypto.key_sharing import begun, settle
    from infra.read_models.tables import in_use

    if not store.reader.ring.beside:
        return
    done = settle(store.reader.ring, store.db, in_use)
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


def brought(changed: Sequence[str]) -> str:
    """Say what of an existing store's protection was changed: each kind of thing with its names."""
    kinds: dict[str, list[str]] = {}
    for each in changed:
        kind, _, name = each.partition(" ")
        kinds.setdefault(kind, []).append(name)
    said = []
    for kind, names in kinds.items():
        few = ", ".join(names) if len(names) <= FEW else ""
        said.append(filled(CHANGED[kind, bool(few)], {"count": len(names), "names": few}))
    return "; ".join(said)


def of_departed(session: Session, store: Store, subject: str) -> None:
    """Say that whoever has left still has a login of the store."""
    from infra.access.session_role import logins_of

    person = subject.removeprefix("per_")
    logins = logins_of(store.db, person)
    if logins:
        line = marked("{login} is refused after the last day; an administrator turns the login away: {command}")
        command = " ".join(("sales init", *(f"--revoke {login}" for login in logins)))
        session.say(filled(line, {"login": person, "command": command}))


def _wanted(store: Store, given: Mapping[str, Any]) -> list[Login]:
    from infra.access.postgres_logins import read_login

    wanted = [read_login(text, kind) for name, kind in KINDS.items() for text in given.get(name) or ()]  # type: ignore[arg-type]
    for login in wanted:
        if login.kind != "projector" and not store.reader.holders("login", [login.person]):
            raise Problem("person.unknown", login=login.person)
    return wanted
