"""The sweep of the public pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

RECALLED: Final = (
    Column("company", marked("Company")),
    Column("former", marked("Former owner")),
    Column("day", marked("Recalled on"), "date"),
    Column("customer", marked("Id")),
)


@command(example="sales customer sweep --at 2024-03-01", name="sweep")
def sweep(session: Session) -> None:
    """Recall every customer whom nobody has touched for too long (sales policy show pool); run again, nothing more."""
    from infra.jobs import pool_sweep

    store = session.store()
    day = (store.moment(session.at) if session.at else store.clock().astimezone(store.zone)).date()
    found = pool_sweep.sweep(store, session.login, day, dry_run=session.dry_run)
    rows = [{**each._asdict(), "day": each.day.isoformat()} for each in found]
    session.show(Result("recalled", RECALLED, rows, {"day": day.isoformat()}))
    if session.output == "table":
        line = _("{count} would be recalled.") if session.dry_run else _("{count} recalled.")
        session.say(line.format(count=len(rows)))
