"""typer's front is spared, and is there all the same for who asks for it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

ASKED = """
import sys
sys.path.insert(0, {root!r})
from cli.parser import spare_the_rest
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
