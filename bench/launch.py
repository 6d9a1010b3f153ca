"""Runs one command from a process that is small itself, because a child's peak memory begins at its parent's.

Prints JSON: wall seconds, peak memory in MB, exit status.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run the command in the arguments, with its output to nowhere."""
    begun = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, ended, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(json.dumps([seconds, peak, os.waitstatus_to_exitcode(ended)]))


if __name__ == "__main__":
    main()
