"""The one place where a command is run and whatever goes wrong becomes a message and an exit status."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from cli.core.session import Session, of_process
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.terminal_text import clean
from infra.i18n.translate import marked

_ = translate.translate

WORDY = ("why", "help", "expected", "what", "noun", "kind")
"""Facts that are message ids themselves."""

CLAUSES = ("state", "needed")
"""Facts that are message ids where they are more than a word; a word is a code."""

ALIKE = 0.7
"""Options that are less alike than this were not meant."""

CHOICES = ("needed", "forms", "suggestion", "field")
"""Facts that may name several, with an `or` between the last two."""

SYSTEMS_OWN = (
    marked("No such file or directory"),
    marked("Permission denied"),
    marked("Is a directory"),
    marked("Not a directory"),
    marked("Directory not empty"),
    marked("File exists"),
    marked("File name too long"),
    marked("Read-only file system"),
    marked("No space left on device"),
    marked("Input/output error"),
    marked("Too many open files"),
    marked("no such file"),
)
"""What the operating system says of files, which stands in such facts too."""

NOUNS = (
    marked("person"),
    marked("group"),
    marked("person or group"),
    marked("calendar"),
    marked("policy"),
    marked("target"),
    marked("plan"),
    marked("resource"),
    marked("customer"),
    marked("opportunity"),
    marked("contract"),
    marked("period"),
    marked("event"),
    marked("history"),
    marked("next action"),
    marked("objection"),
    marked("collaboration"),
    marked("promise"),
    marked("visit"),
    marked("complaint"),
    marked("review"),
    marked("practice"),
    marked("a signed contract"),
    marked("an approved target"),
    marked("an approved plan"),
    marked("a closed period"),
)
"""The words that stand in such facts."""

OBJECTS = (
    marked("table"),
    marked("index"),
    marked("trigger"),
    marked("rule"),
    marked("view"),
    marked("function"),
    marked("row policy"),
    marked("row security"),
)
"""What a store is made of, as such facts name it."""


def guarded(words: Sequence[str]) -> int:
    """Run the command that `words` make, and return its exit status."""
    session: Session | None = None
    begun = time.monotonic()
    status, code = 0, None
    try:
        session = of_process(words)
        status = dispatched(session, words)
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
    except BaseException as wrong:  # noqa: BLE001 - nothing may reach the user as a traceback
        status = reported(wrong, session)
        code = None if isinstance(wrong, SystemExit) else problem_of(wrong).code
    finally:
        if session is not None:
            noted(session, words, status, code, begun)
            session.close()
    return status


def noted(session: Session, words: Sequence[str], status: int, code: str | None, begun: float) -> None:
    """Write the line of the log of runs, where one is asked for; it never disturbs the run itself."""
    try:
        if session.log == "json" and not os.environ.get("_SALES_COMPLETE"):
            from cli.core.run_log import note

            note(session, words, status, code, time.monotonic() - begun)
    except (Problem, OSError) as wrong:
        print(told(problem_of(wrong)), file=sys.stderr)


def dispatched(session: Session, words: Sequence[str]) -> int:
    """Find the command of `words` and run it."""
    from typer.exceptions import Exit

    from cli.registry import Root

    root = Root()
    if os.environ.get("_SALES_COMPLETE"):
        from cli.core.shell_completion import complete

        return complete(root, session)
    try:
        with root.make_context("sales", list(words), obj=session) as ctx:
            return int(root.invoke(ctx) or 0)
    except Exit as done:
        return done.exit_code


def reported(wrong: BaseException, session: Session | None) -> int:
    """Tell what went wrong, in the form of the run, and return the exit status."""
    if isinstance(wrong, SystemExit):
        return wrong.code if isinstance(wrong.code, int) else 1
    problem = problem_of(wrong)
    if problem.code == "fault" and os.environ.get("SALES_DEBUG"):
        import traceback

        traceback.print_exception(wrong)
    try:
        as_json = session is not None and session.json
        if as_json and not lost_output(wrong):
            from cli.core.output import json_text

            print(json_text({"schema": 1, "ok": False, "error": body(problem)}), flush=True)
        else:
            print(told(problem, colored=session is not None and session.colored(sys.stderr)), file=sys.stderr)
    except (OSError, Problem):
        pass  # nobody is left to tell
    if lost_output(wrong):
        silence()
    return problem.exit_status


def problem_of(wrong: BaseException) -> Problem:
    """Return any exception as a problem with a code."""
    if isinstance(wrong, Problem):
        return wrong
    if isinstance(wrong, KeyboardInterrupt):
        return Problem("interrupted")
    if isinstance(wrong, UnicodeEncodeError):  # bytes of the typed line that were no UTF-8
        shown = str(wrong.object)[:80].encode("utf-8", "backslashreplace").decode()
        return Problem("usage.bad_value", field="text", value=shown, why="it holds characters that are none", help="")
    if lost_output(wrong):
        return Problem("file.unwritable", file="stdout", why=os.strerror(errno.ENOSPC))
    from typer.exceptions import TyperException

    if isinstance(wrong, TyperException):
        return misused(wrong)
    from infra.db.errors import StoreFault

    if isinstance(wrong, StoreFault):
        from infra.db.errors import problem_of as store_problem

        return store_problem(wrong, wrong.facts.get("store", ""))
    shown = " ".join(str(wrong).split())[:200]
    return Problem("fault", why=f"{type(wrong).__name__}: {shown}" if shown else type(wrong).__name__)


def misused(wrong: Any) -> Problem:
    """Return a mistake in the typed line, as the parser found it, as a problem."""
    from cli.core.options import path_of

    ctx, option = getattr(wrong, "ctx", None), getattr(wrong, "option_name", "")
    place = path_of(ctx).partition(" ")[2] if ctx else ""
    why, facts = marked("The line can't be read: {detail}"), {"detail": wrong.format_message()}
    if hasattr(wrong, "possibilities"):
        near = instead_of(option, place) or [each for each in wrong.possibilities or () if alike(each, option)]
        facts = {"option": option, "suggestion": near[0] if near else ""}
        why = marked("There is no option {option}.")
        if near:
            why = marked("There is no option {option}. Did you mean {suggestion}?")
    elif option:
        why, facts = marked("The option {option} needs a value."), {"option": option}
        if "does not take" in wrong.message:
            why = marked("The option {option} takes no value.")
    elif "unexpected extra" in wrong.message:
        facts = {"word": wrong.message.rpartition(" (")[2].rstrip(")").partition(" ")[0]}
        why = marked("There is one word too many: {word}.")
    return Problem("usage.options", why=why, why_facts=facts, command=place)


def instead_of(flag: str, command: str) -> list[str]:
    """Return the flags that may be meant by one that an action is known not to have."""
    from domain.kernel.registry import action_class

    action = action_class(command.replace(" ", "."))
    fields = action.INSTEAD.get(flag.removeprefix("--"), ()) if action else ()
    return [" or ".join(f"--{field}" for field in fields)] if fields else []


def alike(option: str, typed: str) -> bool:
    """Say whether somebody who typed an option may have meant another: the dashes that all have in common don't count."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, option.lstrip("-"), typed.lstrip("-")).ratio() >= ALIKE


