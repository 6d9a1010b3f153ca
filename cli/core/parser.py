"""typer's parser without what a command needs nothing of: modules that are run once something is asked of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder
from threading import RLock
from types import ModuleType
from typing import Any

_ONE_AT_A_TIME = RLock()
_running: set[str] = set()


def spare_the_rest() -> None:
    """Let `typer.core` be imported without typer's front, and without what only help and mistyped lines need."""
    if "typer" in sys.modules:
        return
    put_off("typer")
    put_off("typer.utils", parse_boolean_env_var=lambda value, default: default)  # asked whether to draw with rich
    put_off("inspect")
    put_off("shellingham")
    put_off("subprocess")
    put_off("gettext", "gettext")
    put_off("difflib", "get_close_matches")
    if os.name == "posix":
        put_off("sysconfig", get_config_var=_built_with)


def _built_with(name: str) -> Any:
    """Tell zoneinfo where zones lie, as Python is built unless told otherwise: reading all that it was built with takes long.

    Where they lie elsewhere, zoneinfo finds them in the package tzdata.
    """
    if name == "TZPATH":
        return "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"
    import sysconfig

    run(sysconfig, "get_config_var")
    return sysconfig.get_config_var(name)


def put_off(name: str, *functions: str, **instead: Callable[..., Any]) -> None:
    """Let the module `name` be imported without being run until something is asked of it.

    What is taken out of it by those who import it is named: `functions` run the module when they are called; what is
    given by name stands in the module's place until then.
    """
    parent, _, own = name.rpartition(".")
    package = sys.modules.get(parent)
    found = None if name in sys.modules else PathFinder.find_spec(name, getattr(package, "__path__", None))
    if found is None or found.loader is None:
        return  # it has been run already, or the import itself says best what is wrong
    module = Later(name)
    module.__spec__, module.__loader__, module.__file__ = found, found.loader, found.origin
    module.__package__ = found.parent
    if found.submodule_search_locations is not None:
        module.__path__ = found.submodule_search_locations
    module.__dict__.update({function: _at_call(module, function) for function in functions}, **instead)
    sys.modules[name] = module
    if package is not None:
        setattr(package, own, module)


class Later(ModuleType):
    """A module that is run when something is asked of it that it has not; from then on it is one like any other."""

    def __getattr__(self, name: str) -> Any:
        path = self.__dict__.get("__path__")
        if name == "__path__" or (path and PathFinder.find_spec(f"{self.__name__}.{name}", path)):
            raise AttributeError(name)  # upon which an import looks for the module of that name
        run(self, name)
        return getattr(self, name)


def run(module: ModuleType, wanted: str) -> None:
    """Run a module that was put off, unless another thread has. Raises AttributeError while it is being run."""
    with _ONE_AT_A_TIME:
        if module.__class__ is not Later:
            return
        if module.__name__ in _running:
            raise AttributeError(f"module {module.__name__!r} has no attribute {wanted!r} yet")
        loader = module.__spec__.loader if module.__spec__ else None
        assert loader is not None
        _running.add(module.__name__)
        try:
            loader.exec_module(module)
            module.__class__ = ModuleType  # type: ignore[assignment]  # from now on it has what it has
        finally:
            _running.discard(module.__name__)


def _at_call(module: ModuleType, function: str) -> Callable[..., Any]:
    def call(*given: Any, **named: Any) -> Any:
        run(module, function)
        return getattr(module, function)(*given, **named)

    return call
