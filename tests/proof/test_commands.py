"""The commands of the proof, as an auditor types them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from infra.jobs.projection_daemon import ProjectionDaemon
from infra.transparency.leaf import TAG
from tests.faults.running import Done, jsonl, sales
from tests.given import lead


class Desk:
    """One person's machine: a folder for files, a folder for keys, and the store that is looked at."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.folder, self.store = folder, store
        folder.mkdir(exist_ok=True)

    def __call__(self, *words: str) -> Done:
        return sales(*words, store=f"sqlite:///{self.store}", SALES_PROOF_KEYS=str(self.folder / "keys"))

    def json(self, *words: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self(*words, "--json").out)
        return said

    def file(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def team(tmp_path: Path) -> Desk:
    """Return the desk of the team, with a store of 41 events."""
    desk = Desk(tmp_path / "team", tmp_path / "store.db")
    assert desk("apply", jsonl(tmp_path / "a.jsonl", *(lead(f"l{n}", by="lin.zong") for n in range(40)))).status == 0
    return desk


@pytest.fixture
def auditor(team: Desk, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "auditor", team.store)


def key_of(team: Desk) -> str:
    return team("checkpoint", "--show-key").out.strip()


def tamper(store: Path, position: int = 17) -> None:
    connection = sqlite3.connect(store)
    connection.execute("DROP TRIGGER log_keeps")
    connection.execute("UPDATE log SET actor = 'li.si' WHERE position = ?", (position,))
    connection.commit()
    connection.close()


def test_a_checkpoint_given_away_catches_what_is_changed_afterwards(team: Desk, auditor: Desk) -> None:
    done = team("checkpoint", "--out", auditor.file("a.note"))
    assert (done.status, done.out) == (0, "")
    assert "give it to somebody else" in done.err
    note, key = auditor.file("a.note"), key_of(team)
    assert auditor("verify", "--checkpoint", note, "--key", key).status == 0
    assert auditor.json("verify", "--checkpoint", note)["covered"] == 41
    tamper(team.store)
    done = auditor("verify", "--checkpoint", note)
    assert (done.status, done.code) == (9, "proof.changed")
    assert "position 17 (customer.lead_captured)" in done.err
    error = auditor.json("verify", "--checkpoint", note)["error"]
    assert (error["code"], error["facts"]["position"]) == ("proof.changed", 17)


def test_a_check_without_a_checkpoint_says_what_it_is_worth(team: Desk, auditor: Desk) -> None:
    assert "There is no checkpoint to compare with" in auditor("verify").out
    team("checkpoint")
    assert "only a checkpoint kept elsewhere proves" in auditor("verify").out
    assert "The first 41 are those of the checkpoint" in team("verify").out
    team("lead", "capture", "甲公司", "--channel", "online")
    assert "The last 1 events are not covered by it yet." in team("verify").out


def test_a_check_makes_no_store_where_there_is_none(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", tmp_path / "nowhere.db")
    for words in (["verify"], ["checkpoint"], ["prove", "1"]):
        assert desk(*words).status == 4
    assert not desk.store.exists()


def test_an_event_is_proven_to_somebody_who_has_no_store(team: Desk, tmp_path: Path) -> None:
    team("checkpoint", "--out", team.file("a.note"))
    key = key_of(team)
    desk = Desk(tmp_path / "client", tmp_path / "none.db")
    connection = sqlite3.connect(team.store)
    ((event_id,),) = connection.execute("SELECT event_id FROM log WHERE position = 5")
    connection.close()
    for event in ("5", "l3", event_id):
        assert team("prove", event, "--out", desk.file("e.proof")).status == 0
        done = desk("verify-proof", desk.file("e.proof"), "--key", key)
        assert done.status == 0
        assert "one of the 41 that salestrail/" in done.out
    assert desk.json("verify-proof", desk.file("e.proof"), "--key", key)["record"]["actor"] == "lin.zong"
    assert desk("verify-proof", desk.file("e.proof"), "--checkpoint", team.file("a.note")).status == 0
    assert desk("verify-proof", desk.file("e.proof")).code == "proof.no_key"
    assert not desk.store.exists()
    raw = Path(desk.file("e.proof")).read_bytes()
    Path(desk.file("f.proof")).write_bytes(raw.replace(b"lin.zong", b"lin.zonk", 1))
    done = desk("verify-proof", desk.file("f.proof"), "--key", key)
    assert (done.status, done.code) == (9, "proof.false")
    Path(desk.file("g.proof")).write_bytes(b"{}")
    assert desk("verify-proof", desk.file("g.proof")).code == "proof.bad_bundle"
    assert not desk.store.exists()


def test_what_is_not_there_is_not_proven(team: Desk) -> None:
    assert team("prove", "5").code == "proof.not_covered"
    team("checkpoint")
    assert team("prove", "no-such-event").status == 4
    assert team("prove").status == team("prove", "5", "--from", "x").status == 2


def test_a_witness_signs_growth_and_its_note_is_checked_like_the_log_s(team: Desk, tmp_path: Path) -> None:
    desk, state = Desk(tmp_path / "witness", tmp_path / "none.db"), str(tmp_path / "state")
    team("checkpoint", "--out", team.file("a.note"))
    assert desk("witness", "--state", state, team.file("a.note")).code == "proof.unknown_log"
    done = desk(
        "witness", "--state", state, "--key", key_of(team), team.file("a.note"), "--out", desk.file("seen.note")
    )
    assert done.status == 0
    team("lead", "capture", "甲公司", "--channel", "online")
    team("checkpoint", "--out", team.file("b.note"))
    assert desk("witness", "--state", state, team.file("b.note")).code == "proof.no_growth"
    assert team("prove", "--from", desk.file("seen.note"), "--out", team.file("b.growth")).status == 0
    assert desk("verify-proof", team.file("b.growth"), "--key", key_of(team)).status == 0
    assert desk("witness", "--state", state, team.file("b.growth"), "--out", desk.file("seen2.note")).status == 0
    witness_key = desk("witness", "--state", state, "--show-key").out.strip()
    assert team("verify", "--checkpoint", desk.file("seen2.note"), "--key", witness_key).status == 0
    done = desk("witness", "--state", state, team.file("a.note"))
    assert (done.status, done.code) == (5, "proof.older")


def test_a_checkpoint_of_another_log_or_key_is_refused(team: Desk, auditor: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other", tmp_path / "other.db")
    other("lead", "capture", "甲公司", "--channel", "online")
    other("checkpoint", "--out", auditor.file("o.note"))
    team("checkpoint", "--out", auditor.file("a.note"))
    assert auditor("verify", "--checkpoint", auditor.file("o.note")).code == "proof.other_log"
    done = auditor("verify", "--checkpoint", auditor.file("a.note"), "--key", key_of(other))
    assert (done.status, done.code) == (9, "proof.not_signed")
    assert "was not checked" in auditor("verify", "--checkpoint", auditor.file("a.note")).out
    assert auditor("verify", "--key", "x").code == "proof.bad_key"
    assert auditor("verify", "--checkpoint", auditor.file("none")).code == "file.unreadable"


def test_a_new_key_signs_the_same_log_and_the_old_one_stays_known(team: Desk) -> None:
    team("checkpoint", "--out", team.file("a.note"))
    before = key_of(team)
    assert team("checkpoint", "--new-key", "--out", team.file("b.note")).status == 0
    assert key_of(team) != before
    assert team("verify", "--checkpoint", team.file("a.note"), "--checkpoint", team.file("b.note")).status == 0
    assert "was not checked" not in team("verify", "--checkpoint", team.file("a.note")).out
    assert team("verify", "--checkpoint", team.file("b.note"), "--key", before).code == "proof.not_signed"


def test_nothing_is_signed_once_the_log_was_changed(team: Desk) -> None:
    team("checkpoint")
    connection = sqlite3.connect(team.store)
    connection.executescript(
        "DROP TRIGGER log_holds; DELETE FROM log WHERE position > 30; UPDATE head SET position = 30;"
        "DELETE FROM checkpoints; DELETE FROM tiles;"
    )
    connection.close()
    done = team("checkpoint")
    assert (done.status, done.code) == (9, "proof.truncated")


def test_a_thorough_check_looks_at_keys_claims_and_indexes(team: Desk) -> None:
    assert team("verify", "--thorough").status == 0
    connection = sqlite3.connect(team.store)
    connection.execute("UPDATE keys SET position = position + 1 WHERE key = 'l3'")
    connection.execute("UPDATE keys SET stream = 'cus_x' WHERE key = 'l3'")
    connection.commit()
    connection.close()
    assert team("verify").status == 0
    done = team("verify", "--thorough")
    assert (done.status, done.code) == (9, "proof.differs")
    assert "key l3" in done.err
    assert "sales rebuild --constraints" in done.err


def test_the_worker_signs_what_is_new_and_not_every_time(team: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []

    def rest(_daemon: ProjectionDaemon, seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(ProjectionDaemon, "rest", rest)
    assert team("work").status == 130
    verdict = team.json("verify")
    assert (verdict["stored_checkpoints"], verdict["covered"]) == (1, 41)


def test_the_documentation_names_the_leaf_s_tag() -> None:
    page = Path(__file__).parents[2] / "docs" / "proof.md"
    assert TAG in page.read_text("utf-8")
