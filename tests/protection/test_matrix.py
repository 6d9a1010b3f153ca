"""The matrix of privileges on Postgres: every act, tried by everybody, is exactly as listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import psycopg
import pytest

from tests.protection.who import Kept, Team, append, tried

Connect = Callable[[str], psycopg.Connection]

# owner: the role without login that an administrator takes on; writer: the role that a person's decision takes on;
# person, service, reader, projector: logins; public: a login that was never let in.
# yes, no; own: of the rows only those of the person's group. An event can't be changed without first disabling what
# refuses it, which is for the owner and the superuser, and which verify then shows.
MATRIX: Final = """
act                          superuser owner writer person service reader projector public
read the log                 yes       yes   own    own    own     own    yes       no
read claims                  yes       yes   own    own    own     own    yes       no
read keys                    yes       yes   own    own    own     own    yes       no
read mentions                yes       yes   yes    yes    yes     yes    yes       no
read head                    yes       yes   yes    yes    yes     yes    yes       no
read logins                  yes       yes   yes    yes    yes     yes    yes       no
read tracking                yes       yes   own    own    own     own    yes       no
read facts                   yes       yes   own    own    own     own    yes       no
read targets                 yes       yes   own    own    own     own    yes       no
read opportunities           yes       yes   own    own    own     own    yes       no
read objections              yes       yes   own    own    own     own    yes       no
read records                 yes       yes   own    own    own     own    yes       no
read the audit               yes       yes   own    own    own     own    yes       no
read with row_security off   yes       no    no     no     no      no     no        no
copy the log out             yes       yes   own    own    own     own    yes       no
insert into the log          yes       yes   no     no     no      no     no        no
copy into the log            yes       no    no     no     no      no     no        no
update the log               no        no    no     no     no      no     no        no
update no row of the log     no        no    no     no     no      no     no        no
delete from the log          no        no    no     no     no      no     no        no
truncate the log             no        no    no     no     no      no     no        no
lock the log                 yes       yes   no     no     no      no     no        no
lock the log for writing     yes       yes   no     no     no      no     no        no
alter the log                yes       yes   no     no     no      no     no        no
drop the log                 yes       yes   no     no     no      no     no        no
disable its trigger          yes       yes   no     no     no      no     no        no
replicate past its trigger   no        no    no     no     no      no     no        no
make a rule on it            yes       yes   no     no     no      no     no        no
make a trigger on it         yes       yes   no     no     no      no     no        no
make a policy on it          yes       yes   no     no     no      no     no        no
take its policies off        yes       yes   no     no     no      no     no        no
update head                  yes       yes   no     no     no      no     no        no
lock head's row              yes       yes   no     no     no      no     no        no
delete keys                  yes       yes   no     no     no      no     no        no
delete claims                yes       yes   no     no     no      no     no        no
insert mentions              yes       yes   no     no     no      no     no        no
name a login                 yes       yes   no     no     no      no     no        no
change the settings          yes       yes   no     no     no      no     no        no
write the tables             yes       no    no     no     no      no     yes       no
move a table's position      yes       yes   no     no     no      no     yes       no
write tiles                  yes       yes   no     no     no      no     yes       no
change a checkpoint          yes       yes   no     no     no      no     no        no
make a table                 yes       yes   no     no     no      no     yes       no
make a function              yes       yes   no     no     no      no     yes       no
change the append function   yes       yes   no     no     no      no     no        no
call what says who signed    yes       yes   no     no     no      no     no        no
grant the append function    yes       yes   no     no     no      no     no        no
take on the owner            yes       yes   no     no     no      no     no        no
take on the writer           yes       yes   yes    yes    yes     no     no        no
take on the projector        yes       yes   no     no     no      no     yes       no
become a superuser           yes       yes   no     no     no      no     no        no
take on another's session    yes       yes   no     no     no      no     no        no
"""
ACTS: Final = {
    "read the log": "SELECT count(*) FROM log",
    "read claims": "SELECT count(*) FROM claims",
    "read keys": "SELECT count(*) FROM keys",
    "read mentions": "SELECT count(*) FROM mentions",
    "read head": "SELECT count(*) FROM head",
    "read logins": "SELECT count(*) FROM logins",
    "read tracking": "SELECT count(*) FROM tracking_1",
    "read facts": "SELECT count(*) FROM facts_1",
    "read targets": "SELECT count(*) FROM targets_1",
    "read opportunities": "SELECT count(*) FROM opportunities_1",
    "read objections": "SELECT count(*) FROM objections_1",
    "read records": "SELECT count(*) FROM records_1",
    "read the audit": "SELECT count(*) FROM audit_entries_1",
    "read with row_security off": "SET row_security = off; SELECT count(*) FROM log; SELECT count(*) FROM facts_1",
    "copy the log out": "CREATE TEMP TABLE mine AS SELECT * FROM log; SELECT count(*) FROM mine",
    "insert into the log": "INSERT INTO log SELECT position + 1000, stream, version + 1000, name, schema, occurred, recorded,"
    " actor, recorder, source, key, event_id || '2', correlation, causation, reason, migrated, data FROM log LIMIT 1",
    "copy into the log": "COPY log FROM PROGRAM 'true'",
    "update the log": "UPDATE log SET actor = 'eve'",
    "update no row of the log": "UPDATE log SET actor = 'eve' WHERE false",
    "delete from the log": "DELETE FROM log WHERE position = 1",
    "truncate the log": "TRUNCATE log",
    "lock the log": "LOCK TABLE log IN ACCESS EXCLUSIVE MODE",
    "lock the log for writing": "LOCK TABLE log IN ROW EXCLUSIVE MODE",
    "alter the log": "ALTER TABLE log ADD COLUMN more text",
    "drop the log": "DROP TABLE log CASCADE",
    "disable its trigger": "ALTER TABLE log DISABLE TRIGGER log_keeps",
    "replicate past its trigger": "SET session_replication_role = replica; UPDATE log SET actor = 'eve'",
    "make a rule on it": "CREATE RULE swallow AS ON INSERT TO log DO INSTEAD NOTHING",
    "make a trigger on it": "CREATE TRIGGER more BEFORE UPDATE ON log FOR EACH STATEMENT EXECUTE FUNCTION refuse()",
    "make a policy on it": "CREATE POLICY mine ON log FOR SELECT USING (true)",
    "take its policies off": "ALTER TABLE log DISABLE ROW LEVEL SECURITY",
    "update head": "UPDATE head SET position = 0",
    "lock head's row": "SELECT * FROM head FOR UPDATE",
    "delete keys": "DELETE FROM keys",
    "delete claims": "DELETE FROM claims",
    "insert mentions": "INSERT INTO mentions VALUES ('x', 1)",
    "name a login": "UPDATE logins SET person = 'lin.zong'",
    "change the settings": "UPDATE store SET value = 'UTC' WHERE name = 'zone'",
    "write the tables": "UPDATE tracking_1 SET stage = 'signed'",
    "move a table's position": "UPDATE projections SET position = 0",
    "write tiles": "INSERT INTO tiles VALUES (9, 9, '')",
    "change a checkpoint": "UPDATE checkpoints SET note = ''",
    "make a table": "CREATE TABLE {schema}.mine (a int)",
    "make a function": "CREATE FUNCTION {schema}.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "change the append function": "ALTER FUNCTION append_events SECURITY INVOKER",
    "call what says who signed": "SELECT signed('{}', '{}', NULL, '{}')",
    "grant the append function": "GRANT EXECUTE ON FUNCTION append_events TO PUBLIC; SELECT 1 / (SELECT"
    " count(*) FROM pg_proc WHERE proname = 'append_events' AND pronamespace = current_schema()::regnamespace"
    " AND proacl::text LIKE '%%{=X/%%' OR proacl::text LIKE '%%,=X/%%')::int",
    "take on the owner": "SET ROLE {owner}",
    "take on the writer": "SET ROLE {writer}",
    "take on the projector": "SET ROLE {projector}",
    "become a superuser": "RESET ROLE; ALTER ROLE {login} SUPERUSER",
    "take on another's session": "SET SESSION AUTHORIZATION {director}",
}
REFUSED: Final = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.RaiseException,  # the trigger's
    psycopg.errors.DivisionByZero,  # a GRANT that grants nothing only warns
    psycopg.errors.UndefinedTable,  # who may not look into the schema sees nothing in it
    psycopg.errors.UndefinedFunction,
    psycopg.errors.InvalidSchemaName,
)
HEADING, *ROWS = (line for line in MATRIX.splitlines() if line)
WHO: Final = HEADING.split()[1:]
LISTED: Final = {(row[:28].strip(), who): said for row in ROWS for who, said in zip(WHO, row[28:].split(), strict=True)}


def test_every_act_is_listed_once() -> None:
    assert [row[:28].strip() for row in ROWS] == list(ACTS)


@pytest.fixture(scope="module")
def kept(team: Team) -> Iterator[Kept]:
    kept = Kept(team.connect)
    yield kept
    kept.close()


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_is_as_listed(team: Team, kept: Kept, act: str, who: str) -> None:
    names = {
        **team.roles._asdict(),
        "schema": team.schema,
        "login": team.login("person"),
        "director": team.login("director"),
    }
    sql = ACTS[act]
    for name, value in names.items():
        sql = sql.replace("{" + name + "}", value)
    everything = counted(kept["superuser"], sql)
    seen = counted(kept[who], sql)
    said = (
        "no"
        if seen is None
        else "own"
        if act.startswith(("read", "copy the log out")) and seen != everything
        else "yes"
    )
    assert said == LISTED[act, who]
    if said == "own":
        assert seen, "a group sees rows of its own"


def counted(connection: psycopg.Connection, sql: str) -> int | None:
    return tried(connection, [statement.replace("%%", "%").strip() for statement in sql.split(";")], REFUSED)


SIGNED: Final = {
    "person": {"as oneself": True, "as somebody else": False, "what somebody else did": False},
    "manager": {"as oneself": True, "as somebody else": False, "what somebody else did": True},
    "service": {"as oneself": True, "as somebody else": False, "what somebody else did": True},
    "writer": {"as oneself": True, "as somebody else": False, "what somebody else did": False},
    "reader": {"as oneself": False, "as somebody else": False, "what somebody else did": False},
    "projector": {"as oneself": False, "as somebody else": False, "what somebody else did": False},
    "public": {"as oneself": False, "as somebody else": False, "what somebody else did": False},
    "superuser": {"as oneself": True, "as somebody else": True, "what somebody else did": True},
}
PERSON: Final = {"manager": "chen.jing", "service": "li.si"}


@pytest.mark.parametrize("signing", ["as oneself", "as somebody else", "what somebody else did"])
@pytest.mark.parametrize("who", list(SIGNED))
def test_who_records_is_whom_the_login_stands_for(team: Team, connected: Connect, who: str, signing: str) -> None:
    connection = connected(who)
    if who in ("person", "manager", "service"):
        connection.execute(f"SET ROLE {team.roles.writer}")
    oneself = PERSON.get(who, "zhang.san")
    recorder = "he.ping" if signing == "as somebody else" else oneself
    actor = "he.ping" if signing == "what somebody else did" else recorder
    try:
        done = append(connection, recorder, actor) is not None
    except REFUSED:
        done = False
    finally:
        connection.rollback()
    assert done == SIGNED[who][signing]


TRICKS: Final = (
    "SET salestrail.actor = 'he.ping'",
    "SET application_name = 'he.ping'",
    "CREATE TEMP TABLE logins AS SELECT session_user::name AS login, 'he.ping'::text AS person, true AS service",
    "CREATE FUNCTION pg_temp.cardinality(text[]) RETURNS int LANGUAGE sql AS 'SELECT 0'; SET search_path = pg_temp, pg_catalog, {schema}",
    "CREATE TEMP TABLE log (LIKE log); CREATE TEMP TABLE head AS SELECT * FROM head; SET search_path = pg_temp, {schema}",
    "CREATE FUNCTION pg_temp.signed(text[], text[], text[], integer[]) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
)


@pytest.mark.parametrize("trick", TRICKS)
def test_no_setting_and_no_name_of_ones_own_lets_one_record_as_somebody_else(
    team: Team, connected: Connect, trick: str
) -> None:
    connection = connected("writer")
    for statement in trick.replace("{schema}", team.schema).split(";"):
        connection.execute(statement.encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not as he"):
        append(connection, "he.ping")


def test_recorded_times_are_the_servers(team: Team, connected: Connect) -> None:
    connection = connected("writer")
    row = append(connection, "zhang.san")
    (now,) = connection.execute("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')").fetchone() or ("",)
    assert row is not None
    assert row[1].startswith(now)
    connection.rollback()


@pytest.mark.parametrize("given", [{"recorded": "2030-01-01T00:00:00.000000Z"}, {"migrated": 1}])
def test_nobody_with_a_login_of_their_own_gives_recorded_times(connected: Connect, given: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="may not give recorded times"):
        append(connected("writer"), "zhang.san", **given)


def test_a_director_sees_every_group(connected: Connect) -> None:
    for table in ("log", "tracking_1", "facts_1", "targets_1", "claims"):
        sql = f"SELECT count(*) FROM {table}"
        assert counted(connected("director"), sql) == counted(connected("superuser"), sql)


def test_a_group_sees_its_own_customers_and_what_belongs_to_nobody(team: Team, connected: Connect) -> None:
    rows = connected("manager").execute("SELECT DISTINCT owner FROM tracking_1 WHERE owner IS NOT NULL").fetchall()
    assert {owner for (owner,) in rows} == {"zhang.san", "li.si"}
    rows = connected("manager").execute("SELECT DISTINCT owner FROM facts_1").fetchall()
    assert {owner for (owner,) in rows} <= {"zhang.san", "li.si", ""}
    # The approval is the director's act, on a contract of the group.
    sql = "SELECT count(*) FROM log WHERE name = 'contract.approved'"
    assert connected("person").execute(sql).fetchone() == (1,)


def test_a_group_sees_its_own_plans_and_everybodys_requests(connected: Connect) -> None:
    for sql in ("SELECT kind FROM records_1", "SELECT split_part(name, '.', 1) FROM log"):
        wanted = (
            f"SELECT s.kind, count(*) FROM ({sql}) s(kind) WHERE s.kind IN ('plan', 'resource') GROUP BY 1 ORDER BY 1"
        )
        assert connected("manager").execute(wanted).fetchall() == [("plan", 1), ("resource", 1)]
        assert connected("director").execute(wanted).fetchall() == [("plan", 2), ("resource", 1)]


def test_a_group_sees_its_own_contracts_and_what_is_paid_of_them(connected: Connect) -> None:
    for who, seen in (("person", [("HT-x", "1000")]), ("director", [("HT-x", "1000"), ("HT-y", "2000")])):
        sql = "SELECT DISTINCT number, value FROM contracts_1 WHERE value IS NOT NULL ORDER BY 1"
        assert connected(who).execute(sql).fetchall() == seen
        (parts,) = connected(who).execute("SELECT count(DISTINCT contract) FROM contract_parts_1").fetchone() or (0,)
        assert parts == len(seen)
