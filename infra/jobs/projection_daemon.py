"""Keeps the read models of a store in step with its log, in the thread of its caller or in one of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from infra.errors.problem import Problem
from infra.read_models.states import ReadModelState, read_model_states
from projections.read_models.registry import ON_DEMAND, VERSIONS

if TYPE_CHECKING:
    from infra.store.store import Store

PATIENCE: Final = 3_600
"""How many times in a row it tries to reach a store that is away: about an hour."""

Look = Callable[["Store"], None]


class ProjectionDaemon:
    """`run` it until it ends, or `start` and `stop` it; what else is to be done at each look comes `beside`.

    `open` returns a store, of its own for each thread. A problem that may pass (a lost connection) is waited out, the store
    opened anew; another ends the daemon and is raised by `run`, `stop` and `wait_until_fresh`.
    """

    def __init__(
        self,
        open: Callable[[], Store],
        *,
        pause: float = 0.5,
        beside: Look = lambda store: None,
        close: Look = lambda store: store.close(),
    ) -> None:
        self._open, self._close, self._beside, self._pause = open, close, beside, pause
        self._stopping = Event()
        self._store: Store | None = None
        self._thread: Thread | None = None
        self._ended_by: BaseException | None = None

    def run(self, *, once: bool = False) -> None:
        """Keep the read models in step until it is stopped; `once`, until they are. Raises Problem."""
        failed = 0
        while not self._stopping.is_set():
            try:
                self._store = self._store or self._open()
                self._store.catch_up(asked=ON_DEMAND)
                if not once:
                    self._beside(self._store)
                failed = 0
            except Problem as problem:
                if not problem.retry or failed > PATIENCE:
                    raise
                failed += 1
                self._give_back()
            if once and not failed:
                return
            self.rest(min(0.1 * 2 ** min(failed, 9), 1.0) if failed else self._pause)

    def rest(self, seconds: float) -> None:
        """Wait between two looks, or until it is to stop."""
        self._stopping.wait(seconds)

    def start(self) -> None:
        """Run in a thread beside this one."""
        if self._thread is None:
            self._stopping.clear()
            self._give_back()  # a connection of SQLite belongs to its thread
            self._thread = Thread(target=self._in_its_thread, name="projections", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 60.0) -> None:
        """End the thread after the batch that it is at. Raises what has ended it before."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        self._must_live()

    def rebuild(self, names: Iterable[str] = ()) -> None:
        """Fold read models from the log again, all of them unless named, beside those in use. Raises Problem."""
        named = list(names) or list(VERSIONS)
        for name in named:
            if name not in VERSIONS:
                raise Problem("projection.unknown", projection=name, known=", ".join(VERSIONS))
        with closing(self._open()) as store:
            store.projector.rebuild(named)

    def states(self) -> list[ReadModelState]:
        """Return how each read model stands to the log."""
        with closing(self._open()) as store:
            return read_model_states(store.db, store.reader.head()[0])

    def wait_until_fresh(self, timeout: float) -> bool:
        """Wait at most so many seconds until no read model lags, but those that an event has stopped; say whether none does."""
        until = time.monotonic() + timeout
        while True:
            self._must_live()
            if all(state.state in ("ok", "stopped") and (not state.lag or state.stopped_at) for state in self.states()):
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(min(self._pause, 0.05))

    def _in_its_thread(self) -> None:
        try:
            self.run()
        except BaseException as error:  # noqa: BLE001 - raised where somebody asks for it
            self._ended_by = error
        finally:
            self._give_back()

    def _give_back(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            self._close(store)

    def _must_live(self) -> None:
        if self._ended_by is not None:
            error, self._ended_by = self._ended_by, None
            raise error
