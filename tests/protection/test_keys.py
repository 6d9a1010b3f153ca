"""The keys of personal data on a team's store: who may do what with them by a raw connection, and which file opens which."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest

from infra.access.postgres_names import of_store
from infra.db.connect import open_database
from tests.given import Given, company, lead, line
from tests.protection.copies import Original
from tests.protection.desks import KINDS, PEOPLE, Desks, events
from tests.protection.who import Kept, tried

MINE, THEIRS, POOL = "13800000001", "13900000002", "13700000003"

# Rows of `keys` are those of the data keys that are not destroyed.
MATRIX: Final = """
act                             superuser owner projector director manager person writer other service reader public
read what is in use             yes       yes   yes       yes      yes     yes    yes    yes   yes     yes    no
read keys                       yes       yes   yes       yes      own     own    own    own   own     own    no
read keys of another group      yes       yes   yes       yes      no      no     no     own   no      no     no
read the public keys            yes       yes   yes       yes      yes     yes    yes    yes   yes     yes    no
exchange what is in use         yes       yes   yes       no       no      no     no     no    no      no     no
take the id away                yes       yes   no        no       no      no     no     no    no      no     no
note something                  yes       yes   yes       no       no      no     no     no    no      no     no
change a key                    yes       yes   yes       no       no      no     no     no    no      no     no
change no key                   yes       yes   yes       no       no      no     no     no    no      no     no
give a key to another group     yes       yes   yes       no       no      no     no     no    no      no     no
destroy a key                   yes       yes   yes       no       no      no     no     no    no      no     no
delete a key                    yes       yes   no        no       no      no     no     no    no      no     no
empty the key store             yes       yes   no        no       no      no     no     no    no      no     no
make a key for the own group    yes       yes   yes       no       no      no     yes    no    no      no     no
make a key for the company      yes       yes   yes       no       no      no     yes    no    no      no     no
make a key for another group    yes       yes   yes       no       no      no     no     no    no      no     no
make a key as if wrapped before yes       yes   yes       no       no      no     no     no    no      no     no
make a destroyed key            yes       yes   yes       no       no      no     no     no    no      no     no
make a key twice                no        no    no        no       no      no     no     no    no      no     no
make the secret of digests      no        no    no        no       no      no     no     no    no      no     no
put another public key          yes       yes   yes       no       no      no     no     no    no      no     no
make a group                    yes       yes   yes       no       no      no     no     no    no      no     no
hand a private key to oneself   yes       yes   yes       no       no      no     no     no    no      no     no
take a private key back         yes       yes   yes       no       no      no     no     no    no      no     no
switch row security off         yes       yes   no        no       no      no     no     no    no      no     no
switch the trigger off          yes       yes   no        no       no      no     no     no    no      no     no
drop the trigger                yes       yes   no        no       no      no     no     no    no      no     no
replace what it runs            yes       yes   no        no       no      no     no     no    no      no     no
make a table there              yes       yes   no        no       no      no     no     no    no      no     no
lock the keys                   yes       yes   yes       no       no      no     no     no    no      no     no
"""
NEW: Final = (
    "INSERT INTO data_keys (id, subject, version, wrap, wrapped, made, team) SELECT {id}, 'cus_new', 0,"
    " {wrap}, {wrapped}, '', {team} FROM meta WHERE name = 'wrapping'"
)
GOOD: Final = {"id": "'aaaaaaaaaaaa'", "wrap": "value", "wrapped": "'x'::bytea", "team": "'g1'"}
ACTS: Final = {
    "read what is in use": "SELECT count(*) FROM meta",
    "read keys": "SELECT count(*) FROM data_keys WHERE wrapped IS NOT NULL",
    "read keys of another group": "SELECT count(*) FROM data_keys WHERE team = 'g2'",
    "read the public keys": "SELECT count(*) FROM teams",
    "exchange what is in use": "UPDATE meta SET value = 'x' WHERE name = 'wrapping'",
    "take the id away": "DELETE FROM meta WHERE name = 'id'",
    "note something": "INSERT INTO meta VALUES ('x', 'y')",
    "change a key": "UPDATE data_keys SET wrapped = 'x'::bytea",
    "change no key": "UPDATE data_keys SET wrapped = 'x'::bytea WHERE false",
    "give a key to another group": "UPDATE data_keys SET team = 'g1'",
    "destroy a key": "UPDATE data_keys SET wrapped = NULL, wrap = ''",
    "delete a key": "DELETE FROM data_keys",
    "empty the key store": "TRUNCATE data_keys",
    "make a key for the own group": NEW.format(**GOOD),
    "make a key for the company": NEW.format(**{**GOOD, "team": "NULL"}),
    "make a key for another group": NEW.format(**{**GOOD, "team": "'g2'"}),
    "make a key as if wrapped before": NEW.format(**{**GOOD, "wrap": "'0000'"}),
    "make a destroyed key": NEW.format(**{**GOOD, "wrapped": "NULL"}),
    "make a key twice": NEW.format(**{**GOOD, "id": "(SELECT id FROM data_keys WHERE team = 'g1' LIMIT 1)"})
    + ";; "
    + NEW.format(**GOOD)
    + ";; "
    + NEW.format(**GOOD),
    "make the secret of digests": NEW.format(**{**GOOD, "id": "'digest000000'"}),
    "put another public key": "UPDATE teams SET public = 'x' WHERE team = '/'",
    "make a group": "INSERT INTO teams VALUES ('g9', 'x', 'y')",
    "hand a private key to oneself": "INSERT INTO team_keys VALUES ('x', 'y', 'z')",
    "take a private key back": "DELETE FROM team_keys",
    "switch row security off": "ALTER TABLE data_keys DISABLE ROW LEVEL SECURITY",
    "switch the trigger off": "ALTER TABLE data_keys DISABLE TRIGGER made",
    "drop the trigger": "DROP TRIGGER made ON data_keys",
    "replace what it runs": "CREATE OR REPLACE FUNCTION {schema}_keys.made() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "make a table there": "CREATE TABLE {schema}_keys.mine (a int)",
    "lock the keys": "LOCK TABLE data_keys IN ACCESS EXCLUSIVE MODE",
}
REFUSED: Final = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
    psycopg.errors.UndefinedTable,
    psycopg.errors.InvalidSchemaName,
)
HEADING, *ROWS = (row for row in MATRIX.splitlines() if row)
WHO: Final = HEADING.split()[1:]
LISTED: Final = {(row[:32].strip(), who): said for row in ROWS for who, said in zip(WHO, row[32:].split(), strict=True)}


def begun(url: str, folder: Path) -> Desks:
    """Make the store's roles and logins, and hand every desk its file."""
    schema = url.partition("schema=")[2]
    made = Desks(url, schema, folder, roles=None)  # type: ignore[arg-type]
    given = [
        word for who, person in PEOPLE.items() for word in (KINDS.get(who, "--login"), f"{made.login(who)}={person}")
    ]
    made.done("admin", "init", *given, "--projector", made.login("projector"))
    db = open_database(url, create=False)
    to = of_store(db)
    assert to is not None
    db.run(f"CREATE ROLE {made.login('public')} LOGIN")
    db.close()
    made = made._replace(roles=to)
    for who in (*PEOPLE, "projector"):
        made.hand_out(who)
    return made


