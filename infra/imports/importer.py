"""Recording the rows of a table: many rows in one transaction, each row's actions only as far as they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from infra.commands.batch import newcomers
from infra.commands.handler import CommandHandler
from infra.commands.request import Request
from infra.commands.unit_of_work import Answer, CommandResult
from infra.errors.problem import Problem
from infra.imports.recorded_rows import Known, Recognising
from infra.imports.row_commands import Reading, RowRef

ROWS: Final = 250

Outcome = tuple[RowRef, "str | Problem", list[CommandResult]]
"""Where a row stands, what became of it (recorded, repeated or its problem), and which of its actions are recorded anew."""


def outcomes(ledger: CommandHandler, reading: Reading, register: bool, *, dry_run: bool) -> Iterator[Outcome]:
    """Record rows by the hundred, and yield what became of each; with `register` whom they name and nobody knows too.

    A row's second action is asked for when its first one held, so that none is taken on what was refused: a contract is
    not signed whose changed draft is a conflict. A dry run takes everything as one, since later rows may speak of
    earlier ones.
    """
    told, recognising = iter(reading.told()), Recognising(ledger, reading)
    whole: list[Known] = []
    while block := recognising.known(list(islice(told, ROWS))):
        if dry_run:
            whole += block
        else:
            yield from _recorded(ledger, block, register)
    if dry_run:
        yield from _foreseen(ledger, whole, register)


def _recorded(ledger: CommandHandler, block: Sequence[Known], register: bool) -> Iterator[Outcome]:
    waiting = {n: said for n, (_ref, said) in enumerate(block) if isinstance(said, list)}
    answers: dict[int, list[Answer]] = {n: [] for n in waiting}
    first = _strangers(ledger, waiting.values(), register)
    step = 0
    while waiting:
        asked = [said[step] for said in waiting.values()]
        given = ledger.record([*first, *asked])[len(first) :]
        for n, answer in zip(list(waiting), given, strict=True):
            answers[n].append(answer)
            if isinstance(answer, Problem) or len(waiting[n]) == step + 1:
                del waiting[n]
        first, step = [], step + 1
    for n, (ref, said) in enumerate(block):
        yield _outcome(ref, said, answers.get(n, []))


def _foreseen(ledger: CommandHandler, block: Sequence[Known], register: bool) -> Iterator[Outcome]:
    said = [requests for _ref, requests in block if isinstance(requests, list)]
    first = _strangers(ledger, said, register)
    asked = [one for requests in said for one in requests]
    answers = iter(ledger.record([*first, *asked], dry_run=True)[len(first) :])
    for ref, requests in block:
        parts = [next(answers) for _one in requests] if isinstance(requests, list) else []
        yield _outcome(ref, requests, parts)


def _strangers(ledger: CommandHandler, rows: Iterable[list[Request]], register: bool) -> list[Request]:
    return newcomers(ledger, [one for said in rows for one in said]) if register else []


def _outcome(ref: RowRef, said: list[Request] | Problem | CommandResult, answers: Sequence[Answer]) -> Outcome:
    if isinstance(said, Problem):
        return ref, said, []
    wrong = next((answer for answer in answers if isinstance(answer, Problem)), None)
    fresh = [a for a in answers if not isinstance(a, Problem) and a.status == "recorded"]
    return ref, wrong or ("recorded" if fresh else "repeated"), fresh
