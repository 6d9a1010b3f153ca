"""F1 to F8: touches and deliverables, next actions and their deadlines, follow-ups as they were entered, plans kept and missed."""

from __future__ import annotations

from typing import Any

from projections.queries.organisation import Organisation
from projections.views import agenda, follow_ups
from tests.given import Given, Line, Row, lead, line
from tests.scenarios.asking import asked, names

REP, BOSS = "zhang.san", "lin.zong"


def rows(given: Given, period: str | None = None, **wanted: Any) -> list[Row]:
    return asked(given, follow_ups.rows, period, **wanted)


def to_do(given: Given, as_of: str, known_at: str | None = None, **wanted: Any) -> list[Row]:
    """Return the agenda of a day."""
    with given.store.view(*agenda.PROJECTIONS) as ask:
        moments = given.store.moments(as_of, known_at)
        return agenda.rows(ask, moments, Organisation(ask, moments.position), **wanted)


def told(row: Row) -> tuple[Any, ...]:
    return row["when"], row["kind"], row["due"], row["what"] or row["channel"] or f"{row['done']}/{row['needed']}"


def met(on: str = "a", at: str = "2024-01-10", channel: str = "call", key: str = "f", **more: Any) -> Line:
    return line("follow-up.log", on, by=REP, at=at, key=key, channel=channel, **more)


DUE = {
    ("2024-02-07", 3): "2024-02-18",
    ("2024-01-05", 3): "2024-01-10",
    ("2024-02-02", 2): "2024-02-05",
    ("2024-02-04", 0): "2024-02-04",
    ("2023-12-29", 1): "2024-01-02",
}


def test_f4_a_next_action_is_due_so_many_working_days_after_the_contact(given: Given) -> None:
    given.happened(lead("a", at="2023-12-01"))
    for day, n in sorted(DUE):
        given.happened(met(at=day, key=day, next_action="寄报价", working_days=n))
    found = {row["time"]: row["next_actions"] for row in rows(given)}
    for (day, _), due in DUE.items():
        (agreed,) = found[day]
        assert {**agreed, "item": ""} == {
            "item": "", "what": "寄报价", "due": due, "provisional": False, "state": "open",
        }  # fmt: skip
        today = [told(each) for each in to_do(given, due) if each["when"] == "today"]
        assert today == [("today", "next-action", due, "寄报价")]
    assert {row["when"] for row in to_do(given, "2024-06-03")} == {"overdue"}


def test_f5_one_record_carries_several_next_actions_each_closed_alone(given: Given) -> None:
    agreed = ["寄目录 @ 2024-01-12", "寄样品 @ 3wd", "约拜访 @ 2024-01-19"]
    given.happened(lead("a"), met(next_actions=agreed))
    given.happened(
        line("next-action.complete", "a", by=REP, at="2024-01-11", item="n1"),
        line("next-action.drop", "a", by=REP, at="2024-01-11", item="n3"),
    )
    (row,) = rows(given, explain=True)
    assert [(each["what"], each["state"]) for each in row["next_actions"]] == [
        ("寄目录", "completed"), ("寄样品", "open"), ("约拜访", "dropped"),
    ]  # fmt: skip
    assert names(row) == ["customer.followed_up"]
    assert to_do(given, "2024-01-12") == []
    assert [told(each) for each in to_do(given, "2024-01-15")] == [("today", "next-action", "2024-01-15", "寄样品")]
    assert len(to_do(given, "2024-01-10")) == 1, (
        "as of that day the first was still open, and the others were due later"
    )


def test_f7_an_entry_counts_on_its_day_and_says_how_late_it_came(given: Given) -> None:
    given.happened(lead("a"), met(at="2024-01-10", entered="2024-01-15T09:00:00+08:00", entered_by="li.si"))
    (row,) = rows(given, "2024-W02")
    assert (row["time"], row["late_days"], row["breaks_norm"]) == ("2024-01-10", 3, True)
    assert (row["actor"], row["recorder"], row["recorded"]) == (REP, "li.si", "2024-01-15T09:00:00+08:00")
    assert rows(given, "2024-W02", known_at="2024-01-12") == []
    given.happened(line("policy.adopt", by=BOSS, name="entry-deadline", values={"working_days": 3}, from_="2024-01-08"))
    assert rows(given, "2024-W02")[0]["breaks_norm"] is False


