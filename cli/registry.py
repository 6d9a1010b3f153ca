"""The tree of commands: names and one-line helps are listed here, the code behind them is loaded on demand."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, NamedTuple

from cli.core.command import Group
from infra.i18n.translate import marked
from projections.views.registry import VIEWS


class Entry(NamedTuple):
    """A command's module and its name there, its line in help, and the heading it stands under."""

    module: str
    name: str
    help: str
    heading: str


_VIEWS: Final = marked("Views")
_MOVING: Final = marked("Moving data")
_PROOF: Final = marked("Proof")
_STORE: Final = marked("The store")
_PROGRAM: Final = marked("The program")
_ACTIONS: Final = marked("Actions, by noun")


def _declared(name: str) -> Entry:
    """Return the entry of a declared view."""
    view = VIEWS[name]
    return Entry(f"projections.views.{view.module}", view.name, view.line, _VIEWS)


_OF_NOUNS: Final = ("target-suggest", "policy")
"""Views that are asked for by a noun and a verb, which stand among EXTRAS."""

COMMANDS: Final[dict[str, Entry]] = {
    **{name: _declared(name) for name, view in VIEWS.items() if view.line and name not in _OF_NOUNS},
    "replay": Entry("cli.replay.command", "replay", marked("A period played again, as it was known each day."), _VIEWS),
    "show": Entry("cli.views.show", "show", marked("One subject: where it stands."), _VIEWS),
    "diff": Entry(
        "cli.views.diff", "diff", marked("What changed between two moments, and which events did it."), _VIEWS
    ),
    "board": Entry("cli.board.command", "board", marked("A full screen that follows the log."), _VIEWS),
    "report": Entry("cli.commands.report", "report", marked("A period's report: one page, or a workbook."), _VIEWS),
    "log": Entry("cli.views.log", "log", marked("The events as they were recorded."), _VIEWS),
    "undo": Entry("cli.commands.undo", "undo", marked("Take back the last act."), _MOVING),
    "apply": Entry("cli.commands.apply", "apply", marked("Record actions from JSON Lines."), _MOVING),
    "template": Entry(
        "cli.commands.template", "template", marked("The forms of the process, as workbooks to fill in."), _MOVING
    ),
    "import": Entry("cli.commands.import_", "import_", marked("Record the rows of a workbook or a CSV file."), _MOVING),
    "export": Entry("cli.commands.export", "export", marked("The whole log as JSON Lines."), _MOVING),
    "demo": Entry("cli.commands.demo", "demo", marked("Play the first quarter of 2024 into a fresh store."), _MOVING),
    "checkpoint": Entry(
        "cli.commands.proof.checkpoint", "checkpoint", marked("Sign what the log holds, to be kept by others."), _PROOF
    ),
    "verify": Entry("cli.commands.proof.verify", "verify", marked("Check that the log is what was signed."), _PROOF),
    "prove": Entry(
        "cli.commands.proof.prove", "prove", marked("A proof of one event, or that the log only grew."), _PROOF
    ),
    "verify-proof": Entry(
        "cli.commands.proof.verify_proof", "verify_proof", marked("Check a proof; needs no store."), _PROOF
    ),
    "witness": Entry(
        "cli.commands.proof.witness", "witness", marked("Countersign checkpoints, on another machine."), _PROOF
    ),
    "init": Entry("cli.commands.store", "init", marked("Make or update a store."), _STORE),
    "status": Entry("cli.commands.store", "status", marked("The position of each table, and how far it lags."), _STORE),
    "rebuild": Entry("cli.commands.store", "rebuild", marked("Fold the tables from the log again."), _STORE),
    "work": Entry("cli.commands.store", "work", marked("Keep the tables up to date, until stopped."), _STORE),
    "backup": Entry("cli.commands.backup", "backup", marked("The store as one file, checked row by row."), _STORE),
    "restore": Entry("cli.commands.backup", "restore", marked("Fill an empty store with a backup."), _STORE),
    "doctor": Entry("cli.commands.doctor", "doctor", marked("Look for what could go wrong on this machine."), _STORE),
    "keys": Entry("cli.commands.keys", "keys", marked("The keys of personal data: show, copy, put back."), _STORE),
    "config": Entry("cli.commands.config", "config", marked("Show or set settings."), _PROGRAM),
    "schema": Entry("cli.commands.schema", "schema", marked("The JSON Schema of an action."), _PROGRAM),
    "completion": Entry("cli.commands.completion", "completion", marked("The completion script of a shell."), _PROGRAM),
    "help": Entry("cli.docs.help", "help_", marked("Pages on a topic: actions, batch, import, errors, ..."), _PROGRAM),
}

