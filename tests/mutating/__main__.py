"""Tries the tests on mutants chosen by a seed, each in a fork of one process, and names those that no test noticed.

Only what stands inside functions is turned, and commands that are processes of their own run the program as it is.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final, NoReturn

import pytest

from tests.mutating import Mutant, mutants

ROOT: Final = Path(__file__).parents[2]
TESTS: Final = (
    "tests/domain", "tests/test_outcomes.py", "tests/scenarios", "tests/year", "tests/slow", "tests/cli", "tests/infra",
)  # fmt: skip
"""The quickest first; before them those that are named as the mutated file is."""
LEFT_OUT: Final = "not postgres and not test_it_follows_the_log"


def codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """Return the code of each function in a module's code, by its name and its line."""
    found = {(code.co_qualname, code.co_firstlineno): code}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found |= codes(each)
    return found


def put_in(mutant: Mutant) -> None:
    """Let every function that was made of the mutant's file do what the mutant says."""
    path = str(ROOT / mutant.path)
    turned = codes(compile(mutant.text(Path(path).read_bytes()), path, "exec"))
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == path:
            code = each.__code__
            each.__code__ = turned.get((code.co_qualname, code.co_firstlineno), code)


class Trial:
    """A run of pytest that plays its tests anew for each mutant, and stops at the first that fails."""

    def __init__(self, chosen: list[Mutant], folder: Path, out: int) -> None:
        self.chosen, self.folder, self.out = chosen, folder, out
        self.lived: list[Mutant] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Fork for each mutant."""
        for mutant in self.chosen:
            begun = time.monotonic()
            child = os.fork()
            if child == 0:
                self._played(session, mutant)
            found = os.waitpid(child, 0)[1] != 0
            self.lived += [] if found else [mutant]
            said = f"{'noticed' if found else 'LIVED  '} {time.monotonic() - begun:4.0f} s  {mutant}\n"
            os.write(self.out, said.encode())
            for left in self.folder.iterdir():
                shutil.rmtree(left, ignore_errors=True)
        return True

    def _played(self, session: pytest.Session, mutant: Mutant) -> NoReturn:
        """Play the tests until one fails, and end the process: with 0 where the mutant lived."""
        try:
            words = {Path(mutant.path).stem, Path(mutant.path).parent.name}
            items = sorted(session.items, key=lambda item: not any(word in item.path.stem for word in words))
            put_in(mutant)
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    os._exit(1)
            os._exit(0)
        finally:
            os._exit(1)


def main() -> int:
    """Choose, try, and tell; return 1 if a mutant lived."""
    parser = argparse.ArgumentParser(prog="./mutate", description=__doc__)
    parser.add_argument("paths", nargs="+", help="folders or files of the program")
    parser.add_argument("--count", type=int, default=20, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0, help="which ones; the same for the same tree")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="which tests may notice")
    asked = parser.parse_args()
    files = sorted({f for p in asked.paths for f in ([ROOT / p] if (ROOT / p).is_file() else (ROOT / p).rglob("*.py"))})
    every = [mutant for file in files for mutant in mutants(file, str(file.relative_to(ROOT)))]
    chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))
    with tempfile.TemporaryDirectory(prefix="salestrail-mutants-") as folder:
        streams = os.dup(1), os.dup(2)
        trial = Trial(chosen, Path(folder), streams[0])
        told = ["-q", "-n", "0", "-p", "no:cacheprovider", "-s", f"--basetemp={folder}/tests", "-k", LEFT_OUT]
        sys.stdout.flush()
        nothing = os.open(os.devnull, os.O_WRONLY)
        for each in (1, 2):  # which the tests write to
            os.dup2(nothing, each)
        pytest.main([*told, *asked.tests], plugins=[trial])
        for number, each in enumerate(streams, 1):
            os.dup2(each, number)
    print(f"{len(chosen)} mutants of {len(every)}, {len(trial.lived)} lived", *trial.lived, sep="\n")
    return 1 if trial.lived else 0


if __name__ == "__main__":
    sys.exit(main())
