"""O2, needs, proposals and quotes: what customers asked for, what they got, and the stage that this shows."""

from __future__ import annotations

from typing import Any

import pytest

from projections.views import proposals, quotes, signals
from tests.given import Given, Line, Row, lead, line, signed
from tests.scenarios.asking import asked, names
from tests.scenarios.test_follow_ups import to_do

REP, BOSS = "zhang.san", "lin.zong"


def signal(at: str = "2024-01-10", kind: str = "asks-for-quotation", key: str = "s", on: str = "a") -> Line:
    return line("signal.log", on, by=REP, at=at, key=key, kind=kind, words="发份报价来")


def quote(number: str = "Q-1", at: str = "2024-01-12", until: str = "2024-02-12", on: str = "a", **more: Any) -> Line:
    said = {"number": number, "amount": "280000", "valid_until": until, **more}
    return line("quote.issue", on, by=REP, at=at, key=number, **said)


def rows(given: Given, **wanted: Any) -> list[Row]:
    return asked(given, signals.rows, None, **wanted)


@pytest.mark.parametrize(("day", "due"), [("2024-01-10", "2024-01-15"), ("2024-02-07", "2024-02-18")])
def test_o2_a_signal_is_unanswered_once_its_working_days_are_over(given: Given, day: str, due: str) -> None:
    given.happened(lead("a"), signal(day))
    assert [(row["state"], row["due"]) for row in rows(given, as_of=day)] == [("open", due)]
    (row,) = rows(given, as_of=due, waiting=True)
    assert (row["state"], row["waited"], row["words"], row["owner"]) == ("unanswered", 3, "发份报价来", REP)
    assert [(each["when"], each["kind"], each["what"]) for each in to_do(given, due)] == [
        ("today", "signal", "asks-for-quotation")
    ]
    assert to_do(given, "2024-03-01")[0]["when"] == "overdue"


def logged(on: str, at: str, channel: str) -> Line:
    return line("follow-up.log", on, by=REP, at=at, channel=channel)


def answers() -> list[tuple[str, Line, str | None]]:
    """Return kinds of signals, what happened after each, and by what it is answered."""
    asked, draft = {"what": "方案", "due": "2024-02-01"}, {"number": "HT-7", "amount": "5"}
    return [
        ("asks-for-quotation", quote("Q-0", on="a0"), "quote"),
        ("asks-for-quotation", logged("a1", "2024-01-12", "call"), "touch"),
        ("asks-for-quotation", logged("a2", "2024-01-10", "call"), None),
        ("asks-for-quotation", logged("a3", "2024-01-12", "minutes"), None),
        ("asks-for-quotation", line("proposal.request", "a4", by=REP, at="2024-01-12", **asked), None),
        ("asks-for-contract-details", quote("Q-5", on="a5"), None),
        (
            "asks-for-contract-details",
            line("contract.draft", by=REP, at="2024-01-12", customer="a6", **draft),
            "contract",
        ),
        ("asks-for-delivery-dates", quote("Q-7", on="a7"), "quote"),
        ("asks-for-visit", quote("Q-8", on="a8"), None),
    ]


def test_what_answers_a_signal_fits_its_kind(given: Given) -> None:
    for n, (kind, said, _) in enumerate(answers()):
        given.happened(lead(f"a{n}"), signal(kind=kind, key=f"s{n}", on=f"a{n}"), {**said, "key": f"answer{n}"})
    found = {row["customer"]: row for row in rows(given, explain=True)}
    for n, (_, _, by) in enumerate(answers()):
        row = found[given.subject(f"a{n}")]
        assert (row["state"], row["answered_by"]) == (("answered", by) if by else ("unanswered", None)), n
        assert row["answered"] == ("2024-01-12" if by else None)
        assert len(names(row)) == (2 if by else 1)
    before = rows(given, known_at="2024-01-11T20:00", as_of="2024-01-31")
    assert {row["state"] for row in before} <= {"unanswered"}


def test_the_signing_of_a_contract_drafted_before_answers_too(given: Given) -> None:
    made = signed("c", "a", "300000", "2024-01-16")
    given.happened(lead("a"), {**made[0], "at": "2024-01-09"}, signal(kind="asks-for-contract-details"), *made[1:])
    (row,) = rows(given, explain=True)
    assert (row["answered"], row["answered_by"], names(row)[-1]) == ("2024-01-16", "contract", "contract.signed")
    assert rows(given, as_of="2024-01-15")[0]["state"] == "unanswered"