NOUNS: Final[dict[str, str]] = {
    "person": marked("People: register, join a group, change role, depart, hand over."),
    "group": marked("Groups: form."),
    "calendar": marked("The working days of a year: publish, load, show."),
    "policy": marked("Policies: adopt, show."),
    "target": marked("Targets: set, allocate, submit, approve, file, revise."),
    "plan": marked("Action plans: draft, commit to key actions, submit, approve, file."),
    "resource": marked("Resource requests: request, grant, decline, deliver."),
    "lead": marked("Leads: capture, validate, assign, grade, merge."),
    "customer": marked("Customers: file, contacts, team; protect, release, claim, dispute."),
    "follow-up": marked("Follow-ups: log a contact with a customer, plan one, miss one."),
    "next-action": marked("Next actions: set, complete, reschedule, drop."),
    "objection": marked("Objections: log, answer, resolve."),
    "signal": marked("Signals that a customer wants to buy: log."),
    "need": marked("Needs: identify, change."),
    "proposal": marked("Proposals: request, deliver."),
    "quote": marked("Quotes: issue."),
    "opportunity": marked("Opportunities: open, move, forecast, lose, reopen."),
    "contract": marked("Contracts: draft, review, approve, sign, amend, order, complete, cancel."),
    "payment": marked("Payments: schedule, invoice, receive, refund, promise."),
    "delivery": marked("Deliveries: deliver a milestone, accept it."),
    "collaboration": marked("What other departments are asked for: ask, deliver, decline."),
    "after-sale": marked("After the sale: hand-over with its promises, visits, complaints."),
    "period": marked("Periods: close, show as closed, what differs since."),
    "review": marked("Reviews: hold, find with evidence, agree, complete, finish."),
    "practice": marked("What the team has adopted: questions, scripts, cases, templates."),
    "event": marked("Recorded events: correct, void."),
}

EXTRAS: Final[dict[tuple[str, str], Entry]] = {
    ("customer", "sweep"): Entry(
        "cli.commands.pool", "sweep", marked("Recall who has gone untouched for too long."), _ACTIONS
    ),
    ("target", "suggest"): _declared("target-suggest"),
    ("calendar", "load"): Entry(
        "cli.commands.calendar", "load", marked("Publish the years that a file names."), _ACTIONS
    ),
    ("calendar", "show"): Entry(
        "cli.commands.calendar", "show", marked("The working days of a year, by month."), _VIEWS
    ),
    ("period", "show"): Entry(
        "cli.views.period", "period_show", marked("A period's figures, as closed or as known now."), _VIEWS
    ),
    ("period", "diff"): Entry(
        "cli.views.period", "period_diff", marked("What differs from a period's closed figures, and why."), _VIEWS
    ),
    ("policy", "show"): _declared("policy"),
}


def loaded(entry: Entry) -> Any:
    """Return the command behind an entry; that of a declared view is made from its declaration."""
    found = getattr(import_module(entry.module), entry.name)
    if isinstance(found, type):
        from cli.views.declared import command_of

        return command_of(found)
    return found


class Root(Group):
    """The first level: nouns, views and chores."""

    def __init__(self) -> None:
        super().__init__(
            "sales",
            help=marked("A sales team's history as a log of what happened, and every table computed from it."),
            example="""
                sales lead capture 某某科技有限公司 --channel online --contact 王经理
                sales tracking
                sales demo""",
        )

    def lines(self) -> list[tuple[str, str, str]]:
        views = [(name, entry.help, entry.heading) for name, entry in COMMANDS.items()]
        first = [line for line in views if line[2] == _VIEWS]
        nouns = [(noun, line, _ACTIONS) for noun, line in NOUNS.items()]
        return [*nouns, *first, *(line for line in views if line[2] != _VIEWS)]

    def load(self, name: str) -> Any:
        if name in NOUNS:
            return Noun(name)
        entry = COMMANDS.get(name)
        return loaded(entry) if entry else None


class Noun(Group):
    """The second level: the verbs of a noun, made from its actions."""

    def __init__(self, noun: str) -> None:
        super().__init__(noun, help=NOUNS[noun], example="")
        self.noun = noun

    def get_help(self, ctx: Any) -> str:
        from domain.kernel.registry import actions_of

        self.example = actions_of(self.noun)[0].EXAMPLE
        return super().get_help(ctx)

    def lines(self) -> list[tuple[str, str, str]]:
        from domain.kernel.registry import actions_of

        acting = [(cls.NAME.partition(".")[2], _first_line(cls), marked("Commands")) for cls in actions_of(self.noun)]
        shown = [(verb, entry.help, marked("Commands")) for (noun, verb), entry in EXTRAS.items() if noun == self.noun]
        return acting + shown

    def load(self, name: str) -> Any:
        extra = EXTRAS.get((self.noun, name))
        if extra:
            return loaded(extra)
        from domain.kernel.registry import action_class

        cls = action_class(f"{self.noun}.{name}")
        if cls is None:
            return None
        from cli.actions.command import command_of

        return command_of(cls)


def _first_line(cls: type) -> str:
    return " ".join((cls.__doc__ or "").split())
