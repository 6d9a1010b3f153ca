"""What was shown for an earlier moment of knowledge is shown for ever, to the byte, whatever is entered later."""

from __future__ import annotations

import json
import random

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.calendar.period import Period
from projections.queries.organisation import Organisation
from projections.read_models.registry import HOMES
from projections.views.digest import VIEWS, needed, rows_of
from tests.exploring import examples
from tests.given import Given
from tests.histories import Step
from tests.slow.test_views import DAYS, fresh_store, play
from tests.slow.wider import stories

QUARTER = Period.parse("2024Q1")


def report(store: Given, as_of: str | None, known_at: str) -> str:
    """Return all views of the quarter as one text."""
    with store.store.view(*needed(VIEWS)) as ask:
        moments = store.store.moments(as_of, known_at)
        organisation = Organisation(ask, moments.position)
        told = {view: rows_of(view, ask, QUARTER, moments, organisation, currency="CNY") for view in VIEWS}
    return json.dumps(told, ensure_ascii=False)


@examples(4)
@for_all(stories(20, 80), st.integers(0, 1_000))
def test_a_report_of_an_earlier_knowledge_never_changes(history: list[Step], seed: int) -> None:
    chance = random.Random(seed)
    with fresh_store() as store:
        seen: dict[tuple[str | None, str], str] = {}
        for n, step in enumerate(history):
            moment = play(store, [step])[-1]
            if n % 9 == 8:
                asked = (chance.choice((None, *DAYS)), moment)
                seen[asked] = report(store, *asked)
        for asked, before in seen.items():
            assert report(store, *asked) == before
        store.store.projector.rebuild(list(HOMES), batch=50)
        for asked, before in seen.items():
            assert report(store, *asked) == before
