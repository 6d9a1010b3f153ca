"""Runs the tests against mutants chosen by a seed, in a copy of the tree, and names those that no test noticed."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.mutating import Mutant, mutants

ROOT: Final = Path(__file__).parents[2]
TREE: Final = ("salestrail.py", "pyproject.toml", "domain", "projections", "infra", "cli", "docs", "install", "tests")
STAGES: Final = (
    ("tests/domain", "tests/story", "tests/test_outcomes.py", "tests/test_complete.py"),
    ("tests/scenarios", "-k", "not postgres"),
    ("tests/slow", "tests/year", "tests/cli", "tests/test_tutorial.py", "-k", "not postgres"),
)
"""Which tests are tried, the quickest first, until one fails; before them those whose names are the mutated file's."""
FAILED: Final = 1
NOTHING: Final = 5


def copied(folder: Path) -> Path:
    """Copy what the tests need."""
    folder.mkdir()
    for name in TREE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def near(tree: Path, mutant: Mutant) -> tuple[str, ...]:
    """Return the tests that are named as the mutated file or its folder is."""
    path = Path(mutant.path)
    words = {path.stem, path.parent.name} - {"ask", "fold", "table", "rows"}
    found = {str(test.relative_to(tree)) for word in words for test in tree.glob(f"tests/**/test_{word}*.py")}
    found |= {f"tests/domain/{word}" for word in words if (tree / "tests/domain" / word).is_dir()}
    return (*sorted(found), "-k", "not postgres") if found else ()


def noticed(tree: Path, words: tuple[str, ...], limit: float) -> bool:
    """Say whether a test fails, or doesn't come to an end."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-o",
        f"timeout={limit:.0f}",
        *words,
    ]
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(tree.parent / "compiled")}
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)
    return done.returncode not in (0, NOTHING)


def tried(tree: Path, mutant: Mutant, nth: int, stages: int, limit: float) -> bool:
    """Put a mutant in, say whether it was noticed, and take it out again."""
    path = tree / mutant.path
    before, written = path.read_bytes(), path.stat().st_mtime
    path.write_bytes(mutant.text(before))
    # What was compiled is told by second and size: a second that no other mutant has.
    os.utime(path, (written, written - 1 - nth))
    try:
        return any(noticed(tree, words, limit) for words in (near(tree, mutant), *STAGES[:stages]) if words)
    finally:
        path.write_bytes(before)
        os.utime(path, (written, written))


def main() -> int:
    """Choose, try, and tell; return 1 if a mutant lived."""
    parser = argparse.ArgumentParser(prog="./mutate", description=__doc__)
    parser.add_argument("paths", nargs="+", help="folders or files of domain/ and projections/")
    parser.add_argument("--count", type=int, default=20, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0, help="which ones; the same for the same tree")
    parser.add_argument(
        "--stages", type=int, default=len(STAGES), help="how many of the stages of tests, the quickest first"
    )
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a test is taken to hang")
    asked = parser.parse_args()
    files = sorted({f for p in asked.paths for f in ([ROOT / p] if (ROOT / p).is_file() else (ROOT / p).rglob("*.py"))})
    every = [mutant for file in files for mutant in mutants(file, str(file.relative_to(ROOT)))]
    chosen = random.Random(asked.seed).sample(every, min(asked.count, len(every)))
    lived = []
    with tempfile.TemporaryDirectory(prefix="salestrail-mutants-") as folder:
        tree = copied(Path(folder) / "tree")
        for nth, mutant in enumerate(chosen):
            begun = time.monotonic()
            found = tried(tree, mutant, nth, asked.stages, asked.limit)
            print(f"{'noticed' if found else 'LIVED  '} {time.monotonic() - begun:4.0f} s  {mutant}", flush=True)
            lived += [] if found else [mutant]
    print(f"{len(chosen)} mutants of {len(every)}, {len(lived)} lived")
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main())
