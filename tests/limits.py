"""A test that takes too long fails, and what it has started ends with it: whoever waits for a child would wait on."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest


def end_children(since: float) -> None:
    """Kill the processes below this one that were started since a moment."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if child.create_time() >= since:
                child.kill()


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer() -> Iterator[None]:
    """Before the alarm fails the test, let it end the test's processes."""
    begun = time.time() - 1  # the kernel tells when a process began no finer
    set_up = yield
    fail: Any = signal.getsignal(signal.SIGALRM)

    def too_late(number: int, frame: FrameType | None) -> None:
        end_children(begun)
        fail(number, frame)

    if callable(fail):
        signal.signal(signal.SIGALRM, too_late)
    return set_up
