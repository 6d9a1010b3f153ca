"""Files that a command writes as a whole: links stay, devices and pipes are written through, rights are kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.conftest import Sales

WRITERS = [
    ("report", "2024Q1", "--html"),
    ("report", "2024Q1", "--xlsx"),
    ("template", "leads", "--out"),
    ("import", "leads", "leads.csv", "--marked"),
]
COPIES = [("backup", "-y"), ("keys", "backup", "-y")]


@pytest.fixture
def filled(sales: Sales) -> Sales:
    """Return commands in a store with a lead, in a folder with a file to import."""
    Path("leads.csv").write_text("company,channel\n甲公司,online\n", "utf-8")
    assert sales("lead", "capture", "乙公司", "--channel", "online", "--phone", "13800000000").status == 0
    return sales


@pytest.mark.parametrize("words", WRITERS, ids="-".join)
def test_what_a_link_leads_to_is_written_and_keeps_its_rights(filled: Sales, words: tuple[str, ...]) -> None:
    real = Path("there/real.out")
    real.parent.mkdir()
    real.write_text("old")
    real.chmod(0o640)
    Path("link.out").symlink_to(real)
    Path("to-link.out").symlink_to("link.out")
    assert filled(*words, "to-link.out").status == 0
    assert Path("link.out").is_symlink()
    assert Path("to-link.out").is_symlink()
    assert real.read_bytes() != b"old"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [path.name for path in real.parent.iterdir()] == ["real.out"]


@pytest.mark.parametrize("words", [*WRITERS, *COPIES], ids="-".join)
def test_a_link_to_nothing_yet_leads_to_the_new_file(filled: Sales, words: tuple[str, ...]) -> None:
    Path("link.out").symlink_to("new.out")
    assert filled(*words, "link.out").status == 0
    assert Path("link.out").is_symlink()
    assert Path("new.out").stat().st_size > 0


@pytest.mark.parametrize("words", WRITERS, ids="-".join)
def test_a_pipe_is_written_through(filled: Sales, words: tuple[str, ...]) -> None:
    os.mkfifo("pipe.out")
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append(Path("pipe.out").read_bytes()), daemon=True)
    reader.start()
    done = filled(*words, "pipe.out")
    reader.join(20)
    assert done.status == 0, done.err
    assert stat.S_ISFIFO(Path("pipe.out").stat().st_mode)
    assert read[0]


@pytest.mark.skipif(not stat.S_ISCHR(Path("/dev/null").stat().st_mode), reason="no device to try it on")
@pytest.mark.parametrize("words", WRITERS, ids="-".join)
def test_a_device_stays_one(filled: Sales, words: tuple[str, ...]) -> None:
    Path("null.out").symlink_to("/dev/null")
    assert filled(*words, "null.out").status == 0
    assert Path("null.out").is_symlink()
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("words", COPIES, ids="-".join)
def test_a_copy_is_a_plain_file_and_takes_the_place_of_no_other(filled: Sales, words: tuple[str, ...]) -> None:
    os.mkfifo("pipe.out")
    done = filled(*words, "pipe.out")
    assert (done.status, "it is no plain file" in done.err) == (2, True)
    assert stat.S_ISFIFO(Path("pipe.out").stat().st_mode)
    Path("real.out").write_text("old")
    Path("link.out").symlink_to("real.out")
    assert filled(*words, "link.out").status == 0
    assert Path("link.out").is_symlink()
    assert stat.S_IMODE(Path("real.out").stat().st_mode) == 0o600


def test_what_is_given_as_a_folder_is_refused(filled: Sales) -> None:
    Path("folder.out").mkdir()
    assert filled("report", "2024Q1", "--html", "folder.out").status == 2
    assert not list(Path("folder.out").iterdir())


def test_the_wrapping_keys_are_exchanged_where_a_link_leads(filled: Sales, machine: Path) -> None:
    (wrapping,) = [each for each in (machine / "home").rglob("*wrapping*") if each.is_file() and each.suffix != ".lock"]
    kept = machine / "stick" / wrapping.name
    kept.parent.mkdir()
    wrapping.rename(kept)
    wrapping.symlink_to(kept)
    before = kept.read_bytes()
    assert filled("customer", "erase-contact", "乙公司", "--reason", "要求", "-y").status == 0
    assert wrapping.is_symlink()
    assert kept.read_bytes() != before
