"""The norms in force, and who kept them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import (
    PEOPLE,
    PERSON,
    asking,
    by_policies,
    explained,
    of_those_seen,
    period_of,
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

_ = translate.translate

NORMS: Final = (
    Column("week", marked("Week")),
    Column("norm", marked("Norm")),
    Column("owner", marked("Person")),
    Column("group", marked("Group")),
    Column("numerator", marked("Kept in"), "count"),
    Column("denominator", marked("Cases"), "count"),
    Column("ratio", marked("Ratio"), "ratio"),
    Column("kept", marked("Norm kept")),
)
IN_FORCE: Final = (
    Column("norm", marked("Norm")),
    Column("policy", marked("Policy")),
    Column("from", marked("In force from"), missing=marked("always")),
    Column("values", marked("Values")),
)


@command(
    option(
        "--period",
        "-p",
        metavar="PERIOD",
        help=marked("The weeks that begin in this period; the present week unless given."),
    ),
    option(
        "--norm", choices=("entry", "cadence", "file", "report", "pool", "hand-over"), help=marked("Only this norm.")
    ),
    PERSON,
    PEOPLE,
    option("--broken", flag=True, help=marked("Only where it was not kept.")),
    option("--in-force", flag=True, help=marked("The norms themselves instead: each with the policy that sets it.")),
    example="sales norms --period 2024-03 --broken",
)
def norms(
    session: Session,
    period: str | None,
    norm: str | None,
    owner: str | None,
    group: str | None,
    broken: bool | None,
    in_force: bool | None,
) -> None:
    """Show who kept each norm in which week: entry in time, cadence, complete files, weekly reviews, no recalls, hand-overs in time."""
    import json

    from domain.calendar.period import Period
    from projections.views.norms import view as question
    from projections.views.norms.measures import NORMS as RULES

    store = session.store()
    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        chosen = period_of(period, store) if period else Period.week_of(moments.day)
        named = [norm] if norm else list(RULES)
        policies = organisation.in_force(moments.day, *(RULES[name].policy for name in named))
        meta = {**told(moments), "period": chosen.name, "policies": policies}
        if in_force:
            lines = [
                {
                    "norm": name,
                    "policy": held["name"],
                    "from": held["from"],
                    "values": held["values"] if structured(session) else json.dumps(held["values"], ensure_ascii=False),
                }
                for name, held in zip(named, policies, strict=True)
            ]
            session.show(Result("norms-in-force", IN_FORCE, lines, meta, title=marked("Norms")))
            return
        rows = question.rows(
            ask,
            moments,
            organisation,
            chosen,
            currency=store.currency,
            norm=norm,
            owner=owner,
            group=group,
            broken=bool(broken),
            explain=session.explain,
        )
    rows = of_those_seen(rows, store)
    shown = rows if structured(session) else [{**row, "kept": _("yes") if row["kept"] else _("no")} for row in rows]
    session.show(
        Result(
            "norms", worth_their_width(explained(NORMS, session), shown, session), shown, meta, title=marked("Norms")
        )
    )
    by_policies(session, policies)
    if session.output == "table" and rows:
        line = marked("{period}: kept in {kept} of {count} lines.")
        kept = sum(1 for row in rows if row["kept"])
        session.say(filled(line, {"period": chosen.name, "kept": kept, "count": len(rows)}))
