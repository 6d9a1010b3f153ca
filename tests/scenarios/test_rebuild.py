"""A3: tables that are dropped and built anew are the same to the last row."""

from __future__ import annotations

import pytest

from infra.read_models import tables
from infra.store.store import Store
from projections.read_models.registry import HOMES, TABLES
from tests.given import Given, filed, lead, line, signed
from tests.histories import Step, dice, told
from tests.slow.wider import story


def contents(store: Store) -> dict[str, list[tuple]]:
    """Return every row of every table, known intervals included."""
    standing = tables.standings(store.db)
    return {
        table: sorted(store.db.all(f"SELECT * FROM {tables.real_name(table, standing[name].generation)}"), key=repr)
        for name, made in TABLES.items()
        for table in made
    }


def test_a3_dropped_and_rebuilt_tables_are_identical(given: Given) -> None:
    given.happened(
        *filed("t", "zhang.san", "800000"),
        lead("a", "北方阀门有限公司"), lead("b", "北方阀门 有限公司", by="li.si", at="2024-01-07"),
        line("follow-up.log", "b", at="2024-01-09", channel="call", next_action="报价", working_days=3),
        *signed("c", "a", "80000", "2024-02-09"),
        line("lead.merge", "a", at="2024-02-10", duplicate="b"),
    )  # fmt: skip
    given.store.catch_up(asked=HOMES)
    given.happened(
        line("event.correct", "c", by="chen.jing", at="2024-02-20", reason="少写一个零", values={"amount": "800000"}),
        line("person.join", "zhang.san", at="2024-02-20", group="g2", from_="2024-02-19"),
        line("lead.unmerge", "b", at="2024-02-21"),
    )
    given.store.catch_up(asked=HOMES)
    before = contents(given.store)
    assert all(before[table] for table in ("tracking", "facts", "targets", "audit_entries", "memberships"))
    given.store.projector.rebuild(list(HOMES), batch=7)
    assert contents(given.store) == before
    assert contents(given.reopened()) == before


@pytest.mark.parametrize(
    "history", [told(dice(1, 25)), told(dice(2, 25)), told(dice(3, 25)), story(4, 40)], ids=["1", "2", "3", "wider"]
)
def test_a3_whatever_has_happened(given: Given, history: list[Step]) -> None:
    for step in history:
        given.answers(*step.lines)
        if step.restart:
            given.reopened().catch_up(asked=HOMES)
    given.store.catch_up(asked=HOMES)
    before = contents(given.store)
    given.store.projector.rebuild(list(HOMES))
    assert contents(given.store) == before
