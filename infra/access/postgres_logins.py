"""Logins on Postgres: whom each stands for, what it may record, and how it is given the store's roles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from domain.kernel.rights import FOR_OTHERS, roles
from infra.errors.problem import Problem

if TYPE_CHECKING:
    from infra.access.postgres_names import Roles
    from infra.db.database import Database

Kind = Literal["person", "service", "reader", "projector"]

LOGINS: Final = """
CREATE TABLE IF NOT EXISTS logins (login name PRIMARY KEY, person text COLLATE "C" NOT NULL, service boolean NOT NULL)
"""

# Asked by append_events before anything else. session_user is who came through the door; no setting and no SET ROLE
# changes it. Whoever is named here can't give a recorded time: the server's clock does.
SIGNED: Final = """
CREATE OR REPLACE FUNCTION {schema}.signed(
    _actors text[], _recorders text[], _recorded text[], _migrated integer[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    _person text;
    _service boolean;
    _role text;
    _gone date;
BEGIN
    IF NOT EXISTS (SELECT FROM {schema}.logins WHERE login = session_user) THEN
        IF pg_has_role(session_user, (SELECT nspowner FROM pg_namespace WHERE nspname = '{schema}'), 'USAGE') THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'the login % stands for no person', session_user USING ERRCODE = '42501';
    END IF;
    SELECT person, service, role, gone INTO _person, _service, _role, _gone FROM {schema}.me();
    IF _gone IS NOT NULL THEN
        RAISE EXCEPTION '% departed on %', _person, _gone USING ERRCODE = '42501';
    END IF;
    IF _recorded IS NOT NULL OR 1 = ANY(_migrated) THEN
        RAISE EXCEPTION '% may not give recorded times', session_user USING ERRCODE = '42501';
    END IF;
    IF cardinality(array_remove(_recorders, _person)) > 0 OR cardinality(_recorders) IS DISTINCT FROM cardinality(_actors) THEN
        RAISE EXCEPTION '% records as %, not as %', session_user, _person, (array_remove(_recorders, _person))[1]
            USING ERRCODE = '42501';
    END IF;
    IF NOT _service AND cardinality(array_remove(_actors, _person)) > 0 AND (_role IS NULL OR _role NOT IN ({leaders})) THEN
        RAISE EXCEPTION '% may not record what % did', _person, (array_remove(_actors, _person))[1] USING ERRCODE = '42501';
    END IF;
    RETURN to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
END
$$
"""


def signed(schema: str) -> str:
    """Return the statement that makes the function which append_events asks first."""
    listed = ", ".join(f"'{role}'" for role in roles(FOR_OTHERS))
    return SIGNED.format(schema=schema, leaders=listed)


class Login(NamedTuple):
    """A login of the server and what it is for: a person's own, a service's, a reader's, or the projector's."""

    login: str
    person: str
    kind: Kind


def read_login(text: str, kind: Kind) -> Login:
    """Read LOGIN=PERSON, or LOGIN alone where both have one name. Raises Problem."""
    login, _, person = text.partition("=")
    if not re.fullmatch(r"[A-Za-z_][\w.-]{0,62}", login) or login.lower().startswith("pg_"):
        why = "a login is made of letters, digits, _, . and -"
        raise Problem("usage.bad_value", field="login", value=text[:80], why=why, help="")
    return Login(login, person or login, kind)


def admit(db: Database, to: Roles, wanted: Login) -> None:
    """Let a login into the store, in the transaction that is open; it is made, without a password, if there is none."""
    quoted = _quoted(wanted.login)
    if db.one("SELECT 1 FROM pg_roles WHERE rolname = ?", (wanted.login,)) is None:
        db.run(f"CREATE ROLE {quoted} LOGIN")
    _turn_away(db, to, wanted.login)
    if wanted.kind == "projector":
        db.run(f"GRANT {to.projector} TO {quoted} WITH INHERIT TRUE, SET TRUE")
        return
    db.run("INSERT INTO logins VALUES (?, ?, ?)", (wanted.login, wanted.person, wanted.kind == "service"))
    db.run(f"GRANT {to.reader} TO {quoted} WITH INHERIT TRUE, SET FALSE")
    if wanted.kind != "reader":
        # Not inherited: what a person looks at is the group's; only a decision takes the writer's eyes on.
        db.run(f"GRANT {to.writer} TO {quoted} WITH INHERIT FALSE, SET TRUE")


def turn_away(db: Database, to: Roles, login: str) -> None:
    """Take a login's rights in the store, in the transaction that is open; the login itself stays."""
    known = db.one("SELECT 1 FROM pg_roles WHERE rolname = ?", (login,))
    if known is None:
        raise Problem("login.unknown", login=login)
    _turn_away(db, to, login)


def _turn_away(db: Database, to: Roles, login: str) -> None:
    db.run("DELETE FROM logins WHERE login = ?", (login,))
    db.run(f"REVOKE {to.reader}, {to.writer}, {to.projector} FROM {_quoted(login)}")


def _quoted(login: str) -> str:
    return '"' + login.replace('"', '""') + '"'
