"""Logins as their people use them: who records, who sees what, and what is refused, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.access.postgres_names import of_store
from infra.store.open import open_store
from tests.protection.conftest import Sales
from tests.protection.who import Team


def test_a_login_records_as_its_person_whoever_the_machine_says_it_is(staff: Team, sales: Sales) -> None:
    assert sales(staff.url_of("person"), "lead", "capture", "丁公司", "--channel", "online").status == 0
    last = json.loads(sales(staff.url_of("director"), "log", "--json").out)["rows"][-1]
    assert (last["actor"], last["recorder"]) == ("zhang.san", "zhang.san")


def test_who_leads_records_what_others_did_and_the_record_says_so(staff: Team, sales: Sales) -> None:
    words = ("lead", "capture", "丁公司", "--channel", "online", "--actor", "li.si")
    refused = sales(staff.url_of("person"), *words)
    assert (refused.status, refused.code) == (6, "store.refused")
    assert "zhang.san may not record what li.si did" in refused.err
    for who, recorder in (("manager", "chen.jing"), ("service", "li.si")):
        assert sales(staff.url_of(who), *words).status == 0
        last = json.loads(sales(staff.url_of("director"), "log", "--json").out)["rows"][-1]
        assert (last["actor"], last["recorder"]) == ("li.si", recorder)


@pytest.mark.parametrize(
    ("who", "words", "code"),
    [
        ("reader", ["lead", "capture", "丁公司", "--channel", "online"], "store.refused"),
        ("reader", ["rebuild", "tracking"], "right.projector"),
        ("person", ["rebuild"], "right.projector"),
        ("person", ["verify"], "right.whole"),
        ("person", ["export"], "right.whole"),
        ("person", ["init"], "store.refused"),
        ("manager", ["period", "close", "2024-02"], "right.whole"),
        ("manager", ["person", "hand-over", "zhou.ba", "--to", "li.si"], "right.whole"),
        ("person", ["policy", "adopt", "sales-basis", "--values", '{"basis": "signed"}'], "right.role"),
    ],
)
def test_what_a_login_may_not_do_is_refused(team: Team, sales: Sales, who: str, words: list[str], code: str) -> None:
    done = sales(team.url_of(who), *words)
    assert (done.status, done.code) == (6, code), done.err


def test_a_director_closes_a_period_and_a_manager_hands_over_the_own_group(staff: Team, sales: Sales) -> None:
    assert sales(staff.url_of("director"), "period", "close", "2024-02").status == 0
    sales(staff.url_of("projector"), "work", "--once")
    locked = sales(staff.url_of("person"), "scorecard", "--period", "2024-02", "--owner", "zhang.san", "--json")
    assert locked.rows[0]["owner"] == "zhang.san", locked.err
    assert json.loads(locked.out)["closed"]
    for words in (("scorecard", "--period", "2024-02"), ("norms", "--period", "2024-02")):
        owners = {row["owner"] for row in sales(staff.url_of("person"), *words, "--json").rows}
        assert "zhang.san" in owners
        assert not owners & {"zhou.ba", "wu.jiu", "he.ping"}
    done = sales(staff.url_of("manager"), "person", "hand-over", "zhang.san", "--to", "li.si")
    assert done.status == 0, done.err


def test_each_sees_the_customers_of_the_own_group(team: Team, sales: Sales) -> None:
    def owners(who: str) -> set[str | None]:
        return {row["owner"] for row in sales(team.url_of(who), "tracking", "--json").rows}

    assert owners("person") == owners("reader") == owners("manager") == {"zhang.san", "li.si"}
    assert owners("director") == owners("projector") == {"zhang.san", "li.si", "zhou.ba"}


def test_a_group_that_is_not_seen_is_answered_as_one_that_is_not_there(team: Team, sales: Sales) -> None:
    unseen, nowhere = (sales(team.url_of("person"), "tracking", "--group", code, "--json") for code in ("g2", "gx"))
    assert (unseen.status, unseen.rows) == (nowhere.status, nowhere.rows) == (0, [])
    assert unseen.err.replace("g2", "gx") == nowhere.err
    assert unseen.err.startswith("Your login sees no group g2. Did you mean g1?")
    assert "Your login" not in sales(team.url_of("person"), "tracking", "--group", "g1").err
    assert "Your login" not in sales(team.url_of("person"), "tracking", "--owner", "li.si").err

    refused = sales(team.url_of("director"), "tracking", "--group", "gx")
    assert (refused.status, refused.code) == (2, "usage.unknown_name")
    assert sales(team.url_of("director"), "tracking", "--group", "g2").status == 0


def test_what_is_asked_of_records_is_answered_with_those_of_the_own_group(staff: Team, sales: Sales) -> None:
    director, offer = staff.url_of("director"), ("--amount", "9", "--valid-until", "2099-01-01")
    for company, number in (("a制造有限公司", "Q-1"), ("c制造有限公司", "Q-2")):
        assert sales(director, "signal", "log", company, "asks-for-contract-details").status == 0
        assert (
            sales(director, "follow-up", "log", company, "--channel", "call", "--next-actions", "寄样品 @ 0wd").status
            == 0
        )
        assert sales(director, "quote", "issue", company, number, *offer).status == 0
    sales(staff.url_of("projector"), "work", "--once")
    for view in ("agenda", "signals", "quotes", "follow-ups", "cadence", "proposals", "stages"):
        done = sales(staff.url_of("person"), view, "--json")
        assert done.status == 0, done.err
        assert {row.get("owner") for row in done.rows} <= {"zhang.san", "li.si", None}
        if view in ("agenda", "signals", "quotes", "follow-ups"):
            assert {row["company"] for row in done.rows} == {"a制造有限公司"}
            assert len(sales(director, view, "--json").rows) == 2 * len(done.rows)
    done = sales(staff.url_of("person"), "quote", "issue", "a制造有限公司", "Q-2", *offer)
    assert (done.status, done.code) == (5, "quote.number_taken"), done.err


def test_each_sees_the_reviews_of_the_own_group_and_the_playbook_of_all(team: Team, sales: Sales) -> None:
    rows = sales(team.url_of("person"), "reviews", "--json").rows
    assert [(row["part"], row["of"]) for row in rows] == [("review", "2024-W05 g1"), ("finding", "2024-W05 g1")]
    assert [each["name"] for each in rows[1]["evidence"]] == ["customer.lead_captured"]
    assert len(sales(team.url_of("director"), "reviews", "--json").rows) == 4
    assert [row["text"] for row in sales(team.url_of("person"), "playbook", "--json").rows] == ["先算总成本"]


def test_a_customer_that_changes_hands_goes_with_its_history(staff: Team, sales: Sales) -> None:
    assert sales(staff.url_of("director"), "lead", "assign", "a制造有限公司", "--owner", "zhou.ba").status == 0
    sales(staff.url_of("projector"), "work", "--once")
    rows = sales(staff.url_of("manager"), "tracking", "--json").rows
    assert [row["owner"] for row in rows] == ["li.si"]
    rows = sales(staff.url_of("manager"), "tracking", "--json", "--as-of", "2024-02-10").rows
    assert [row["owner"] for row in rows] == ["li.si"]


def test_the_pool_is_everybodys_and_a_claim_takes_the_customer_to_the_own_group(staff: Team, sales: Sales) -> None:
    def pool(who: str) -> list[str]:
        return [row["company"] for row in sales(staff.url_of(who), "pool", "--json").rows]

    assert sales(staff.url_of("manager"), "customer", "release", "b制造有限公司").status == 0
    sales(staff.url_of("projector"), "work", "--once")
    assert pool("person") == pool("director") == pool("reader") == ["b制造有限公司"]
    done = sales(staff.url_of("person"), "customer", "claim", "b制造有限公司")
    assert done.status == 0, done.err
    assert sales(staff.url_of("person"), "customer", "dispute", "c制造有限公司").status == 0
    sales(staff.url_of("projector"), "work", "--once")
    assert pool("person") == []
    for who, parties in (("person", []), ("director", [("zhou.ba", "zhang.san")])):
        rows = sales(staff.url_of(who), "disputes", "--json").rows
        assert [(row["owner"], row["claimant"]) for row in rows] == parties
    for words in (("pool", "--due"), ("duplicates",), ("grades",)):
        assert sales(staff.url_of("person"), *words, "--json").status == 0


def test_a_decision_knows_what_its_person_does_not_see(staff: Team, sales: Sales) -> None:
    done = sales(staff.url_of("person"), "lead", "capture", "c制造有限公司", "--channel", "online", "--json")
    assert done.status == 0, done.err
    sales(staff.url_of("projector"), "work", "--once")
    rows = sales(staff.url_of("director"), "tracking", "--json").rows
    assert [row["owner"] for row in rows if row["company"] == "c制造有限公司"] == ["zhou.ba", "zhou.ba"]


def test_who_may_not_write_the_tables_is_told_how_far_they_lag(staff: Team, sales: Sales) -> None:
    sales(staff.url_of("person"), "lead", "capture", "丁公司", "--channel", "online")
    done = sales(staff.url_of("person"), "tracking", "--json")
    assert (done.status, len(done.rows)) == (0, 2)
    assert "lag 1 events behind" in done.err
    sales(staff.url_of("projector"), "work", "--once")
    done = sales(staff.url_of("person"), "tracking", "--json")
    assert (done.status, len(done.rows), done.err) == (0, 3, "")


def test_what_must_know_every_event_waits_for_the_tables(staff: Team, sales: Sales) -> None:
    sales(staff.url_of("person"), "lead", "capture", "丁公司", "--channel", "online")
    done = sales(staff.url_of("manager"), "person", "hand-over", "zhang.san", "--to", "li.si")
    assert (done.status, done.code) == (7, "projection.lags")
    sales(staff.url_of("projector"), "work", "--once")
    assert sales(staff.url_of("manager"), "person", "hand-over", "zhang.san", "--to", "li.si").status == 0


def test_tables_that_were_built_anew_are_as_protected_as_before(staff: Team, sales: Sales) -> None:
    assert sales(staff.url_of("projector"), "rebuild").status == 0
    rows = sales(staff.url_of("person"), "tracking", "--json").rows
    assert {row["owner"] for row in rows} == {"zhang.san", "li.si"}


def test_a_login_is_turned_away(staff: Team, sales: Sales) -> None:
    assert sales(staff.url, "init", "--revoke", staff.login("person")).status == 0
    assert sales(staff.url_of("person"), "tracking").status == 4


def test_nobody_unknown_is_let_in(team: Team, sales: Sales) -> None:
    done = sales(team.url, "init", "--login", "x=nobody")
    assert (done.status, done.code) == (4, "person.unknown")
    done = sales(team.url, "init", "--login", "x;y=zhang.san")
    assert (done.status, done.code) == (2, "usage.bad_value")
    done = sales(team.url, "init", "--revoke", "no_such_login")
    assert (done.status, done.code) == (4, "login.unknown")


def test_a_file_has_no_logins(sales: Sales, tmp_path: Path) -> None:
    done = sales(f"sqlite:///{tmp_path}/store.db", "init", "--login", "a=b")
    assert (done.status, done.code) == (2, "usage.options")


STATE = """
SELECT 'table', relname, relowner::regrole::text, relacl::text, relrowsecurity FROM pg_class WHERE relnamespace = to_regnamespace(%s)
UNION ALL SELECT 'function', proname, proowner::regrole::text, proacl::text, prosecdef FROM pg_proc WHERE pronamespace = to_regnamespace(%s)
UNION ALL SELECT 'policy', polname || polrelid::regclass, polroles::text, pg_get_expr(polqual, polrelid), polpermissive
    FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE c.relnamespace = to_regnamespace(%s)
