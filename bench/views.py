"""Views as of any day known at any day, against the same question as hand-written SQL on the same tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import zip_longest
from random import Random
from statistics import median
from typing import Any, NamedTuple

import projections.views.progress.view as progress
import projections.views.tracking as tracking
from bench import contracts, judging, lists, others
from bench.asking import Beside
from bench.measure import SALES, Row, environment, millis, ran, times, took
from bench.model import Ours, Question
from bench.stores import Bench, Standard
from domain.calendar.work_calendar import WorkCalendar, shipped
from infra.read_models import tables
from infra.read_models.connection import ReadConnection
from infra.store.open import open_store
from infra.store.store import Store
from projections.engine.as_of import AsOf
from projections.queries.organisation import Organisation
from projections.read_models.registry import TABLES

PAIRS = 20
GOAL = "<= 200 ms, <= x1.5"
KNOWN = "SELECT l.position FROM log l WHERE l.recorded <= :recorded ORDER BY l.recorded DESC, l.position DESC LIMIT 1"

TRACKING = """
SELECT c.customer, f.*, t.* FROM {tracked} c CROSS JOIN {tracking} t ON t.number = c.number
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = c.number AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
 CROSS JOIN {tracking_once} f ON f.number = c.number AND f.once = t.once
WHERE c.number <= :known AND t.known_from <= :known AND t.known_to > :known AND t.stage <> ''
"""
OWNED = TRACKING + " AND t.owner = :owner"
PROGRESS = """
SELECT f.measure, f.owner, m.groups, f.currency, SUM(f.amount)
FROM {facts} f LEFT JOIN {memberships} m ON m.login = f.owner AND f.day BETWEEN m.first AND m.last
 AND m.known_from <= :known AND m.known_to > :known
WHERE f.day BETWEEN :first AND :last AND f.since <= :micros AND f.ends > :micros
 AND f.known_from <= :known AND f.known_to > :known
GROUP BY 1, 2, 3, 4
"""
TARGETS = """
SELECT t.* FROM {targets} t JOIN (
    SELECT target, MAX(since) AS since FROM {targets}
    WHERE since <= :micros AND known_from <= :known AND known_to > :known GROUP BY target) last
 ON t.target = last.target AND t.since = last.since
WHERE t.known_from <= :known AND t.known_to > :known
"""
AGAIN = """
SELECT k.owner, COUNT(*), SUM(k.customer IN (
    SELECT customer FROM {facts} WHERE measure = 'contract' AND day BETWEEN :first AND :last AND since <= :micros
     AND known_from <= :known AND known_to > :known))
FROM {facts} k
WHERE k.measure = 'key-account' AND k.since < :start AND k.ends >= :start
 AND k.known_from <= :known AND k.known_to > :known AND k.customer IN (
    SELECT customer FROM {facts} WHERE measure = 'contract' AND day < :first AND ends > :micros
     AND known_from <= :known AND known_to > :known)
