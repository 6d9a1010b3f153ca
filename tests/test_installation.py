"""What installs the program on other machines passes the linters of its kind, and is what the program says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.docs.reference.man import LANGUAGES, pages
from cli.main import run

INSTALL = Path(__file__).parent.parent / "install"


def complaints(*words: str | Path) -> str:
    """Run a linter and return what it complains of; skip where this machine has none."""
    found = shutil.which(str(words[0]))
    if found is None:
        pytest.skip(f"{words[0]} is not on this machine")
    done = subprocess.run([found, *map(str, words[1:])], capture_output=True, text=True, check=False, cwd=INSTALL)
    return "" if done.returncode == 0 and not done.stderr else done.stdout + done.stderr


def test_the_containerfile_passes_hadolint() -> None:
    assert complaints("hadolint", "container/Containerfile") == ""


def test_the_compose_file_keeps_to_its_schema() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    assert complaints("check-jsonschema", "--quiet", *schema, "container/compose.yaml") == ""


def test_the_unit_passes_systemds_own_check() -> None:
    assert complaints("systemd-analyze", "verify", "systemd/salestrail-work.service") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_man_pages_are_the_generated_ones(language: str) -> None:
    place = INSTALL / "man" / LANGUAGES[language]
    written = {path.name: path.read_text("utf-8") for path in place.glob("*.1")}
    assert written == pages(language), "write them again: python -m cli.docs.reference"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_man_pages_are_sound_roff(language: str) -> None:
    place = INSTALL / "man" / LANGUAGES[language]
    assert complaints("groff", "-ww", "-Wbreak", "-z", "-man", "-K", "utf8", "-Tutf8", *sorted(place.glob("*.1"))) == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_scripts_are_those_that_the_program_prints(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["completion", shell])
    assert (INSTALL / "completion" / f"sales.{shell}").read_text("utf-8") == capsys.readouterr().out
