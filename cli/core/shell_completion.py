"""The answer to a shell that asks what a line may become."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

from typer._click.shell_completion import CompletionItem, ShellComplete, add_completion_class
from typer._click.utils import echo
from typer._completion_classes import BashComplete, FishComplete, PowerShellComplete, ZshComplete

if TYPE_CHECKING:
    from cli.core.session import Session

SPECIAL = set(" \t'\"\\$`&|;<>()*?[]#~!{}")
"""Letters that bash would take for something else in a word that it puts into the line as it is."""


def first_line(item: CompletionItem) -> str:
    """Return what is said beside a candidate, on one line."""
    return " ".join((item.help or "").split())


class Bash(BashComplete):
    """Bash puts a candidate into the line as it is, so it is quoted here."""

    def format_completion(self, item: CompletionItem) -> str:
        return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in str(item.value))


class Zsh(ZshComplete):
    """The library's, without reading the help as markup, which would load a library for pictures on a terminal."""

    def format_completion(self, item: CompletionItem) -> str:
        value, said = (_quoted(text) for text in (str(item.value), first_line(item)))
        return f'"{value}":"{said}"' if said else f'"{value}"'


class Fish(FishComplete):
    """The same for fish."""

    def format_completion(self, item: CompletionItem) -> str:
        said = first_line(item)
        return f"{item.value}\t{said}" if said else str(item.value)


def _quoted(text: str) -> str:
    return text.replace('"', "").replace("'", "").replace("$", "\\$").replace("`", "").replace(":", r"\\:")


VARIABLE: Final = "_SALES_COMPLETE"
SHELLS: Final[dict[str, type[ShellComplete]]] = {
    "bash": Bash,
    "zsh": Zsh,
    "fish": Fish,
    "powershell": PowerShellComplete,
    "pwsh": PowerShellComplete,
}


def complete(root: Any, session: Session) -> None:
    """Answer the shell that asks, and leave."""
    asked, _, shell = os.environ[VARIABLE].partition("_")
    if asked == "complete" and shell in SHELLS:
        echo(SHELLS[shell](root, {"obj": session}, "sales", VARIABLE).complete())
        sys.exit(0)
    for name, made in SHELLS.items():
        add_completion_class(made, name)
    root._main_shell_completion({"obj": session}, "sales", VARIABLE)  # noqa: SLF001 - the library's answers to all else
