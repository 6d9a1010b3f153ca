"""A difference is there where two looks differ, and names at least one event, none of which lies outside the two moments."""

from __future__ import annotations

import random

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.calendar.period import Period
from projections.views.diff.query import differences, looked, projections_for
from projections.views.digest import VIEWS
from tests.exploring import examples
from tests.given import Given
from tests.histories import Step
from tests.slow.compare import PERIODS
from tests.slow.test_views import DAYS, TIMES, fresh_store, play
from tests.slow.wider import stories


@examples(6)
@for_all(stories(), st.integers(0, 1_000))
def test_each_changed_number_names_an_event(history: list[Step], seed: int) -> None:
    chance = random.Random(seed)
    with fresh_store() as store:
        moments = play(store, history)
        for n in range(4):
            fixed = chance.choice((None, *DAYS, *moments))
            pair = sorted(chance.sample((*DAYS, *TIMES, *moments) if n % 2 else moments, 2), key=store.store.moment)
            known = n % 2 == 0
            asked = [(fixed, at) if known else (at, fixed) for at in pair]
            named(store, asked[0], asked[1], Period.parse(chance.choice(PERIODS)))


def named(
    store: Given, first: tuple[str | None, str | None], last: tuple[str | None, str | None], period: Period
) -> None:
    """Assert that each difference between two pairs of moments names its events, and no event unknown at the later one."""
    views = list(VIEWS)
    with store.store.view(*projections_for(views)) as ask:
        sides = [store.store.moments(*pair) for pair in (first, last)]
        looks = [(side, looked(ask, views, period, side, "CNY")) for side in sides]
        found = differences(ask, looks[0], looks[1], period, "CNY")
    for row in found:
        where = (row["view"], row["row"], row["field"], row["from"], row["to"], first, last)
        assert row["from"] != row["to"], where
        assert row["events"], where
        assert all(event["position"] <= sides[1].position for event in row["events"]), where
    differ = {view for view in VIEWS if looks[0][1][view] != looks[1][1][view]}
    assert {row["view"] for row in found} <= differ
