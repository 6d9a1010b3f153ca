"""What the tests find around them: the same on every machine, however, wherever and by whomever they were started."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

FOREIGN: Final = ("SALES_", "XDG_", "LC_", "PG", "GIT_", "LESS")
ASIDE: Final = frozenset(
    "LANG LANGUAGE TZ COLUMNS LINES TERM COLORTERM NO_COLOR FORCE_COLOR CLICOLOR CLICOLOR_FORCE PAGER MANPAGER EDITOR VISUAL "
    "BROWSER PYTHONIOENCODING PYTHONWARNINGS PYTHONSAFEPATH PYTHONOPTIMIZE PYTHONTZPATH PYTHONINSPECT PYTHONDONTWRITEBYTECODE "
    "SOURCE_DATE_EPOCH NOTIFY_SOCKET JOURNAL_STREAM CREDENTIALS_DIRECTORY POSIXLY_CORRECT APPDATA LOCALAPPDATA CI".split()
)
MEMORY: Final = Path("/dev/shm")
ROOM: Final = 4 << 30
OURS: Final = ("SALES_TORTURE", "SALES_PLACES")
"""By these more is asked for than a run tries: ./torture its full counts, and tampering at more places."""


def settle() -> None:
    """Put aside what differs from machine to machine, for this process and its children."""
    for name in list(os.environ):
        if name in ASIDE or (name.startswith(FOREIGN) and name not in OURS):
            del os.environ[name]
    os.environ.update(LANG="C.UTF-8", TZ="UTC", LOGNAME="tester", USER="tester")
    time.tzset()
    sys.dont_write_bytecode = False  # every command of its own would be compiled anew
    os.umask(0o022)
    _write_to_memory()
    _heed_signals()
    _lend_home()


def _write_to_memory() -> None:
    """Let stores lie in memory where there is room: half the time of a run is spent waiting for a disk to have written."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # to be found anew
    # Pytest would name it after the login, which is the same for everybody.
    own = Path(tempfile.gettempdir()) / f"salestrail-tests-{os.getuid()}"
    own.mkdir(0o700, exist_ok=True)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(own)


def _heed_signals() -> None:
    """Take signals as a program does that was started from a terminal: a shell's `&` and `nohup` ignore some, for children too."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for each in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}:  # which Python itself ignores
        if signal.getsignal(each) is signal.SIG_IGN:
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)


def _lend_home() -> None:
    """Keep what the program notes for a user, as keys, out of the real home, and locks out of folders that users share."""
    home = Path(tempfile.mkdtemp(prefix="salestrail-home-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in ("run", "run/python_PostgresServer"):  # where that isn't, its lock lies in the folder of all users
        (home / name).mkdir(0o700)
    os.environ.update(HOME=str(home), XDG_CONFIG_HOME=str(home / "config"), XDG_RUNTIME_DIR=str(home / "run"))
