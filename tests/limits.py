"""A test that takes too long fails, and what it has started ends with it: whoever waits for a child would wait on."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress
from types import FrameType
from typing import Any

import psutil
import pytest


def end_children(but: set[int]) -> None:
    """Kill the processes below this one, those excepted that were there before."""
    for child in psutil.Process().children(recursive=True):
        if child.pid not in but:
            with suppress(psutil.NoSuchProcess):
                child.kill()


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item: pytest.Item) -> Iterator[None]:
    """Before the alarm fails the test, let it end the test's processes."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    set_up = yield
    fail: Any = signal.getsignal(signal.SIGALRM)

    def too_late(number: int, frame: FrameType | None) -> None:
        end_children(before)
        fail(number, frame)

    if callable(fail):
        signal.signal(signal.SIGALRM, too_late)
    return set_up
