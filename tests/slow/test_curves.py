"""Each frame of a curve is what the slow fold says of that day, as known then and as known now."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as for_all

from domain.calendar.moment import end_of
from domain.calendar.period import Period
from domain.kernel.money import from_units
from projections.queries.organisation import Organisation
from projections.views.progress.curve import curves
from tests.exploring import examples
from tests.given import Given
from tests.histories import Step
from tests.slow.fold import Belief, Entry, believed, entries
from tests.slow.progress import facts, places
from tests.slow.test_views import fresh_store, play
from tests.slow.wider import stories

QUARTER = Period.parse("2024Q1")
FRAMES = [date(2024, 1, 5) + timedelta(days=days) for days in range(0, 91, 11)]
PLACES = (("company", "company"), ("group", "g1"), ("person", "li.si"))

Points = dict[tuple[date, bool, tuple[str, str | None], str, str], Decimal]
"""(day, whether in hindsight, place, measure, currency) -> what was reached"""


def sums(belief: Belief) -> dict[tuple[tuple[str, str | None], str, str], Decimal]:
    """Return what was reached in the quarter, by place, measure and currency."""
    found: dict[tuple[tuple[str, str | None], str, str], Decimal] = {}
    for fact in facts(belief):
        if fact.measure in ("invoiced", "delivered") or not QUARTER.contains(fact.day):
            continue
        for place in places(belief, fact.owner, fact.day):
            key = (place, fact.measure, fact.currency)
            found[key] = found.get(key, Decimal(0)) + fact.amount
    return {key: amount for key, amount in found.items() if amount}


def drawn(store: Given) -> Points:
    """Return what the curves show, where it is not 0."""
    found: Points = {}
    with store.store.view("progress", "organisation") as ask:
        now = store.store.moments()
        frames = store.store.moments_each(FRAMES)
        for level, name in PLACES:
            wanted = {"owner": name} if level == "person" else {"group": name} if level == "group" else {}
            shown = curves(ask, QUARTER, frames, now, Organisation(ask, now.position), **wanted)
            for (measure, currency), curve in shown.items():
                for day, known, hindsight in zip(curve.days, curve.known, curve.hindsight, strict=True):
                    for later, amount in ((False, known), (True, hindsight)):
                        value = from_units(amount) if currency else Decimal(amount)
                        if value:
                            found[day, later, (level, name), measure, currency] = value
    return found


def meant(store: Given, log: list[Entry]) -> Points:
    """Return the same from the slow fold."""
    zone = store.store.zone
    found: Points = {}
    for day in FRAMES:
        end = end_of(day, zone)
        for later, known_at in ((False, end), (True, store.today)):
            for (place, measure, currency), amount in sums(believed(log, end, known_at)).items():
                if place in PLACES:
                    found[day, later, place, measure, currency] = amount
    return found


@examples(5)
@for_all(stories())
def test_a_curve_shows_what_the_log_says(history: list[Step]) -> None:
    with fresh_store() as store:
        play(store, history)
        assert drawn(store) == meant(store, entries(store.store))


@pytest.mark.seeds(2)
def test_a_curve_shows_what_the_log_says_on_both_stores(given: Given, seed: int) -> None:
    from tests.slow.wider import story

    play(given, story(seed, 60))
    assert drawn(given) == meant(given, entries(given.store))
