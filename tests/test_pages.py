"""The written pages: linked from one to the next, with commands that parse, and readable on a terminal."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from cli.actions import command
from cli.core.command import Command
from cli.docs.pages.render import lines
from cli.main import run
from cli.registry import Root
from infra.i18n.terminal_text import width

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
PAGES: Final = sorted([*DOCS.rglob("*.md"), *ROOT.glob("README*.md")])
NAMES: Final = [str(page.relative_to(ROOT)) for page in PAGES]

_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_BLOCK: Final = re.compile(r"^ *```.*?\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE: Final = re.compile(r"`(sales [^`]+)`")
_SHELL: Final = re.compile(r"""(?:"[^"]*"|'[^']*'|[^"'|;&<>#\n])*""")
_SET: Final = re.compile(r"(?:[A-Z_]+=\S+ +)+")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files that a page leads to, and the heading there."""
    for target in _LINK.findall(_BLOCK.sub("", page.read_text("utf-8"))):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            yield (page.parent / path).resolve() if path else page, anchor


def anchors(page: Path) -> set[str]:
    """Return the names under which the headings of a page are linked."""
    headings = re.findall(r"^#+ +(.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", NAMES)
def test_no_link_is_dead(name: str) -> None:
    dead = [
        f"{target}#{anchor}"
        for target, anchor in links(ROOT / name)
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert dead == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [target for target, _ in links(page) if target.suffix == ".md" and target.exists()]
    assert set(PAGES) - reached == set()


def test_the_index_lists_every_page_of_its_language() -> None:
    for folder in (DOCS, DOCS / "zh"):
        listed = {target for target, _ in links(folder / "index.md")}
        pages = {page for page in folder.rglob("*.md") if page != folder / "index.md"}
        own = pages if folder.name == "zh" else {page for page in pages if DOCS / "zh" not in page.parents}
        assert own - listed == set()


def commands(page: Path) -> Iterator[str]:
    """Yield the commands that stand in a page's blocks, without what the shell does around them."""
    for block in _BLOCK.findall(page.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = _SET.sub("", line.strip().removeprefix("$ "))
            for part in re.split(r" (?:&&|\|) ", words):
                if part.startswith("sales "):
                    yield alone(part)


def alone(line: str) -> str:
    """Return a command without what the shell does with its output, and without a comment."""
    return "".join(_SHELL.findall(line)[:1]).strip()


@pytest.mark.parametrize("name", NAMES)
def test_every_command_of_a_page_parses(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [f"{line}: {said}" for line in dict.fromkeys(commands(ROOT / name)) if (said := misread(line, capsys))]
    assert wrong == []


def misread(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the command line says against a command, which stops short of doing anything."""
    words = shlex.split(line)[1:]
    if "..." in line or words[-1:] == ["--version"]:
        return ""  # something is left out

    def stop(*_: Any, **__: Any) -> None:
        raise SystemExit(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "record", stop)
        begun = Command.invoke
        acting = command.__name__  # where the commands of actions are made
        patch.setattr(Command, "invoke", lambda self, ctx: begun(self, ctx) if self.run.__module__ == acting else 0)
        status = run(words)
    said = capsys.readouterr().err.strip().replace("\n", " ")
    return said if status else ""


@pytest.mark.parametrize("name", NAMES)
def test_every_command_that_a_sentence_names_exists(name: str) -> None:
    text = _BLOCK.sub("", (ROOT / name).read_text("utf-8"))
    assert [line for line in dict.fromkeys(map(alone, _INLINE.findall(text))) if not exists(line.split()[1:])] == []


def exists(words: list[str]) -> bool:
    """Say whether the first words name a command, and the flags are some of its."""
    here: Any = Root()
    names = iter(words)
    while not isinstance(here, Command):
        name = next(names, "")
        if not name or name[0] == "-" or name.isupper() or name == "...":
            return True  # of the whole program or the whole noun
        here = here.load(name) if hasattr(here, "load") else None
        if here is None:
            return False
    known = {flag for param in here.get_params(None) for flag in (*param.opts, *param.secondary_opts)} | {"--help"}
    return all(word.partition("=")[0] in known for word in words if word.startswith("-") and word.strip("-"))


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_page_fits_a_narrow_terminal(name: str) -> None:
    source = _BLOCK.sub("", (ROOT / name).read_text("utf-8"))
    running = "\n".join(line for line in source.splitlines() if not line.startswith("|"))
    assert [line for line in lines(running, 60) if width(line) > 60 and " " in line.strip("•│ ")] == []


def test_the_pictures_show_what_the_demo_shows() -> None:
    words = [sys.executable, str(DOCS / "pictures" / "draw.py"), "--check"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "\n"), f"draw them again: python docs/pictures/draw.py {done.stderr}"


@pytest.mark.parametrize("name", [name for name in NAMES if "zh" in name])
def test_bold_chinese_ends_before_its_punctuation(name: str) -> None:
    """Behind a full stop or a colon a closing mark counts only before a space: the asterisks would be shown."""
    assert re.findall(r"[。：，！？]\*\*[^ \n].*", (ROOT / name).read_text("utf-8")) == []
