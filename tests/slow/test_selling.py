"""Follow-ups and cadence at pairs of moments are what a count day by day finds."""

from __future__ import annotations

from datetime import date

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.calendar.period import Period
from projections.views import follow_ups
from projections.views.cadence import view as cadence
from tests.exploring import examples
from tests.histories import Step
from tests.slow import selling
from tests.slow.compare import Asked
from tests.slow.test_views import fresh_store, play
from tests.slow.wider import stories

UNTIL = date(2024, 6, 30)


@examples(4)
@for_all(stories(20, 60), st.sampled_from(("2024-01-20", "2024-02-11", "2024-02-18", "2024-03-10")))
def test_they_are_those_of_the_slow_fold(history: list[Step], day: str) -> None:
    with fresh_store() as store:
        entered = play(store, history)
        for as_of, known_at in ((day, None), ("2024-03-31", entered[len(entered) // 2])):
            asked = Asked(store, as_of, known_at)
            rows = asked.asked(follow_ups.rows, *follow_ups.PROJECTIONS)
            keys = ("customer", "item", "time", "channel", "touch", "actor", "recorder")
            shown = sorted((*(row[key] for key in keys), row["plan"] or "") for row in rows)
            assert shown == selling.follow_ups(asked.belief), (as_of, known_at)
            rows = asked.asked(cadence.rows, *cadence.PROJECTIONS, period=Period.of_days(date(2023, 1, 1), UNTIL))
            keys = ("customer", "grade", "from", "to", "needed", "done", "state")
            found = sorted(tuple(row[key] for key in keys) for row in rows)
            assert found == selling.cadence(asked.belief, UNTIL), (as_of, known_at)
