"""The page of the commands: options of every command, settings, answers, and each command beside the actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cli.core.command import Command
from cli.core.options import global_options
from cli.docs.help import EXITS
from cli.docs.reference.markdown import code, fenced, table
from cli.registry import COMMANDS, EXTRAS, NOUNS, loaded
from infra.config.settings import KEPT, PROJECT_FILE, SWITCHES, TEXTS
from infra.i18n.translate import marked

INTRO: Final = """# Commands

`sales NOUN VERB ...` records an action ([actions](actions.md)); the other words are views and chores, listed
below. Options stand before or after the words. stdout is data, stderr is talk.
"""
SETTINGS: Final = f"""## Settings

Flags go before the environment, the environment before the project's file `{PROJECT_FILE}`, that before your own file
(`sales config path`), and that before the default. `sales config show` names where each value comes from. A profile
counts where it was chosen ([settings and profiles](../config.md)).
"""
VARIABLES: Final = {
    "SALES_CONFIG": marked("Path of your own config file."),
    "SALES_DEBUG": marked("1: show the traceback of a fault of the program."),
    "NO_COLOR": marked("No colours."),
    "LC_ALL, LC_MESSAGES, LANG": marked("The language, where no setting says: zh... is Chinese, else English."),
}
ANSWERS: Final = """## Answers as JSON

An action with `--json`, a line of `sales apply`, and a row of `sales import ... --json` are each answered by one
object. `sales init`, `sales rebuild` and `sales import log` answer with `schema`, `ok` and what they did.
"""
ANSWER: Final = {
    "schema": ("action", "The version of this form: 1."),
    "line": ("apply", "The line's number, from 1."),
    "row": ("import", "The row's number, as the sheet counts."),
    "ok": ("all", "true, or false with `error`."),
    "status": ("all", "recorded, repeated (already recorded), or dry-run."),
    "subject": ("action, apply", "The id of the subject."),
    "events": ("action, apply", "The names of the events."),
    "position": ("action, apply", "The position of the first; null in a dry run."),
    "warnings": ("action, apply", "What somebody should look at; a line has it only where there is something."),
    "planned": ("action", "In a dry run: each event's `name` and `data`."),
    "error": ("apply, import", "As in [errors](errors.md)."),
}


def page() -> str:
    """Return the page."""
    lines = [INTRO, "## Exit statuses", "", *table(("status", "meaning"), EXITS)]
    lines += ["## Options of every command", "", *table(("option", "meaning"), map(shown, global_options()))]
    lines += [SETTINGS, *table(("setting", "variable", "kept in files"), settings())]
    lines += table(("other variable", "meaning"), ((code(name), meaning) for name, meaning in VARIABLES.items()))
    lines += [ANSWERS, *table(("member", "in", "meaning"), ((code(m), *said) for m, said in ANSWER.items()))]
    for words, command in commands():
        lines += section(words, command)
    lines += ["## Actions, by noun", "", *table(("noun", "actions"), ((code(n), line) for n, line in NOUNS.items()))]
    return "\n".join(lines)


def settings() -> Iterator[tuple[str, str, str]]:
    """Yield each setting with its environment variable, and whether a file may hold it."""
    for name in (*TEXTS, *SWITCHES):
        yield code(name), code(f"SALES_{name.upper()}"), "yes" if name in KEPT else ""


def commands() -> Iterator[tuple[str, Command]]:
    """Yield the words of each command beside the actions, and the command."""
    for name, entry in COMMANDS.items():
        found = loaded(entry)
        if isinstance(found, Command):
            yield name, found
        else:
            yield from ((f"{name} {verb}", made) for verb, made in found.verbs.items())
    for (noun, verb), entry in EXTRAS.items():
        yield f"{noun} {verb}", loaded(entry)


def section(words: str, command: Command) -> list[str]:
    """Return the lines about one command."""
    return [
        f"## sales {words}",
        "",
        " ".join((command.help or "").split()),
        "",
        *fenced(*(line.strip() for line in command.example.strip().splitlines())),
        *table(("", "meaning"), (shown(param) for param in command.params)),
    ]


def shown(param: Any) -> tuple[str, str]:
    """Return a word or an option with what it means."""
    if param.param_type_name == "argument":
        words = param.metavar if param.required or param.callback else f"[{param.metavar}]"
    else:
        words = ", ".join((*param.opts, *param.secondary_opts))
        if param.metavar and not param.is_flag:
            words += f" {param.metavar}"
    return code(words), param.help or ""
