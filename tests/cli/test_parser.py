"""What a command needs nothing of is spared, and is there all the same for who asks for it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

ASKED = """
import sys
sys.path.insert(0, {root!r})
from cli.core.parser import spare_the_rest
spare_the_rest()
import typer.core
import typer
from typer import _click
front = "typer.main" in sys.modules
from typer.exceptions import Exit
print(front, typer.Exit is Exit, typer.Typer.__module__, "typer.main" in sys.modules, _click.__name__)
"""


def test_the_parser_loads_without_the_front_which_loads_when_something_of_it_is_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(root=str(ROOT))], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True", "typer.main", "True", "typer._click"]


PUT_OFF = """
import sys, threading
sys.path.insert(0, {root!r})
from cli.core.parser import Later, put_off
for name, taken in (("inspect", ()), ("difflib", ("get_close_matches",)), ("sched", ())):
    put_off(name, *taken)
from difflib import get_close_matches
import inspect, difflib, sched
print(*(type(module) is Later for module in (inspect, difflib, sched)))
print(get_close_matches("cat", ["car", "dog"]), inspect.cleandoc("  a"), inspect.signature(inspect.getdoc))
from inspect import Parameter
print(Parameter is inspect.Parameter, difflib.get_close_matches is get_close_matches, hasattr(sched, "nothing"))
print(*(type(module) is Later for module in (inspect, difflib, sched)))
put_off("wave")
import wave
found = []
readers = [threading.Thread(target=lambda: found.append(wave.Wave_read)) for _ in range(8)]
for reader in readers: reader.start()
for reader in readers: reader.join()
print(len(found), len(set(found)))
"""


def test_a_module_that_was_put_off_is_run_once_when_something_is_asked_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PUT_OFF.format(root=str(ROOT))], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "True True True",
        "['car'] a (object)",
        "True False False",
        "False False False",
        "8 1",
    ]