def test_a_quote_before_the_signal_answers_nothing_and_a_withdrawn_one_neither(given: Given) -> None:
    given.happened(lead("a"), quote(at="2024-01-10"), signal(), quote("Q-2", at="2024-01-10"))
    assert rows(given)[0]["answered_by"] == "quote"
    given.happened(line("event.void", "Q-2", by="chen.jing", at="2024-01-20", reason="误录"))
    assert rows(given)[0]["state"] == "unanswered"


def test_how_long_a_signal_may_wait_is_policy(given: Given) -> None:
    slow = {"working_days": 5, "kinds": {"asks-for-visit": 1}}
    given.happened(
        line("policy.adopt", by=BOSS, at="2024-01-08", name="signals", values=slow, from_="2024-01-08"),
        lead("a"), signal("2024-01-08"), signal("2024-01-08", "asks-for-visit", "t"),
    )  # fmt: skip
    assert [row["due"] for row in rows(given)] == ["2024-01-15", "2024-01-09"]
    for bad in ({}, {"working_days": -1}, {"working_days": 3, "kinds": {"x": "y"}}, {"days": 3}):
        assert given.refused(line("policy.adopt", by=BOSS, name="signals", values=bad)) == "policy.bad_value"


def test_a_proposal_is_asked_for_overdue_and_delivered_in_versions(given: Given) -> None:
    given.happened(
        lead("a"),
        line("proposal.request", "a", by=REP, at="2024-02-05", key="r", what="改造方案", departments=["技术部", "售后部"],
             working_days=5),
    )  # fmt: skip

    def stood(as_of: str | None = None, **wanted: Any) -> list[tuple[Any, ...]]:
        found = asked(given, proposals.rows, None, as_of=as_of, **wanted)
        return [(row["state"], row["due"], row["late_days"], row["version"]) for row in found]

    assert stood("2024-02-18") == [("requested", "2024-02-18", 0, None)]
    assert stood("2024-02-20") == [("overdue", "2024-02-18", 2, None)]
    given.happened(
        line("proposal.deliver", "r", by="ma.qiao", at="2024-02-21", parts=["技术方案", "实施计划"]),
        line("proposal.deliver", "a", by=REP, at="2024-02-26", key="v", version=3, parts=["技术方案"]),
    )
    assert stood() == [("delivered", "2024-02-18", 3, 3)]
    assert stood("2024-02-22") == [("delivered", "2024-02-18", 3, 1)]
    assert stood(state="overdue") == stood(department="财务部") == []
    (row,) = asked(given, proposals.rows, explain=True)
    assert [(each["version"], each["day"], each["by"], len(each["parts"])) for each in row["versions"]] == [
        (1, "2024-02-21", "ma.qiao", 2), (3, "2024-02-26", REP, 1),
    ]  # fmt: skip
    assert names(row) == ["proposal.requested", "proposal.delivered", "proposal.delivered"]
    assert given.refused(line("proposal.deliver", "r", by=REP, at="2024-02-27", version=3)) == "proposal.version"
    both = line("proposal.request", "a", by=REP, at="2024-02-27", what="x", due="2024-03-01", working_days=1)
    assert given.refused(both) == "proposal.when"
    early = line("proposal.request", "a", by=REP, at="2024-02-27", what="x", due="2024-02-01")
    assert given.refused(early) == "proposal.due_before"


