"""What is different between two moments, and which events did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import structured, told
from cli.views.whole import brief
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from infra.queries.runner import chosen_period
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.views.diff.compare import Difference

_ = translate.translate

AXES: Final = ("as-of", "known-at")
VIEWS: Final = (
    *("progress", "tracking", "pipeline", "targets", "funnel", "objections", "scorecard", "contracts", "receivables"),
    "audit",
)
DIFF: Final = (
    Column("view", marked("View")),
    Column("row", marked("Row")),
    Column("field", marked("Field")),
    Column("from", marked("From"), align="right", missing=""),
    Column("to", marked("To"), align="right", missing=""),
    Column("difference", marked("Difference"), align="right", missing=""),
    Column("events", marked("Events"), "list"),
)


@command(
    option("start", "--from", metavar="MOMENT", help=marked("The earlier moment: 2024-02-01, 2024-W07, yesterday.")),
    option("end", "--to", metavar="MOMENT", help=marked("The later moment; now unless given.")),
    option(
        "--axis", choices=AXES, help=marked("Which of the two times goes from one to the other; as-of unless given.")
    ),
    option("--view", choices=VIEWS, many=True, help=marked("Only this view; may be repeated.")),
    option(
        "--period", "-p", metavar="PERIOD", help=marked("The period of progress; the quarter of --to unless given.")
    ),
    option("--owner", metavar="LOGIN", help=marked("Only rows of this owner.")),
    option("--group", metavar="CODE", help=marked("Only rows of this group.")),
    example="sales diff --from 2024-02-01 --to 2024-02-29 --axis known-at",
)
def diff(
    session: Session,
    start: str | None,
    end: str | None,
    axis: str | None,
    view: tuple[str, ...],
    period: str | None,
    owner: str | None,
    group: str | None,
) -> None:
    """Show what changed between two moments, and which events did it: in business time, or in what was known."""
    from projections.views.diff import query as question

    if start is None:
        raise Problem("usage.options", why=marked("Say from when, with --from."), command="diff")
    store = session.store()
    views = tuple(dict.fromkeys(view)) or question.USUAL
    with store.view(*question.projections_for(views)) as ask:
        before, after = moments_of(session, store, start, end, axis or "as-of")
        chosen = chosen_period(period, store.fiscal_month, after)
        looks = [(m, question.looked(ask, views, chosen, m, store.currency)) for m in (before, after)]
        rows = question.differences(
            ask, looks[0], looks[1], chosen, store.currency, lambda each: concerns(each, owner, group)
        )
    shown = rows if structured(session) else [readable(row, ("from", "to")) for row in rows]
    if session.output == "table":
        shown = [*brief(shown)]
    meta = {"axis": axis or "as-of", "period": chosen.name, "from": told(before), "to": told(after)}
    session.show(Result("diff", DIFF, shown, meta, marked("Differences")))
    if session.output == "table" and not rows:
        session.say(_("Nothing changed."))


def moments_of(session: Session, store: Store, start: str, end: str | None, axis: str) -> tuple[AsOf, AsOf]:
    """Return the two moments to be compared, which differ in the time of the axis. Raises Problem."""
    if axis == "as-of":
        after = store.moments(end or session.as_of, session.known_at)
        before = store.moments(start, session.known_at)._replace(position=after.position)
        late = before.micros > after.micros
    else:
        fixed = store.moments(session.as_of)
        after, before = (
            known._replace(as_of=fixed.as_of, day=fixed.day, micros=fixed.micros)
            for known in (store.moments(None, end or session.known_at), store.moments(None, start))
        )
        late = before.position > after.position
    if late:
        facts = {"from": start, "to": end or "-"}
        raise Problem("usage.options", why=marked("{from} is after {to}."), why_facts=facts, command="diff")
    return before, after


def concerns(each: Difference, owner: str | None, group: str | None) -> bool:
    """Say whether a difference is one of a row of that owner or group, at either moment."""
    rows = [row for row in each.rows if row]
    if owner and not any(owner in (row.get("owner"), row.get("actor")) for row in rows):
        return False
    if not group:
        return True
    if each.view == "progress":
        return bool(each.key["level"] == "group" and each.key["owner"] == group)
    return any(row.get("group") == group for row in rows)


def readable(row: Mapping[str, Any], sides: Iterable[str]) -> dict[str, Any]:
    """Return a difference as a person reads it: amounts with thousands, ratios as percent, rows by their names."""
    shown = {side: cell(row["field"], row[side]) for side in (*sides, "difference")}
    return {**row, **shown, "row": row["label"] or row["row"]}


def cell(field: str, value: Any) -> str | None:
    """Return one side of a difference as text."""
    from infra.formats import text_table
    from projections.views.diff.compare import NUMBERS, RATIOS

    if value is None or value == []:
        return None
    if field in RATIOS:
        return text_table.percent(value)
    if field in NUMBERS:
        return text_table.amount(value)
    if isinstance(value, list):
        return ", ".join(part_of(part) for part in value)
    return str(value)


def part_of(value: Any) -> str:
    """Return one part of a list as text: an objection's kind, an amount with its currency, or the part itself."""
    from infra.formats import text_table

    if not isinstance(value, Mapping):
        return str(value)
    return str(value.get("kind") or value.get("number") or f"{text_table.money(value['amount'])} {value['currency']}")
