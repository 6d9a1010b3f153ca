"""Counter-examples once found, kept as files: each run of the tests plays them before anything else."""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
import random
import time
import zoneinfo
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import example

CASES: Final = Path(__file__).parents[1] / "cases"
NAMES: Final = {"datetime": datetime, "zoneinfo": zoneinfo, "Decimal": Decimal}
"""What the text of an argument may name beside what the module of its test does."""


class Case(NamedTuple):
    """The arguments of a test under which it failed once, each as Python text: what a person reads, edits, and shortens."""

    test: str
    arguments: dict[str, str]
    why: str

    def values(self, module: ModuleType) -> dict[str, Any]:
        """Return the arguments themselves, made of what the test's module names."""
        named = {**vars(module), **NAMES}
        return {name: eval(text, named) for name, text in self.arguments.items()}


def kept() -> Iterator[Case]:
    """Yield the cases that lie in the folder."""
    for path in sorted(CASES.glob("*.json")):
        yield Case(**json.loads(path.read_text("utf-8")))


def of_test(test: str) -> list[Case]:
    """Return the cases of a test, given as the file and the function (`tests/slow/test_views.py::test_...`)."""
    return [case for case in kept() if case.test == test]


def keep(case: Case) -> Path:
    """Write a case; the same one has the same file."""
    name = case.test.rpartition("::")[2].removeprefix("test_")
    digest = hashlib.sha256(json.dumps([case.test, case.arguments]).encode()).hexdigest()[:8]
    path = CASES / f"{name}-{digest}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(case._asdict(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def test_of(item: pytest.Function) -> str:
    """Return the test without its parameters, as a case names it."""
    return f"{item.nodeid.partition('::')[0]}::{item.originalname}"


def is_law(item: pytest.Item) -> bool:
    """Say whether a test is tried with examples that are drawn: by hypothesis, or under seeds."""
    return hasattr(getattr(item, "obj", None), "hypothesis") or item.get_closest_marker("seeds") is not None


def replay(item: pytest.Function) -> None:
    """Let a law of hypothesis be tried with its cases first."""
    if not hasattr(item.function, "replayed"):
        item.function.replayed = True  # a test with parameters is several items and one function
        for case in of_test(test_of(item)):
            example(**case.values(item.module))(item.function)


def watch(item: pytest.Function, until: float) -> None:
    """Let a law of hypothesis remember under which arguments it failed; the last ones are the shortest that were found.

    From the second `until` on nothing is tried any more.
    """
    law = item.function.hypothesis
    inner = law.inner_test

    @functools.wraps(inner)
    def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            return inner(*args, **kwargs) if time.time() < until else None
        except Exception as error:
            drawn = {name: repr(kwargs[name]) for name in law._given_kwargs}
            item.function.remembered = {
                "arguments": drawn,
                "why": f"{type(error).__name__}: {error}".partition("\n")[0],
            }
            raise

    if not hasattr(item.function, "remembered"):
        item.function.remembered = None
        law.inner_test = watched


def failed(item: pytest.Function) -> Path | None:
    """Keep that under which a test has failed, and return where; None where it didn't fail by what was drawn."""
    remembered = getattr(item.function, "remembered", None)
    if remembered:
        item.function.remembered = None
        return keep(Case(test_of(item), **remembered))
    if item.get_closest_marker("seeds"):
        return keep(Case(test_of(item), {"seed": repr(item.callspec.params["seed"])}, "under a seed"))
    return None


def seeds(test: str, count: int, fresh: random.Random | None) -> list[int]:
    """Return the seeds of a test: the first few and those of its cases, or others where something fresh is looked for."""
    if fresh:
        return [fresh.getrandbits(32) for _ in range(count)]
    return [*range(count), *(int(case.arguments["seed"]) for case in of_test(test))]
