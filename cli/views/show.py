"""One subject on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import argument
from cli.views.common import asking, structured, told
from cli.views.declared import worth_their_width
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.queries.runner import quarter_of
from projections.views.audit import Audit, telling
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.engine.projection import Ask
    from projections.queries.organisation import Organisation

_ = translate.translate

SHEET: Final = (Column("section", marked("Part")), Column("field", marked("Field")), Column("value", marked("Value")))


@command(
    argument("subject", help=marked("The subject: id, key, exact name, login or group code.")),
    example="sales show 某某科技有限公司",
)
def show(session: Session, subject: str) -> int:
    """Show one subject on a screen: where it stands, what is open, what comes next; of anything else the history."""
    from projections.views import audit as question
    from projections.views import tracking as customers

    store = session.store()
    stream = store.subject(subject)
    with asking(session, "tracking", "audit", "organisation", "pipeline", "progress", "records") as (
        ask,
        moments,
        organisation,
    ):
        sheet = sheet_of(store, ask, stream, moments, organisation)
        file: list[dict[str, Any]] = []
        history: list[dict[str, Any]] = []
        if structured(session) or session.explain or sheet is None:
            history = question.rows(ask, moments, organisation, subject=stream)
        if structured(session) and stream.startswith("cus_"):
            file = customers.rows(ask, moments, organisation, currency=store.currency, customer=stream)
            if session.explain and file:
                from projections.queries.audit_events import of_customers

                behind = of_customers(ask, moments, [stream])
                file = [{**row, "events": behind.get(stream, [])} for row in file]
    if structured(session):
        about = {"schema": 1, "view": "show", "subject": stream, **told(moments)}
        session.answer({**about, "sheet": sheet, "file": file, "history": history})
        return 0
    if sheet is not None:
        on_screen(session, sheet, stream, moments)
        if session.out or session.output == "xlsx":
            return 0  # one file holds one table; the history has a view of its own
    if history:
        if sheet is not None:
            print()
        columns = worth_their_width(Audit().columns(session.output), history, session.output)
        lines = [{**row, "changes": telling(row)} for row in history]
        session.show(Result("audit", columns, lines, told(moments), marked("Audit history")))
    elif sheet is None:
        session.say(_("Nothing to show: there was nothing of the kind, as far as was known then."))
    return 0


def sheet_of(store: Store, ask: Ask, stream: str, moments: AsOf, organisation: Organisation) -> dict[str, Any] | None:
    """Return what is worth knowing of a subject at a glance; None where it did not stand then, or has only a history."""
    kind = stream[:4]
    if kind == "cus_":
        from projections.views.subject import customer

        now = customer.standing(store.history, stream, moments)
        if not now.tracked.customer.known:
            return None
        return {
            **customer.sheet(now, moments, organisation),
            "records": customer.records(ask, now, moments, organisation),
        }
    from projections.views.subject import others

    if kind == "con_":
        found = others.of_contract(ask, store.history, stream, moments, organisation)
        return found if found["number"] else None
    if kind == "opp_":
        found = others.of_opportunity(ask, store.history, stream, moments, organisation)
        return found if found["state"] else None
    if kind == "tgt_":
        currency, month = store.currency, store.fiscal_month
        return others.of_target(
            ask, store.history, stream, moments, organisation, currency=currency, fiscal_month=month
        )
    if kind in ("per_", "grp_"):
        quarter = quarter_of(moments, store.fiscal_month)
        of = others.of_person if kind == "per_" else others.of_group
        return of(ask, stream, moments, organisation, quarter, currency=store.currency)
    return None


def on_screen(session: Session, sheet: dict[str, Any], stream: str, moments: AsOf) -> None:
    """Print the sheet: laid out for a person to read, or as rows of part, field and value."""
    from cli.actions.next_step import quote
    from infra.formats.subject_sheet import layout

    if session.output != "table" or session.out:
        session.show(Result("show", SHEET, list(layout.as_rows(sheet)), told(moments), marked("One subject")))
        return
    for line in layout.laid_out(sheet):
        print(line)
    name = sheet.get("number") or sheet.get("login") or sheet.get("code") or stream
    session.say(filled(marked("Its history: {command}"), {"command": f"sales audit {quote(name)}"}))
