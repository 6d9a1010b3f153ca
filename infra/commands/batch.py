"""Applying JSON Lines: many actions in few transactions, each answered in order, memory flat in the file's length."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from infra.commands.handler import CommandHandler
from infra.commands.pipeline import in_turn
from infra.commands.request import Request, request
from infra.commands.unit_of_work import Answer
from infra.errors.problem import Problem
from projections.engine import json

CHUNK: Final = 1_000
LONGEST: Final = 1 << 20
NEWCOMER: Final = "person#"
"""How the key begins under which somebody is registered because a line names them."""


class Answered(NamedTuple):
    """What became of a line; lines are counted from 1."""

    line: int
    answer: Answer


class Read(NamedTuple):
    """A line as it was read: a request, or why it is none."""

    line: int
    said: Request | Problem


def read(lines: Iterable[bytes]) -> Iterator[Read]:
    """Read JSON Lines; empty lines are passed over, a byte order mark is taken off.

    Where reading breaks off (`lines` raises Problem), that is the answer of the line it happens in, and of no line if it
    is the first.
    """
    for number, raw in _numbered(lines):
        if isinstance(raw, Problem):
            yield Read(number, raw)
            return
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if not line.strip():
            continue
        try:
            yield Read(number, one(line))
        except Problem as problem:
            yield Read(number, problem)


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes | Problem]]:
    number = 0
    try:
        for number, raw in enumerate(lines, 1):
            yield number, raw
    except Problem as broken:
        if not number:
            raise
        yield number + 1, broken


def one(line: bytes) -> Request:
    """Read one line. Raises Problem."""
    if len(line) > LONGEST:
        raise Problem("line.too_long", limit=LONGEST)
    try:
        loaded = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        raise _unreadable(line, wrong) from None
    return request(loaded)


def _unreadable(line: bytes, wrong: Exception) -> Problem:
    try:
        line.decode()
    except UnicodeDecodeError as odd:
        return Problem("line.encoding", byte=odd.start + 1)
    return Problem("line.not_json", why=str(wrong) or type(wrong).__name__)


def apply(
    ledger: CommandHandler,
    lines: Iterable[Read],
    *,
    atomic: bool = False,
    dry_run: bool = False,
    register_people: bool = False,
) -> Iterator[Answered]:
    """Record what the lines say and answer each, in order; answers come when their transaction is committed.

    With `atomic` the whole file is one transaction, and nothing is recorded unless every line holds; a `dry_run` takes
    it as one too, since later lines may speak of earlier ones. Raises Problem where the store itself fails; what was
    answered before is recorded.
    """
    ledger.welcoming = register_people
    if atomic or dry_run:
        yield from _at_once(ledger, list(lines), atomic, dry_run, register_people)
    else:
        yield from _in_turn(ledger, chunks(lines), register_people)


def chunks(lines: Iterable[Read]) -> Iterator[list[Read]]:
    """Cut the lines into what is decided together."""
    chunk: list[Read] = []
    for line in lines:
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def _in_turn(ledger: CommandHandler, chunks: Iterable[list[Read]], register_people: bool) -> Iterator[Answered]:
    asked: deque[tuple[list[Read], int]] = deque()

    def batches() -> Iterator[list[Request]]:
        for chunk in chunks:
            requests = _requests(chunk)
            first = newcomers(ledger, requests) if register_people else []
            asked.append((chunk, len(first)))
            yield [*first, *requests]

    for answers in in_turn(ledger, batches()):
        chunk, first = asked.popleft()
        yield from _answered(chunk, answers[first:])


def _at_once(
    ledger: CommandHandler, lines: Sequence[Read], atomic: bool, dry_run: bool, register_people: bool
) -> Iterator[Answered]:
    requests = _requests(lines)
    broken = len(requests) < len(lines)
    first = newcomers(ledger, requests) if register_people else []
    answers = ledger.record([*first, *requests], atomic=atomic, dry_run=dry_run or (atomic and broken))
    answered = _answered(lines, answers[len(first) :])
    failed = next((a.line for a in answered if isinstance(a.answer, Problem)), None)
    for each in answered:
        held = atomic and failed is not None and not isinstance(each.answer, Problem)
        yield each._replace(answer=Problem("batch.held_back", line=failed)) if held else each


def _requests(lines: Iterable[Read]) -> list[Request]:
    return [line.said for line in lines if isinstance(line.said, Request)]


def _answered(lines: Iterable[Read], answers: Iterable[Answer]) -> list[Answered]:
    """Return what each line is answered; what is no request stays the problem it is."""
    following = iter(answers)
    return [Answered(line.line, next(following) if isinstance(line.said, Request) else line.said) for line in lines]


def newcomers(ledger: CommandHandler, requests: Sequence[Request]) -> list[Request]:
    """Return the registrations of everybody whom the requests name and nobody knows yet.

    They come before the requests, so that given recorded times begin with the first of these.
    """
    named: dict[str, None] = {}
    registering: set[str] = set()
    for asked in requests:
        if asked.action.NAME == "person.register":
            registering.add(asked.values["login"])
            continue
        for login in (asked.actor, asked.recorder, asked.values.get("owner")):
            if isinstance(login, str) and login not in registering and asked.action.NAME != "target.set":
                named[login] = None
    unknown = [login for login in named if not ledger.knows(login) and not ledger.naming.people.named(login)]
    recorded = next((asked.recorded for asked in requests if asked.recorded), None)
    line = {"action": "person.register", "actor": ledger.actor}
    return [
        request({**line, "key": f"{NEWCOMER}{login}", "recorded": recorded, "data": {"login": login, "name": login}})
        for login in unknown
    ]
