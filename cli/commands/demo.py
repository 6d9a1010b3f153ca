"""The demo: the first quarter of 2024 of a made-up company, played into a fresh store and shown."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cli.core.command import command
from cli.core.options import option
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.terminal_text import pad, width
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

QUARTER = Path(__file__).with_name("demo_quarter.jsonl")
AS_OF = "2024-03-31"
SHOWN = "demo#precision"
MOVED = {"login": "zhang.san", "before": "g1", "after": "g2", "amount": "CNY 1,100,000"}
"""Why the figures of a person and of the groups don't add up at first sight; a test reckons it again."""


@command(
    option(
        "--dir", metavar="FOLDER", help=marked("Where the demo's store is made; a new temporary folder unless given.")
    ),
    example="sales demo",
    shows="none",
)
def demo(session: Session, dir: str | None) -> None:
    """Play the first quarter of 2024 of a made-up company into a fresh store and show what came of it."""
    from cli.views.declared import ask
    from infra.commands import batch
    from infra.store.open import create_store
    from projections.views.audit import Audit
    from projections.views.progress.view import Progress
    from projections.views.tracking import Tracking

    path = Path(dir or tempfile.mkdtemp(prefix="salestrail-")) / "demo.db"
    if path.exists():
        why = marked("There is a demo in {file} already.")
        raise Problem("usage.options", why=why, why_facts={"file": str(path)}, command="demo")
    store, _made = create_store(f"sqlite:///{path}", first_actor=None, places=session.places)
    with QUARTER.open("rb") as lines:
        ledger = store.ledger("lin.zong", source="batch", migrating=True)
        answers = [answer for _line, answer in batch.apply(ledger, batch.read(lines))]
    wrong = next((answer for answer in answers if isinstance(answer, Problem)), None)
    if wrong is not None:
        raise wrong
    session.use(store)
    session.config.flags.update({"as_of": AS_OF, "no_pager": True})
    session.for_the_eye = True
    session.say(filled(marked("Played {count} actions of the first quarter of 2024."), {"count": len(answers)}))
    shown(_("The tracking table, a row a customer"), "sales tracking")
    ask(session, Tracking, {})
    shown(_("The progress against targets"), "sales progress --period 2024Q1 --metric sales")
    ask(session, Progress, {"period": "2024Q1", "metric": "sales"})
    print()
    moved = marked(
        "{login} moved from {before} to {after} in this quarter: {amount} of what they signed counts in {before}."
    )
    print(filled(moved, MOVED))
    shown(_("The audit of one customer: both times, who, and what changed"), f"sales audit {SHOWN}")
    ask(session, Audit, {"subject": SHOWN})
    print()
    for line in nexts(path, program()):
        print(line)


def shown(title: str, words: str) -> None:
    """Print a heading with the command that shows the same."""
    print(f"\n{title}   $ {typed(words, program())}\n")


def program() -> str:
    """Return how the program is called from the shell that has called it: `sales` where it is on the PATH there.

    `uv run` puts it there only for what it runs.
    """
    by_uv = "UV_RUN_RECURSION_DEPTH" in os.environ
    own = str(Path(sys.prefix) / "bin")
    folders = [each for each in os.environ.get("PATH", "").split(os.pathsep) if not (by_uv and each == own)]
    if shutil.which("sales", path=os.pathsep.join(folders)):
        return "sales"
    if by_uv:
        return "uv run sales"
    called = str(Path(sys.argv[0]).absolute())
    return shlex.join([called] if os.access(called, os.X_OK) else [sys.executable, called])


def typed(words: str, called: str) -> str:
    """Return a command as it is typed where the program is `called` so."""
    return called + words.removeprefix("sales")


def nexts(path: Path, called: str = "sales") -> list[str]:
    """Return what to try next, as it is typed where the program is `called` so."""
    store, then = f"sqlite:///{path}", f"--as-of {AS_OF}"
    tries: list[tuple[str, str]] = [
        (_("What was known on 19 February"), "sales progress --period 2024Q1 --known-at 2024-02-19"),
        (_("The events behind each number"), "sales progress --period 2024Q1 --owner company --explain"),
        (_("A corrected amount, beside the original"), "sales audit --name event.corrected"),
        (_("One customer on one screen"), f"sales show 寅卯精密制造有限公司 {then}"),
        (_("What was due on a Friday"), "sales agenda --as-of 2024-03-29"),
        (_("Who met customers as often as planned"), f"sales cadence --period 2024Q1 --summary {then}"),
        (_("What is still to be paid, and what was promised"), f"sales receivables {then}"),
        (_("What works against which objection"), "sales playbook"),
        (_("Each person's score"), f"sales scorecard --period 2024Q1 {then}"),
        (_("A full screen that follows the log"), f"sales board --period 2024Q1 {then}"),
        (_("A lead of your own"), "sales lead capture 某某科技有限公司 --channel online"),
        (_("All there is"), "sales --help"),
    ]
    tries = [(title, typed(words, called)) for title, words in tries]
    widest = max(width(words) for _title, words in tries)
    return [
        filled(marked("The demo's store: export SALES_STORE={store}"), {"store": shlex.quote(store)}),
        _("Try next:"),
        *(f"  {pad(words, widest)}  # {title}" for title, words in tries),
    ]
