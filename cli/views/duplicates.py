"""Customers that may be one company."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.options import option
from cli.views.common import asking, explained, told, worth_their_width
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

DUPLICATES: Final = (
    Column("group", marked("Group no."), "count"),
    Column("members", marked("Customers"), "count"),
    Column("company", marked("Company")),
    Column("owner", marked("Owner")),
    Column("other_company", marked("Likest to")),
    Column("other_owner", marked("Its owner")),
    Column("how", marked("How")),
    Column("likeness", marked("Likeness"), "ratio"),
    Column("customer", marked("Id")),
)
OTHER: Final = Column("other", marked("Its id"))
"""In a table it stands in the other's own row."""
DISTINCT: Final = Column("distinct", marked("Told apart"))


@command(
    option("--likeness", metavar="RATIO", help=marked("From which likeness on names are near; 0.8 unless given.")),
    option("--owner", metavar="LOGIN", help=marked("Only groups with a customer of this owner.")),
    option("--group", metavar="CODE", help=marked("Only groups with a customer of this team.")),
    option("--all", flag=True, help=marked("Also who was said to be another company.")),
    example="sales duplicates --likeness 0.9",
)
def duplicates(session: Session, likeness: str | None, owner: str | None, group: str | None, all: bool | None) -> None:
    """Show the customers that may be one company, group by group: of one registration number, one name, or near names."""
    from projections.engine.name_similarity import NEAR
    from projections.views import duplicates as question

    least = likeness_of(likeness) if likeness else NEAR
    with asking(session, *question.NEEDS) as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            owner=owner,
            group=group,
            least=least,
            settled=bool(all),
            explain=session.explain,
        )
    table = session.output == "table"
    every = DUPLICATES if table and not all else (*DUPLICATES, *(() if table else (OTHER,)), DISTINCT)
    columns = worth_their_width(explained(every, session), rows, session)
    meta = {**told(moments), "groups": len({row["group"] for row in rows})}
    session.show(Result("duplicates", columns, rows, meta, marked("Duplicates")))
    if table and rows:
        facts = {"customers": len(rows), "groups": meta["groups"]}
        session.say(filled(marked("Groups: {groups}; customers in them: {customers}."), facts))


def likeness_of(typed: str) -> Decimal:
    """Return a likeness as it was typed: 0.5 to 1, or 50% to 100%. Raises Problem."""
    try:
        least = Decimal(typed.removesuffix("%")) / (100 if typed.endswith("%") else 1)
    except InvalidOperation:
        least = Decimal(0)
    if not Decimal("0.5") <= least <= 1:
        why = marked("{word} is no likeness; give 0.5 to 1.")
        raise Problem("usage.options", why=why, why_facts={"word": typed[:40]}, command="duplicates")
    return least