def lost_output(wrong: BaseException) -> bool:
    """Say whether stdout could not be written because its disk is full."""
    return isinstance(wrong, OSError) and wrong.errno == errno.ENOSPC and wrong.filename is None


def silence() -> None:
    """Let what is still unwritten go nowhere, so that the interpreter's own flush at the end can't fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            try:
                os.dup2(nowhere, stream.fileno())
            except (OSError, ValueError):
                continue


def facts_of(problem: Problem) -> dict[str, Any]:
    """Return the facts of a problem with its message ids translated and filled in."""
    facts = dict(problem.facts)
    inner = {name: chosen(name, fact) for name, fact in facts.pop("why_facts", {}).items()}
    if facts.get("value") == "":
        facts["value"] = '""'
    for name in WORDY:
        if isinstance(facts.get(name), str):
            facts[name] = translate.filled(facts[name], inner) if name == "why" and inner else worded(facts[name])
    return {
        name: chosen(name, _(fact) if name in CLAUSES and " " in str(fact) else fact) for name, fact in facts.items()
    }


def worded(message: str) -> str:
    """Return a fact in the language in use, also where a database or a library has said it."""
    known = _(message)
    if known != message or translate.language() == "en":
        return known
    from infra.i18n.foreign_texts import recognised

    said = recognised(message)
    if said is None:
        return message
    return translate.filled(
        said.message, {name: worded(part) if name == "why" else part for name, part in said.parts.items()}
    )


def chosen(name: str, fact: Any) -> Any:
    """Return a fact that may name several things with the word between them in the language in use."""
    return _(marked(" or ")).join(fact.split(" or ")) if name in CHOICES and isinstance(fact, str) else fact


def message_and_hint(problem: Problem) -> tuple[str, str]:
    """Return both lines of a problem in the language in use, on one line each and harmless to a terminal."""
    shown = {name: clean(value) if isinstance(value, str) else value for name, value in facts_of(problem).items()}
    message, hint = (translate.filled(line, shown) if line else "" for line in problem.text[1:3])
    return clean(message), clean(hint).replace("sales  --", "sales --")


def told(problem: Problem, *, colored: bool = False) -> str:
    """Return a problem as a person reads it."""
    message, hint = message_and_hint(problem)
    label = _("error: ")
    lines = [f"\x1b[31m{label}\x1b[0m{message}" if colored else label + message]
    if hint:
        lines.append(_("hint: ") + hint)
    return "\n".join([*lines, f"[{problem.code}]"])


def body(problem: Problem) -> dict[str, Any]:
    """Return a problem as the `error` of a JSON answer."""
    message, hint = message_and_hint(problem)
    facts = {name: as_json(value) for name, value in facts_of(problem).items() if name != "help"}
    return {"code": problem.code, "message": message, "facts": facts, "hint": hint, "retry": problem.retry}


def as_json(value: Any) -> Any:
    """Return a fact as JSON can hold it."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()  # a word typed in another encoding is no UTF-8
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    return str(value)