def test_f8_a_deadline_in_an_unpublished_year_is_provisional_and_moves_while_it_is_open(given: Given) -> None:
    given.happened(
        lead("a"),
        met(at="2031-09-29", next_actions=["寄报价 @ 3wd", "寄样品 @ 3wd"]),
        line("next-action.complete", "a", by=REP, at="2031-09-30", item="n2"),
    )

    def due() -> list[tuple[str, bool]]:
        return [(each["due"], each["provisional"]) for each in rows(given, as_of="2031-12-31")[0]["next_actions"]]

    assert due() == [("2031-10-02", True)] * 2
    given.happened(
        line("calendar.publish", by=BOSS, at="2031-10-01", year=2031, holidays=["2031-10-01..2031-10-07"],
             make_up_days=["2031-10-11"])
    )  # fmt: skip
    assert due() == [("2031-10-09", False), ("2031-10-02", True)]
    assert rows(given, as_of="2031-12-31", known_at="2031-09-30")[0]["next_actions"][0]["due"] == "2031-10-02"
    assert [(each["due"], each["provisional"]) for each in to_do(given, "2031-10-09")] == [("2031-10-09", False)]


def test_l4_a_follow_up_is_of_who_made_it_and_the_record_agrees_with_progress(given: Given) -> None:
    given.happened(
        lead("a"), lead("b", by="zhou.ba"),
        met(at="2024-01-10", entered_by="li.si"),
        met("b", at="2024-01-11", key="g", channel="minutes"),
        line("follow-up.log", "b", by="zhou.ba", at="2024-01-12", key="h", channel="visit", reached=False),
    )  # fmt: skip
    assert [(row["actor"], row["channel"], row["touch"]) for row in rows(given)] == [
        (REP, "call", True), (REP, "minutes", False), ("zhou.ba", "visit", False),
    ]  # fmt: skip
    for who in (REP, "zhou.ba"):
        mine = rows(given, "2024Q1", owner=who)
        assert given.figure(who, "follow-ups")["actual"] == str(len(mine))
    assert [row["item"] for row in rows(given, group="g2")] == ["f2"]
    assert [row["channel"] for row in rows(given, channel="minutes")] == ["minutes"]
    assert len(rows(given, customer=given.subject("b"))) == 2


def test_what_is_corrected_withdrawn_or_merged_is_followed(given: Given) -> None:
    given.happened(
        lead("b", "北方阀门有限公司", by="li.si"), lead("a", "北方阀门 有限公司"),
        met(feedback="感兴趣", next_action="寄报价", due="2024-01-12"),
        line("event.correct", "f", by="chen.jing", at="2024-01-20", reason="误写", values={"channel": "visit"}),
        line("lead.merge", "b", by="li.si", at="2024-02-01", duplicate="a"),
    )  # fmt: skip
    (row,) = rows(given, explain=True)
    assert (row["customer"], row["item"], row["channel"]) == (given.subject("b"), f"{given.subject('a')}/f1", "visit")
    assert row["next_actions"][0]["item"] == f"{given.subject('a')}/n1"
    assert names(row) == ["customer.followed_up", "event.corrected"]
    assert rows(given, known_at="2024-01-19")[0]["channel"] == "call"
    given.happened(line("event.void", "f", by="chen.jing", at="2024-02-02", reason="误录"))
    assert rows(given) == []
    assert len(rows(given, known_at="2024-02-01")) == 1


def test_a_plan_is_kept_by_the_follow_up_that_names_it_or_missed_with_a_reason(given: Given) -> None:
    given.happened(
        lead("a"),
        line(
            "follow-up.plan", "a", by=REP, at="2024-01-08", key="p", channel="visit", on="2024-01-10", contact="王经理"
        ),
        line("follow-up.plan", "a", by=REP, at="2024-01-08", key="q", channel="call", on="2024-01-12", what="报价"),
        line(
            "follow-up.plan", "a", by=REP, at="2024-01-19", key="r", channel="call", entered="2024-01-08T19:00:00+08:00"
        ),
    )
    assert [told(each) for each in to_do(given, "2024-01-09")] == [
        ("this-week", "follow-up", "2024-01-10", "visit"),
        ("this-week", "follow-up", "2024-01-12", "报价"),
    ]
    assert to_do(given, "2024-01-11")[0]["when"] == "overdue"
    assert given.refused(line("follow-up.miss", "q", by=REP, at="2024-01-12")) == "reason.missing"
    assert given.refused(met(at="2024-01-12", key="x", plan="l9")) == "customer.no_such_item"
    given.happened(
        met(at="2024-01-11", channel="visit", plan="王经理"),
        line("follow-up.miss", "q", by=REP, at="2024-01-12", reason="客户出差"),
    )
    assert rows(given)[0]["plan"] == "l1"
    assert to_do(given, "2024-01-12") == []
    assert [each["item"] for each in to_do(given, "2024-01-10")] == ["l1", "l2"]
    assert [told(each) for each in to_do(given, "2024-01-15")] == [("this-week", "follow-up", "2024-01-19", "call")]
    assert given.refused(met(at="2024-01-13", key="x", plan="l1")) == "customer.no_such_item"
    given.happened(line("event.void", "f", by="chen.jing", at="2024-01-13", reason="误录"))
    assert [each["item"] for each in to_do(given, "2024-01-12")] == ["l1"]


