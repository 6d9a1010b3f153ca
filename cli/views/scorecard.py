"""The scorecard of a period, locked once the period is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    PEOPLE,
    PERSON,
    by_policies,
    chosen_period,
    explained,
    of_those_seen,
    period_of,
    present_period,
    structured,
    told,
    worth_their_width,
)
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.queries.closed_periods import Closing
    from infra.store.store import Store
    from projections.engine.as_of import Moments
    from projections.engine.projection import Ask

_ = translate.translate

SCORECARD: Final = (
    Column("owner", marked("Person")),
    Column("group", marked("Group")),
    Column("measure", marked("Scored on")),
    Column("numerator", marked("Reached"), "amount"),
    Column("denominator", marked("Out of"), "amount"),
    Column("ratio", marked("Ratio"), "ratio", missing=marked("n/a")),
    Column("cap", marked("Cap"), "ratio", missing=marked("none")),
    Column("weight", marked("Weighs"), "ratio"),
    Column("counted", marked("Counts"), "ratio"),
    Column("points", marked("Points"), "ratio"),
    Column("why", marked("Why not"), missing=""),
)
WHY: Final = (marked("nothing-to-measure"), marked("not-measured"))


@command(
    present_period(),
    PERSON,
    PEOPLE,
    option("--restated", flag=True, help=marked("Of a closed period what is known now, instead of what was closed.")),
    example="sales scorecard --period 2024Q1 --group g1",
)
def scorecard(
    session: Session, period: str | None, owner: str | None, group: str | None, restated: bool | None
) -> None:
    """Show each person's measures in a period, weighed by the policy; a closed period's keeps the figures it was closed with."""
    from projections.queries.organisation import Organisation
    from projections.views.scorecard import view as question

    store = session.store()
    with store.view(*question.NEEDS) as tables:
        asked = store.moments(session.as_of, session.known_at)
        chosen = chosen_period(session, period, asked)
        ask: Ask = tables
        moments, closing = asked, None
        if not (restated or session.as_of or session.known_at):
            ask, moments, closing = locked(store, ask, asked, chosen.name)
        organisation = Organisation(ask, moments.position)
        rows = question.rows(
            ask,
            moments,
            organisation,
            chosen,
            currency=store.currency,
            owner=owner,
            group=group,
            explain=session.explain,
        )
        rules = organisation.in_force(
            question.within(moments, chosen).day, question.POLICY, "entry-deadline", "cadence"
        )
    rows = of_those_seen(rows, store)
    meta = {**told(moments), "period": chosen.name, "closed": closing.position if closing else None, "policies": rules}
    shown = rows if structured(session) else [readable(row) for row in rows]
    columns = worth_their_width(explained(SCORECARD, session), shown, session)
    session.show(Result("scorecard", columns, shown, meta, title=marked("Scorecard")))
    by_policies(session, rules)
    if closing and session.output == "table":
        line = marked(
            "{period} was closed on {when}: the figures are those it was closed with. What is known now: --restated"
        )
        session.say(filled(line, {"period": chosen.name, "when": closing.recorded[:10]}))


def locked(store: Store, ask: Ask, asked: Moments, name: str) -> tuple[Ask, Moments, Closing | None]:
    """Return what is asked and the moments at which a closed period's scorecard stands, with the closing; as given where it is open.

    Who sees every row has them held against what was closed: raises Problem if they differ. Others see their own.
    """
    from infra.access import session_role
    from infra.queries import closed_periods as closings

    closing = closings.closing_of(store, period_of(name, store), asked.position)
    if closing is None:
        return ask, asked, None
    moments = closings.as_closed(store, closing)
    if "scorecard" in closing.digests and session_role.sees_all(store.db):
        ask = closings.as_credited(ask, closing, moments, store.currency, ["scorecard"])
        closings.checked(ask, closing, moments, store.currency, ["scorecard"])
    return ask, moments, closing


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a reader takes it in: the score's line begins a person's, and says so."""
    return {**row, "why": _(row["why"]) if row["why"] else None}
