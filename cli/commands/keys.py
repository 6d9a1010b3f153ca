"""`sales keys`: the keys of personal data: what there is of them, their copies, and one's own public key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.core.command import Command, Group, command
from cli.core.options import argument, option, replacing
from domain.kernel.refusal import Refused
from domain.kernel.rights import KEEPING_KEYS, may, roles
from infra.access.session_role import may_project, role
from infra.db.errors import as_problems
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

COLUMNS = (
    Column("subject", marked("Subject")),
    Column("keys", marked("Keys"), "count"),
    Column("destroyed", marked("Destroyed"), "count"),
    Column("made", marked("Made"), "time"),
)


@command(example="sales keys show")
def show(session: Session) -> None:
    """Show whose data has a key, and how many were destroyed; no key is ever shown."""
    store = session.store()
    counts: dict[str, dict[str, Any]] = {}
    with as_problems(store.shown_url):
        rows = store.reader.ring.rows()
        for key in rows.every() if rows else ():
            row = counts.setdefault(key.subject, {"subject": key.subject, "keys": 0, "destroyed": 0, "made": key.made})
            row["destroyed" if key.wrapped is None else "keys"] += 1
            row["made"] = max(row["made"], key.made)
    session.show(Result("keys", COLUMNS, [counts[subject] for subject in sorted(counts)]))


@command(
    option("--identity", metavar="FILE", help=marked("Whose file; yours in the folder of your settings unless given.")),
    example="sales keys recipient",
    shows="plain",
)
def recipient(session: Session, identity: str | None) -> None:
    """Print your public key, for whoever exports a log to you; its private half is made on first use and stays here."""
    from infra.config.environment import config_folder
    from infra.crypto.recipient import recipient_of

    file = Path(identity or config_folder(session.config.environ), *(() if identity else ("identity",)))
    with as_problems(str(file)):
        print(recipient_of(file))


@command(
    argument("file", help=marked("The file to write.")),
    replacing(),
    example="sales keys backup keys-2024-03-31.db",
    shows="none",
)
def backup(session: Session, file: str, replace: bool | None) -> None:
    """Copy the data keys, wrapped as they are, into a file of their own; keep it apart from backups of the store."""
    from infra.store.key_backup import backup as copied

    store = session.store()
    must_keep_keys(session, "keys backup")
    session.remember(store, copying=str(Path(file).absolute().parent))
    with as_problems(store.shown_url):
        count = copied(store.reader.ring, Path(file), over=bool(session.yes or replace), replace=bool(replace))
    session.say(filled(marked("{count} data keys are in {file}."), {"count": count, "file": file}))


@command(
    argument("file", help=marked("A file made by: sales keys backup")),
    example="sales keys restore keys.db",
    shows="none",
)
def restore(session: Session, file: str) -> None:
    """Put back what `sales keys backup` copied, where the keys were lost; keys that are here stay as they are."""
    from infra.store.key_backup import restore as put_back

    store = session.store()
    must_keep_keys(session, "keys restore")
    with as_problems(store.shown_url):
        count, closed = put_back(store.reader.ring, Path(file))
    session.say(filled(marked("{count} data keys are back."), {"count": count}))
    if closed:
        raise Problem("keys.closed", count=closed, file=file)


@command(
    argument("login", help=marked("Whose desk it is for.")),
    argument("file", help=marked("The file to write.")),
    example="sales keys hand-out zhang.san zhang-keys",
    shows="none",
)
def hand_out(session: Session, login: str, file: str) -> None:
    """Write the file of wrapping keys for somebody's desk: what their group may open, the company's for who sees everything."""
    from infra.crypto.key_sharing import handed_out, settle
    from infra.crypto.master_key_file import WrappingFile
    from infra.read_models.tables import in_use

    store = session.store()
    must_keep_keys(session, "keys hand-out")
    store.catch_up()
    if Path(file).exists() and not session.yes:
        raise Problem("file.exists", file=file)
    with as_problems(store.shown_url):
        ring = store.reader.ring
        if may_project(store.db):
            settle(ring, store.db, in_use)
        WrappingFile(file).hold(handed_out(ring, store.db, in_use, login))
    line = marked(
        "{file} is for the desk of {login} alone: put it where their wrapping keys are (sales config show), by a way that"
        " nobody else reads."
    )
    session.say(filled(line, {"file": file, "login": login}))


def must_keep_keys(session: Session, command: str) -> None:
    """Raise Problem unless whoever sits here may copy and hand out keys; a server's own logins may."""
    store = session.store()
    if role(store.db, "projector") is not None and store.signed_in is None:
        return
    state: Any = store.ledger(session.login).world.subject(f"per_{session.login}").state
    if not state.role or not may(state.role, KEEPING_KEYS):
        facts = {"actor": session.login, "role": state.role or "-", "allowed": ", ".join(roles(KEEPING_KEYS))}
        raise Problem.of(Refused("right.role", action=command, **facts))


class Keys(Group):
    """The verbs of `sales keys`."""

    verbs: dict[str, Command]

    def __init__(self) -> None:
        """Hold the verbs."""
        help = marked("The keys of personal data: show, copy, put back, hand out, your own public key.")
        super().__init__("keys", help=help, example="sales keys show")
        verbs = {"show": show, "recipient": recipient, "backup": backup, "restore": restore, "hand-out": hand_out}
        self.verbs = verbs

    def lines(self) -> list[tuple[str, str, str]]:
        return [(name, made.help or "", marked("Commands")) for name, made in self.verbs.items()]

    def load(self, name: str) -> Any:
        return self.verbs.get(name)


keys = Keys()
