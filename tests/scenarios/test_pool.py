"""The public pool: recalled by the rule after n working days without a touch, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from infra.errors.problem import Problem
from infra.jobs import pool_sweep
from infra.store.open import open_store
from tests.given import Given, lead, line, signed


def swept(given: Given, day: str) -> list[tuple[str, str, str]]:
    """Return (company, former owner, day) of those whom the sweep of a day recalls."""
    found = pool_sweep.sweep(given.store, "lin.zong", date.fromisoformat(day))
    return [(each.company, each.former, each.day.isoformat()) for each in found]


def test_p1_untouched_for_fifteen_working_days_and_recalled_once(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司", at="2024-01-08"),
        line("follow-up.log", "a", by="zhang.san", at="2024-02-05T10:00:00+08:00", channel="call"),
    )
    assert swept(given, "2024-02-29") == []
    assert swept(given, "2024-03-11") == [("北方阀门有限公司", "zhang.san", "2024-03-01")]
    head = given.store.reader.head()[0]
    assert swept(given, "2024-03-11") == swept(given, "2024-05-31") == []
    assert given.store.reader.head()[0] == head
    assert given.customer("a")["owner"] is None
    assert given.customer("a", as_of="2024-02-29")["owner"] == "zhang.san"
    told = given.store.reader.read(head - 1, 1)[0]
    assert (told.name, told.actor, told.recorder, told.source) == (
        *("customer.recalled", "system", "lin.zong", "system"),
    )
    assert told.occurred == "2024-03-01"


def test_two_sweeps_at_once_recall_once(given: Given) -> None:
    for n in range(5):
        given.happened(lead(f"a{n}", f"第{n}号有限公司", at="2024-01-08"))
    url = given.store.url
    head = given.store.reader.head()[0]

    def sweep(_: int) -> int:
        store = open_store(url, clock=given.store.clock)
        try:
            return len(pool_sweep.sweep(store, "lin.zong", date(2024, 2, 29)))
        finally:
            store.close()

    given.store.catch_up()
    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(sweep, range(2))) == 5
    assert given.store.reader.head()[0] == head + 5


@pytest.mark.parametrize(
    ("more", "day"),
    [
        pytest.param({"channel": "call", "reached": False}, "2024-01-29", id="nobody was reached"),
        pytest.param({"channel": "visit"}, "2024-02-01", id="a touch begins anew"),
        pytest.param({"channel": "other"}, "2024-01-29", id="not a counted channel"),
    ],
)
def test_only_a_touch_begins_anew(given: Given, more: dict[str, Any], day: str) -> None:
    given.happened(
        lead("a", "北方阀门有限公司", at="2024-01-08"),
        line("follow-up.log", "a", by="zhang.san", at="2024-01-11T10:00:00+08:00", **more),
    )
    assert swept(given, "2024-02-29") == [("北方阀门有限公司", "zhang.san", day)]


def test_an_owner_has_the_whole_time_and_a_signed_customer_stays(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司", at="2024-01-08"),
        line("lead.assign", "a", by="lin.zong", at="2024-01-25", owner="li.si"),
        lead("b", "南方泵业有限公司", at="2024-01-08"),
        *signed("c", "b", "1000", "2024-01-10"),
    )
    assert swept(given, "2024-02-19") == []
    assert swept(given, "2024-02-29") == [("北方阀门有限公司", "li.si", "2024-02-20")]
    assert given.customer("b")["owner"] == "zhang.san"
    refused = given.live(line("customer.recall", "b"), "chen.jing")
    assert isinstance(refused, Problem)
    assert refused.code == "pool.signed"


def test_the_policy_says_after_how_many_days_and_never_if_it_says_so(given: Given) -> None:
    given.happened(
        lead("a", "北方阀门有限公司", at="2024-01-08"),
        line("policy.adopt", by="lin.zong", at="2024-01-08", name="pool", values={"recall_after": None}),
    )
    assert swept(given, "2024-04-30") == []
    given.happened(line("policy.adopt", by="lin.zong", at="2024-01-09", name="pool", values={"recall_after": 3}))
    assert swept(given, "2024-04-30") == [("北方阀门有限公司", "zhang.san", "2024-01-11")]


def test_recalled_by_hand(given: Given) -> None:
    given.happened(lead("a", "北方阀门有限公司", at="2024-01-08"))
    assert given.refused(line("customer.recall", "a", by="chen.jing", at="2024-01-12")) == "pool.not_due"
    assert given.refused(line("customer.recall", "a", by="li.si", at="2024-02-29")) == "right.role"
    given.happened(line("customer.recall", "a", by="chen.jing", at="2024-02-29"))
    assert given.customer("a")["owner"] is None
    assert given.refused(line("customer.recall", "a", by="chen.jing", at="2024-02-29")) == "pool.unowned"
    given.happened(line("lead.assign", "a", by="li.si", at="2024-03-01", owner="li.si"))
    assert given.customer("a")["owner"] == "li.si"


def test_nobody_registers_or_acts_as_the_system(given: Given) -> None:
    given.happened(lead("a", "北方阀门有限公司", at="2024-01-08"))
    assert given.refused(line("person.register", by="lin.zong", login="system", name="x")) == "person.reserved"
    assert given.refused(line("customer.recall", "a", by="system", at="2024-02-29")) == "person.unknown"
