"""Batch after batch: while the store writes one, the next is decided on what that one will have recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from threading import Event, Thread
from typing import Final

from infra.commands.handler import CommandHandler
from infra.commands.request import Request
from infra.commands.unit_of_work import Answer, DecidedBatch, numbered
from infra.db.errors import StoreUncertain, as_problems
from infra.event_store.pending_reader import PendingAppend
from infra.event_store.stored_event import AppendBatch, AppendResult, Conflict

WORTH: Final = 500  # requests, below which a thread and a connection of its own cost more than the wait


def in_turn(ledger: CommandHandler, batches: Iterable[Sequence[Request]]) -> Iterator[list[Answer]]:
    """Record batches one after another, and answer each in order when it is committed.

    A batch is decided while the one before is being written. Where that one failed, or somebody else wrote meanwhile,
    these decisions are thrown away and taken again. Raises Problem where the store itself fails, or what `batches`
    raises; what was written until then is answered first.
    """
    before: InFlightAppend | None = None
    alone = True
    with as_problems(ledger.log.db.where):
        try:
            for requests in batches:
                decided = _ahead(ledger, requests) if before and alone else None
                if before:
                    answers, alone = before.answers(), before.as_expected
                    before = InFlightAppend(ledger, requests, decided) if decided and alone else None
                    yield answers
                if before is None:
                    if _overlaps(ledger, requests):
                        before = InFlightAppend(ledger, requests, ledger.decide(requests))
                    else:
                        yield ledger.record(requests)
            if before:
                yield before.answers()
        except GeneratorExit:
            raise
        except BaseException:
            if before and not before.over:
                yield before.answers()
            raise
        finally:
            if before:
                before.wait()
            ledger.forget()


def _ahead(ledger: CommandHandler, requests: Sequence[Request]) -> DecidedBatch | None:
    """Decide on what is being written; None where that can't be, or fails, and is left to be done after it."""
    if _looks_up(requests):
        return None
    try:
        return ledger.decide(requests)
    except Exception:  # noqa: BLE001  # the second try, which rests on what is recorded, says it
        ledger.world.forget()
        return None


def _overlaps(ledger: CommandHandler, requests: Sequence[Request]) -> bool:
    """Say whether writing these requests leaves time to decide the next ones."""
    return len(requests) >= WORTH and not _looks_up(requests) and ledger.log.apart()


def _looks_up(requests: Sequence[Request]) -> bool:
    return any(request.action.LOOKS_UP for request in requests)


class InFlightAppend:
    """A batch on its way into the log; the ledger goes on as if it were there."""

    def __init__(self, ledger: CommandHandler, requests: Sequence[Request], decided: DecidedBatch) -> None:
        self.ledger, self.requests, self.decided = ledger, requests, decided
        self.over = False
        self.as_expected = True
        self._done = Event()
        self._error: BaseException | None = None
        batch = decided.batch
        self._appended = self._expected = expected(ledger, batch)
        if decided.drafts:
            ledger.sealed_for_good(batch)
            ledger.reader.coming = PendingAppend(batch, self._expected)
            ledger.world.settle(batch.expected, self._expected)
            Thread(target=self._write, daemon=True).start()
        else:
            self._done.set()

    def _write(self) -> None:
        try:
            self._appended = self.ledger.log.append(self.decided.batch)
        except BaseException as error:  # noqa: BLE001  # it is raised where the answers are asked for
            self._error = error
        finally:
            self._done.set()

    def wait(self) -> None:
        """Wait until it is written, or is not going to be."""
        self._done.wait()

    def answers(self) -> list[Answer]:
        """Return what became of the requests, decided again if they must be. Raises Problem or StoreFault."""
        self.wait()
        self.over = True
        self.ledger.reader.coming = None
        self.as_expected = self._error is None and self._appended == self._expected
        if not self.as_expected:
            self.ledger.world.forget()
        if isinstance(self._error, Conflict | StoreUncertain):
            self.ledger.start_again(self._error, self.decided.drafts)
            return self.ledger.record(self.requests)
        if self._error is not None:
            raise self._error
        self.ledger.recorded(self.decided.batch)
        return numbered(self.requests, self.decided.answers, self._appended.first)


def expected(ledger: CommandHandler, batch: AppendBatch) -> AppendResult:
    """Return where a batch is going to lie if nobody is faster."""
    head = ledger.world.head
    given = batch.records[-1].recorded if batch.records else None
    return AppendResult(head + 1, head + len(batch.records), given or max(batch.now, ledger.world.recorded))
