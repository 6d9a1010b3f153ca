"""One subject on a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from cli import text
from cli.frame import command
from cli.options import argument
from cli.text import marked
from cli.view import Column, View
from cli.views.audit import AUDIT, telling
from cli.views.common import structured, told, worth_their_width
from cli.views.tracking import TRACKING, TRACKING_MORE

if TYPE_CHECKING:
    from cli.session import Session

_ = text.translate


@command(
    argument("subject", help=marked("The subject: id, key, exact name, login or group code.")),
    example="sales show 某某科技有限公司",
)
def show(session: Session, subject: str) -> int:
    """Show one subject on a screen: a customer's row and history, or the history of anything else."""
    from projections.audit import ask as question
    from projections.organisation.ask import Organisation
    from projections.tracking import ask as customers

    store = session.store()
    stream = store.subject(subject)
    with store.view("tracking", "audit", "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        organisation = Organisation(ask, moments.position)
        file: list[dict[str, Any]] = []
        if stream.startswith("cus_"):
            file = customers.rows(ask, moments, organisation, currency=store.currency, customer=stream)
        history = question.rows(ask, moments, organisation, subject=stream)
        if session.explain and file:
            from projections.audit.behind import of_customers

            behind = of_customers(ask, moments, [stream])
            file = [{**row, "events": behind.get(stream, [])} for row in file]
    if structured(session):
        session.answer(
            {"schema": 1, "view": "show", "subject": stream, **told(moments), "file": file, "history": history}
        )
        return 0
    if file:
        session.show(View("tracking", FILE, list(sheet(file[0])), told(moments), marked("Customer file")))
        print()
    session.show(
        View(
            "audit",
            worth_their_width(AUDIT, history, session),
            list(map(telling, history)),
            told(moments),
            marked("Audit history"),
        )
    )
    return 0


FILE: Final = (Column("field", marked("Field")), Column("value", marked("Value")))


def sheet(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a customer's row as lines of field and value."""
    from cli.output import cell

    row = {**row, "open_objections": [each["kind"] for each in row["open_objections"]]}
    for column in (*TRACKING, *TRACKING_MORE):
        yield {"field": _(column.title), "value": cell(row.get(column.key), column)}
