"""typer's parser without typer's front: the package's own first module loads twice as much as a command needs."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any


def spare_the_front() -> None:
    """Let `typer.core` be imported without running `typer/__init__.py`, which runs once something of it is asked for."""
    if "typer" in sys.modules:
        return
    found = PathFinder.find_spec("typer")
    if found is None or found.loader is None or found.submodule_search_locations is None:
        return  # the import itself says best what is wrong
    loader, package = found.loader, ModuleType("typer")
    package.__spec__, package.__loader__, package.__file__ = found, loader, found.origin
    package.__path__, package.__package__ = found.submodule_search_locations, "typer"

    def rest(name: str) -> Any:
        if PathFinder.find_spec(f"typer.{name}", package.__path__):
            raise AttributeError(name)  # upon which the import looks for the module of that name
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = rest
    sys.modules["typer"] = package