def played(url: str) -> None:
    """Play a customer of each of two groups, and one that belongs to nobody."""
    given = Given(url)
    given.happened(
        *company(),
        lead("a", "甲公司", by="zhang.san", contact="王经理", phone=MINE),
        lead("c", "丙公司", by="zhou.ba", contact="孙总", phone=THEIRS),
        lead("p", "丁公司", by="lin.zong", contact="钱工", phone=POOL),
        line("review.hold", by="he.ping", key="r", kind="weekly", period="2024-W05", group="g2"),
        line("review.find", "r", by="he.ping", kind="success", cause="跟得紧", evidence=["c"]),
    )
    given.store.catch_up()
    given.close()


@pytest.fixture(scope="module")
def original(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original[Desks]]:
    """Make a store with its desks."""

    def make(server: str, schema: str, folder: Path) -> Desks:
        url = f"{server}&schema={schema}"
        with pytest.MonkeyPatch.context() as at:
            at.setenv("XDG_CONFIG_HOME", str(folder / "admin"))
            played(url)
            return begun(url, folder)

    made = Original(postgres_server, lambda: tmp_path_factory.mktemp("desks"), make)
    yield made
    made.close()


@contextmanager
def copied(original: Original[Desks], folder: Path) -> Iterator[Desks]:
    """Give a copy of the store and of the desks' files."""
    with original.copied(folder) as (made, server):
        yield made._replace(url=f"{server}&schema={made.schema}", folder=folder)