def test_a_quote_holds_to_its_last_day_or_until_another_replaces_it(given: Given) -> None:
    given.happened(
        lead("a"), line("opportunity.open", by=REP, at="2024-01-10", key="p", customer="a", amount="300000"),
        quote("Q-1", opportunity="p"), quote("Q-2", "2024-01-20", opportunity="p", amount="265000.5"),
        quote("Q-3", "2024-01-22", "2024-01-31", currency="USD"), quote("Q-4", "2024-01-25", replaces="Q-3"),
    )  # fmt: skip

    def stood(as_of: str | None = None, period: str | None = None, **wanted: Any) -> dict[str, str]:
        found = asked(given, quotes.rows, period, as_of=as_of, **wanted)
        return {row["number"]: row["state"] for row in found}

    assert stood("2024-01-19") == {"Q-1": "valid"}
    assert stood("2024-01-24") == {"Q-1": "superseded", "Q-2": "valid", "Q-3": "valid"}
    assert stood("2024-02-12") == {"Q-1": "superseded", "Q-2": "valid", "Q-3": "superseded", "Q-4": "valid"}
    assert stood("2024-02-13", state="expired") == {"Q-2": "expired", "Q-4": "expired"}
    assert stood(period="2024-W03") == {"Q-2": "expired"}
    first = asked(given, quotes.rows, as_of="2024-01-24", explain=True)[0]
    assert (first["superseded_by"], first["amount"], first["currency"]) == ("Q-2", "280000", "CNY")
    assert names(first) == ["quote.issued", "quote.issued"]
    given.happened(line("event.void", "Q-4", by="chen.jing", at="2024-01-26", reason="误录"))
    assert stood("2024-01-27")["Q-3"] == "valid"
    assert given.refused({**quote("Q-1", "2024-01-28"), "key": "again"}) == "quote.number_taken"
    assert given.refused(quote("Q-9", "2024-01-28", amount="0")) == "quote.not_positive"
    assert given.refused(quote("Q-9", "2024-01-28", "2024-01-27")) == "quote.over"
    given.happened(lead("b"))
    assert given.refused({**quote("Q-2", "2024-01-28", on="b"), "key": "again"}) == "quote.number_taken"
    assert given.refused(quote("Q-9", "2024-01-28", on="b", opportunity="p")) == "contract.foreign_opportunity"
    assert given.refused(quote("Q-9", "2024-01-28", replaces="Q-8")) == "customer.no_such_item"
    taken = line("event.correct", "Q-3", by="chen.jing", at="2024-01-29", reason="误写", values={"amount": "-1"})
    assert given.refused(taken) == "quote.not_positive"


def test_the_stage_is_at_least_what_the_acts_show(given: Given) -> None:
    def stage(as_of: str | None = None, known_at: str | None = None, key: str = "a") -> str:
        return str(given.customer(key, as_of, known_at)["stage"])

    given.happened(
        lead("a"),
        line("need.identify", "a", by=REP, at="2024-01-10", key="d", what="替换旧产线"),
        line("proposal.request", "a", by=REP, at="2024-01-11", key="r", what="方案", due="2024-01-20"),
    )
    assert (stage("2024-01-09"), stage()) == ("captured", "need-identified")
    given.happened(
        line("proposal.deliver", "r", by=REP, at="2024-01-15", key="v"),
        line("opportunity.open", by=REP, at="2024-01-16", key="p", customer="a", amount="5"),
        line("opportunity.move", "p", by=REP, at="2024-01-16", stage="contacted"),
    )
    assert (stage("2024-01-14"), stage()) == ("need-identified", "proposed")
    given.happened(line("opportunity.move", "p", by=REP, at="2024-01-18", stage="negotiating"))
    assert stage() == "negotiating"
    given.happened(line("event.void", "v", by="chen.jing", at="2024-01-20", reason="未发出"))
    assert (stage("2024-01-17"), stage("2024-01-17", "2024-01-19")) == ("need-identified", "proposed")
    given.happened(line("opportunity.lose", "p", by=REP, at="2024-01-25", reason="价格"), lead("b", by="li.si"))
    assert stage() == "lost"
    given.happened(line("lead.merge", "b", by="li.si", at="2024-02-01", duplicate="a"))
    assert given.customer("b")["stage"] == "lost"


def test_a_need_is_changed_and_fills_the_file(given: Given) -> None:
    given.happened(lead("a"))
    before = given.customer("a")["completeness"]
    given.happened(
        line("need.identify", "a", by=REP, at="2024-01-10", key="d", what="替换旧产线"),
        line("need.change", "d", by=REP, at="2024-01-12", what="先改造一条线"),
    )
    assert float(given.customer("a")["completeness"]) > float(before)
    same = line("need.change", "a", by=REP, at="2024-01-13", what="先改造一条线")
    assert given.refused(same) == "event.nothing_changes"
    assert (
        given.refused(line("need.change", "a", by=REP, at="2024-01-13", item="d7", what="x")) == "customer.no_such_item"
    )
