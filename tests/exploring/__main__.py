"""Tries the laws with what nobody has tried yet, as long as it is told: `./explore 10m`, `./explore 1h tests/slow`.

Each round has a seed of its own, which is printed. What fails is kept in tests/cases, and its law left out of further rounds.
"""

from __future__ import annotations

import re
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.exploring import EXPLORING
from tests.exploring.cases import CASES, kept

ROOT: Final = Path(__file__).parents[2]
UNITS: Final = {"s": 1, "m": 60, "h": 3600}
FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (tests/\S+?\.py(?:::[^\s\[]+)?)", re.MULTILINE)
PATIENCE: Final = 300
"""So many seconds a round has for the example at hand, and to put things away, once the time is over."""
NONE_LEFT: Final = 5
"""Pytest's status where no test was asked for."""


def seconds(text: str) -> int:
    """Return how long `90s`, `10m` or `1h` is. Raises SystemExit."""
    found = re.fullmatch(r"([0-9]+)([smh])", text)
    if not found:
        raise SystemExit(f"error: {text!r} is no time; give 90s, 10m or 1h, and then what pytest is to be told")
    return int(found[1]) * UNITS[found[2]]


def play(seed: int, until: float, words: list[str], but: set[str]) -> tuple[int, str]:
    """Play one round and return its status and what it printed."""
    told = (f"--hypothesis-profile={EXPLORING}", f"--hypothesis-seed={seed}", f"--until={until}")
    limits = ("--timeout=0", "-o", "faulthandler_timeout=0", "--dist=worksteal")
    left_out = (f"--deselect={test}" for test in sorted(but))
    command = [sys.executable, "-m", "pytest", "-q", *told, *limits, *left_out, *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        try:
            printed, _ = run.communicate(timeout=max(0, until - time.time()) + PATIENCE)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGINT)
            printed, _ = run.communicate()
    return run.returncode, printed


def main(words: list[str]) -> int:
    """Play rounds until the time is over, and return 1 if anything failed."""
    if not words:
        raise SystemExit("error: for how long? ./explore 10m")
    until = time.time() + seconds(words[0])
    before, failed, rounds = {*CASES.glob("*.json")}, set[str](), 0
    while time.time() < until:
        seed = secrets.randbits(32)
        status, printed = play(seed, until, words[1:], failed)
        rounds += 1
        print(f"seed {seed}: {printed.rstrip().splitlines()[-1]}", flush=True)
        if status == NONE_LEFT:
            break
        if status:
            print(printed, flush=True)
            failed |= {*FAILED.findall(printed)}
            if not FAILED.search(printed):
                return status
    for path in sorted({*CASES.glob("*.json")} - before):
        print(f"kept {path.relative_to(ROOT)}")
    print(f"{rounds} rounds, {len(failed)} laws failed, {len([*kept()])} cases in tests/cases")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
