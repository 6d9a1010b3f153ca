"""The audit history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import argument, option
from cli.views.common import asking, explained, given_period, told, worth_their_width
from infra.formats.result import Result
from infra.i18n.translate import marked
from projections.queries.audit_changes import telling
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

AUDIT: Final = (
    Column("position", marked("No."), "count"),
    Column("occurred", marked("Occurred"), "time"),
    Column("recorded", marked("Recorded"), "time"),
    Column("late_days", marked("Late"), "count"),
    Column("name", marked("Event")),
    Column("changes", marked("Changes"), "list"),
    Column("actor", marked("Actor")),
    Column("recorder", marked("Recorder")),
    Column("source", marked("Source")),
    Column("reason", marked("Reason"), missing=""),
    Column("corrects", marked("Corrects"), "count", missing=""),
    Column("corrected_by", marked("Corrected by"), "count", missing=""),
)


@command(
    argument("subject", required=False, help=marked("The subject: id, key, exact name, login or group code.")),
    option("--period", "-p", metavar="PERIOD", help=marked("Only events that happened in this period.")),
    option("--source", choices=("cli", "batch", "import", "system"), help=marked("Only events that came in this way.")),
    option("--name", metavar="EVENT", help=marked("Only events of this name, as customer.lead_captured.")),
    option("--by", metavar="LOGIN", help=marked("Only acts of this person (also --actor).")),
    example="sales audit 某某科技有限公司",
)
def audit(
    session: Session, subject: str | None, period: str | None, source: str | None, name: str | None, by: str | None
) -> None:
    """Show the audit history: every event with both times, who did and who entered it, and what it changed."""
    from projections.views import audit as question

    store = session.store()
    with asking(session, "audit", "organisation") as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            subject=store.subject(subject) if subject else None,
            actor=by or session.config.flags.get("actor"),
            period=given_period(session, period),
            source=source,
            name=name,
        )
    if session.explain:
        rows = [
            {**row, "events": [{"position": row["position"], "event": row["event"], "name": row["name"]}]}
            for row in rows
        ]
    if session.output == "table":
        rows = [telling(row) for row in rows]
    columns = worth_their_width(explained(AUDIT, session), rows, session)
    session.show(Result("audit", columns, rows, told(moments), marked("Audit history")))