GROUP BY k.owner
"""
PERSONS = "SELECT login, name, role FROM {persons} WHERE known_from <= :known AND known_to > :known"
GROUPS = "SELECT code, name, parent FROM {groups_known} WHERE known_from <= :known AND known_to > :known"


def _tracking(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, _: Question) -> object:
    return tracking.rows(ask, at, them, currency=store.currency)


def _owned(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return tracking.rows(ask, at, them, currency=store.currency, wanted={"owner": asked.owner})


def _progress(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return progress.rows(ask, asked.period, at, them, currency=store.currency)


VIEWS: tuple[tuple[str, Ours, tuple[str, ...]], ...] = (
    ("tracking, every customer", _tracking, (TRACKING,)),
    ("tracking, one owner", _owned, (OWNED,)),
    ("progress, a quarter", _progress, (PROGRESS, TARGETS, AGAIN, PERSONS, GROUPS)),
)


def on_sqlite(bench: Bench) -> Iterator[Row]:
    """Measure each view at random pairs of days."""
    with opened(bench) as (standard, store, by_hand, names):
        asked = questions(store)
        calendar = shipped("cn")
        for name, ours, statements, *beside in (*VIEWS, *lists.VIEWS, *judging.VIEWS, *contracts.VIEWS, *others.VIEWS):
            floors, mine = list[float](), list[float]()
            question = [sql.format(**names) for sql in statements]
            for each in asked:
                floors.append(took(partial(_by_hand, by_hand, question, each.params, calendar, *beside)))
                mine.append(took(partial(answered, store, ours, each)))
            rows = len(fetched(by_hand, question, asked[-1].params))
            note = f"{slowest(mine, floors)}; {rows:,} rows at the last"
            shown = millis(median(mine)), millis(median(floors)), times(median(mine), median(floors))
            yield Row(f"{name}, {standard.events:,} events", *shown, GOAL, note)


def slowest(mine: Sequence[float], floors: Sequence[float]) -> str:
    """Return the note of the pair of days at which ours was slowest, with what the floor took there."""
    ours, floor = max(zip(mine, floors, strict=True))
    return f"slowest of {len(mine)} pairs {millis(ours)}, floor there {millis(floor)}"


def questions(store: Store) -> list[Question]:
    """Draw the questions, the same in each run."""
    chance = Random(7)
    subjects = store.reader.streams_like("cus_")[:5000]
    return [Question(store, chance, subjects, n) for n in range(PAIRS)]


class Opened(NamedTuple):
    """The standard store: asked by our questions, and by hand with its tables' real names."""

    standard: Standard
    store: Store
    by_hand: sqlite3.Connection
    names: Mapping[str, str]


@contextmanager
def opened(bench: Bench) -> Iterator[Opened]:
    """Open the standard store, its tables in step: brought there by another process, so that this one is a reader's."""
    standard = bench.standard(bench.events)
    ran((*SALES, "work", "--once", "-q"), environment(standard.url))
    path = standard.url.removeprefix("sqlite:///")
    with closing(open_store(standard.url)) as store, closing(sqlite3.connect(path)) as by_hand:
        store.catch_up()
        by_hand.execute("PRAGMA cache_size = -64000")
        yield Opened(standard, store, by_hand, real_names(store))


def real_names(store: Store) -> dict[str, str]:
    """Return the tables' real names by those that questions use."""
    standing = tables.standings(store.db)
    return {
        table: tables.real_name(table, standing[name].generation) for name, each in TABLES.items() for table in each
    }


def _by_hand(
    by_hand: sqlite3.Connection,
    question: Sequence[str],
    params: dict[str, Any],
    calendar: WorkCalendar,
    beside: Sequence[Beside | None] = (),
) -> list[tuple[Any, ...]]:
    """Fetch the answer; SQL knows no working days, so what is `beside` a statement reckons them of its rows, once each."""
    answer: list[tuple[Any, ...]] = []
    with snapshot(by_hand, params):
        for sql, reckon in zip_longest(question, beside):
            rows = by_hand.execute(str(sql), params).fetchall()
            if reckon:
                reckon(rows, calendar, params)
            answer += rows
    return answer


@contextmanager
def snapshot(by_hand: sqlite3.Connection, params: dict[str, Any]) -> Iterator[None]:
    """Ask in one state of the store, and first for the position that was known on the day."""
    by_hand.execute("BEGIN")
    by_hand.execute(KNOWN, params).fetchone()
    yield
    by_hand.execute("COMMIT")


def fetched(by_hand: sqlite3.Connection, question: Sequence[str], params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with snapshot(by_hand, params):
        return [row for sql in question for row in by_hand.execute(sql, params).fetchall()]


def answered(store: Store, ours: Ours, asked: Question) -> None:
    with store.view(*TABLES) as ask:
        at = store.moments(asked.as_of, asked.known_at)
        ours(store, ask, at, Organisation(ask, at.position), asked)
