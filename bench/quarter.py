"""The questions of a quarter: its curve, pipeline and waterfall against plain SQL, and whole commands on the large log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from statistics import median
from typing import Any

import projections.views.pipeline as pipeline
from bench.measure import SALES, Row, environment, millis, ran, times, took
from bench.model import Question
from bench.stores import Bench, Standard
from bench.views import GOAL, PAIRS, opened
from domain.calendar.period import Period
from infra.store.open import open_store
from infra.store.store import Store
from projections.queries.organisation import Organisation
from projections.views.progress.curve import curves
from projections.views.waterfall import waterfall

TURNS = 7
QUARTERS = ("2022Q2", "2023Q1", "2023Q3", "2024Q1", "2024Q2", "2024Q4", "2025Q2")

DELTAS = """
SELECT f.measure, f.currency, f.day, f.known_from, f.known_to, SUM(f.amount) FROM {facts} f
WHERE f.measure IN ('signed', 'collected', 'leads', 'valid-leads', 'follow-ups', 'new-customers')
 AND f.day BETWEEN :first AND :last GROUP BY 1, 2, 3, 4, 5
"""
OPEN = """
SELECT * FROM {opportunities}
WHERE status = 'open' AND since <= :micros AND ends > :micros AND known_from <= :known AND known_to > :known
"""
STEPS = """
SELECT * FROM {opportunities} o JOIN log l ON l.position = o.step
WHERE o.since > :start AND o.since <= :micros AND o.known_from <= :known AND o.known_to > :known
"""


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure a quarter's curve, the pipeline and a waterfall in one process, then the commands as processes."""
    with opened(bench) as (standard, store, by_hand, names):
        asked = store, by_hand, names
        yield _beside("curve of a quarter by day, as known then and now", standard, _curve(*asked), "<= x1.5")
        yield _beside("pipeline, every open opportunity", standard, _pipeline(*asked), GOAL)
        yield _beside("waterfall of a quarter", standard, _waterfall(*asked), GOAL)
    yield from _commands(standard)
    yield _late(standard)


Timed = Iterator[tuple[float, float]]
"""Our seconds and the floor's, of one question after the other."""


def _beside(what: str, standard: Standard, timed: Timed, goal: str) -> Row:
    mine, floors = zip(*timed, strict=True)
    shown = millis(median(mine)), millis(median(floors)), times(median(mine), median(floors))
    return Row(f"{what}, {standard.events:,} events", *shown, goal, f"slowest of {len(mine)} {millis(max(mine))}")


def _curve(store: Store, by_hand: sqlite3.Connection, names: Mapping[str, str]) -> Timed:
    for name in QUARTERS:
        period = Period.parse(name)

        def ours(period: Period = period) -> None:
            with store.view("progress", "organisation") as ask:
                frames, now = store.moments_each(list(period.days())), store.moments()
                curves(ask, period, frames, now, Organisation(ask, now.position))

        within = {"first": period.first.toordinal(), "last": period.last.toordinal()}
        floor = took(partial(_fetched, by_hand, DELTAS.format(**names), within))
        yield took(ours), floor


def _pipeline(store: Store, by_hand: sqlite3.Connection, names: Mapping[str, str]) -> Timed:
    chance = Random(7)
    for n in range(PAIRS):
        asked = Question(store, chance, ["-"], n)

        def ours(asked: Question = asked) -> None:
            with store.view("pipeline", "organisation") as ask:
                at = store.moments(asked.as_of, asked.known_at)
                pipeline.rows(ask, at, Organisation(ask, at.position), currency=store.currency)

        floor = took(partial(_fetched, by_hand, OPEN.format(**names), asked.params))
        yield took(ours), floor


def _waterfall(store: Store, by_hand: sqlite3.Connection, names: Mapping[str, str]) -> Timed:
    for name in QUARTERS:
        period = Period.parse(name)
        before = (period.first - timedelta(days=1)).isoformat()

        def ours(period: Period = period, before: str = before) -> None:
            with store.view("pipeline", "organisation") as ask:
                end = store.moments(period.last.isoformat(), "2026-06-30")
                start = store.moments(before, "2026-06-30")
                waterfall(ask, start, end, Organisation(ask, end.position), currency=store.currency)

        end, start = store.moments(period.last.isoformat(), "2026-06-30"), store.moments(before, "2026-06-30")
        bounds = {"micros": start.micros, "start": start.micros, "known": end.position}
        floor = took(partial(_fetched, by_hand, OPEN.format(**names), bounds))
        floor += took(partial(_fetched, by_hand, STEPS.format(**names), {**bounds, "micros": end.micros}))
        yield took(ours), floor


def _commands(standard: Standard) -> Iterator[Row]:
    """Yield the seconds of whole commands, from the start of the process to its end; the middle one of three."""
    for what, words, goal in (
        ("`sales report 2024Q3 --html`", ("report", "2024Q3", "--html", "-"), "< 3 s"),
        ("`sales replay 2024Q3`, every frame of its days", ("replay", "2024Q3", "--plain"), "opens in < 1 s"),
        ("`sales diff` over a week", ("diff", "--from", "2024-08-05", "--to", "2024-08-12"), ""),
        ("`sales waterfall --period 2024Q3`", ("waterfall", "--period", "2024Q3"), ""),
    ):
        runs = [ran((*SALES, *words), environment(standard.url)) for _ in range(3)]
        seconds = median(run.seconds for run in runs)
        peak = max(run.peak for run in runs)
        yield Row(f"{what}, {standard.events:,} events", f"{seconds:.2f} s", "-", "-", goal, f"peak {peak:.0f} MB")


def _late(standard: Standard) -> Row:
    """Return what it costs to record and fold a follow-up entered half a year late, beside one entered at once."""
    store = open_store(standard.url)
    store.catch_up()
    subjects = store.reader.streams_like("cus_")[-4000::400]
    late, prompt = [], []
    for subject in subjects:
        prompt.append(took(partial(_followed, store, subject, 0)))
        late.append(took(partial(_followed, store, subject, 180)))
    store.close()
    shown = millis(median(late)), millis(median(prompt)), times(median(late), median(prompt))
    what = f"a follow-up entered half a year late, recorded and folded, {standard.events:,} events"
    return Row(what, *shown, "the subject's cost, not the log's", "floor: the same entered on its day")


def _followed(store: Store, subject: str, days: int) -> None:
    from infra.commands.request import request

    day = datetime.now(UTC).date() - timedelta(days=days)
    data = {"channel": "call", "summary": "x"}
    line = {"action": "follow-up.log", "subject": subject, "actor": "boss", "at": f"{day}T09:00:00+08:00", "data": data}
    (answer,) = store.ledger("boss").record([request(line)])
    if isinstance(answer, Exception):
        raise answer
    store.catch_up()


def _fetched(by_hand: sqlite3.Connection, sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return by_hand.execute(sql, params).fetchall()
