"""Who doesn't see a customer doesn't act on it, but for the acts that rules open to all: by command, and past it."""

from __future__ import annotations

import pytest

from tests.protection.conftest import Sales
from tests.protection.who import Team

C = "c制造有限公司"
TOUCH = ("--channel", "call")


@pytest.mark.parametrize(
    "words",
    [
        ("follow-up", "log", C, *TOUCH),
        ("lead", "validate", C),
        ("lead", "assign", C, "--owner", "zhang.san"),
        ("customer", "protect", C),
        ("customer", "release", C),
        ("quote", "issue", C, "Q-9", "--amount", "9", "--valid-until", "2099-01-01"),
        ("opportunity", "open", C, "--amount", "9"),
        ("contract", "draft", "N-9", "--customer", C, "--amount", "9"),
        ("contract", "amend", "HT-y", "--delta", "9"),
        ("payment", "receive", "HT-y", "--amount", "9"),
        ("target", "revise", "t2", "--value", "9", "--reason", "x"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_one_does_not_see_is_unknown(team: Team, sales: Sales, words: tuple[str, ...]) -> None:
    done = sales(team.url_of("person"), *words)
    assert done.status == 4, (done.status, done.err)
    assert done.code == "subject.unknown"
    nowhere = sales(team.url_of("person"), *(word.replace("c制造", "无制造").replace("HT-y", "HT-0") for word in words))
    assert nowhere.err.replace("无制造", "c制造").replace("HT-0", "HT-y") == done.err


def test_an_event_of_what_one_does_not_see_is_unknown(staff: Team, sales: Sales) -> None:
    rows = sales(staff.url_of("director"), "log", "--json").rows
    logged = [row for row in rows if row["name"] == "customer.objection_logged"]
    (at,) = [row["position"] for row in logged if row["actor"] == "zhou.ba"]
    for words in (("void", str(at)), ("correct", str(at), "--values", '{"kind": "quality"}')):
        done = sales(staff.url_of("person"), "event", *words, "--reason", "x")
        assert (done.status, done.code) == (4, "event.unknown"), done.err
    done = sales(staff.url_of("person"), "undo", str(at))
    assert done.status == 4, done.err


def test_everybody_disputes_reports_a_duplicate_and_takes_it_back(staff: Team, sales: Sales) -> None:
    rep = staff.url_of("person")
    for words in (
        ("customer", "dispute", C, "--evidence", "x"),
        ("undo", "-y"),
        ("lead", "merge", "a制造有限公司", "--duplicate", C),
        ("lead", "unmerge", "a制造有限公司"),
    ):
        done = sales(rep, *words)
        assert done.status == 0, (words, done.err)
    assert sales(rep, "customer", "claim", C).code == "pool.owned"
    assert sales(rep, "lead", "capture", C, "--channel", "online").status == 0
    last = sales(staff.url_of("director"), "log", "--json").rows[-1]
    assert (last["name"], last["actor"]) == ("customer.lead_captured", "zhang.san")


def test_the_pool_is_everybodys(staff: Team, sales: Sales) -> None:
    director, rep = staff.url_of("director"), staff.url_of("person")
    assert sales(director, "lead", "capture", "庚公司", "--channel", "online", "--actor", "zhou.ba").status == 0
    assert sales(rep, "follow-up", "log", "庚公司", *TOUCH).status == 4
    assert sales(director, "customer", "release", "庚公司", "--reason", "x").status == 0
    sales(staff.url_of("projector"), "work", "--once")
    done = sales(rep, "customer", "claim", "庚公司")
    assert done.status == 0, done.err
    assert sales(rep, "follow-up", "log", "庚公司", *TOUCH).status == 0


def test_what_was_given_away_can_be_taken_back_at_once(staff: Team, sales: Sales) -> None:
    rep = staff.url_of("person")
    assert sales(rep, "lead", "assign", "a制造有限公司", "--owner", "zhou.ba").status == 0
    assert sales(rep, "follow-up", "log", "a制造有限公司", *TOUCH).status == 4
    done = sales(rep, "undo", "-y")
    assert done.status == 0, done.err
    assert sales(rep, "follow-up", "log", "a制造有限公司", *TOUCH).status == 0


def test_numbers_and_places_that_others_have_taken_stay_taken(staff: Team, sales: Sales) -> None:
    director, rep = staff.url_of("director"), staff.url_of("person")
    assert sales(director, "payment", "invoice", "HT-y", "FP-1", "--amount", "9").status == 0
    assert sales(rep, "payment", "invoice", "HT-x", "FP-1", "--amount", "9").code == "payment.invoice_taken"
    drafted = ("contract", "draft", "HT-y", "--customer", "a制造有限公司", "--amount", "9")
    assert sales(rep, *drafted).code == "contract.number_taken"


def test_a_new_customer_is_ones_own_before_any_table_knows_it(staff: Team, sales: Sales) -> None:
    rep = staff.url_of("person")
    assert sales(rep, "lead", "capture", "丁公司", "--channel", "online").status == 0
    assert sales(rep, "follow-up", "log", "丁公司", *TOUCH).status == 0
    assert sales(staff.url_of("manager"), "follow-up", "log", "丁公司", *TOUCH).status == 0


def test_the_role_that_decides_shows_no_more_than_the_login(team: Team) -> None:
    with team.connect("superuser") as everything, team.connect("writer") as connection:
        (c,) = everything.execute("SELECT stream FROM keys WHERE key = 'c'").fetchone() or ("",)
        for sql in (
            "SELECT count(*) FROM log WHERE stream = %s AND actor = 'zhou.ba'",
            "SELECT count(*) FROM tracking_1 t JOIN tracked_1 d USING (number) WHERE customer = %s",
        ):
            assert connection.execute(sql.encode(), (c,)).fetchone() == (0,)
        told = "SELECT name, reason, convert_from(data, 'UTF8') FROM recorded_of(ARRAY[%s])"
        rows = connection.execute(told, (c,)).fetchall()
        assert {name for name, _, _ in rows} == {"customer.lead_captured", ""}
        assert not any("制造" in said or "贵" in said for _, _, said in rows)