def test_before_a_corrected_follow_up_its_plan_is_open(given: Given) -> None:
    given.happened(
        lead("a", at="2024-01-02"),
        line("follow-up.plan", "a", by=REP, at="2024-01-03", channel="visit", on="2024-01-05"),
        met(at="2024-01-11", plan="l1"),
        line("event.correct", "f", by="chen.jing", at="2024-01-20", reason="误写", values={"channel": "meeting"}),
    )
    (row,) = to_do(given, "2024-01-05", explain=True)
    assert (told(row), names(row)) == (("today", "follow-up", "2024-01-05", "visit"), ["customer.follow_up_planned"])
    assert to_do(given, "2024-01-11") == []


def test_a_plan_named_by_its_key_is_kept(given: Given) -> None:
    given.happened(
        lead("a"),
        line("follow-up.plan", "a", by=REP, at="2024-01-08", key="p", channel="visit", on="2024-01-10"),
        line("follow-up.plan", "a", by=REP, at="2024-01-08", key="q", channel="visit", on="2024-01-11"),
        met("q", at="2024-01-11", channel="visit"),
    )
    assert rows(given)[0]["plan"] == "l2"
    assert given.refused(met("q", at="2024-01-12", key="g")) == "customer.no_such_item", "not the other one instead"
    assert given.refused(line("follow-up.miss", "q", by=REP, reason="出差")) == "customer.no_such_item"
    assert given.refused(
        line("follow-up.plan", "a", by=REP, at="2024-01-11", channel="visit", on="2024-01-10")
    ) == "follow_up.plan_past"  # fmt: skip


def test_a_plan_that_was_made_later_is_not_on_the_agenda_of_a_day_before(given: Given) -> None:
    visit = {"channel": "visit", "on": "2024-05-18"}
    given.happened(
        lead("a", at="2024-05-13"),
        line("follow-up.plan", "a", by=REP, at="2024-05-18", entered="2024-05-14T09:00:00+08:00", key="early", **visit),
        line("follow-up.plan", "a", by=REP, at="2024-05-16", key="later", **visit),
    )
    planned = [[row["item"] for row in to_do(given, day)] for day in ("2024-05-13", "2024-05-15", "2024-05-16")]
    assert planned == [[], ["l1"], ["l1", "l2"]]


def test_a_follow_up_after_several_that_were_withdrawn_stands_alone(given: Given) -> None:
    void = {"by": BOSS, "reason": "重复"}
    given.happened(
        lead("a", at="2024-04-01"),
        met(at="2024-04-08", channel="meeting", key="f"),
        line("event.void", "f", at="2024-04-10", **void),
        met(at="2024-04-12", channel="visit", key="g"),
        line("event.void", "g", at="2024-04-16", **void),
        met(at="2024-04-22", key="h"),
    )
    assert [(row["time"][:10], row["channel"]) for row in rows(given, "2024Q2")] == [("2024-04-22", "call")]
    assert [row["channel"] for row in rows(given, "2024Q2", as_of="2024-04-15", known_at="2024-04-15")] == ["visit"]
    assert rows(given, "2024Q2", as_of="2024-04-15") == []


def test_a_rescheduling_that_is_corrected_tells_nothing_of_the_days_before_it(given: Given) -> None:
    given.happened(
        lead("a", at="2024-03-25"),
        met(at="2024-03-27", next_actions=["报价 @ 2024-04-01"]),
        line("next-action.reschedule", "a", by=REP, at="2024-04-02", key="r", item="n1", due="2024-04-08"),
        line("event.correct", "r", by=BOSS, at="2024-04-10", reason="写错", values={"due": "2024-04-12"}),
    )
    dues = [rows(given, as_of=day)[0]["next_actions"][0]["due"] for day in ("2024-03-31", "2024-04-02")]
    assert dues == ["2024-04-01", "2024-04-12"]
    assert [row["due"] for row in to_do(given, "2024-04-01")] == ["2024-04-01"]
    assert [row["due"] for row in to_do(given, "2024-04-09", "2024-04-09")] == ["2024-04-08"]
