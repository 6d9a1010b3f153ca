"""The report of any history at any pair of moments: whole, and each sum's events sum to it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.calendar.period import Period
from infra.formats.grid import Grid, Row
from infra.report.builder import Report, build_report
from infra.report.html_page import page
from infra.report.question import TABLES, question
from tests.cli.test_report import Read
from tests.exploring import examples
from tests.histories import Step
from tests.slow.test_views import fresh_store
from tests.slow.wider import stories

DAYS = st.sampled_from((None, "2024-01-10", "2024-01-31", "2024-02-18", "2024-03-31", "2024-06-30"))
PERIODS = st.sampled_from(("2024Q1", "2024Q2", "2024-02", "2024"))
SUMS = {"curve": ("known", "hindsight", "difference"), "waterfall": ("amount",), "targets-sales": ("actual",)}


@examples(6)
@for_all(stories(5, 50), st.tuples(DAYS, DAYS, PERIODS))
def test_a_report_is_whole_and_its_numbers_have_their_events(
    history: list[Step], asked: tuple[str | None, str | None, str]
) -> None:
    with fresh_store() as store:
        store.answers(*(each for step in history for each in step.lines))
        with store.store.view(*TABLES) as ask:
            moments = store.store.moments(*asked[:2])
            everything = build_report(question(ask, store.store, Period.parse(asked[2]), moments))
            read = Read("".join(page(*everything)))

    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links} <= set(read.ids)
    for grid, row in rows(everything):
        for column in grid.columns:
            value = row.values.get(column.key)
            if column.kind in ("amount", "ratio", "count") and value is not None and Decimal(value):
                assert row.behind.get(column.key), (grid.key, column.key)
        for key in next((keys for begin, keys in SUMS.items() if grid.key.startswith(begin)), ()):
            events = sum((Decimal(amount or 0) for _, amount in row.behind.get(key, ())), Decimal(0))
            assert events == Decimal(row.values[key] or 0), (grid.key, key)


def rows(everything: Report) -> list[tuple[Grid, Row]]:
    """Return every row of every table."""
    grids = [grid for section in everything.sections for grid in section.grids]
    return [(grid, row) for grid in grids for row in grid.rows]
