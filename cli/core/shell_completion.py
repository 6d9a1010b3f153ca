"""The answer to a shell that asks what a line may become: words read as the parser does, candidates in the shell's form."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import Command, Group
from cli.core.completion_source import Found
from cli.core.options import argument
from infra.i18n import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.core.session import Session

VARIABLE: Final = "_SALES_COMPLETE"
SPECIAL: Final = set(" \t'\"\\$`&|;<>()*?[]#~!{}")
"""Letters that bash would take for something else in a word that it puts into the line as it is."""


def complete(root: Group, session: Session) -> int:
    """Answer the shell that asks, and return the exit status."""
    asked, _, shell = os.environ[VARIABLE].partition("_")
    if shell not in SHELLS:
        print(f"Shell {shell} not supported.", file=sys.stderr)
    elif asked == "source":
        print_script(shell)
        return 0
    elif asked == "complete":
        read, shown = SHELLS[shell]
        words, start = read()
        return shown(candidates(root, session, words, start))
    else:
        print(f'Completion instruction "{asked}" not supported.', file=sys.stderr)
    return 1


def print_script(shell: str) -> None:
    """Print the library's script that makes a shell ask."""
    from typer import Context
    from typer.completion import show_callback

    word = argument("shell")
    with suppress(SystemExit):  # the library ends there
        show_callback(Context(Command("sales", print_script, help="", example=""), info_name="sales"), word, shell)


def candidates(root: Group, session: Session, words: list[str], start: str) -> Found:
    """Return what a word that begins with `start` may become after `words`, and what is said of each."""
    ctx = reached(root, session, words)
    flag, equals, value = start.partition("=")
    if start == "=":
        start = ""
    elif equals and flag.startswith("-"):
        words, start = [*words, flag], value
    if start.startswith("-") and "--" not in words:
        return flags(ctx, start)
    params = ctx.command.get_params(ctx)
    valued = [param for param in params if words and words[-1] in param.opts and not _switch(param)]
    bare = [param for param in params if param.param_type_name == "argument" and _open(ctx, param)]
    if valued or bare:
        return [(word, said) for word, said in (valued or bare)[0].offers(ctx, start) if word.startswith(start)]
    if isinstance(ctx.command, Group):
        return [
            (name, translate.translate(line)) for name, line, _heading in ctx.command.lines() if name.startswith(start)
        ]
    return []


def reached(root: Group, session: Session, words: list[str]) -> Any:
    """Return the context of the last command that the words name; what they lack or spoil is passed over."""
    below: Any = root.make_context("sales", list(words), obj=session, resilient_parsing=True)
    while below is not None:
        ctx = below
        below = ctx.command.below(ctx, resilient_parsing=True) if isinstance(ctx.command, Group) and ctx.args else None
    return ctx


def flags(ctx: Any, start: str) -> Found:
    """Return the flags that begin with `start` and may still be given."""
    return [
        (flag, translate.translate(param.help))
        for param in ctx.command.get_params(ctx)
        if param.param_type_name == "option" and not param.hidden and (param.multiple or not _given(ctx, param))
        for flag in (*param.opts, *param.secondary_opts)
        if flag.startswith(start)
    ]


def _switch(param: Any) -> bool:
    return param.param_type_name != "option" or bool(param.is_flag)


def _open(ctx: Any, param: Any) -> bool:
    return param.nargs == -1 or not _given(ctx, param)


def _given(ctx: Any, param: Any) -> bool:
    source = ctx.get_parameter_source(param.name)
    return source is not None and bool(source.name == "COMMANDLINE")


def in_bash() -> tuple[list[str], str]:
    """Return the words before the cursor, and what stands there already."""
    words, at = split(os.environ["COMP_WORDS"]), int(os.environ["COMP_CWORD"])
    return words[1:at], words[at] if at < len(words) else ""


def in_line() -> tuple[list[str], str]:
    """Return the same of a line that ends where the cursor is, as zsh and fish give it."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    words = split(line)[1:]
    return (words[:-1], words[-1]) if words and not line.endswith(" ") else (words, "")


def in_powershell() -> tuple[list[str], str]:
    """Return the same where the shell tells the word at the cursor apart."""
    start = os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", "")
    words = split(os.environ.get("_TYPER_COMPLETE_ARGS", ""))
    return words[1:-1] if start else words[1:], start


def split(line: str) -> list[str]:
    """Return the words of a line as a shell splits them; a quote that is still open ends with the line."""
    reader = shlex.shlex(line, posix=True)
    reader.whitespace_split, reader.commenters = True, ""
    words = []
    try:
        for word in reader:
            words.append(word)  # noqa: PERF402 - what was read before a quote that is still open counts
    except ValueError:
        words.append(reader.token)
    return words


def to_bash(found: Found) -> int:
    """Print candidates for bash, which puts one into the line as it is."""
    print("\n".join("".join(f"\\{letter}" if letter in SPECIAL else letter for letter in word) for word, _ in found))
    return 0


def to_zsh(found: Found) -> int:
    """Print candidates with what is said of them for zsh, which runs the answer."""
    shown = (f'"{_quoted(word)}":"{_quoted(line)}"' if line else f'"{_quoted(word)}"' for word, line in _lines(found))
    print("_arguments '*: :((" + "\n".join(shown) + "))'" if found else "_files")
    return 0


def to_fish(found: Found) -> int:
    """Print candidates for fish, or say whether there are any: without them it offers files."""
    if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return 0 if found else 1
    print("\n".join(f"{word}\t{line}" if line else word for word, line in _lines(found)))
    return 0


def to_powershell(found: Found) -> int:
    """Print candidates for PowerShell, which wants something said of each."""
    print("\n".join(f"{word}:::{line or ' '}" for word, line in _lines(found)))
    return 0


def _lines(found: Found) -> Found:
    return [(word, " ".join(said.split())) for word, said in found]


def _quoted(text: str) -> str:
    return text.replace('"', "").replace("'", "").replace("$", "\\$").replace("`", "").replace(":", r"\\:")


SHELLS: Final[dict[str, tuple[Callable[[], tuple[list[str], str]], Callable[[Found], int]]]] = {
    "bash": (in_bash, to_bash),
    "zsh": (in_line, to_zsh),
    "fish": (in_line, to_fish),
    "powershell": (in_powershell, to_powershell),
    "pwsh": (in_powershell, to_powershell),
}
