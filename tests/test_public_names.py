"""Of other people's packages only public names are used: what begins with an underscore may be gone with their next version."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = ("domain", "projections", "infra", "cli", "bench")
OURS: Final = {*FOLDERS, "salestrail", "tests"}
SOURCES: Final = [
    ROOT / "salestrail.py",
    *(file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))),
]
DOCUMENTED: Final = {"_exit", "_replace", "_asdict", "_fields", "_make", "_field_defaults"}
"""Public by the documentation of Python in spite of their names: of `os`, and of named tuples, which keep fields apart so."""


def private(name: str) -> bool:
    """Say whether a name, or a part of a dotted one, begins with an underscore; Python's own names begin and end with two."""
    return any(part.startswith("_") and not part.endswith("__") for part in name.split("."))


def foreign(module: str | None) -> bool:
    """Say whether a module is somebody else's."""
    return bool(module) and str(module).partition(".")[0] not in OURS


def own_names(trees: list[ast.Module]) -> set[str]:
    """Return every private name that is defined in these sources: functions, classes, attributes, fields, variables."""
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and rooted(node) in ("self", "cls"):
            found.add(node.attr)
    return {name for name in found if private(name)}


def rooted(node: ast.expr) -> str:
    """Return the name that a chain of attributes begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def imports(tree: ast.Module) -> Iterator[tuple[str, str, str, int]]:
    """Yield each import of somebody else's: the name it gets, its module, what is taken out of it, its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                if foreign(each.name):
                    yield each.asname or each.name.partition(".")[0], each.name, "", node.lineno
        elif isinstance(node, ast.ImportFrom) and not node.level and foreign(node.module):
            for each in node.names:
                yield each.asname or each.name, str(node.module), each.name, node.lineno


def private_uses(tree: ast.Module, own: set[str]) -> Iterator[tuple[int, str]]:
    """Yield each private name of somebody else's that a module uses, with its line."""
    theirs = set()
    for name, module, taken, line in imports(tree):
        theirs.add(name)
        if private(module) or private(taken):
            yield line, f"{module}.{taken}".rstrip(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and private(node.attr):
            if node.attr not in DOCUMENTED and (node.attr not in own or rooted(node) in theirs):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call) and rooted(node.func).endswith(("getattr", "setattr", "hasattr", "delattr")):
            for said in node.args[1:2]:
                if isinstance(said, ast.Constant) and private(str(said.value)) and said.value not in own:
                    yield node.lineno, ast.unparse(node)


def overrides(file: Path) -> Iterator[tuple[str, str]]:
    """Yield what a class of ours puts in place of a private name of somebody else's; what is abstract there asks for that."""
    module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    for node in ast.parse(file.read_bytes()).body:
        if isinstance(node, ast.ClassDef):
            others = [base for base in vars(module)[node.name].__mro__ if foreign(base.__module__)]
            for name in filter(private, defined(node)):
                theirs = [vars(base)[name] for base in others if name in vars(base)]
                if theirs and not getattr(theirs[-1], "__isabstractmethod__", False):
                    yield node.name, name


def defined(node: ast.ClassDef) -> Iterator[str]:
    """Yield the names that the body of a class defines."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield each.name
        elif isinstance(each, ast.Assign | ast.AnnAssign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


@pytest.fixture(scope="module")
def own() -> set[str]:
    return own_names([ast.parse(file.read_bytes()) for file in SOURCES])


def test_no_module_uses_a_private_name_of_a_package_that_is_not_ours(own: set[str]) -> None:
    used = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in SOURCES
        for line, name in private_uses(ast.parse(file.read_bytes()), own)
    ]
    assert used == []


def test_no_class_puts_its_own_in_place_of_what_is_private_to_somebody_elses_class() -> None:
    assert [(str(file.relative_to(ROOT)), *each) for file in SOURCES for each in overrides(file)] == []


@pytest.mark.parametrize(
    "line",
    [
        "from typer import _click",
        "from typer._click.parser import Parser",
        "from typer.core import _split_opt",
        "import cryptography.hazmat.bindings._rust",
        "import typer\ntyper._click.Context",
        "import typer as t\nt.core._main()",
        "def opened(book):\n    return book._archive",
        "def found(ctx):\n    return getattr(ctx, '_protected_args')",
        "class Parser(Base):\n    def match(self):\n        return self._long_opt",
        "import sys\nsys._getframe()",
    ],
)
def test_a_private_name_is_found(line: str) -> None:
    assert list(private_uses(ast.parse(line), {"_kept", "_click"}))


@pytest.mark.parametrize(
    "line",
    [
        "from __future__ import annotations",
        "from infra.event_store.json_codec import _loads",
        "import os\nos._exit(0)",
        "def kept(other):\n    return other._kept",
        "import typer\ntyper.__version__",
        "from typer.core import TyperCommand as _Command\n_Command()",
    ],
)
def test_what_is_public_or_ours_is_let_through(line: str) -> None:
    assert not list(private_uses(ast.parse(line), {"_kept"}))
