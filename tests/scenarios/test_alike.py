"""Names that are near: each is found whichever way it is looked for, and the tables are the same however they were filled."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from infra.read_models import tables
from infra.read_models.projector import Projector
from infra.store.store import Store
from projections.read_models import registry
from projections.read_models.duplicates import projection as folding
from projections.read_models.duplicates.ngram_index import SHORT, Form, Index, alike, form_of, near_among
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
    *("Acme 200 Tools", "Acme Tools", "A cme Tools"),
)
ASKED = registry.ON_DEMAND


def made_up(chance: Random) -> str:
    """Return a name of few letters, so that many are near, of any length, sometimes with a number."""
    letters = chance.choice(("甲乙丙丁", "abcd", "ab1"))
    words = ("".join(chance.choices(letters, k=chance.randint(1, 7))) for _ in range(chance.randint(1, 3)))
    return "上海" * chance.randint(0, 1) + " ".join(words) + "公司" * chance.randint(0, 1)


@pytest.mark.seeds(3)
def test_whatever_is_near_is_found_by_the_index_and_by_comparing(seed: int) -> None:
    chance = Random(seed)
    forms = [form_of(place, made_up(chance)) for place in range(250)]
    assert {len(form.core) > SHORT for form in forms} == {True, False}
    index = Index()
    for n, form in enumerate(forms):
        compared = {other: like for other in forms[:n] if (like := alike(other, form)) is not None}
        assert dict(index.near(form)) == compared
        assert dict(near_among(form, forms[:n])) == compared
        index.add(form)


def test_what_is_counted_is_not_near() -> None:
    one, two, none = (form_of(n, name) for n, name in enumerate(("启明星店 12", "启明星店13", "启明星店")))
    assert alike(one, two) is None
    assert alike(one, none) is not None
    assert alike(two, none) is not None


def contents(store: Store) -> dict[str, list[Any]]:
    at = tables.standings(store.db)["duplicates"]
    return {
        table: sorted(store.db.all(f"SELECT * FROM {tables.real_name(table, at.generation)}"), key=repr)
        for table in registry.TABLES["duplicates"]
    }


def caught_up(given: Given) -> None:
    """Bring the tables in step by a projector that has nothing at hand."""
    Projector(given.store.reader, given.store.zone).catch_up(asked=ASKED)


def test_the_tables_are_the_same_however_they_were_filled(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    for n, company in enumerate(NAMES):
        given.happened(lead(f"n{n}", company, at=f"2024-01-{8 + n:02}"))
        caught_up(given)
    given.happened(
        line("customer.change", "n9", at="2024-02-01", company=NAMES[0], credit_code="A 1"),
        line("event.correct", "n4", at="2024-02-02", by="lin.zong", values={"company": NAMES[2]}, reason="听错"),
        line("lead.validate", "n1", at="2024-02-03", distinct=True),
        line("customer.change", "n8", at="2024-02-04", credit_code="a1"),
    )
    caught_up(given)
    one_by_one = contents(given.store)
    forms = [Form._make(row) for row in one_by_one["name_forms"]]
    assert {company for _, company, _ in one_by_one["names_told"]} == {*NAMES}
    assert {form[1:] for form in forms} == {form_of(0, name)[1:] for name in NAMES}
    near = {
        (one.place, other.place, str(like))
        for one in forms
        for other in forms
        if one.place < other.place and (like := alike(one, other)) is not None
    }
    told = [form for _, _, form in one_by_one["names_told"]]
    several = {(form, form, "1") for form in told if told.count(form) > 1}
    assert near
    assert several
    assert {tuple(row) for row in one_by_one["alike"]} == near | several
    for few in (folding.FEW, 0):
        monkeypatch.setattr(folding, "FEW", few)
        for batch in (3, 1_000):
            Projector(given.store.reader, given.store.zone).rebuild(["duplicates"], batch=batch)
            assert contents(given.store) == one_by_one


def test_only_who_asks_for_duplicates_brings_their_tables_in_step(given: Given) -> None:
    given.happened(*(lead(f"n{n}", name, at="2024-01-08") for n, name in enumerate(NAMES)))
    head, _ = given.store.reader.head()
    with given.store.view("tracking"):
        standing = tables.standings(given.store.db)
    assert (standing["tracking"].position, standing["duplicates"].position) == (head, 0)
    with given.store.view("tracking", "duplicates"):
        assert tables.standings(given.store.db)["duplicates"].position == head
