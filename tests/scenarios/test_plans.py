"""L7, F6 and the way of an action plan: what each week demands of the key actions, what was done, met and missed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from domain.calendar.period import Period
from infra.commands.undo import prepared
from projections.queries.organisation import Organisation
from projections.views.plans import view as plans
from projections.views.plans.tree import with_key_actions
from projections.views.targets import view as targets
from tests.given import Given, Line, Row, filed, lead, line, signed
from tests.scenarios.asking import names

ASKED = ("records", "audit", "pipeline", "progress", "tracking", "organisation")


def steps(
    given: Given, period: str = "2024Q1", *, as_of: str | None = None, known_at: str | None = None, **wanted: Any
) -> list[Row]:
    with given.store.view(*ASKED) as ask:
        moments = given.store.moments(as_of, known_at)
        return plans.rows(ask, moments, Organisation(ask, moments.position), Period.parse(period), **wanted)


def stood(given: Given, *weeks: str, **wanted: Any) -> list[tuple[str | None, str]]:
    """Return result and done/demanded of these steps."""
    rows = {row["step"]: row for row in steps(given, **wanted)}
    return [(rows[week]["result"], f"{rows[week]['done']}/{rows[week]['demanded']}") for week in weeks]


def planned(
    key: str, target: str, *actions: dict[str, Any], by: str = "zhang.san", at: str = "2024-01-02"
) -> list[Line]:
    """Return the lines that bring a plan with these key actions into force."""
    return [
        line("plan.draft", by=by, at=at, key=key, target=target),
        *(line("plan.commit", key, by=by, at=at, **action) for action in actions),
        *put_in_force(key, by=by, at=at),
    ]


def put_in_force(key: str, *, by: str = "zhang.san", at: str) -> list[Line]:
    return [
        line("plan.submit", key, by=by, at=at),
        line("plan.approve", key, by="chen.jing", at=at),
        line("plan.file", key, by="chen.jing", at=at),
    ]


def captured(counts: dict[str, int], **data: Any) -> list[Line]:
    """Return the lines of so many exhibition leads on each day, with keys like 2024-01-08/0."""
    more = {"channel": "exhibition", "campaign": "CIIE", **data}
    return [lead(f"{day}/{n}", f"{day}客户{n}公司", at=day, **more) for day in counts for n in range(counts[day])]


@pytest.mark.parametrize(
    ("counts", "count", "before", "after"),
    [
        ((3, 2, 4), 3, ["met 3/3", "missed 2/3", "met 4/3"], "met 3/3"),
        ((5, 1, 2), 2, ["met 5/2", "missed 1/2", "met 2/2"], "missed 1/2"),
    ],
)
def test_l7_leads_a_week_are_met_and_missed_and_a_lead_found_invalid_counts_no_more(
    given: Given, counts: tuple[int, ...], count: int, before: list[str], after: str
) -> None:
    days = ("2024-01-08", "2024-01-17", "2024-01-28")
    given.happened(
        *filed("t", "zhang.san", "40", metric="valid-leads"),
        *planned("p", "t", {"kind": "leads", "count": count, "per": "week", "channel": "exhibition"}),
        *captured(dict(zip(days, counts, strict=True))),
        *captured({"2024-01-09": 2}, channel="online", campaign=None),
        *captured({"2024-01-10": 2}, by="li.si"),
        line("lead.invalidate", "2024-01-28/0", by="zhang.san", at="2024-02-05", reason="空号"),
    )
    weeks = ("2024-W02", "2024-W03", "2024-W04")
    known = [f"{result} {share}" for result, share in stood(given, *weeks, known_at="2024-02-04")]
    assert known == before
    assert [f"{result} {share}" for result, share in stood(given, *weeks)] == [*before[:2], after]
    assert stood(given, "2024-W04", as_of="2024-01-27", known_at="2024-02-04") == [("open", f"0/{count}")]
    (whole,) = steps(given, whole=True)
    assert (whole["done"], whole["met"] + whole["missed"]) == (sum(counts) - 1, 13)
    first = next(row for row in steps(given, explain=True) if row["step"] == "2024-W02")
    assert names(first).count("customer.lead_captured") == counts[0]
    assert names(first)[:2] == ["plan.drafted", "plan.committed"]


def touched(customer: str, day: str, *, by: str = "zhang.san", **data: Any) -> Line:
    return line("follow-up.log", customer, by=by, at=day, **{"channel": "call", **data})


@pytest.mark.parametrize(("count", "norm"), [(2, 122), (3, 183)])
def test_f6_intent_customers_touched_on_a_day_each_count_once(given: Given, count: int, norm: int) -> None:
    given.happened(
        *filed("t", "zhang.san", "900000"),
        *planned("p", "t", {"kind": "intent-touches", "count": count, "per": "day"}),
        *(lead(key) for key in "abc"),
        *(line("lead.grade", key, by="zhang.san", at="2024-01-09", grade="initial") for key in "ab"),
        touched("a", "2024-01-10"), touched("a", "2024-01-10", channel="visit"), touched("b", "2024-01-10"),
        touched("c", "2024-01-10"), touched("a", "2024-01-11", reached=False), touched("b", "2024-01-11", channel="minutes"),
        touched("a", "2024-01-12", by="li.si"), touched("a", "2024-01-12"), touched("a", "2024-01-08"),
    )  # fmt: skip
    (whole,) = steps(given, whole=True)
    assert (whole["demanded"], whole["done"]) == (norm, 3)
    assert stood(given, "2024-W02", "2024-W07") == [("missed", f"3/{5 * count}"), ("missed", f"0/{count}")]


def test_touches_visits_and_calls_count_customers_on_a_day_by_who_did_them(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "900000"), *filed("g", "g1", "900000"),
        *planned("p", "t", {"kind": "touches", "count": 1, "per": "week"}, {"kind": "visits", "count": 2, "per": "month"},
                 {"kind": "calls", "count": 1, "per": "week"}, {"kind": "touches", "count": 1, "per": "week", "channel": "邮件"}),
        *planned("q", "g", {"kind": "touches", "count": 6, "per": "week"}, by="he.ping"),
        lead("a"), lead("b"),
        touched("a", "2024-01-09"), touched("b", "2024-01-09"), touched("a", "2024-01-10", channel="visit"),
        touched("a", "2024-01-10", channel="e-mail"), touched("b", "2024-01-11", by="li.si"), touched("b", "2024-01-12", by="zhou.ba"),
    )  # fmt: skip
    rows = steps(given, "2024-W02")
    assert [(row["owner"], row["kind"], row["channel"], row["done"]) for row in rows] == [
        ("g1", "touches", None, 4),
        ("zhang.san", "touches", None, 3),
        ("zhang.san", "visits", None, 1),
        ("zhang.san", "calls", None, 2),
        ("zhang.san", "touches", "e-mail", 1),
    ]
    assert [row["owner"] for row in steps(given, "2024-W02", owner="g1")] == ["g1"]
    assert {row["owner"] for row in steps(given, "2024-W02", group="g1")} == {"g1", "zhang.san"}
    assert steps(given, "2024-W02", group="g2") == []


def test_a_merged_lead_is_one_customer_with_the_one_it_was_merged_into(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "900000"),
        *planned("p", "t", {"kind": "touches", "count": 2, "per": "week"}),
        lead("a", "甲公司"), lead("b", "乙公司"), touched("a", "2024-01-09"), touched("b", "2024-01-09"),
        line("lead.merge", "a", by="zhang.san", at="2024-02-01", duplicate="b"),
    )  # fmt: skip
    assert stood(given, "2024-W02", known_at="2024-01-31") == [("met", "2/2")]
    assert stood(given, "2024-W02") == [("missed", "1/2")]


def test_a_late_entry_a_correction_and_a_withdrawal_count_from_when_they_were_known(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "900000"),
        *planned("p", "t", {"kind": "calls", "count": 2, "per": "week"}),
        lead("a"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-09", key="f", channel="call"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-10", entered="2024-01-16T09:00:00+08:00", key="g", channel="call"),
        line("event.correct", "f", by="li.si", at="2024-01-18", reason="误选", values={"channel": "document"}),
        line("event.void", "g", by="li.si", at="2024-01-19", reason="重复"),
    )  # fmt: skip
    seen = [stood(given, "2024-W02", known_at=f"2024-01-{day}")[0] for day in (15, 16, 18, 19)]
    assert seen == [("missed", "1/2"), ("met", "2/2"), ("missed", "1/2"), ("missed", "0/2")]


def test_a_change_counts_from_the_step_in_which_it_is_filed(given: Given) -> None:
    week: dict[str, Any] = {"kind": "leads", "per": "week"}
    given.happened(
        *filed("t", "zhang.san", "40", metric="leads"),
        *planned("p", "t", {**week, "count": 2}),
        *captured({"2024-01-08": 2, "2024-01-15": 2, "2024-01-22": 2}),
        line("plan.commit", "p", by="zhang.san", at="2024-01-16", **week, count=3),
        line("plan.commit", "p", by="zhang.san", at="2024-01-16", kind="calls", count=1, per="week"),
    )
    weeks = ("2024-W02", "2024-W03", "2024-W04")
    assert [share for _, share in stood(given, *weeks)] == ["2/2"] * 3, "the filed plan is in force"
    assert {row["state"] for row in steps(given)} == {"draft"}
    given.happened(*put_in_force("p", at="2024-01-23"))
    assert [share for _, share in stood(given, *weeks, owner="zhang.san")][:2] == ["2/2", "2/2"]
    late = [row for row in steps(given) if row["step"] == "2024-W04"]
    assert [(row["kind"], row["done"], row["demanded"]) for row in late] == [("leads", 2, 3), ("calls", 0, 1)]
    assert [row["kind"] for row in steps(given) if row["step"] == "2024-W03"] == ["leads"]
    assert [share for _, share in stood(given, *weeks, known_at="2024-01-22")] == ["2/2"] * 3
    (leads, _) = steps(given, whole=True)
    assert (leads["demanded"], leads["count"]) == (2 * 3 + 3 * 9 + 1, 3)


def test_a_week_is_cut_by_its_plan_and_not_by_the_question(given: Given) -> None:
    actions = [{"kind": "leads", "count": 3, "per": "week"}, {"kind": "calls", "count": 2, "per": "day"}]
    given.happened(
        *filed("t", "zhang.san", "90", metric="leads"), *planned("p", "t", *actions),
        *filed("u", "li.si", "90", metric="leads", period="2024-02"), *planned("q", "u", *actions, by="li.si"),
    )  # fmt: skip
    told = {(row["owner"], row["kind"], row["step"]): row["demanded"] for row in steps(given, "2024-02")}
    assert [told["zhang.san", "leads", week] for week in ("2024-W05", "2024-W09")] == [3, 3]
    assert [told["li.si", "leads", week] for week in ("2024-W05", "2024-W07", "2024-W09")] == [3, 1, 3]
    assert [told[owner, "calls", "2024-W05"] for owner in ("zhang.san", "li.si")] == [6, 6]
    assert sum(due for (owner, kind, _), due in told.items() if (owner, kind) == ("li.si", "calls")) == 36
    assert steps(given, "2024-03", owner="li.si") == []


def test_a_plan_of_another_period_shows_the_steps_of_the_one_asked_for(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "90", metric="leads", period="2024"),
        *planned("p", "t", {"kind": "leads", "count": 1, "per": "month"}),
    )
    assert [row["step"] for row in steps(given, "2024Q2")] == ["2024-04", "2024-05", "2024-06"]
    assert steps(given, "2025Q1") == []
    (june,) = steps(given, "2024-W25")
    assert (june["step"], june["demanded"]) == ("2024-06", 1), "a month is shown whole"
    given.happened(*filed("u", "li.si", "9", metric="leads"))
    assert steps(given, "2024Q1", owner="li.si") == []


def test_the_tree_runs_down_to_the_key_actions(given: Given) -> None:
    given.happened(
        *filed("g", "g1", "100", metric="valid-leads"),
        *filed("t", "zhang.san", "40", metric="valid-leads", parent="g"),
        *planned("p", "t", {"kind": "leads", "count": 3, "per": "week"}, {"kind": "touches", "count": 2, "per": "day"}),
        *captured({"2024-01-08": 3, "2024-01-15": 2}),
    )
    with given.store.view(*ASKED) as ask:
        moments = given.store.moments("2024-01-21")
        organisation = Organisation(ask, moments.position)
        quarter = Period.parse("2024Q1")
        rows = targets.rows(ask, moments, organisation, quarter, currency="CNY")
        tree = with_key_actions(ask, rows, moments, organisation, quarter, fiscal_month=1)
    at = next(n for n, row in enumerate(tree) if row["owner"] == "zhang.san")
    leads, touches = tree[at + 1 : at + 3]
    assert (leads["level"], leads["depth"], leads["owner"]) == ("key-action", tree[at]["depth"] + 1, "zhang.san")
    assert (leads["key_action"], leads["value"], leads["actual"], leads["share_of_parent"]) == (
        "leads",
        "37",
        "5",
        "0.925",
    )
    assert (leads["met"], leads["missed"], leads["state"], leads["parent"]) == (1, 2, "filed", given.subject("t"))
    assert (touches["value"], touches["share_of_parent"], touches["count"], touches["per"]) == ("122", None, 2, "day")
    assert [row for row in tree if row["level"] != "key-action"] == [
        {**row, **dict.fromkeys(("key_action", "channel", "count", "per", "met", "missed"))} for row in rows
    ]


def test_a_plan_of_a_withdrawn_target_counts_no_more(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "40", metric="leads"),
        *planned("p", "t", {"kind": "leads", "count": 1, "per": "month"}),
        line("target.withdraw", "t", by="lin.zong", at="2024-02-01", reason="重复"),
    )
    assert len(steps(given, as_of="2024-01-31")) == 3
    assert steps(given) == []


def test_signed_contracts_count_for_the_owner(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "900000"),
        *planned("p", "t", {"kind": "contracts", "count": 1, "per": "month"}),
        lead("a"), *signed("k", "a", "1000", "2024-02-20"), *signed("l", "a", "1000", "2024-02-21", by="li.si", owner="li.si"),
    )  # fmt: skip
    assert stood(given, "2024-01", "2024-02") == [("missed", "0/1"), ("met", "1/1")]


def test_a_random_quarter_agrees_with_a_count_of_its_lines(given: Given) -> None:
    chance = random.Random(20240101)
    days = [date(2024, 1, 3) + timedelta(n) for n in range(80)]
    people = ("zhang.san", "li.si", "zhou.ba")
    told: list[Line] = []
    for n in range(40):
        who, day = chance.choice(people), chance.choice(days)
        told.append(lead(f"c{n}", f"{n}号客户公司{n * 7919}", by=who, at=day.isoformat()))
        if chance.random() < 0.5:
            graded = min(day + timedelta(chance.randrange(20)), days[-1]).isoformat()
            told.append(line("lead.grade", f"c{n}", by=who, at=graded, grade="initial"))
        for _ in range(chance.randrange(6)):
            at = min(day + timedelta(chance.randrange(30)), days[-1]).isoformat()
            channel = chance.choice(("call", "visit", "minutes"))
            told.append(touched(f"c{n}", at, by=chance.choice(people), channel=channel, reached=chance.random() < 0.8))
    kinds = ("leads", "touches", "intent-touches", "visits", "calls")
    for who in people:
        given.happened(
            *filed(f"t/{who}", who, "9"),
            *planned(f"p/{who}", f"t/{who}", *({"kind": kind, "count": 2, "per": "week"} for kind in kinds), by=who),
        )
    given.happened(*told)
    since = {said["subject"]: said["at"] for said in told if said["action"] == "lead.grade"}
    done: dict[tuple[str, str, int], set[Any]] = {}
    for n, said in enumerate(told):
        week = date.fromisoformat(said["at"]).isocalendar().week
        if said["action"] == "lead.capture":
            done.setdefault((said["actor"], "leads", week), set()).add(n)
        elif said["action"] == "follow-up.log" and said["data"]["reached"] and said["data"]["channel"] != "minutes":
            counted = ["touches", said["data"]["channel"] + "s"]
            counted += ["intent-touches"] if since.get(said["subject"], "9999") <= said["at"] else []
            for kind in counted:
                done.setdefault((said["actor"], kind, week), set()).add((said["subject"], said["at"]))
    rows = steps(given)
    assert len(rows) == len(people) * len(kinds) * 13
    for row in rows:
        week = int(row["step"].removeprefix("2024-W"))
        assert row["done"] == len(done.get((row["owner"], row["kind"], week), ())), row


def test_needs_proposals_and_quotes_count_on_their_own_days(given: Given) -> None:
    mine = {"by": "zhang.san"}
    weekly = [{"kind": kind, "count": 1, "per": "week"} for kind in ("needs", "proposals", "quotes")]
    given.happened(
        *filed("t", "zhang.san", "1"), *planned("p", "t", *weekly), lead("a"),
        line("need.identify", "a", **mine, at="2024-01-16", what="换线"),
        line("proposal.request", "a", **mine, at="2024-01-12", key="pr", what="方案", departments=["technical"],
             working_days=3),
        line("proposal.deliver", "pr", **mine, at="2024-01-17", parts=["正文"]),
        line("proposal.deliver", "pr", **mine, at="2024-01-24", parts=["正文"]),
        line("quote.issue", "a", **mine, at="2024-01-18", number="BJ-1", amount="1000", valid_until="2024-03-01"),
    )  # fmt: skip
    counted = [(row["kind"], row["step"], row["done"]) for row in steps(given) if row["done"]]
    assert counted == [(kind, "2024-W03", 1) for kind in ("needs", "proposals", "quotes")]


def test_a_withdrawn_plan_counts_no_more_and_another_takes_its_place(given: Given) -> None:
    gone = line("plan.withdraw", "p", by="chen.jing", at="2024-02-05", key="gone", reason="目标已调整")
    given.happened(
        *filed("t", "zhang.san", "40", metric="leads"),
        *planned("p", "t", {"kind": "leads", "count": 3, "per": "week"}),
        *captured({"2024-01-08": 3}),
        gone,
    )
    assert steps(given) == []
    assert stood(given, "2024-W02", as_of="2024-02-04") == [("met", "3/3")]
    assert stood(given, "2024-W02", known_at="2024-02-04") == [("met", "3/3")]
    for refused in (
        line("plan.commit", "p", by="zhang.san", kind="leads", count=2, per="week"),
        line("plan.draft", "p", by="zhang.san", channels=["online"]),
        line("plan.submit", "p", by="zhang.san"),
        line("plan.file", "p", by="chen.jing"),
        line("resource.request", by="zhang.san", department="technical", item="样机", needed_by="2024-06-01", plan="p"),
        {**gone, "key": "again"},
    ):
        assert given.refused(refused) == "plan.wrong_state"
    given.happened(*planned("q", "t", {"kind": "leads", "count": 2, "per": "week"}, at="2024-02-06"))
    assert {(row["plan"], row["count"]) for row in steps(given)} == {(given.subject("q"), 2)}
    void = line("event.void", "gone", by="lin.zong", at="2024-02-07", reason="误撤")
    assert given.refused(void) == "event.followed"
    given.happened(line("plan.withdraw", "q", by="chen.jing", at="2024-02-07", reason="重复"), void)
    assert {(row["plan"], row["count"]) for row in steps(given)} == {(given.subject("p"), 3)}


def test_a_withdrawal_of_a_plan_is_undone(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "40", metric="leads"),
        *planned("p", "t", {"kind": "leads", "count": 3, "per": "week"}),
        line("plan.withdraw", "p", by="chen.jing", at="2024-02-05", key="gone", reason="目标已调整"),
    )
    ledger = given.store.ledger("lin.zong")
    undone = prepared(given.store, ledger, "gone", "误撤")
    assert [getattr(answer, "status", answer) for answer in ledger.record(undone.requests)] == ["recorded"]
    assert {row["state"] for row in steps(given)} == {"filed"}


@pytest.mark.parametrize("steps_taken", range(4))
def test_a_plan_in_any_state_may_be_withdrawn(given: Given, steps_taken: int) -> None:
    way = planned("p", "t", {"kind": "leads", "count": 3, "per": "week"})
    given.happened(*filed("t", "zhang.san", "40", metric="leads"), *way[: 2 + steps_taken])
    given.happened(line("plan.withdraw", "p", by="zhang.san", at="2024-02-05", reason="目标已调整"))
    assert steps(given) == []
