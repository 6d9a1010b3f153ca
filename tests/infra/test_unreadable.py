"""An event that can't be read stops who needs its subject, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from infra.event_store.stored_event import AppendBatch, NewEvent
from tests.given import Given, company, lead, line


@pytest.fixture
def given(store_url: str) -> Iterator[Given]:
    made = Given(store_url)
    made.happened(*company(), lead("a"), lead("b", by="li.si"))
    yield made
    made.close()


def poison(given: Given, stream: str, name: str = "person.role_changed", data: bytes = b"\xff\xfe") -> None:
    """Append what no program records, as the store's owner can."""
    version = len(given.store.reader.stream(stream)) + 1
    last = given.store.reader.head()[1]
    row = NewEvent(
        stream, version, name, 1, "2024-02-01", last, "x", "x", "cli", None, str(uuid4()), None, None, None, 1, data
    )
    given.store.log.append(AppendBatch([row], now=last))
    given.reopened()


@pytest.mark.parametrize(
    ("stream", "name", "data"),
    [
        ("per_zhang.san", "person.role_changed", b"\xff\xfe"),
        ("per_zhang.san", "nonsense.happened", b"{}"),
        ("per_zhang.san", "person.role_changed", b"[]"),
        ("per_zhang.san", "person.role_changed", b"{}"),
    ],
)
def test_a_person_that_can_not_be_read_stops_their_own_acts_alone(
    given: Given, stream: str, name: str, data: bytes
) -> None:
    poison(given, stream, name, data)
    touch = {"channel": "call"}
    stopped, done = given.answers(
        line("follow-up.log", "a", by="zhang.san", at="2024-03-01", **touch),
        line("follow-up.log", "b", by="li.si", at="2024-03-01", **touch),
    )
    assert isinstance(stopped, Problem)
    assert (stopped.code, stopped.exit_status) == ("event.unreadable", 7)
    assert isinstance(done, CommandResult)


def test_a_customer_that_can_not_be_read_stops_nobody_elses_lines(given: Given) -> None:
    poison(given, given.subject("a"), "customer.graded", b"\xff")
    answers = given.answers(
        line("event.void", "a", by="lin.zong", at="2024-03-01", reason="x"),
        line("follow-up.log", "a", by="zhang.san", at="2024-03-01", channel="call"),
        line("follow-up.log", "b", by="li.si", at="2024-03-01", channel="call"),
    )
    assert [type(answer) for answer in answers] == [Problem, Problem, CommandResult]


@pytest.mark.parametrize("stream", ["prd_nonsense", "prd_2024Q1"])
def test_a_period_that_can_not_be_read_lets_corrections_go_on(given: Given, stream: str) -> None:
    given.happened(line("follow-up.log", "b", by="li.si", at="2024-04-02", key="f", channel="call"))
    poison(given, stream, "period.closed", b"\xff")
    given.happened(line("event.void", "f", by="li.si", at="2024-04-03", reason="x"))


def test_a_policy_that_can_not_be_read_stops_what_asks_for_it(given: Given) -> None:
    poison(given, "pol_grading", "policy.adopted", b"\xff")
    stopped, done = given.answers(
        line("lead.grade", "a", by="zhang.san", at="2024-03-01", grade="high"),
        line("follow-up.log", "a", by="zhang.san", at="2024-03-01", channel="call"),
    )
    assert isinstance(stopped, Problem)
    assert stopped.code == "event.unreadable"
    assert isinstance(done, CommandResult)
