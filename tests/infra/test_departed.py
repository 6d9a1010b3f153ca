"""Who has left acts no more from the day after the last day, on both stores, by every action; who enters it counts too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from tests.given import Given, Line, company, lead, line


@pytest.fixture
def given(store_url: str) -> Iterator[Given]:
    """A team of which zhang.san has left on the last of February."""
    made = Given(store_url)
    made.happened(
        *company(),
        lead("a", by="zhang.san"),
        line("person.depart", "zhang.san", by="lin.zong", at="2024-02-20", date="2024-02-20"),
    )
    yield made
    made.close()


def touch(by: str, at: str, **more: str) -> Line:
    return line("follow-up.log", "a", by=by, at=at, channel="call", **more)


def test_on_the_last_day_one_still_acts(given: Given) -> None:
    given.happened(touch("zhang.san", "2024-02-20", entered_by="li.si"))


@pytest.mark.parametrize(
    "said",
    [
        touch("zhang.san", "2024-02-21", entered_by="li.si"),
        line("customer.claim", "a", by="zhang.san", at="2024-03-01"),
        line("opportunity.open", by="zhang.san", at="2024-03-01", customer="a", amount="9"),
        line("event.void", "a", by="zhang.san", at="2024-03-01", reason="x"),
    ],
)
def test_after_it_nothing_is_theirs(given: Given, said: Line) -> None:
    assert given.refused(said) == "right.departed"


def test_they_enter_nothing_any_more_not_even_what_they_did_before(given: Given) -> None:
    refused = given.live(touch("zhang.san", "2024-02-01"), actor="zhang.san")
    assert isinstance(refused, Problem)
    assert (refused.code, refused.exit_status) == ("right.departed", 6)
    assert isinstance(given.live(touch("zhang.san", "2024-02-01", entered_by="li.si")), CommandResult)


def test_they_enter_nothing_for_others(given: Given) -> None:
    refused = given.live(touch("li.si", "2024-02-01", entered_by="zhang.san"))
    assert isinstance(refused, Problem)
    assert refused.code == "right.departed"


def test_a_plan_for_a_later_day_is_an_act_of_today(given: Given) -> None:
    given.happened(line("person.join", "li.si", by="lin.zong", at="2024-02-20", group="g1", from_="2024-12-01"))


def test_who_comes_back_acts_again(given: Given) -> None:
    departed = next(r for r in given.store.reader.read(0, 100) if r.name == "person.departed")
    void = line("event.void", str(departed.position), by="lin.zong", at="2024-03-01", reason="x")
    given.happened(void, touch("zhang.san", "2024-03-02"))
