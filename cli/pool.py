"""The sweep of the public pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import text
from cli.frame import command
from cli.text import marked
from cli.view import Column, View

if TYPE_CHECKING:
    from cli.session import Session

_ = text.translate

RECALLED: Final = (
    Column("company", marked("Company")),
    Column("former", marked("Former owner")),
    Column("day", marked("Recalled on"), "date"),
    Column("customer", marked("Id")),
)


@command(example="sales customer sweep --at 2024-03-01", name="sweep")
def sweep(session: Session) -> None:
    """Recall every customer whom nobody has touched for too long (sales policy show pool); run again, nothing more."""
    from infra import pool

    store = session.store()
    day = (store.moment(session.at) if session.at else store.clock().astimezone(store.zone)).date()
    found = pool.sweep(store, session.login, day, dry_run=session.dry_run)
    rows = [{**each._asdict(), "day": each.day.isoformat()} for each in found]
    session.show(View("recalled", RECALLED, rows, {"day": day.isoformat()}))
    if session.output == "table":
        line = _("{count} would be recalled.") if session.dry_run else _("{count} recalled.")
        session.say(line.format(count=len(rows)))
