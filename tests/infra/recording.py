"""Recording lines in a store and reading what they were answered, with a clock that goes when it is told."""

from __future__ import annotations

from datetime import UTC, datetime

from infra.commands.request import Request, request
from infra.commands.unit_of_work import Answer, CommandResult
from infra.errors.problem import Problem
from infra.store.store import Store
from tests.given import Line

BOSS = "lin.zong"
NOON = datetime(2024, 3, 29, 12, tzinfo=UTC)


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.present = NOON

    def __call__(self) -> datetime:
        return self.present


def asked(*lines: Line) -> list[Request]:
    return [request(said) for said in lines]


def hold(store: Store, *lines: Line) -> list[CommandResult]:
    """Record lines that must all hold."""
    return all_recorded(store.ledger(BOSS).record(asked(*lines)))


def all_recorded(answers: list[Answer]) -> list[CommandResult]:
    held = [answer for answer in answers if isinstance(answer, CommandResult)]
    assert len(held) == len(answers), [(a.code, a.facts) for a in answers if isinstance(a, Problem)]
    return held


def told(answer: Answer) -> str:
    """Return what a request was answered in a word: its status, or the code of its problem."""
    return answer.code if isinstance(answer, Problem) else answer.status


def words(answers: list[Answer]) -> list[str]:
    return [told(answer) for answer in answers]


def names(store: Store) -> list[str]:
    """Return the names of all events after the store's people."""
    return [record.name for record in store.reader.read(0, 1000) if record.name != "person.registered"]
