"""C2, C4, T5, F7 after a closing: what was closed stays to the last byte, and each difference names its events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cli.main import run
from domain.calendar.period import Period
from domain.kernel.context import Figures
from infra.errors.problem import Problem
from infra.read_models import tables
from infra.store.store import Store
from projections.read_models.registry import HOMES
from projections.views.digest import VIEWS
from tests.given import Given, Line, Row, filed, lead, line, signed

Ran = Callable[..., tuple[int, str]]


@pytest.fixture
def ran(given: Given, capsys: pytest.CaptureFixture[str]) -> Ran:
    """Return what runs a command on the given store: its exit status, and what it printed."""

    def command(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        status = run([*words, "--store", given.url])
        return status, capsys.readouterr().out

    return command


def close(period: str, at: str, by: str = "chen.jing") -> Line:
    return line("period.close", by=by, at=at, period=period)


def as_closed(ran: Ran, period: str = "2024Q1", view: str = "progress") -> str:
    status, out = ran("period", "show", period, "--as-closed", "--view", view, "--json")
    assert status == 0, out
    return out


def differing(ran: Ran, period: str = "2024Q1", **wanted: Any) -> list[Row]:
    """Return the differences from what was closed, those with these values."""
    status, out = ran("period", "diff", period, "--json")
    assert status == 0, out
    return [row for row in json.loads(out)["rows"] if all(row[name] == value for name, value in wanted.items())]


def actual(out: str, owner: str, metric: str = "sales", basis: str | None = "signed") -> str:
    rows = json.loads(out)["rows"]
    (row,) = [row for row in rows if (row["owner"], row["metric"], row["basis"]) == (owner, metric, basis)]
    return str(row["actual"])


def names(row: Row) -> list[str]:
    return [event["name"] for event in row["events"]]


@pytest.mark.parametrize(
    ("amount", "day", "cancelled"), [("300000", "2024-03-28", "2024-04-10"), ("72000.5", "2024-02-05", "2024-06-03")]
)
def test_c2_a_closed_quarter_keeps_what_was_cancelled_later(
    given: Given, ran: Ran, amount: str, day: str, cancelled: str
) -> None:
    given.happened(lead("l"), *signed("c", "l", amount, day), close("2024Q1", "2024-04-05"))
    before = as_closed(ran)
    assert differing(ran) == []
    given.happened(line("contract.cancel", "c", by="chen.jing", date=cancelled, reason="客户破产"))
    assert as_closed(ran) == before
    assert actual(before, "zhang.san") == amount
    assert given.figure("zhang.san", period="2024Q2")["actual"] == f"-{amount}"
    rows = differing(ran)
    assert {(r["kind"], r["field"], r["closed"], r["restated"], r["difference"]) for r in rows} == {
        ("afterwards", "actual", amount, amount, f"-{amount}")
    }
    assert [row["row"] for row in rows] == [
        f"{place}/sales/signed/CNY" for place in ("company/company", "group/g1", "person/zhang.san")
    ]
    assert all(names(row) == ["contract.cancelled"] for row in rows)
    assert {(e["reason"], e["actor"], e["amount"]) for row in rows for e in row["events"]} == {
        ("客户破产", "chen.jing", f"-{amount}")
    }


@pytest.mark.parametrize(("delta", "total"), [("50000", "350000"), ("-20000", "280000")])
def test_c4_an_amendment_leaves_the_closed_quarter_alone(given: Given, ran: Ran, delta: str, total: str) -> None:
    given.happened(lead("l"), *signed("c", "l", "300000", "2024-03-28"), close("2024Q1", "2024-04-05"))
    before = as_closed(ran)
    given.happened(line("contract.amend", "c", by="zhang.san", delta=delta, date="2024-05-06"))
    assert as_closed(ran) == before
    assert given.figure("zhang.san", period="2024Q2")["actual"] == delta
    assert given.customer("l")["signed"] == total
    rows = differing(ran, row="person/zhang.san/sales/signed/CNY")
    assert [(row["kind"], row["closed"], row["difference"], names(row)) for row in rows] == [
        ("afterwards", "300000", delta, ["contract.amended"])
    ]


def test_t5_a_revision_that_counts_in_the_quarter_is_named_and_a_later_one_is_none(given: Given, ran: Ran) -> None:
    given.happened(*filed("t", "zhang.san", "800000"), close("2024Q1", "2024-04-02"))
    before = as_closed(ran)
    given.happened(
        line("target.revise", "t", by="chen.jing", at="2024-02-19", entered="2024-04-08T09:00:00+08:00", value="700000",
             reason="行业下行"),
        *(line(f"target.{verb}", "t", by=by, at="2024-02-20", entered="2024-04-08T10:00:00+08:00")
          for verb, by in (("submit", "chen.jing"), ("approve", "lin.zong"), ("file", "lin.zong"))),
    )  # fmt: skip
    assert as_closed(ran) == before
    (row,) = differing(ran, view="progress", row="person/zhang.san/sales/signed/CNY", field="target")
    assert (row["closed"], row["restated"], row["difference"]) == ("800000", "700000", "-100000")
    assert "target.filed" in names(row)
    given.happened(line("target.revise", "t", by="chen.jing", at="2024-04-20", value="650000", reason="又一次"))
    (again,) = differing(ran, view="progress", row="person/zhang.san/sales/signed/CNY", field="target")
    assert again["restated"] == "700000"


@pytest.mark.parametrize(
    ("day", "entered", "week"), [("2024-01-10", "2024-01-15", "2024-W02"), ("2024-02-18", "2024-02-26", "2024-W07")]
)
def test_f7_what_is_entered_after_the_closing_is_named(
    given: Given, ran: Ran, day: str, entered: str, week: str
) -> None:
    given.happened(
        lead("l", at="2024-01-05"),
        close(week, entered),
        line("follow-up.log", "l", by="zhang.san", at=day, entered=f"{entered}T18:30:00+08:00", channel="call"),
    )
    assert actual(as_closed(ran, week), "zhang.san", "follow-ups", None) == "0"
    (row,) = differing(ran, week, row="person/zhang.san/follow-ups/-/-")
    assert (row["kind"], row["closed"], row["restated"], row["difference"]) == ("restated", "0", "1", "1")
    assert [(event["name"], event["occurred"], event["amount"]) for event in row["events"]] == [
        ("customer.followed_up", day, "1")
    ]
    (contact,) = differing(ran, week, view="tracking", field="last_contact")
    assert (contact["closed"], contact["restated"], names(contact)) == (None, day, ["customer.followed_up"])


def busy(given: Given) -> None:
    """Let a quarter have happened, with something in every view."""
    given.happened(
        *filed("t", "zhang.san", "800000"), *filed("g", "g1", "2000000"),
        lead("l"), lead("m", "另一家有限公司", by="li.si"), lead("n", "第三家有限公司"),
        line("follow-up.log", "l", by="zhang.san", at="2024-01-09", channel="call", key="f"),
        line("objection.log", "l", by="zhang.san", at="2024-01-12", kind="price", key="o"),
        line("opportunity.open", by="li.si", at="2024-01-20", key="p", customer="m", amount="120000"),
        *signed("c", "l", "300000", "2024-02-28"),
        line("payment.receive", "c", by="zhang.san", date="2024-03-05", amount="90000"),
        close("2024Q1", "2024-04-05"),
    )  # fmt: skip


def bend(given: Given) -> None:
    """Let everything happen that changes what is known of the quarter."""
    given.happened(
        *signed("late", "n", "55000", "2024-03-20")[:1],
        line("follow-up.log", "m", by="li.si", at="2024-03-11", entered="2024-04-09T10:00:00+08:00", channel="visit"),
        line("event.correct", "c", by="chen.jing", at="2024-04-10", reason="少写", values={"amount": "330000"}),
        line("event.void", "f", by="chen.jing", at="2024-04-11", reason="重复录入"),
        line("objection.resolve", "o", by="zhang.san", at="2024-03-15", entered="2024-04-11T12:00:00+08:00"),
        line("opportunity.forecast", "p", by="li.si", at="2024-03-01", entered="2024-04-12T09:00:00+08:00", amount="99000"),
        line("lead.merge", "m", by="chen.jing", at="2024-03-20", entered="2024-04-12T10:00:00+08:00", duplicate="n"),
        line("policy.adopt", by="lin.zong", at="2024-04-12", name="new-customer-window", values={"months": 1},
             from_="2024-01-01"),
        line("calendar.publish", by="lin.zong", at="2024-04-12", year=2024, holidays=["2024-01-01", "2024-02-12"]),
        line("person.join", "zhang.san", by="lin.zong", at="2024-04-12", group="g2", from_="2024-02-19"),
        line("contract.cancel", "c", by="chen.jing", date="2024-04-15", reason="客户破产"),
    )  # fmt: skip


def test_what_was_closed_is_the_same_to_the_last_byte_whatever_comes_later(given: Given, ran: Ran) -> None:
    busy(given)
    before = {view: as_closed(ran, view=view) for view in VIEWS}
    bend(given)
    assert {view: as_closed(ran, view=view) for view in VIEWS} == before
    given.store.projector.rebuild(list(HOMES), batch=7)
    given.reopened()
    assert {view: as_closed(ran, view=view) for view in VIEWS} == before
    status, out = ran("period", "show", "2024Q1", "--json")
    assert status == 0
    assert set(json.loads(out)["differs"]) == set(VIEWS)


def test_every_difference_from_what_was_closed_names_an_event_recorded_since(given: Given, ran: Ran) -> None:
    busy(given)
    bend(given)
    rows = differing(ran)
    assert {row["view"] for row in rows} == set(VIEWS)
    closing = json.loads(as_closed(ran))["closed"]["known"]
    for row in rows:
        assert row["events"], row
        assert any(event["position"] > closing for event in row["events"]), row
    (moved,) = [
        r for r in rows if (r["row"], r["field"], r["kind"]) == ("group/g2/sales/signed/CNY", "actual", "restated")
    ]
    assert (moved["closed"], moved["restated"]) == ("0", "330000")
    assert {"person.joined_group", "event.corrected"} <= set(names(moved))
    (gone,) = [
        r for r in rows if (r["row"], r["field"], r["kind"]) == ("group/g1/sales/signed/CNY", "actual", "restated")
    ]
    assert (gone["closed"], gone["restated"], gone["difference"]) == ("300000", "0", "-300000")


def test_before_it_was_closed_nothing_is_shown_as_closed(given: Given, ran: Ran) -> None:
    given.happened(lead("l"))
    for words in (("show", "2024Q1", "--as-closed"), ("diff", "2024Q1")):
        status, out = ran("period", *words, "--json")
        assert (status, json.loads(out)["error"]["code"]) == (4, "period.not_closed")
    status, out = ran("period", "show", "2024Q1", "--json")
    assert (status, json.loads(out)["closed"]) == (0, None)
    given.happened(close("2024Q1", "2024-04-05"))
    assert ran("period", "show", "2024Q1", "--as-closed", "--known-at", "2024-04-04")[0] == 4
    assert ran("period", "show", "2024Q1", "--as-closed", "--known-at", "2024-04-05")[0] == 0


def test_closing_is_refused_twice_too_early_and_to_who_does_not_lead(given: Given) -> None:
    given.happened(lead("l"))
    assert given.refused(close("2024Q1", "2024-03-31")) == "period.running"
    assert given.refused(close("2024Q1", "2024-04-01", by="zhang.san")) == "right.role"
    given.happened(close("2024q1", "2024-04-01"))
    assert given.refused(close("2024Q1", "2024-04-02")) == "period.closed"
    given.happened(close("2024-01", "2024-04-02", by="lin.zong"), close("2024-W07", "2024-04-02"))


def test_a_closing_knows_the_lines_before_it_in_the_same_file(given: Given, ran: Ran) -> None:
    (*_, closed) = given.happened(lead("l"), *signed("c", "l", "300000", "2024-03-28"), close("2024Q1", "2024-04-05"))
    shown = json.loads(as_closed(ran))
    assert shown["position"] == shown["closed"]["known"] == (closed.position or 0) - 1
    assert actual(as_closed(ran), "zhang.san") == "300000"


def test_what_is_recorded_between_the_look_and_the_closing_is_late_for_it(
    given: Given, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    given.happened(lead("l"), *signed("c", "l", "300000", "2024-03-28"))
    look, head = Store.figures, given.store.reader.head()[0]

    def interrupted(store: Store, period: Period) -> Figures:
        found = look(store, period)
        given.live(line("payment.receive", "c", amount="1000", date="2024-03-29"))
        return found

    monkeypatch.setattr(Store, "figures", interrupted)
    assert not isinstance(given.live(line("period.close", period="2024Q1")), Problem)
    shown = json.loads(as_closed(ran))
    assert (shown["position"], shown["closed"]["position"]) == (head, head + 2)
    assert actual(as_closed(ran), "zhang.san", basis="collected") == "0"
    (row,) = differing(ran, row="person/zhang.san/sales/collected/CNY", field="actual")
    assert (row["restated"], names(row)) == ("1000", ["payment.received"])


TAMPERED = [
    ("progress", "facts", "UPDATE {facts} SET amount = amount + 1 WHERE measure = 'signed'", "progress"),
    ("tracking", "tracking", "UPDATE {tracking} SET grade = 'key'", "tracking"),
    ("audit", "audit_entries", "DELETE FROM {audit_entries} WHERE position = 30", "audit"),
    ("contracts", "contracts", "UPDATE {contracts} SET collected = '90001'", "contracts"),
    ("contracts", "contract_parts", "UPDATE {contract_parts} SET outstanding = '1'", "receivables"),
]


@pytest.mark.parametrize(("projection", "table", "sql", "view"), TAMPERED)
def test_figures_that_are_not_those_that_were_closed_are_found(
    given: Given, ran: Ran, projection: str, table: str, sql: str, view: str
) -> None:
    busy(given)
    as_closed(ran)
    generation = tables.standings(given.store.db)[projection].generation
    with given.store.db.transaction():
        given.store.db.run(sql.format(**{table: tables.real_name(table, generation)}))
    status, out = ran("period", "show", "2024Q1", "--as-closed", "--json")
    error = json.loads(out)["error"]
    assert (status, error["code"]) == (9, "period.altered")
    assert view in error["facts"]["views"].split(", ")
    assert ran("period", "diff", "2024Q1")[0] == 9
    given.store.projector.rebuild(list(HOMES))
    as_closed(ran)


def test_facts_of_a_closed_period_are_corrected_by_a_second_person(given: Given) -> None:
    busy(given)
    void = line("event.void", "f", at="2024-04-11", reason="重复录入")
    assert given.refused({**void, "actor": "zhang.san"}) == "event.second_person"
    given.happened({**void, "actor": "chen.jing"})


def test_a_refund_after_the_closing_is_named_and_a_later_order_changes_nothing(given: Given, ran: Ran) -> None:
    given.happened(
        lead("l"), *signed("f", "l", "0", "2024-03-01", kind="framework"),
        line("contract.order", "f", by="zhang.san", number="DD-1", amount="500", date="2024-03-20"),
        line("payment.receive", "f", by="zhang.san", amount="400", date="2024-03-25"),
        close("2024Q1", "2024-04-05"),
        line("contract.order", "f", by="zhang.san", number="DD-2", amount="700", date="2024-04-10"),
        line("payment.refund", "f", by="zhang.san", amount="150", date="2024-05-06"),
    )  # fmt: skip
    closed = as_closed(ran)
    assert (actual(closed, "zhang.san"), actual(closed, "zhang.san", basis="collected")) == ("500", "400")
    assert given.figure("zhang.san", basis="collected", period="2024Q2")["actual"] == "-150"
    (later,) = differing(ran, kind="afterwards", row="person/zhang.san/sales/collected/CNY")
    assert (later["closed"], later["restated"], later["difference"], names(later)) == (
        "400", "400", "-150", ["payment.refunded"],
    )  # fmt: skip
    assert differing(ran, kind="restated") == []
    assert differing(ran, kind="afterwards", row="person/zhang.san/sales/signed/CNY") == []


def test_ledger_and_receivables_of_a_closed_period_differ_by_what_is_entered_later(given: Given, ran: Ran) -> None:
    busy(given)
    given.happened(
        line("payment.receive", "c", by="zhang.san", date="2024-03-28", entered="2024-04-08T10:00:00+08:00", amount="1000"),
        line("payment.invoice", "c", by="zhang.san", date="2024-03-29", entered="2024-04-08T11:00:00+08:00", number="F1",
             amount="500"),
        line("contract.draft", by="zhang.san", at="2024-03-30", entered="2024-04-08T12:00:00+08:00", key="d",
             number="HT-9", customer="l", amount="7"),
    )  # fmt: skip
    found = {
        (row["view"], row["field"]): (row["closed"], row["restated"], row["difference"], names(row))
        for row in differing(ran)
        if row["view"] in ("contracts", "receivables") and row["label"] == "HT-c"
    }
    assert found == {
        ("contracts", "collected"): ("90000", "91000", "1000", ["payment.received"]),
        ("contracts", "outstanding"): ("210000", "209000", "-1000", ["payment.received"]),
        ("contracts", "invoiced"): ("0", "500", "500", ["payment.invoiced"]),
        ("receivables", "received"): ("90000", "91000", "1000", ["payment.received"]),
        ("receivables", "outstanding"): ("210000", "209000", "-1000", ["payment.received"]),
        ("receivables", "invoiced"): ("0", "500", "500", ["payment.invoiced"]),
    }
    assert {(row["field"], *names(row)) for row in differing(ran, label="HT-9")} >= {("number", "contract.drafted")}


def test_a_closing_from_before_there_were_these_digests_is_shown_and_compared(
    given: Given, ran: Ran, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Store.figures

    def older(store: Store, period: Period) -> Figures:
        position, digests = look(store, period)
        return Figures(
            position, {name: each for name, each in digests.items() if name not in ("contracts", "receivables")}
        )

    monkeypatch.setattr(Store, "figures", older)
    given.happened(lead("l"), *signed("c", "l", "300", "2024-02-28"))
    given.live(line("period.close", period="2024Q1"), actor="chen.jing")
    before = {view: as_closed(ran, view=view) for view in VIEWS}
    given.live(line("payment.receive", "c", date="2024-03-28", amount="100"), actor="zhang.san")
    assert {view: as_closed(ran, view=view) for view in VIEWS} == before
    assert {row["view"] for row in differing(ran)} >= {"contracts", "receivables", "progress"}
    _, out = ran("period", "show", "2024Q1", "--json")
    assert set(json.loads(out)["differs"]).isdisjoint({"contracts", "receivables"})
    for language, said in (("en", "keeps no digest of contracts"), ("zh", "没有为 contracts 保存摘要")):
        run(
            ["period", "show", "2024Q1", "--as-closed", "--view", "contracts", "--store", given.url, "--lang", language]
        )
        assert said in capsys.readouterr().err
