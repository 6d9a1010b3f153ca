"""What is turned round, and that a test would notice it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests import mutating
from tests.mutating import __main__ as trying

TEXT = '''
"""A module of two functions."""
LEAST: int = 3

def enough(count: int, few: bool = False) -> bool:
    """Say whether it is enough."""
    return not few and "多" != "" and count >= 2

def named(one: str) -> str:
    return f"{one == one}: " + one
'''


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    path = tmp_path / "counted.py"
    path.write_text(TEXT, "utf-8")
    spec = importlib.util.spec_from_file_location("counted", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_what_decides_inside_a_function_is_turned_and_nothing_else(module: ModuleType) -> None:
    found = [*mutating.mutants(Path(str(module.__file__)), "counted.py")]
    said = {(m.line, m.was, m.now) for m in found}
    assert said == {(7, "and", "or"), (7, "not", ""), (7, "!=", "=="), (7, ">=", ">"), (7, "2", "3")}
    for mutant in found:
        compile(mutant.text(TEXT.encode()), "counted.py", "exec")


def test_a_mutant_that_is_put_in_is_what_runs(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "ROOT", Path(str(module.__file__)).parent)
    (mutant,) = (m for m in mutating.mutants(Path(str(module.__file__)), "counted.py") if m.was == ">=")
    assert module.enough(2)
    trying.put_in(mutant)
    assert not module.enough(2)
    assert module.enough(3)
