"""History that bends: a fact of January, entered in April, corrected in May, withdrawn in June, asked about from seven moments."""

from __future__ import annotations

import pytest

from projections.queries.audit_events import of_customers
from projections.queries.organisation import Organisation
from projections.read_models.registry import HOMES
from projections.views import corrections
from projections.views import late_entries as late
from projections.views.diff.query import differences, looked, projections_for
from projections.views.progress import events
from tests.given import Given, Row, line
from tests.scenarios.bends import (
    APRIL,
    BENDS,
    DAY,
    JUNE,
    MAY,
    QUARTER,
    SEVEN,
    Bend,
    asked,
    customer,
    entered,
    expected,
    played,
)

each_bend = pytest.mark.parametrize("bend", BENDS.values(), ids=[name.replace(" ", "-") for name in BENDS])


@each_bend
def test_seven_questions_from_seven_moments(given: Given, bend: Bend) -> None:
    key, values = bend.correct
    given.happened(*bend.before)
    assert bend.shows(given, None, None) == bend.never
    given.happened(*entered(APRIL, bend.entry))
    assert bend.shows(given, DAY, None) == bend.entered
    given.happened(*entered(MAY, [line("event.correct", key, by=bend.corrector, reason="抄错", values=values)]))
    assert bend.shows(given, DAY, None) == bend.corrected
    given.happened(*entered(JUNE, [line("event.void", key, by="he.ping", reason="重复录入") for key in bend.void]))
    assert bend.shows(given, None, None) == bend.never
    for rebuilt in (False, True):
        if rebuilt:
            given.store.projector.rebuild(list(HOMES), batch=5)
        for as_of, known_at, believed in SEVEN:
            assert bend.shows(given, as_of, known_at) == expected(bend, believed), (as_of, known_at, believed)


@each_bend
def test_the_audit_shows_each_turn_beside_the_original(given: Given, bend: Bend) -> None:
    played(given, bend)
    key, values = bend.correct
    original = given.store.reader.keyed([key])[key].position

    def turns(known_at: str | None) -> list[tuple[str, int | None, int | None]]:
        rows = given.audit(known_at=known_at)
        mine = [row for row in rows if original in (row["position"], row["corrects"])]
        return [(row["name"], row["corrects"], row["corrected_by"]) for row in mine]

    (name, _, _), (_, correction, _), *withdrawn = turns(None)
    fact, corrected = given.store.reader.record(original), correction
    assert fact is not None
    assert (fact.name, corrected) == (name, original)
    positions = [row["position"] for row in given.audit() if row["corrects"] == original]
    assert turns("2024-04-09") == []
    assert turns("2024-04-30") == [(name, None, None)]
    assert turns("2024-05-31") == [(name, None, positions[0]), ("event.corrected", original, None)]
    assert (len(withdrawn), turns(None)[0][2]) == (int(key in bend.void), positions[-1])
    (change,) = [row for row in given.audit(name="event.corrected") if row["corrects"] == original]
    assert [(c["field"], str(c["to"])) for c in change["changes"]] == [(f, str(v)) for f, v in values.items()]
    assert (change["actor"], change["reason"]) == (bend.corrector, "抄错")
    late = next(row for row in given.audit() if row["position"] == original)
    assert late["late_days"] == 56


@each_bend
def test_an_explanation_names_the_events_believed_then(given: Given, bend: Bend) -> None:
    played(given, bend)
    for as_of, known_at, believed in SEVEN:
        counts = believed in ("entered", "corrected")
        for metric, basis in bend.touched:
            names = [event["name"] for event in behind_progress(given, metric, basis, as_of, known_at)]
            # A target names its whole way with what was withdrawn of it, a sum only the events that it sums.
            assert (bend.named in names) == (counts or "event.voided" in names), (as_of, known_at, names)
        named = behind_tracking(given, as_of, known_at)
        if named is not None and not bend.named.startswith("target."):
            assert (bend.named in named) == (believed != "never"), (as_of, known_at, named)
            if as_of is None and believed == "withdrawn":
                assert {"event.corrected", "event.voided"} <= set(named)


def behind_progress(given: Given, metric: str, basis: str | None, as_of: str | None, known_at: str | None) -> list[Row]:
    """Return the events behind the company's numbers, and a person's where the company has no target."""
    rows = [r for r in given.progress("2024Q1", as_of, known_at, metric=metric) if r["basis"] == basis]
    with given.store.view("progress", "organisation") as ask:
        moments = given.store.moments(as_of, known_at)
        organisation = Organisation(ask, moments.position)
        told = events.explain(ask, rows, QUARTER, moments, organisation)
    return [event for row in told if row["owner"] in ("company", "zhang.san") for event in row["events"]]


def behind_tracking(given: Given, as_of: str | None, known_at: str | None) -> list[str] | None:
    """Return the names of the events behind the one customer's row, or None where there is no row."""
    row = customer(given, as_of, known_at)
    if not row:
        return None
    with given.store.view("audit", "tracking", "organisation") as ask:
        moments = given.store.moments(as_of, known_at)
        return [event["name"] for event in of_customers(ask, moments, [row["id"]])[row["id"]]]


@each_bend
def test_it_is_among_the_late_entries_and_its_turns_among_the_corrections(given: Given, bend: Bend) -> None:
    played(given, bend)
    original = given.store.reader.keyed([bend.correct[0]])[bend.correct[0]].position
    for as_of, known_at, believed in SEVEN:
        entered_late = asked(given, late.rows, as_of, known_at, period=QUARTER, currency="CNY")
        assert (original in [row["position"] for row in entered_late]) == (believed != "never"), (as_of, known_at)
        turns = asked(given, corrections.rows, as_of, known_at, period=QUARTER, currency="CNY")
        names = [row["name"] for row in turns]
        voided = ["event.voided"] * len(bend.void) if believed == "withdrawn" else []
        assert names == (["event.corrected"] if believed in ("corrected", "withdrawn") else []) + voided


@each_bend
def test_each_turn_is_named_by_the_differences_that_it_makes(given: Given, bend: Bend) -> None:
    played(given, bend)
    views = ("progress", "tracking", "pipeline")
    # A revised value is in force by its filing, and so that is what is named.
    first = "target.filed" if bend.named == "target.revised" else bend.named
    turns = ("2024-04-09", "2024-04-30", first), ("2024-04-30", "2024-05-31", "event.corrected")
    for before, after, name in (*turns, ("2024-05-31", "2024-06-30", "event.voided")):
        with given.store.view(*projections_for(views)) as ask:
            start, end = (given.store.moments("2024-03-31", known_at) for known_at in (before, after))
            looks = [looked(ask, views, QUARTER, moments, "CNY") for moments in (start, end)]
            found = differences(ask, (start, looks[0]), (end, looks[1]), QUARTER, "CNY")
        named = [[event["name"] for event in row["events"]] for row in found]
        assert found, name
        assert all(named)
        assert name in {each for names in named for each in names}
        assert all(start.position < event["position"] for row in found for event in row["events"])
