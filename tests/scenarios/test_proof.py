"""A1: one byte of a stored event changed on disk; verify fails at its position."""

from __future__ import annotations

import json
from pathlib import Path

from tests.faults.running import Done, sales
from tests.given import Given, lead
from tests.proof.tampering import with_all_rights


def test_one_changed_byte_of_a_stored_event_is_named(given: Given, store_url: str, tmp_path: Path) -> None:
    def run(*words: str) -> Done:
        return sales(*words, store=store_url, SALES_PROOF_KEYS=str(tmp_path / "keys"))

    given.happened(lead("a", "某某科技有限公司"), lead("b", "乙公司"))
    position = given.audit("b")[0]["position"]
    note = str(tmp_path / "a.note")
    assert run("checkpoint", "--out", note).status == 0
    assert run("verify", "--checkpoint", note).status == 0
    given.close()

    change_a_byte(store_url, position)

    done = run("verify", "--checkpoint", note, "--json")
    error = json.loads(done.out)["error"]
    assert (done.status, error["code"], error["facts"]["position"]) == (9, "proof.changed", position)


def change_a_byte(url: str, position: int) -> None:
    """Change one byte of an event's data: in the file itself on SQLite, as a superuser on Postgres."""
    was, now = "乙公司".encode(), "丙公司".encode()
    if url.startswith("sqlite:"):
        path = Path(url.removeprefix("sqlite:///"))
        raw = path.read_bytes()
        at = raw.index(b'{"company":"' + was)
        path.write_bytes(raw[:at] + raw[at:].replace(was, now, 1))
        return
    with with_all_rights(url) as run:
        run(
            "UPDATE log SET data = overlay(data PLACING ? FROM position(? IN data)) WHERE position = ?",
            now,
            was,
            position,
        )
