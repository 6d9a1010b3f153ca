"""The man pages, in roff, from the same declarations as the help: one of the program and one of each of its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cli.core.command import Command
from cli.core.help_page import record
from cli.core.options import global_options
from cli.docs.help import EXITS, PAGES
from cli.docs.reference.commands import VARIABLES
from cli.registry import COMMANDS, NOUNS, Noun, Root, loaded
from infra import __version__
from infra.config.settings import PROJECT_FILE
from infra.i18n import translate
from infra.i18n.translate import marked

_ = translate.translate

LANGUAGES: Final[Mapping[str, str]] = {"en": "man1", "zh": "zh_CN/man1"}
"""By language, the folder below share/man in which its pages lie."""
ABOUT: Final = marked("A sales team's history as a log of what happened, and every table computed from it.")


def pages(language: str) -> dict[str, str]:
    """Return the pages in a language by their file's name."""
    before = translate.language()
    translate.use(language)
    try:
        found = {"sales.1": program()}
        for name in (*NOUNS, *COMMANDS):
            found[f"sales-{name}.1"] = word(name)
        return found
    finally:
        translate.use(before)


def program() -> str:
    """Return the page of the program itself."""
    lines = [*head("sales", _(ABOUT)), ".SH " + _("SYNOPSIS"), f".B sales\n.I {plain(_('COMMAND'))}\n\\&..."]
    lines += [".SH " + _("EXAMPLES"), *block(Root().example)]
    for heading, rows in listed(Root().lines()):
        lines += [".SH " + plain(_(heading)).upper(), *terms((name, _(line)) for name, line in rows)]
    lines += [".SH " + _("OPTIONS OF EVERY COMMAND"), *terms(map(record, global_options()))]
    lines += [".SH " + _("EXIT STATUS"), *terms((status, _(line)) for status, line in EXITS)]
    lines += [".SH " + _("ENVIRONMENT"), *terms((name, _(meaning)) for name, meaning in VARIABLES.items())]
    lines += [".SH " + _("FILES"), *terms([(PROJECT_FILE, _("Settings of a project, in the folder where one is."))])]
    lines += [".SH " + _("TOPICS")]
    for title, example, page in PAGES.values():
        lines += [".SS " + plain(_(title)), plain(_(page)), *block(example)]
    return joined(lines)


def word(name: str) -> str:
    """Return the page of a noun, a view or a chore."""
    entry = COMMANDS.get(name)
    if entry is None:
        noun = Noun(name)
        return group(name, NOUNS[name], {verb: noun.load(verb) for verb, _line, _heading in noun.lines()})
    found = loaded(entry)
    if isinstance(found, Command):
        lines = [*head(f"sales-{name}", _(entry.help)), ".SH " + _("DESCRIPTION")]
        return joined([*lines, *described(found, f"sales {name}")])
    return group(name, entry.help, found.verbs)


def group(name: str, help: str, verbs: Mapping[str, Command]) -> str:
    """Return the page of a word that has verbs, each of them in a section."""
    lines = [
        *head(f"sales-{name}", _(help)),
        ".SH " + _("SYNOPSIS"),
        f".B sales {name}\n.I {plain(_('COMMAND'))}\n\\&...",
    ]
    for verb, command in verbs.items():
        lines += [f".SH {plain(name.upper())} {plain(verb.upper())}", *described(command, f"sales {name} {verb}")]
    return joined(lines)


def described(command: Command, words: str) -> Iterator[str]:
    """Yield how a command is called, what it does, an example, and its options."""
    bare = [param for param in command.params if param.param_type_name == "argument" and param.help]
    usage = command.usage or " ".join(param.metavar or "" for param in bare) or f"[{_('options')}]"
    yield f".B {plain(words)}\n.I {plain(usage)}\n.PP"
    yield plain(_(command.help or ""))
    yield from block(command.example)
    flags = [param for param in command.params if not param.hidden and param.param_type_name != "argument"]
    yield from terms([*((param.metavar or "", _(param.help)) for param in bare), *map(record, flags)])


def head(name: str, help: str) -> list[str]:
    """Return the title and the name of a page."""
    return [
        f'.TH "{name.upper()}" "1" "" "sales {__version__}" "Salestrail"',
        ".ad l",
        ".SH " + _("NAME"),
        f"{name} \\- {plain(help)}",
    ]


def listed(lines: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each heading with the names and lines below it."""
    held = list(lines)
    for heading in dict.fromkeys(heading for _name, _line, heading in held):
        yield heading, [(name, line) for name, line, under in held if under == heading]


def terms(rows: Iterable[tuple[Any, str]]) -> Iterator[str]:
    """Yield a list of terms, each with its meaning below it."""
    for term, meaning in rows:
        yield f".TP\n.B {plain(str(term))}\n{plain(meaning) or plain(str(term))}"


def block(example: str) -> Iterator[str]:
    """Yield lines that are shown as they are."""
    yield ".PP\n.nf\n.RS"
    for line in example.strip().splitlines():
        yield plain(line.strip())
    yield ".RE\n.fi\n.PP"


def plain(words: str) -> str:
    """Return text in which roff finds no commands of its own."""
    held = " ".join(words.split()).replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{held}" if held[:1] == "." else held


def joined(lines: Iterable[str]) -> str:
    """Return the text of a page."""
    return "\n".join(lines) + "\n"
