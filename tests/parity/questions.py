"""The questions: every view with each of its options, in every format and both languages; every page of help; what is refused."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

from tests.parity.door import Asked, Door
from tests.parity.registry import Command, commands
from tests.parity.stores import DEMO, NONE, POSTGRES, YEAR
from tests.parity.values import VALUES, Words, values_of
from tests.year.company import company

LANGUAGES: Final[tuple[Words, ...]] = ((), ("--lang", "zh"))
FORMATS: Final = ("table", "plain", "json", "jsonl", "csv", "md", "html", "xlsx")
WORDLESS: Final = ("plain", "jsonl")
"""Formats without a word of either language beside those of json and table."""

WIDTHS: Final = (80, 160)
CHANGING: Final = {"calendar load", "customer sweep"}
"""What help shows as a view, and writes: not asked, or only with --dry-run."""

ALONE: Final = {"board", "keys show", "config show"}
"""Those that show a screen or a machine: asked plainly only."""

FILES: Final = {"report"}
"""Those with formats of their own, which are among their words."""

LONG: Final = {"audit", "follow-ups", "norms", "capacity", "period diff", "diff"}
"""Those with thousands of rows in a year: only one workbook and one page of each."""

FORMS: Final = ("leads", "follow-ups", "contracts", "reviews")


def questions(door: Door, store: str) -> list[Asked]:
    """Return the questions of a store, or those that need none."""
    known = commands(door)
    asked = _without_store(known) if store == NONE else _of_store(known, store)
    return list(dict.fromkeys(asked))


def sample(door: Door) -> list[Asked]:
    """Return a few questions: each view of the demo once as JSON and once as a table."""
    typed = [(view, (*view.name.split(), *_needed(view, DEMO)[0])) for view in commands(door) if asked_as_view(view)]
    return [
        Asked(DEMO, (*words, *more))
        for view, words in typed
        for more in (((),) if view.name in FILES else (("-o", "json"), ("-o", "table")))
    ]


def asked_as_view(command: Command) -> bool:
    """Say whether a command is asked as a view, with all that belongs to one."""
    return (command.is_view or command.name in ("log", "status")) and command.name not in CHANGING | ALONE


def _of_store(known: list[Command], store: str) -> Iterator[Asked]:
    for view in filter(asked_as_view, known):
        yield from _of_view(view, store)
    yield from _subjects(store)
    if store == DEMO:
        for view in filter(asked_as_view, known):
            yield from _refused(view, store)
        yield from _acts(known, store)
    else:
        yield from _of_the_log(store)
    if store == YEAR:
        yield from _completed(known, store)


def _of_view(view: Command, store: str) -> Iterator[Asked]:
    name, values = tuple(view.name.split()), VALUES[store]
    needed = [(*name, *words) for words in _needed(view, store)]
    moments = ((), values.at, values.known) if view.is_view else ((),)
    full = [needed[0], *([(*needed[0], "--explain", *values.at)] if view.is_view else [])]
    rest = [(*typed, *moment) for typed, moment in product(needed, moments)]
    rest += [(*needed[0], *words) for each in values_of(view, store).values() for words in each]
    rest += [(*needed[0], "--unit", "10k")]
    if store == POSTGRES:
        yield from (Asked(store, (*typed, "--json") if view.name not in FILES else typed) for typed in (*full, *rest))
        return
    for typed in full:
        yield from _every_way(view, typed, store, workbook=typed is full[0] or view.name not in LONG)
    for typed in rest:
        yield from _some_ways(view, typed, store)


def _needed(view: Command, store: str) -> tuple[Words, ...]:
    """Return the bare words, and options without which there is no answer, as they may be typed."""
    return VALUES[store].words.get(view.name, ((),))


def _every_way(view: Command, typed: Words, store: str, *, workbook: bool) -> Iterator[Asked]:
    if view.name in FILES:
        yield from (Asked(store, (*typed, *language)) for language in LANGUAGES)
        return
    for language in LANGUAGES:
        for form in FORMATS:
            if (workbook or form not in ("xlsx", "html")) and not (language and form in WORDLESS):
                yield Asked(store, (*typed, "-o", form, *language))
        yield from (Asked(store, (*typed, *language), width) for width in WIDTHS if _ends(view))
    if view.name == "report":
        yield from (
            Asked(store, (*typed, flag, "-", *language)) for flag in ("--html", "--xlsx") for language in LANGUAGES
        )


def _some_ways(view: Command, typed: Words, store: str) -> Iterator[Asked]:
    if view.name not in FILES:
        yield Asked(store, (*typed, "--json"))
    if store == YEAR or view.name in FILES:
        yield Asked(store, (*typed, "--lang", "zh"), WIDTHS[1] if _ends(view) else 0)


def _ends(view: Command) -> bool:
    """Say whether a view is a table on a terminal, too, and not a screen or a file."""
    return view.name != "replay" and view.name not in FILES


def _subjects(store: str) -> Iterator[Asked]:
    """Yield what is asked of one subject of each kind, named by the first key under which something of the kind was done."""
    if store == DEMO:
        return
    first = {line["action"]: line["key"] for line in reversed(company())}
    for key in sorted(set(first.values())):
        yield Asked(store, ("show", key, "--json"))
        if store == YEAR:
            yield from (Asked(store, words, 80) for words in (("show", key), ("show", key, "--lang", "zh")))
            yield Asked(store, ("audit", key, "--explain", "--json"))


def _refused(view: Command, store: str) -> Iterator[Asked]:
    """Yield what is not understood: values that an option can't have, subjects and periods that there are not."""
    name, needed = tuple(view.name.split()), _needed(view, store)[0]
    wrong: list[Words] = [(*name, *needed, flag, "nonsuch") for flag, metavar in view.options.items() if metavar]
    wrong += [(*name, *("nonsuch" for _ in view.words)), name, (*name, "--nonsuch"), (*name, "one", "two", "three")]
    wrong += [(*name, *needed, *more) for more in (("--as-of", "nonsuch"), ("--known-at", "2024-13-01"))]
    for typed in wrong:
        if "--html" not in typed and "--xlsx" not in typed:
            yield from (Asked(store, (*typed, *more)) for more in (("--json",), ("--lang", "zh")))


