"""The contract ledger, and what is outstanding of the contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import argument, option
from cli.views.common import asking, columns_of, given_period, structured, told
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

STATES: Final = ("draft", "submitted", "approved", "returned", "signed", "completed", "cancelled")
CONTRACTS: Final = (
    Column("number", marked("Contract no.")),
    Column("company", marked("Company")),
    Column("state", marked("State")),
    Column("signed_on", marked("Signed on"), "date"),
    Column("value", marked("Worth"), "amount"),
    Column("collected", marked("Collected"), "amount"),
    Column("outstanding", marked("Outstanding"), "amount"),
    Column("overpaid", marked("Overpaid"), "amount", missing=""),
    Column("owner", marked("Owner"), missing=marked("nobody")),
    Column("collected_share", marked("Share"), "ratio"),
    Column("invoiced", marked("Invoiced"), "amount"),
    Column("delivered", marked("Delivered so far"), "amount"),
    Column("accepted", marked("Accepted"), "amount"),
    Column("approved_by", marked("Approved by")),
    Column("reviews", marked("Reviews"), "list"),
    Column("place", marked("Kept at")),
    Column("amount", marked("As drafted"), "amount"),
    Column("kind", marked("Kind")),
    Column("currency", marked("Currency")),
)
CONTRACTS_MORE: Final = (
    Column("group", marked("Group")),
    Column("deliveries", marked("Deliveries"), "count"),
    Column("not_accepted", marked("Not accepted"), "list"),
    Column("orders", marked("Orders"), "list"),
    Column("customer", marked("Customer")),
    Column("id", marked("Id")),
)
RECEIVABLES: Final = (
    Column("number", marked("Contract no.")),
    Column("company", marked("Company")),
    Column("instalment", marked("Instalment"), missing=""),
    Column("due", marked("Due"), "date"),
    Column("outstanding", marked("Outstanding"), "amount"),
    Column("overpaid", marked("Overpaid"), "amount", missing=""),
    Column("days_overdue", marked("Overdue by"), "count"),
    Column("promise", marked("Promise")),
    Column("promise_due", marked("Promised by"), "date"),
    Column("owner", marked("Owner"), missing=marked("nobody")),
    Column("amount", marked("Amount"), "amount"),
    Column("received", marked("Received"), "amount"),
    Column("ageing", marked("Ageing")),
    Column("promised", marked("Promised"), "amount"),
    Column("invoiced", marked("Invoiced"), "amount"),
    Column("part", marked("Portion")),
    Column("currency", marked("Currency")),
)
RECEIVABLES_MORE: Final = (
    Column("group", marked("Group")),
    Column("customer", marked("Customer")),
    Column("contract", marked("Contract")),
)
PROJECTIONS: Final = ("contracts", "progress", "tracking", "pipeline", "organisation")
OF: Final = argument(
    "subject", required=False, help=marked("Only this contract, or those of this customer: number, id, key or name.")
)
OWNER: Final = option("--owner", metavar="LOGIN", help=marked("Only contracts of this owner."))
GROUP: Final = option("--group", metavar="CODE", help=marked("Only contracts of this group and those below it."))


@command(
    OF,
    option("--period", "-p", metavar="PERIOD", help=marked("Only contracts signed in this period.")),
    option("--state", choices=STATES, help=marked("Only contracts in this state.")),
    OWNER,
    GROUP,
    example="sales contracts --period 2024Q1",
)
def contracts(
    session: Session, subject: str | None, period: str | None, state: str | None, owner: str | None, group: str | None
) -> None:
    """Show the contract ledger: what each is worth, who approved it, where it is kept, what was paid and delivered."""
    from projections.views import contracts as question

    store = session.store()
    subjects = [store.subject(subject)] if subject else None
    with asking(session, *PROJECTIONS) as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            currency=store.currency,
            period=given_period(session, period),
            state=state,
            owner=owner,
            group=group,
            subjects=subjects,
            explain=session.explain,
        )
    sums = question.totals(rows)
    shown = rows if structured(session) else _blank_where_nothing([telling(row) for row in rows], session)
    columns = columns_of(session, shown, CONTRACTS, CONTRACTS_MORE)
    session.show(Result("contracts", columns, shown, {**told(moments), "totals": sums}, marked("Contract ledger")))
    if session.output == "table":
        for line in sums:
            said = marked("{count} signed, worth {value} {currency}; collected {collected}, outstanding {outstanding}.")
            session.say(filled(said, {**line, **_amounts(line, "value", "collected", "outstanding")}))
            _say_overpaid(session, line)


@command(
    OF,
    option("--period", "-p", metavar="PERIOD", help=marked("Only what is due in this period.")),
    OWNER,
    GROUP,
    option("--overdue", flag=True, help=marked("Only what is overdue.")),
    option("--all", flag=True, help=marked("Also what has come in whole.")),
    example="sales receivables --overdue --group g1",
)
def receivables(
    session: Session,
    subject: str | None,
    period: str | None,
    owner: str | None,
    group: str | None,
    overdue: bool | None,
    all: bool | None,
) -> None:
    """Show what is outstanding by contract and instalment: due, invoiced, received, overdue, and what was promised."""
    from projections.views import receivables as question

    store = session.store()
    subjects = [store.subject(subject)] if subject else None
    with asking(session, *PROJECTIONS) as (ask, moments, organisation):
        rows = question.rows(
            ask,
            moments,
            organisation,
            currency=store.currency,
            period=given_period(session, period),
            owner=owner,
            group=group,
            subjects=subjects,
            overdue=bool(overdue),
            settled=bool(all),
            explain=session.explain,
        )
    sums = question.totals(rows)
    shown = _blank_where_nothing(rows, session)
    columns = columns_of(session, shown, RECEIVABLES, RECEIVABLES_MORE)
    session.show(Result("receivables", columns, shown, {**told(moments), "totals": sums}, marked("Receivables")))
    if session.output == "table":
        for line in sums:
            _say_sums(session, line)
            _say_overpaid(session, line)


def _blank_where_nothing(rows: Sequence[dict[str, Any]], session: Session) -> list[dict[str, Any]]:
    """Return the rows of a table for the eye without a 0 where nothing is overpaid; files have it."""
    if session.output != "table":
        return list(rows)
    return [{**row, "overpaid": row["overpaid"] if row["overpaid"] != "0" else None} for row in rows]


def _say_overpaid(session: Session, line: Mapping[str, Any]) -> None:
    """Say what came in beyond the worth of contracts, if anything did."""
    if line["overpaid"] != "0":
        said = marked("{currency}: overpaid {overpaid}, until it is refunded.")
        session.say(filled(said, {"currency": line["currency"], **_amounts(line, "overpaid")}))


def _say_sums(session: Session, line: Mapping[str, Any]) -> None:
    """Say what is outstanding in a currency, by age, and how much of it each owner is to collect."""
    ageing = {f"age{n}": part for n, part in enumerate(line["ageing"].values())}
    said = marked(
        "{currency}: outstanding {outstanding}, overdue {overdue} (0-30 days {age1}, 31-60 {age2}, 61-90 {age3}, 90+ {age4})."
    )
    amounts = _amounts({**line, **ageing}, "outstanding", "overdue", *ageing)
    session.say(filled(said, {"currency": line["currency"], **amounts}))
    for part in line["owners"] if len(line["owners"]) > 1 else ():
        each = marked("{owner}: outstanding {outstanding}, overdue {overdue} {currency}.")
        owner = part["owner"] or _("nobody")
        said_of = {"owner": owner, "currency": line["currency"], **_amounts(part, "outstanding", "overdue")}
        session.say(filled(each, said_of))


def _amounts(line: Mapping[str, Any], *names: str) -> dict[str, str]:
    from infra.formats.text_table import money

    return {name: money(line[name]) for name in names}


def telling(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contract as a reader sees it: opinions and orders in a word each."""
    reviews: Sequence[Mapping[str, Any]] = row["reviews"]
    latest = {review["department"]: review for review in reviews if review["holds"]}
    orders: Sequence[Mapping[str, Any]] = row["orders"]
    return {
        **row,
        "reviews": [f"{name} {review['opinion']}" for name, review in latest.items()] or None,
        "orders": [f"{order['number']} {order['amount']}" for order in orders] or None,
        "not_accepted": row["not_accepted"] or None,
    }
