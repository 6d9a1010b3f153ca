"""What holds of the tables of a report in every history: they agree with tracking, progress and each other."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given as for_all

from projections.views import corrections, objections
from projections.views import late_entries as late
from projections.views.funnel import view as funnel
from projections.views.targets import view as targets
from tests.histories import Step, histories
from tests.scenarios.asking import asked
from tests.scenarios.test_laws import few, fresh_store, play
from tests.scenarios.test_movers import moved

DAYS = ("2024-01-20", "2024-02-15", None)


@few
@for_all(histories())
def test_what_is_open_is_open_in_tracking_too(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        for as_of in DAYS:
            still = asked(store, objections.rows, None, as_of=as_of, still_open=True)
            listed = {(row["customer"], row["item"], row["kind"]) for row in still}
            tracked = [(row["id"], each) for row in store.tracking(as_of) for each in row["open_objections"]]
            assert listed == {(customer, each["item"], each["kind"]) for customer, each in tracked}


@few
@for_all(histories())
def test_the_funnel_counts_leads_as_progress_does(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        for as_of in DAYS:
            *several, whole = asked(store, funnel.rows, as_of=as_of, by="owner")
            for step, metric in (("captured", "leads"), ("valid", "valid-leads")):
                assert sum(row[step] for row in several) == whole[step]
                assert str(whole[step]) == store.figure("company", metric, as_of=as_of)["actual"]
            for conversion in whole["conversions"]:
                assert conversion["numerator"] <= min(conversion["denominator"], whole[conversion["step"]])


@few
@for_all(histories())
def test_everything_that_moved_makes_the_sum(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        rows = moved(store, period="2024", count=1000)
        for basis in ("signed", "collected"):
            total = sum((Decimal(row["amount"]) for row in rows if row["measure"] == basis), Decimal(0))
            assert total == Decimal(store.figure("company", basis=basis, period="2024")["actual"])


@few
@for_all(histories())
def test_what_is_shared_out_and_what_is_left_make_the_target(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        by_owner = {row["owner"]: row for row in asked(store, targets.rows, metric="sales")}
        for owner, row in by_owner.items():
            figure = store.figure(owner)
            assert (row["value"], row["actual"], row["allocated"]) == (
                figure["target"],
                figure["actual"],
                figure["allocated"],
            )


@few
@for_all(histories())
def test_late_entries_and_corrections_are_those_of_the_audit(history: list[Step]) -> None:
    with fresh_store() as store:
        for _ in play(store, history):
            pass
        everything = store.audit()
        late_ones = {row["position"]: row["late_days"] for row in asked(store, late.rows, "2024")}
        expected = {e["position"] for e in everything if e["recorded"][:10] > e["occurred"][:10] >= "2024"}
        assert set(late_ones) == expected
        assert all(late_ones[e["position"]] == e["late_days"] for e in everything if e["position"] in late_ones)
        found = asked(store, corrections.rows, "2024")
        assert [row["position"] for row in found] == [e["position"] for e in everything if e["corrects"]]
