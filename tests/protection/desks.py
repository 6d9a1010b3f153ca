"""Desks of a team: each with a login, settings and a file of wrapping keys of its own, as `sales keys hand-out` makes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg

from infra.access.postgres_names import Roles
from infra.crypto.group_keys import TeamWrapper
from infra.crypto.key_store import DataKey, KeyRows
from infra.crypto.keyring import Keyring
from infra.crypto.master_key_file import WrappingFile
from infra.db.connect import open_database
from infra.db.database import Database
from infra.db.postgres import Address
from tests.faults.running import Done, sales

PEOPLE: Final = {
    "person": "zhang.san", "mate": "li.si", "manager": "chen.jing", "other": "zhou.ba", "director": "lin.zong",
    "reader": "wang.wu", "service": "sun.qi", "alone": "ma.qiao",
}  # fmt: skip
KINDS: Final = {"reader": "--reader", "service": "--service"}


class Desks(NamedTuple):
    """A protected store and the folder in which each desk has its settings."""

    url: str
    schema: str
    folder: Path
    roles: Roles

    def login(self, who: str) -> str:
        """Return the login of a desk."""
        return f"{self.schema}_{who}_desk"

    def url_of(self, who: str) -> str:
        """Return the store's address for a desk; the administrator's is the superuser's."""
        return self.url if who == "admin" else self.url.replace("//postgres:", f"//{self.login(who)}:")

    def keys_of(self, who: str) -> Path:
        """Return a desk's file of wrapping keys."""
        return self.folder / who / "salestrail" / "wrapping-keys"

    def sales(self, who: str, *words: str, **more: Any) -> Done:
        """Run a command at a desk."""
        home = {"XDG_CONFIG_HOME": str(self.folder / who), "XDG_DATA_HOME": str(self.folder / who)}
        return sales(*words, store=self.url_of(who), **{**home, **more})

    def done(self, who: str, *words: str) -> Done:
        """Run a command that must succeed."""
        answer = self.sales(who, *words)
        assert answer.status == 0, answer.err
        return answer

    def work(self) -> None:
        """Let the projector do what there is."""
        self.done("projector", "work", "--once")

    def hand_out(self, who: str) -> None:
        """Give a desk its file, as a director hands it out."""
        file = self.keys_of(who)
        file.parent.mkdir(parents=True, exist_ok=True)
        self.done("admin", "keys", "hand-out", PEOPLE.get(who, "lin.zong"), str(file), "--yes")

    def hand_out_from(self, holder: str, who: str) -> None:
        """Give a desk its file, made where the company's is."""
        words = ("keys", "hand-out", PEOPLE[who], str(self.keys_of(who)), "--yes")
        done = sales(*words, store=self.url, XDG_CONFIG_HOME=str(self.folder / holder))
        assert done.status == 0, done.err

    def audit(self, who: str, subject: str) -> str:
        """Return what a desk is told of a customer."""
        return self.sales(who, "audit", subject).out

    def connect(self, who: str) -> psycopg.Connection:
        """Connect as a desk's login, in the writer's role for `writer`, as the owner or the superuser."""
        asked = {"writer": "person", "other writer": "other", "owner": "admin", "superuser": "admin"}.get(who, who)
        connection = psycopg.connect(**Address(self.url_of(asked)).params)
        taken = {"writer": self.roles.writer, "other writer": self.roles.writer, "owner": self.roles.owner}.get(who)
        if taken:
            connection.execute(f"SET ROLE {taken}")
        connection.execute(f"SET search_path = {self.schema}_keys, {self.schema}, pg_temp")
        connection.commit()
        return connection

    def every_key(self) -> list[DataKey]:
        """Return all rows of the key store, as a superuser reads them."""
        with self.opened() as rows:
            return rows.every()

    def opened(self) -> Opened:
        """Return the rows of the key store, open as a superuser's."""
        return Opened(self.url)

    def opens(self, file: Path, key: DataKey) -> bool:
        """Say whether a file of wrapping keys opens a data key, with all that lies in the key store at hand."""
        with self.opened() as rows:
            wrapper = TeamWrapper(WrappingFile(str(file)), rows, rows.db)
            try:
                return len(wrapper.raw(key)) == 32
            except Exception:  # noqa: BLE001 - whatever keeps it closed
                return False


class Opened:
    """The rows of a key store while they are open."""

    def __init__(self, url: str) -> None:
        self.db: Database = open_database(url, create=False)
        self.ring = Keyring(self.db, file="/nowhere")

    def __enter__(self) -> KeyRows:
        rows = self.ring.rows()
        assert rows is not None
        return rows

    def __exit__(self, *_: object) -> None:
        self.ring.close()
        self.db.close()


def events(answer: Done) -> list[dict[str, Any]]:
    """Return the rows of an answer in JSON."""
    return list(json.loads(answer.out)["rows"])
