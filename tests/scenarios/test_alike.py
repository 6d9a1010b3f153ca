"""Names that are near: each is found whichever way it is looked for, and the tables are the same however they were filled."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from infra import generations, tables
from infra.projector import Projector
from infra.store import Store
from projections.duplicates import fold as folding
from projections.duplicates.index import SHORT, Index, Name, alike, named
from tests.given import Given, lead, line

NAMES = (
    *(
        "启明辰科技有限公司",
        "上海启明科技有限公司",
        "启明辰诚科技有限公司",
        "北京启明辰科技股份有限公司",
        "启辰科技有限公司",
    ),
    *("Acme 100% Tools Ltd", "Acme 100 Tool Ltd", "Northern Valve and Pump Company", "Northern Valves and Pumps Inc"),
    *("!!!", "天宇精密自动化设备制造有限公司", "天宇精密自动化设备有限公司"),
)


def made_up(chance: Random) -> str:
    """Return a name of few letters, so that many are near, of any length."""
    letters = chance.choice(("甲乙丙丁", "abcd"))
    words = ("".join(chance.choices(letters, k=chance.randint(1, 7))) for _ in range(chance.randint(1, 3)))
    return "上海" * chance.randint(0, 1) + " ".join(words) + "公司" * chance.randint(0, 1)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_near_is_found_by_the_index(seed: int) -> None:
    chance = Random(seed)
    names = [named(number, made_up(chance)) for number in range(250)]
    assert {len(name.core) > SHORT for name in names} == {True, False}
    index = Index()
    for n, name in enumerate(names):
        compared = {other: like for other in names[:n] if (like := alike(other, name)) is not None}
        assert dict(index.near(name)) == compared
        index.add(name)


def contents(store: Store) -> dict[str, list[Any]]:
    at = tables.standings(store.db)["duplicates"]
    return {
        table: sorted(store.db.all(f"SELECT * FROM {tables.real_name(table, at.generation)}"), key=repr)
        for table in generations.TABLES["duplicates"]
    }


def entered(given: Given) -> None:
    """Enter each name with an event of its own, and fold it by a projector that has nothing at hand."""
    for n, company in enumerate(NAMES):
        given.happened(lead(f"n{n}", company, at=f"2024-01-{8 + n:02}"))
        Projector(given.store.reader, given.store.zone).catch_up()


def test_the_tables_are_the_same_however_they_were_filled(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    entered(given)
    given.happened(
        line("customer.change", "n9", at="2024-02-01", company=NAMES[0], credit_code="A 1"),
        line("event.correct", "n4", at="2024-02-02", by="lin.zong", values={"company": NAMES[2]}, reason="听错"),
        line("lead.validate", "n1", at="2024-02-03", distinct=True),
        line("customer.change", "n8", at="2024-02-04", credit_code="a1"),
    )
    Projector(given.store.reader, given.store.zone).catch_up()
    one_by_one = contents(given.store)
    told = {Name._make(row) for row in one_by_one["names_told"]}
    assert {name.company for name in told} == {*NAMES}
    near = {
        (one.number, other.number, one.company, other.company, str(like))
        for one in told
        for other in told
        if one.number < other.number and (like := alike(one, other)) is not None
    }
    assert near
    assert {tuple(row) for row in one_by_one["alike"]} == near
    for few in (folding.FEW, 0):
        monkeypatch.setattr(folding, "FEW", few)
        for batch in (3, 1_000):
            Projector(given.store.reader, given.store.zone).rebuild(["duplicates"], batch=batch)
            again = contents(given.store)
            assert [again["names_told"], again["alike"]] == [one_by_one["names_told"], one_by_one["alike"]]
            assert again["identities"] == one_by_one["identities"]
