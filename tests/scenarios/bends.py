"""Facts of January, entered in April, corrected in May and withdrawn in June, and what each view shows of them then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views import objections, pipeline, waterfall
from projections.views.funnel import view as funnel
from tests.given import Given, Line, Row, filed, lead, line, signed

DAY, BEFORE, APRIL, MAY, JUNE = "2024-01-17", "2024-01-16", "2024-04-10", "2024-05-10", "2024-06-10"
QUARTER = Period.parse("2024Q1")
SEVEN = (
    (None, "2024-04-09", "never"),
    (DAY, "2024-04-30", "entered"),
    (BEFORE, "2024-04-30", "never"),
    ("2024-12-31", "2024-05-31", "corrected"),
    (DAY, MAY, "corrected"),
    (DAY, JUNE, "withdrawn"),
    (None, None, "withdrawn"),
)
"""(as of, known at) and what is believed then of the fact. The third looks back from April to the day before it."""


class Bend(NamedTuple):
    """A fact: what was there before, its entry, its correction, and what each view shows while it is believed so.

    `shows` reads the views; `never`, `entered` and `corrected` are what it reads. Withdrawn, it is as if never entered.
    `touched` are the metrics of progress whose explanation names the fact.
    """

    before: list[Line]
    entry: list[Line]
    correct: tuple[str, dict[str, Any]]
    void: list[str]
    shows: Callable[[Given, str | None, str | None], Any]
    never: Any
    entered: Any
    corrected: Any
    named: str
    touched: tuple[tuple[str, str | None], ...] = ()
    corrector: str = "chen.jing"


def customer(given: Given, as_of: str | None, known_at: str | None) -> Row:
    """Return the tracking row of the one customer, or nothing but its absence."""
    rows = given.tracking(as_of, known_at)
    return rows[0] if rows else {}


def everywhere(given: Given, metric: str, basis: str | None, as_of: str | None, known_at: str | None) -> str:
    """Return the actual of the company, of a group and of a person, which must agree."""
    rows = given.progress("2024Q1", as_of, known_at, metric=metric)
    owners = ("company", "g1", "zhang.san")
    (actual,) = {r["actual"] for r in rows if r["owner"] in owners and r["basis"] == basis}
    return str(actual)


def of_follow_up(given: Given, as_of: str | None, known_at: str | None) -> Any:
    row = customer(given, as_of, known_at)
    return row["last_contact"], row["stage"], everywhere(given, "follow-ups", None, as_of, known_at)


def of_lead(given: Given, as_of: str | None, known_at: str | None) -> Any:
    row = customer(given, as_of, known_at)
    reps = [given.figure(who, "leads", as_of=as_of, known_at=known_at)["actual"] for who in ("zhang.san", "zhou.ba")]
    valid = [given.figure(who, "valid-leads", as_of=as_of, known_at=known_at)["actual"] for who in ("g1", "g2")]
    captured = asked(given, funnel.rows, as_of, known_at, period=QUARTER, currency="CNY", by="group")
    assert {r["name"]: r["captured"] for r in captured if r["name"]} == ({row["group"]: 1} if row else {})
    return row.get("owner"), row.get("group"), reps, valid


def of_contract(given: Given, as_of: str | None, known_at: str | None) -> Any:
    row = customer(given, as_of, known_at)
    new = everywhere(given, "new-customers", None, as_of, known_at)
    return row["signed"], row["stage"], everywhere(given, "sales", "signed", as_of, known_at), new


def of_receipt(given: Given, as_of: str | None, known_at: str | None) -> Any:
    row = customer(given, as_of, known_at)
    return row["signed"], row["collected"], everywhere(given, "sales", "collected", as_of, known_at)


def of_grade(given: Given, as_of: str | None, known_at: str | None) -> Any:
    row = customer(given, as_of, known_at)
    return row["grade"], row["stage"], row["completeness"]


def asked(
    given: Given, question: Callable[..., list[Row]], as_of: str | None, known_at: str | None, **told: Any
) -> list[Row]:
    """Return the rows of a view."""
    with given.store.view("organisation", "tracking", "progress", "audit", "objections", "pipeline") as ask:
        moments = given.store.moments(as_of, known_at)
        return question(ask, moments, Organisation(ask, moments.position), **told)


def of_forecast(given: Given, as_of: str | None, known_at: str | None) -> Any:
    (row,) = asked(given, pipeline.rows, as_of, known_at, currency="CNY")
    start = given.store.moments("2024-01-10", known_at)

    def bars(ask: Ask, end: AsOf, organisation: Organisation) -> list[Row]:
        return waterfall.waterfall(ask, start, end, organisation, currency="CNY")

    moved = {bar["bar"]: bar["amount"] for bar in asked(given, bars, as_of, known_at)}
    assert moved["closing"] == row["amount"]
    return customer(given, as_of, known_at)["expected"], row["amount"], moved["up"], moved["down"]


def of_objection(given: Given, as_of: str | None, known_at: str | None) -> Any:
    rows = asked(given, objections.rows, as_of, known_at, currency="CNY")
    shown = [(each["kind"], each["since"]) for each in customer(given, as_of, known_at)["open_objections"]]
    assert [(row["kind"], row["logged"]) for row in rows if row["state"] == "open"] == shown
    return shown


def of_revision(given: Given, as_of: str | None, known_at: str | None) -> Any:
    row = given.figure("zhang.san", as_of=as_of, known_at=known_at)
    return row["target"], row["original_target"], row["state"], Decimal(row["attainment"])


BENDS = {
    "a follow-up": Bend(
        before=[lead("l")],
        entry=[line("follow-up.log", "l", by="zhang.san", at=DAY, key="fact", channel="call")],
        correct=("fact", {"channel": "minutes"}),
        void=["fact"],
        shows=of_follow_up,
        never=(None, "captured", "0"),
        entered=(DAY, "contacted", "1"),
        corrected=(None, "captured", "1"),
        named="customer.followed_up",
        touched=(("follow-ups", None),),
    ),
    "a lead": Bend(
        before=[],
        entry=[lead("fact", at=DAY)],
        correct=("fact", {"owner": "zhou.ba"}),
        void=["fact"],
        shows=of_lead,
        never=(None, None, ["0", "0"], ["0", "0"]),
        entered=("zhang.san", "g1", ["1", "0"], ["1", "0"]),
        corrected=("zhou.ba", "g2", ["0", "1"], ["0", "1"]),
        named="customer.lead_captured",
        touched=(("leads", None), ("valid-leads", None)),
    ),
    "a signed contract": Bend(
        before=[lead("l")],
        entry=signed("fact", "l", "30000", DAY),
        correct=("fact", {"amount": "300000"}),
        void=["fact/signed"],
        shows=of_contract,
        never=("0", "captured", "0", "0"),
        entered=("30000", "signed", "30000", "1"),
        corrected=("300000", "signed", "300000", "1"),
        named="contract.signed",
        touched=(("sales", "signed"), ("new-customers", None)),
    ),
    "a receipt": Bend(
        before=[lead("l"), *signed("c", "l", "300000", "2024-01-10")],
        entry=[line("payment.receive", "c", by="zhang.san", key="fact", amount="90000", date=DAY)],
        correct=("fact", {"amount": "95000"}),
        void=["fact"],
        shows=of_receipt,
        never=("300000", "0", "0"),
        entered=("300000", "90000", "90000"),
        corrected=("300000", "95000", "95000"),
        named="payment.received",
        touched=(("sales", "collected"),),
    ),
    "a grade": Bend(
        before=[lead("l")],
        entry=[line("lead.grade", "l", by="zhang.san", at=DAY, key="fact", grade="high", need_fit="clear",
                    budget="matches", decision_chain="engaged")],
        correct=("fact", {"grade": "initial"}),
        void=["fact"],
        shows=of_grade,
        never=(None, "captured", "0.25"),
        entered=("high", "graded", "0.375"),
        corrected=("initial", "graded", "0.375"),
        named="customer.graded",
    ),
    "a forecast": Bend(
        before=[lead("l"), line("opportunity.open", key="o", by="zhang.san", at="2024-01-09", customer="l", amount="100000")],
        entry=[line("opportunity.forecast", "o", by="zhang.san", at=DAY, key="fact", amount="80000")],
        correct=("fact", {"amount": "125000"}),
        void=["fact"],
        shows=of_forecast,
        never=("100000", "100000", "0", "0"),
        entered=("80000", "80000", "0", "-20000"),
        corrected=("125000", "125000", "25000", "0"),
        named="opportunity.forecast",
    ),
    "an objection": Bend(
        before=[lead("l")],
        entry=[line("objection.log", "l", by="zhang.san", at=DAY, key="fact", kind="price", words="比同行贵")],
        correct=("fact", {"kind": "lead-time"}),
        void=["fact"],
        shows=of_objection,
        never=[],
        entered=[("price", DAY)],
        corrected=[("lead-time", DAY)],
        named="customer.objection_logged",
    ),
    "a revised target": Bend(
        before=[*filed("t", "zhang.san", "800000"), lead("l"), *signed("c", "l", "400000", "2024-01-10")],
        entry=[
            line("target.revise", "t", by="chen.jing", at=DAY, key="fact", value="500000", reason="下行"),
            line("target.submit", "t", by="chen.jing", at=DAY, key="fact.1"),
            line("target.approve", "t", by="lin.zong", at=DAY, key="fact.2"),
            line("target.file", "t", by="lin.zong", at=DAY, key="fact.3"),
        ],
        correct=("fact", {"new": "640000"}),
        void=["fact.3", "fact.2", "fact.1", "fact"],
        shows=of_revision,
        never=("800000", "800000", "filed", Decimal("0.5")),
        entered=("500000", "800000", "filed", Decimal("0.8")),
        corrected=("640000", "800000", "filed", Decimal("0.625")),
        named="target.revised",
        touched=(("sales", "signed"),),
        corrector="he.ping",
    ),
}  # fmt: skip


def entered(day: str, lines: Iterable[Line]) -> list[Line]:
    """Return the lines as they are entered on a day."""
    return [{**each, "recorded": f"{day}T10:00:00+08:00"} for each in lines]


def played(given: Given, bend: Bend) -> None:
    """Enter in April what was in January, correct it in May and withdraw it in June."""
    key, values = bend.correct
    given.happened(*bend.before)
    given.happened(*entered(APRIL, bend.entry))
    given.happened(*entered(MAY, [line("event.correct", key, by=bend.corrector, reason="抄错", values=values)]))
    voids = [line("event.void", key, by="he.ping", reason="重复录入") for key in bend.void]
    given.happened(*entered(JUNE, voids))


def expected(bend: Bend, believed: str) -> Any:
    return {"entered": bend.entered, "corrected": bend.corrected}.get(believed, bend.never)
