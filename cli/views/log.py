"""The log itself, as it was recorded."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.views.audit import Audit
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

LOG: Final = (
    Audit.COLUMNS[0],
    Column("recorded", marked("Recorded"), "time"),
    Column("occurred", marked("Occurred"), "time"),
    Column("name", marked("Event")),
    Column("subject", marked("Subject")),
    Column("actor", marked("Actor")),
    Column("recorder", marked("Recorder")),
    Column("source", marked("Source")),
    Column("key", marked("Key"), missing=""),
)


@command(
    option("--follow", "-f", flag=True, help=marked("Go on with what is recorded from now on; end with Ctrl-C.")),
    option("--limit", "-n", metavar="N", help=marked("How many of the last events; 20 unless given.")),
    example="sales log --follow",
    shows="none",
)
def log(session: Session, follow: bool | None, limit: str | None) -> None:
    """Show the last events of the log in the order in which they were recorded."""
    store = session.store()
    many = count_of(limit, 20)
    head, _time = store.reader.head()
    at = max(head - many, 0)
    records = store.reader.read(at, many)
    session.show(Result("log", LOG, [line(record, store) for record in records], {"position": head}, marked("Log")))
    at = head
    while follow:
        time.sleep(0.5)
        fresh = store.reader.read(at, 1000)
        if fresh:
            session.show(
                Result("log", LOG, [line(record, store) for record in fresh], {"position": fresh[-1].position})
            )
            at = fresh[-1].position


def count_of(text: str | None, default: int) -> int:
    """Return a number of things that was typed. Raises Problem."""
    if text is None:
        return default
    if not text.isdecimal() or len(text) > len("999999") or not int(text):
        raise Problem("usage.bad_value", field="limit", value=text[:80], why="a whole number is expected", help="")
    return int(text)


def line(record: Any, store: Store) -> dict[str, Any]:
    """Return a record of the log as a row, without its data."""
    from domain.calendar.moment import local_text

    return {
        "position": record.position,
        "recorded": local_text(record.recorded, store.zone),
        "occurred": local_text(record.occurred, store.zone),
        "name": record.name,
        "subject": record.stream,
        "actor": record.actor,
        "recorder": record.recorder,
        "source": record.source,
        "key": record.key,
    }