@pytest.fixture(scope="module")
def team(original: Original[Desks], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    """Return a store that nobody changes for good."""
    with copied(original, tmp_path_factory.mktemp("team")) as made:
        yield made


@pytest.fixture
def desks(original: Original[Desks], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    """Return a store of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "admin"))
    monkeypatch.setattr("infra.read_models.freshness.PATIENCE", 0.1)
    with copied(original, tmp_path) as made:
        yield made


def test_every_act_is_listed_once() -> None:
    assert [row[:32].strip() for row in ROWS] == list(ACTS)


@pytest.fixture(scope="module")
def kept(team: Desks) -> Iterator[Kept]:
    kept = Kept(team.connect)
    yield kept
    kept.close()


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_is_as_listed(team: Desks, kept: Kept, act: str, who: str) -> None:
    statements = ACTS[act].replace("{schema}", team.schema).split(";; ")
    everything, seen = tried(kept["superuser"], statements, REFUSED), tried(kept[who], statements, REFUSED)
    if act.startswith("read"):
        said = "no" if not seen else "yes" if seen == everything else "own"
    else:
        said = "no" if seen is None else "yes"
    listed = LISTED[act, who]
    assert said == ("yes" if listed == "own" and act == "read keys of another group" else listed)


def test_a_groups_file_opens_the_keys_of_its_group_and_of_what_is_everybodys_alone(team: Desks) -> None:
    keys = [key for key in team.every_key() if key.wrapped is not None]
    assert {key.team for key in keys} == {"g1", "g2", ""}
    for who in ("person", "mate", "manager", "service", "reader"):
        for key in keys:
            assert team.opens(team.keys_of(who), key) == (key.team in ("g1", "")), (who, key.subject)
    for key in keys:
        assert team.opens(team.keys_of("other"), key) == (key.team in ("g2", ""))
        assert team.opens(team.keys_of("alone"), key) == (key.team == "")
        for who in ("director", "projector", "admin"):
            assert team.opens(team.keys_of(who), key)


def test_a_desk_reads_what_its_group_may_and_no_more(team: Desks) -> None:
    for who in ("person", "mate", "manager", "reader"):
        assert MINE in team.audit(who, "a")
        assert THEIRS not in team.audit(who, "c")
    assert THEIRS in team.audit("other", "c")
    assert MINE not in team.audit("other", "a")
    for subject, phone in (("a", MINE), ("c", THEIRS), ("p", POOL)):
        assert phone in team.audit("director", subject)
    assert team.sales("other", "audit", "a").status == 4


def test_a_wrapped_key_moved_to_another_place_does_not_open(team: Desks) -> None:
    (mine,) = [key for key in team.every_key() if key.subject.endswith("/c0") and key.team == "g1"]
    (theirs,) = [key for key in team.every_key() if key.subject.endswith("/c0") and key.team == "g2"]
    moved = mine._replace(share=theirs.share, shared=theirs.shared, wrap=theirs.wrap, wrapped=theirs.wrapped)
    assert not team.opens(team.keys_of("person"), moved)
    assert not team.opens(team.keys_of("director"), moved)


@pytest.mark.parametrize("who", ["person", "manager", "other", "reader"])
@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_keys_are_copied_by_directors_alone(team: Desks, tmp_path: Path, who: str, verb: str) -> None:
    done = team.sales(who, "keys", verb, str(tmp_path / "copy"))
    assert (done.status, done.code) == (6, "right.role")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("who", ["person", "manager", "reader"])
def test_keys_are_handed_out_by_directors_alone(team: Desks, tmp_path: Path, who: str) -> None:
    done = team.sales(who, "keys", "hand-out", "zhou.ba", str(tmp_path / "file"))
    assert (done.status, done.code) == (6, "right.role")
    assert not (tmp_path / "file").exists()


def test_a_directors_copy_of_the_keys_restores_them(desks: Desks, tmp_path: Path) -> None:
    assert desks.sales("director", "keys", "backup", str(tmp_path / "copy")).status == 0
    with desks.connect("superuser") as connection:
        connection.execute("DELETE FROM data_keys WHERE subject <> 'digest'")
    assert MINE not in desks.audit("person", "a")
    assert desks.sales("admin", "keys", "restore", str(tmp_path / "copy")).status == 0
    desks.work()
    assert MINE in desks.audit("person", "a")
    assert THEIRS not in desks.audit("person", "c")
    assert THEIRS in desks.audit("other", "c")


def test_what_a_desk_captures_the_whole_group_reads_and_the_company(desks: Desks) -> None:
    desks.done("person", "lead", "capture", "戊公司", "--channel", "online", "--contact", "周姐", "--phone", "135")
    desks.work()
    for who in ("person", "mate", "manager", "director"):
        assert "周姐" in desks.audit(who, "戊公司"), who
    key = max(desks.every_key(), key=lambda key: key.made)
    assert (key.team, key.subject[-3:]) == ("g1", "/c0")
    assert not desks.opens(desks.keys_of("other"), key)
    assert desks.done("projector", "rebuild", "tracking").status == 0


def test_a_customer_that_changes_hands_is_the_other_groups_to_open(desks: Desks) -> None:
    desks.done("director", "lead", "assign", "甲公司", "--owner", "zhou.ba")
    desks.work()
    assert MINE in desks.audit("other", "a")
    assert MINE not in desks.audit("person", "a")
    for key in desks.every_key():
        if key.team == "g2":
            assert not desks.opens(desks.keys_of("person"), key)
    desks.done("director", "customer", "release", "甲公司", "--reason", "顾不过来")
    desks.work()
    assert MINE in desks.audit("person", "a")
    assert MINE in desks.audit("other", "a")
    desks.done("mate", "customer", "claim", "甲公司")
    desks.work()
    assert MINE in desks.audit("mate", "a")
    assert MINE not in desks.audit("other", "a")


def test_who_changes_groups_takes_the_customers_along_and_needs_another_file(desks: Desks) -> None:
    desks.done("director", "person", "join", "zhang.san", "--group", "g2")
    desks.work()
    assert THEIRS not in desks.audit("person", "c")
    done = desks.sales("person", "customer", "add-contact", "甲公司", "--contact", "新人")
    assert (done.status, done.code) == (7, "keys.unusable")
    assert "g1" in done.err
    desks.hand_out("person")
    desks.done("person", "customer", "add-contact", "甲公司", "--contact", "新人")
    assert MINE in desks.audit("person", "a")
    assert THEIRS in desks.audit("person", "c")
    assert MINE not in desks.audit("mate", "a")


def test_a_group_below_another_is_opened_by_it_too(desks: Desks) -> None:
    desks.done("director", "group", "form", "g0", "--name", "大区")
    desks.done("director", "group", "form", "g3", "--name", "三组", "--parent", "g0")
    desks.done("director", "person", "join", "zhou.ba", "--group", "g3")
    desks.done("director", "person", "join", "chen.jing", "--group", "g0")
    desks.work()
    desks.hand_out("manager")
    assert THEIRS in desks.audit("manager", "c")
    assert MINE not in desks.audit("manager", "a")


def test_a_desk_without_a_file_reads_the_rest_and_records_nothing_personal(desks: Desks) -> None:
    desks.keys_of("person").unlink()
    assert "[sealed]" in desks.audit("person", "a")
    done = desks.sales("person", "customer", "note-pain-point", "甲公司", "交期")
    assert (done.status, done.code) == (7, "keys.unusable")
    assert desks.sales("person", "customer", "change", "甲公司", "--industry", "机械").status == 0


def test_a_second_machine_that_keeps_the_companys_file_has_it_still_after_an_erasure_on_the_first(desks: Desks) -> None:
    """It meets the erasure when all is done, and its file has not got the new key yet."""
    desks.done("manager", "customer", "erase-contact", "甲公司", "--yes", "--reason", "本人要求")
    desks.work()
    before = desks.keys_of("admin").read_bytes()
    desks.done("admin", "rebuild", "tracking")
    alive = [key for key in desks.every_key() if key.wrapped is not None]
    assert [key.subject for key in alive if not desks.opens(desks.keys_of("admin"), key)] == []
    assert desks.keys_of("admin").read_bytes() != before
    assert THEIRS in desks.audit("admin", "c")


def test_an_erasure_destroys_every_wrapping_and_the_desks_go_on(desks: Desks, tmp_path: Path) -> None:
    olden = tmp_path / "olden"
    shutil.copy(desks.keys_of("person"), olden)
    before = desks.every_key()
    desks.done("manager", "customer", "erase-contact", "甲公司", "--reason", "本人要求", "--yes")
    desks.work()
    after = {key.id: key for key in desks.every_key()}
    destroyed = [key for key in before if key.team == "g1"]
    assert destroyed
    for key in destroyed:
        assert (after[key.id].wrapped, after[key.id].shared) == (None, None)
    assert "[erased]" in desks.audit("person", "a")
    kept = next(key for key in before if key.team == "g2" and key.subject.endswith("/c0"))
    assert {after[kept.id].wrap, after[kept.id].share} & {kept.wrap, kept.share} == set()
    for who, subject, phone in (("other", "c", THEIRS), ("director", "c", THEIRS), ("person", "p", POOL)):
        assert phone in desks.audit(who, subject), who
    # Once a desk has recorded again, its file opens nothing of a copy of the key store made before.
    for who, subject in (("other", "丙公司"), ("director", "丙公司"), ("person", "丁公司")):
        desks.done(who, "customer", "note-pain-point", subject, "交期")
    for key in before:
        for who in ("other", "director", "person", "projector"):
            assert not desks.opens(desks.keys_of(who), key), (who, key.subject)
    assert not any(desks.opens(olden, key) for key in after.values() if key.team == "g2")
    desks.work()
    for who in ("other", "director"):
        assert "交期" in desks.audit(who, "c")


def test_a_desk_that_slept_through_two_erasures_goes_on(desks: Desks) -> None:
    for company_ in ("丙公司", "丁公司"):
        desks.done("director", "customer", "erase-contact", company_, "--reason", "本人要求", "--yes")
        desks.work()
    assert MINE in desks.audit("person", "a")
    desks.done("person", "customer", "add-contact", "甲公司", "--contact", "李总")
    desks.work()
    assert "李总" in desks.audit("mate", "a")


def test_a_key_that_somebody_forged_stops_nobody(desks: Desks) -> None:
    subject = next(key.subject for key in desks.every_key() if key.team == "g1").partition("/")[0]
    with desks.connect("writer") as connection:
        for id, about in (("aaaaaaaaaaaa", subject), ("bbbbbbbbbbbb", f"{subject}/c0")):
            connection.execute(
                "INSERT INTO data_keys (id, subject, version, wrap, wrapped, made, team, share, shared)"
                " SELECT %s, %s, 0, value, 'x'::bytea, '', 'g1', 'y', 'z'::bytea FROM meta WHERE name = 'wrapping'",
                (id, about),
            )
    desks.work()
    desks.done("mate", "customer", "note-pain-point", "甲公司", "交期太长")
    desks.work()
    assert "交期太长" in desks.audit("director", "a")
    assert MINE in desks.audit("person", "a")
    desks.done("director", "customer", "erase-contact", "甲公司", "--reason", "本人要求", "--yes")
    desks.work()
    assert MINE not in desks.audit("director", "a")
    assert THEIRS in desks.audit("other", "c")


def test_doctor_says_what_a_desk_lacks_and_which_keys_are_none(desks: Desks) -> None:
    def said(who: str) -> tuple[str, str]:
        rows = events(desks.sales(who, "doctor", "--json"))
        ((state, detail),) = [(row["state"], row["detail"]) for row in rows if row["check"] == "group-keys"]
        return state, detail

    assert said("person") == ("ok", "wrapped for each group")
    assert said("director")[0] == "ok"
    desks.keys_of("person").unlink()
    assert said("person")[0] == "warning"
    assert "is not the file of its group" in said("person")[1]
    with desks.connect("superuser") as connection:
        connection.execute("UPDATE data_keys SET wrapped = 'x'::bytea, shared = 'x'::bytea WHERE team = 'g2'")
    assert said("director")[0] == "problem"
    assert said("director")[1].startswith("2 data keys are damaged")


def test_a_dispute_is_sealed_for_a_customer_whose_keys_one_does_not_see(desks: Desks) -> None:
    done = desks.sales("person", "customer", "dispute", "丙公司", "--evidence", "我先拜访的")
    assert done.status == 0, done.err
    desks.work()
    assert "我先拜访的" in desks.audit("director", "c")
    assert THEIRS not in desks.audit("person", "c")


def test_a_store_with_one_file_for_all_is_brought_over_and_init_says_so(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "admin"))
    played(postgres_url)
    team = Desks(postgres_url, postgres_url.partition("schema=")[2], tmp_path, roles=None)  # type: ignore[arg-type]
    old = team.keys_of("admin").read_text()
    first, again = team.done("admin", "init"), team.done("admin", "init")
    assert "which one file opened, are wrapped for the company and for one group each now" in first.err
    assert "sales keys hand-out" in first.err
    assert "data keys" not in again.err
    # The key of before is gone from this machine's file, and opens nothing on any other.
    assert not set(words(old)) & set(words(team.keys_of("admin").read_text()))
    stale = tmp_path / "stale"
    stale.write_text(old)
    stale.chmod(0o600)
    assert not any(team.opens(stale, key) for key in team.every_key())
    assert MINE in team.audit("admin", "a")
    db = open_database(postgres_url, create=False)
    to = of_store(db)
    assert to is not None
    for role in to:
        db.run(f"DROP OWNED BY {role} CASCADE")
        db.run(f"DROP ROLE {role}")
    db.close()


def words(file: str) -> list[str]:
    return [row.split()[2] for row in file.splitlines() if not row.startswith("#") and not row.startswith("transfer")]


def test_where_the_administrator_lacks_the_old_file_the_projector_brings_it_over(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "projector"))
    played(postgres_url)
    schema = postgres_url.partition("schema=")[2]
    team = Desks(postgres_url, schema, tmp_path, roles=None)  # type: ignore[arg-type]
    said = team.done("admin", "init", "--projector", team.login("projector")).err
    assert "sales work wraps them for each group where that key is" in said
    assert not any(key.team for key in team.every_key())
    # Until then whoever has the old file records as before.
    login = f"{team.login('person')}=zhang.san"
    assert team.sales("admin", "init", "--login", login).status == 0
    shutil.copytree(tmp_path / "projector", tmp_path / "person")
    assert team.sales("person", "customer", "add-contact", "甲公司", "--contact", "李总").status == 0
    team.work()
    team.hand_out_from("projector", "person")
    assert "李总" in team.audit("person", "a")
    assert {key.team for key in team.every_key() if key.subject != "digest"} >= {"g1", "g2"}
    db = open_database(postgres_url, create=False)
    to = of_store(db)
    assert to is not None
    for role in (team.login("projector"), team.login("person"), *to):
        db.run(f"DROP OWNED BY {role} CASCADE")
        db.run(f"DROP ROLE {role}")
    db.close()


def test_a_file_is_handed_out_once_and_is_its_owners_alone(team: Desks, tmp_path: Path) -> None:
    file = tmp_path / "file"
    done = team.done("admin", "keys", "hand-out", "zhou.ba", str(file))
    assert file.stat().st_mode & 0o077 == 0
    assert "for the desk of zhou.ba alone" in done.err
    assert team.sales("admin", "keys", "hand-out", "zhou.ba", str(file)).code == "file.exists"
    assert team.sales("admin", "keys", "hand-out", "nobody", str(tmp_path / "x")).status == 4
    assert len(words(file.read_text())) == 1


def test_without_groups_there_is_nothing_to_hand_out(tmp_path: Path) -> None:
    from infra.store.open import create_store
    from tests.faults.running import BOSS, sales

    url = f"sqlite:///{tmp_path}/a.db"
    create_store(url, first_actor=BOSS)[0].close()
    assert sales("keys", "hand-out", BOSS, str(tmp_path / "f"), store=url).code == "keys.no_groups"
    register = {"action": "person.register", "actor": BOSS, "data": {"login": "rep", "name": "甲", "role": "rep"}}
    assert sales("apply", "-", store=url, given=json.dumps(register).encode()).status == 0
    refused = sales("keys", "backup", str(tmp_path / "k"), store=url, SALES_ACTOR="rep")
    assert (refused.status, refused.code) == (6, "right.role")
    assert sales("keys", "backup", str(tmp_path / "k"), store=url).status == 0