def _of_the_log(store: str) -> Iterator[Asked]:
    """Yield what is asked beside views: the log itself, forms with what the store knows, words for days."""
    typed: list[Words] = [("export",), ("verify",), ("undo", "--dry-run"), ("log", "--limit", "100000", "--json")]
    if store == YEAR:
        typed += [("board",), ("rebuild", "nonsuch"), ("customer", "sweep", "--dry-run"), ("config", "show")]
        typed += [("template", form, "-o", "xlsx") for form in FORMS]
        typed += [("tracking", "--as-of", "yesterday"), ("tracking", "--as-of", "last friday"), ("tracking", "--quiet")]
    yield from (Asked(store, (*words, *language)) for words, language in product(typed, LANGUAGES))


def _acts(known: list[Command], store: str) -> Iterator[Asked]:
    """Yield acts that are only tried: the example of each, where it can be read and where it is refused."""
    for tried in (shlex.split(command.example) for command in known if command.is_action):
        yield from (Asked(store, (*tried, "--dry-run", *more)) for more in (("--json",), ("--lang", "zh")))


def _completed(known: list[Command], store: str) -> Iterator[Asked]:
    """Yield lines that are completed: commands, flags, and the value of each option but periods, which follow today."""
    lines: Iterable[str] = [
        "",
        "--",
        "-",
        "tr",
        "nonsuch ",
        "tracking --lang ",
        "tracking -o ",
        "schema ",
        "help ",
        "config set ",
    ]
    for command in known:
        lines = [*lines, f"{command.name} ", f"{command.name} --"] if command.words != ("PERIOD",) else lines
        if store == YEAR and not command.is_action:
            lines = [*lines, *(f"{command.name} {flag} " for flag, metavar in command.options.items()
                               if metavar not in ("", "PERIOD", "FILE", "WEEK"))]  # fmt: skip
    for line in lines:
        *words, last = line.split(" ")
        yield Asked(store, (*words, last), completes="fish")
    yield from (
        Asked(store, ("show", start), completes=shell) for shell in ("bash", "zsh") for start in ("", "c", "苏州")
    )


def _without_store(known: list[Command]) -> Iterator[Asked]:
    """Yield what needs no store: help, schemas, scripts of shells; and what is said where there is none."""
    names = [tuple(command.name.split()) for command in known]
    pages = [(), *sorted({name[:1] for name in names}), *names]
    typed: list[Words] = [(*page, "--help") for page in pages] + [
        ("schema",),
        ("--version",),
        ("nonsuch",),
        ("config", "path"),
    ]
    typed += [("schema", ".".join(name)) for name, command in zip(names, known, strict=True) if command.is_action]
    typed += [("completion", shell) for shell in ("bash", "zsh", "fish", "powershell", "nonsuch")]
    typed += [("help",), ("help", "nonsuch"), ("template",), ("template", "leads", "-o", "xlsx"), ("doctor", "nonsuch")]
    typed += [
        ("help", topic) for topic in ("errors", "actions", "batch", "import", "periods", "times", "days", "formats")
    ]
    typed += [name for name, command in zip(names, known, strict=True) if asked_as_view(command)]
    yield from (Asked(NONE, (*words, *language)) for words, language in product(typed, LANGUAGES))