ORDER BY 1, 2
"""


def test_init_again_changes_nothing(team: Team, sales: Sales) -> None:
    def state() -> list[Any]:
        with psycopg.connect(team.server) as connection:
            return connection.execute(STATE, (team.schema,) * 3).fetchall()

    before = state()
    done = sales(team.url, "init")
    assert (done.status, "protection" in done.out) == (0, False)
    assert state() == before


def test_init_brings_an_older_store_there_and_says_what_it_changed(staff: Team, sales: Sales) -> None:
    store = open_store(staff.url)
    store.db.run("DROP FUNCTION recorded_of, placed_at, standing_of")
    store.db.run(f"CREATE POLICY more ON log FOR SELECT TO {staff.roles.writer} USING (true)")
    store.db.run("UPDATE acts SET roles = '{rep}' WHERE name = 'period.closed'")
    store.close()
    done = sales(staff.url, "init")
    assert done.status == 0, done.err
    wanted = "functions: placed_at, recorded_of, standing_of; row policies: more of log"
    assert f"Its protection was changed: known events: period.closed; {wanted}." in done.out
    assert sales(staff.url_of("person"), "lead", "capture", "丁公司", "--channel", "online").status == 0


def test_a_store_made_before_there_were_roles_is_given_them(staff: Team, sales: Sales) -> None:
    store = open_store(staff.url)
    events = store.reader.head()
    for statement in ("DROP FUNCTION signed", "DROP TABLE logins"):
        store.db.run(statement)
    store.close()
    assert sales(staff.url, "init", "--login", f"{staff.login('person')}=zhang.san").status == 0
    assert sales(staff.url_of("person"), "lead", "capture", "丁公司", "--channel", "online").status == 0
    store = open_store(staff.url)
    assert store.reader.head()[0] == events[0] + 1
    store.close()


def test_two_stores_of_one_database_stay_apart(staff: Team, sales: Sales) -> None:
    other = f"{staff.server}&schema={staff.schema}_b"
    assert sales(other, "init", "--name", "甲").status == 0
    store = open_store(other)
    to = of_store(store.db)
    assert to is not None
    assert not set(to) & set(staff.roles)
    assert sales(staff.url_of("director"), "tracking").status == 0
    theirs = staff.url_of("director").replace(f"schema={staff.schema}", f"schema={staff.schema}_b")
    assert sales(theirs, "tracking").status == 4
    store.db.run(f"DROP SCHEMA {staff.schema}_b CASCADE")
    for role in to:
        store.db.run(f"DROP OWNED BY {role}")
        store.db.run(f"DROP ROLE {role}")
    store.close()


@pytest.mark.parametrize("may", ["CREATEROLE", "NOCREATEROLE"])
def test_an_administrator_without_superuser_s_rights(postgres_server: str, sales: Sales, may: str) -> None:
    name = f"adm_{may.lower()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN {may}".encode())
        connection.execute(f"CREATE DATABASE {name} OWNER {name}".encode())
    url = postgres_server.replace("//postgres:", f"//{name}:").replace("/postgres?", f"/{name}?") + f"&schema={name}"
    try:
        done = sales(url, "init", "--name", "甲")
        assert done.status == 0, done.err
        assert ("without roles" in done.err) == (may == "NOCREATEROLE")
        assert sales(url, "lead", "capture", "丁公司", "--channel", "online").status == 0
        assert len(sales(url, "tracking", "--json").rows) == 1
        assert sales(url, "init", "--login", f"{name}_x=dba").status == (0 if may == "CREATEROLE" else 6)
        assert sales(url, "rebuild").status == 0
    finally:
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name}".encode())
            listed = connection.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", (name,)
            ).fetchall()
            for (role,) in sorted(listed, reverse=True):
                connection.execute(f"DROP OWNED BY {role}".encode())
            for (role,) in sorted(listed, reverse=True):
                connection.execute(f"DROP ROLE {role}".encode())


@pytest.mark.parametrize(("who", "contracts"), [("person", {"HT-x"}), ("director", {"HT-x", "HT-y"})])
def test_a_templates_drop_downs_offer_what_the_login_sees(
    team: Team, sales: Sales, who: str, contracts: set[str]
) -> None:
    import openpyxl

    done = sales(team.url_of(who), "template", "receipts", "--out", "r.xlsx")
    assert done.status == 0, done.err
    lists = openpyxl.load_workbook("r.xlsx")["lists"]
    offered = {str(cell.value) for row in lists.iter_rows() for cell in row}
    assert {name for name in offered if name.startswith("HT-")} == contracts


@pytest.mark.parametrize("view", ["contracts", "receivables"])
def test_the_ledger_shows_a_login_the_contracts_of_its_group(team: Team, sales: Sales, view: str) -> None:
    for who, seen in (("person", {"HT-x"}), ("director", {"HT-x", "HT-y"})):
        done = sales(team.url_of(who), view, "--json")
        assert done.status == 0, done.err
        assert {row["number"] for row in done.rows} == seen
