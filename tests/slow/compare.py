"""Holding what the program shows against the slow answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from domain.calendar.moment import end_of, parse_moment
from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.queries.organisation import Organisation
from projections.views import audit as audit_ask
from projections.views import contracts as contracts_ask
from projections.views import corrections as corrections_ask
from projections.views import late_entries as late_ask
from projections.views import objections as objections_ask
from projections.views import pipeline as pipeline_ask
from projections.views import receivables as receivables_ask
from projections.views import waterfall
from projections.views.funnel import view as funnel_ask
from projections.views.targets import view as targets_ask
from tests.given import Given, Row
from tests.slow import audit, funnel, late, ledger, objections, pipeline, progress, tracking, tree
from tests.slow.fold import Belief, believed, entries

PERIODS = ("2024Q1", "2024-02", "2024-W07", "2024")
NUMBERS = frozenset(
    "expected signed collected completeness target original_target actual attainment gap daily_need allocated unallocated "
    "amount value original probability share_of_parent outstanding overpaid invoiced delivered accepted received".split()
)


class Asked:
    """One pair of moments as the program is asked, and what was believed then."""

    def __init__(self, store: Given, as_of: str | None, known_at: str | None) -> None:
        self.store, self.as_of, self.known_at = store, as_of, known_at
        zone = store.store.zone
        known = parse_moment(known_at, zone, store.today) if known_at else store.today.astimezone(zone)
        until = known if known_at else end_of(known.date(), zone)
        moment = parse_moment(as_of, zone, store.today) if as_of else until
        log = entries(store.store)
        self.belief: Belief = believed(log, moment.astimezone(zone), known, store.store.currency)

    def compare(self) -> None:
        """Assert that every view shows what the slow fold of the log says."""
        self.same("tracking", self.store.tracking(self.as_of, self.known_at), tracking.rows(self.belief))
        for period in PERIODS:
            quick = self.store.progress(period, self.as_of, self.known_at)
            self.same(f"progress {period}", quick, progress.rows(self.belief, Period.parse(period)))
        self.same("audit", self.asked(audit_ask.rows, "audit"), audit.rows(self.belief))
        self.compare_pipeline()
        self.compare_tables()
        self.compare_contracts()

    def compare_pipeline(self) -> None:
        """Assert that the open opportunities are those of the slow fold, and that the waterfall leads to them."""
        self.same("pipeline", self.asked(pipeline_ask.rows, "pipeline", currency="CNY"), pipeline.rows(self.belief))
        start, end = (self.store.store.moments(as_of, self.known_at) for as_of in ("2024-01-20", self.as_of))
        if start.micros > end.micros:
            return
        shown = self.bars(start, end)
        assert shown == pipeline.waterfall(self.belief, start.micros), told(
            "waterfall", self, [str(shown)], [str(pipeline.waterfall(self.belief, start.micros))]
        )
        for wanted in ({"owner": "li.si"}, {"group": "g1"}):
            shown = self.bars(start, end, **wanted)
            for bar, moments in (("open", start), ("closing", end)):
                rows = self.asked(pipeline_ask.rows, "pipeline", at=moments, currency="CNY", wanted=wanted)
                sums: dict[tuple[str, str], Decimal] = {}
                for row in rows:
                    sums[row["currency"], bar] = sums.get((row["currency"], bar), Decimal(0)) + Decimal(row["amount"])
                assert {each: amount for each, amount in shown.items() if each[1] == bar} == sums, (bar, wanted)

    def bars(self, start: AsOf, end: AsOf, **wanted: str) -> dict[tuple[str, str], Decimal]:
        """Return the waterfall's bars that are not 0; each is the sum of its events, and they sum to the closing."""
        with self.store.store.view("pipeline", "organisation", "audit") as ask:
            bars = waterfall.waterfall(ask, start, end, Organisation(ask, end.position), currency="CNY", **wanted)
        for bar in bars:
            assert Decimal(bar["amount"]) == sum(Decimal(event["amount"]) for event in bar["events"]), bar
        for currency in {bar["currency"] for bar in bars}:
            *moved, closing = (Decimal(bar["amount"]) for bar in bars if bar["currency"] == currency)
            assert sum(moved) == closing, bars
        return {(bar["currency"], bar["bar"]): Decimal(bar["amount"]) for bar in bars if Decimal(bar["amount"])}

    def compare_tables(self) -> None:
        """Assert that the tables of the report are those of the slow fold."""
        names = ("objections", "tracking", "pipeline", "progress", "audit")
        self.same("objections", self.asked(objections_ask.rows, *names), objections.rows(self.belief))
        period = Period.parse("2024Q1")
        rows = self.asked(funnel_ask.rows, *names, period=period, currency="CNY", by="channel")
        steps = {row["name"] or row["level"]: {step: row[step] for step in funnel.STEPS} for row in rows}
        assert steps == funnel.steps(self.belief, period), told("funnel", self, [str(steps)], [])
        rows = self.asked(late_ask.rows, *names, period=period)
        keys = ("position", "late_days", "norm_days", "breaks_norm", "actor")
        entered = [{key: row[key] for key in keys} for row in rows]
        self.same("late entries", entered, late.entries(self.belief, period))
        self.same("targets", self.tree(period), tree.rows(self.belief, period))
        rows = self.asked(corrections_ask.rows, *names, period=period)
        pairs = [(row["position"], row["corrects"]) for row in rows]
        assert pairs == late.corrections(self.belief, period), told("corrections", self, [str(pairs)], [])
        for row in rows:
            shown = {
                (each["measure"], each["owner"], each["currency"] or ""): Decimal(each["amount"])
                for each in row["moved"]
                if each["measure"] != "new-customers"
            }
            meant = late.moved(self.belief, row["position"], period)
            assert shown == meant, told("moved", self, [str((row["position"], shown))], [str(meant)])

    def compare_contracts(self) -> None:
        """Assert that the contract ledger and the receivables are those of the slow fold."""
        meant = ledger.contract_rows(self.belief)
        names = ("contracts", "progress", "tracking", "pipeline")
        rows = self.asked(contracts_ask.rows, *names, currency="CNY")
        shown = [{**row, "owner": row["owner"] if row["signed_on"] else None} for row in rows]
        self.same("contracts", chosen(shown, meant), meant)
        owed = ledger.receivable_rows(self.belief)
        self.same("receivables", chosen(self.asked(receivables_ask.rows, *names, currency="CNY"), owed), owed)
        parts = self.asked(receivables_ask.rows, *names, currency="CNY", settled=True)
        for row in rows:
            mine = [part for part in parts if part["contract"] == row["id"]]
            assert not mine or Decimal(row["collected"]) == sum(Decimal(each["received"]) for each in mine), (row, mine)
            for name in ("outstanding", "overpaid") if mine else ():
                assert Decimal(row[name]) == sum(Decimal(each[name]) for each in mine), (row, mine)

    def tree(self, period: Period) -> list[Row]:
        """Return the rows of the tree that have a target."""
        rows = self.asked(targets_ask.rows, "progress", "audit", period=period, currency="CNY")
        left_out = ("depth", "level", "period", "currency", "over_allocated")
        return [{name: row[name] for name in row if name not in left_out} for row in rows if row["id"]]

    def asked(self, question: Any, *names: str, at: AsOf | None = None, **told: Any) -> list[Row]:
        """Return the rows that a question has at the two moments, or at another."""
        with self.store.store.view(*dict.fromkeys(("organisation", *names))) as ask:
            moments = at or self.store.store.moments(self.as_of, self.known_at)
            rows: list[Row] = question(ask, moments, Organisation(ask, moments.position), **told)
            return rows

    def same(self, view: str, quick: list[Row], slow: list[Row]) -> None:
        """Assert that two answers are the same, whatever the order of rows that nothing orders."""
        shown, meant = sorted(map(plain, quick)), sorted(map(plain, slow))
        assert shown == meant, told(view, self, shown, meant)


def chosen(rows: list[Row], like: list[Row]) -> list[Row]:
    """Return rows with those of their fields that other rows have."""
    return [{name: row[name] for name in row if not like or name in like[0]} for row in rows]


def plain(row: Row) -> str:
    """Return a row as a text in which equal numbers are written alike."""
    return json.dumps({name: number(name, value) for name, value in row.items()}, sort_keys=True, ensure_ascii=False)


def number(name: str, value: Any) -> Any:
    if name in NUMBERS and value is not None:
        return format(Decimal(value).normalize() + 0, "f")
    return value


def told(view: str, asked: Asked, shown: list[str], meant: list[str]) -> str:
    """Return what differs, for whoever reads the failure."""
    only = [f"  shown  {row}" for row in shown if row not in meant] + [
        f"  meant  {row}" for row in meant if row not in shown
    ]
    log = [
        f"  {e.position:4} {e.occurred:26} {e.recorded} {e.stream} {e.name} {dict(e.data)}" for e in asked.belief.known
    ]
    return "\n".join([f"{view} as of {asked.as_of} known at {asked.known_at}", *only, *log])
