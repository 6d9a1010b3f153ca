"""The open opportunities as of a moment, as they were known at another, and their sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from domain.kernel.action import given
from domain.kernel.money import from_units, shown, units
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import OPEN as END
from projections.engine.projection import Ask
from projections.queries.customers import survivors
from projections.queries.organisation import Organisation
from projections.views.column import Column, Money, Note, Rows, only_json
from projections.views.columns import COMPANY, GROUP
from projections.views.parameters import Customer
from projections.views.spec import Query, View, view

OPEN: Final = "{opportunities} i CROSS JOIN {opportunities} o"
HOLDS: Final = """i.status = 'open' AND i.ends > ? AND i.since <= ? AND i.known_from <= ? AND i.known_to > ?
 AND o.opportunity = i.opportunity AND o.since = i.since AND o.step = i.step AND o.known_from = i.known_from"""
"""What is open is found by the index alone, as `i`, and read as `o` only where it holds."""
ROWS: Final = f"""
SELECT o.close_date, o.amount, o.opportunity, o.name, o.customer, o.company, o.owner, o.stage, o.currency,
       o.probability, o.opened, o.changed
FROM {OPEN} WHERE {HOLDS}
"""
COMPANIES: Final = """
SELECT s.customer, s.company FROM {survivors} s
WHERE s.since <= ? AND s.known_from <= ? AND s.known_to > ? ORDER BY s.since, s.step
"""
LAST: Final = "9999-12-31"


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    currency: str,
    wanted: Mapping[str, str | None] | None = None,
) -> list[dict[str, Any]]:
    """Return the open opportunities, the first to close first, of one day those in `currency` first, the largest first.

    `wanted` keeps those of an owner, a group (those below it included), a stage or a customer. An opportunity of a lead
    that was merged into another stands under that one's name; its owner is still the lead's.
    """
    asked = {name: value for name, value in (wanted or {}).items() if value is not None}
    sql, params = "", list[Any]((moments.micros, moments.micros, moments.position, moments.position))
    for name in ("stage", "owner"):
        if name in asked:
            sql += f" AND o.{name} = ?"
            params.append(asked[name])
    if "group" in asked:
        owners = members(organisation, asked["group"], moments)
        sql += f" AND o.owner IN ({', '.join('?' * len(owners))})" if owners else " AND o.owner IS NULL"
        params += owners
    found = ask(ROWS + sql, params)
    found.sort(key=lambda row: (row[0] or LAST, row[8] != currency, row[8], -row[1], row[2]))
    under = under_others(ask, moments, {row[4] for row in found})
    groups = {owner: organisation.group_of(owner, moments.day) for owner in {row[6] for row in found}}
    made = [_row(row, groups, under) for row in found]
    return [row for row in made if row["customer"] == asked["customer"]] if "customer" in asked else made


def _row(
    row: Sequence[Any], groups: Mapping[str, str | None], under: Mapping[str, tuple[str, str | None]]
) -> dict[str, Any]:
    customer, company = under.get(row[4], row[4:6]) if under else row[4:6]
    return {
        "id": row[2],
        "name": row[3],
        "customer": customer,
        "company": company,
        "owner": row[6] or None,
        "group": groups[row[6]],
        "stage": row[7],
        "status": "open",
        "amount": amount(row[1]),
        "currency": row[8],
        "close_date": row[0],
        "probability": row[9],
        "opened": row[10],
        "changed": row[11],
    }


DESCRIBED: Final = """
SELECT o.opportunity, o.company, o.name, o.status, o.amount, o.currency FROM {{opportunities}} o
WHERE o.opportunity IN ({marks}) AND o.known_to = ? AND o.ends = ?
"""


def described(ask: Ask, opportunities: Sequence[str]) -> dict[str, str]:
    """Return a few words on each of these opportunities as it stands now: whose it is, its name, state and amount."""
    marks = ", ".join("?" * len(opportunities))
    rows = ask(DESCRIBED.format(marks=marks), (*opportunities, END, END))
    return {row[0]: " ".join(filter(None, (*row[1:4], amount(row[4]), row[5]))) for row in rows}


def members(organisation: Organisation, group: str, moments: AsOf) -> list[str]:
    """Return who is in a group, or in one below it, on the day of a moment."""
    within = ((login, organisation.group_of(login, moments.day)) for login in organisation.memberships())
    return [login for login, code in within if code and group in organisation.above(code)]


def under_others(ask: Ask, moments: AsOf, customers: set[str]) -> dict[str, tuple[str, str | None]]:
    """Return for each of the customers that was merged into another (that one's id, its name)."""
    last = {customer: into for customer, into in survivors(ask, moments).items() if customer in customers}
    if not last:
        return {}
    companies = dict(ask(COMPANIES, (moments.micros, moments.position, moments.position)))
    return {
        customer: (survivor, companies.get(survivor)) for customer, survivor in last.items() if survivor != customer
    }


def totals(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sums of rows by currency, each with those of its `stages`: count, amount, likely, weighted.

    `weighted` sums amount x probability, half-up to 0.01, over the `likely` opportunities whose probability was said.
    """
    made = []
    for currency in sorted({row["currency"] for row in found}):
        mine = [row for row in found if row["currency"] == currency]
        stages = sorted({row["stage"] for row in mine}, key=lambda stage: stage or "")
        parts = [{"stage": stage, **_sums([row for row in mine if row["stage"] == stage])} for stage in stages]
        made.append({"currency": currency, **_sums(mine), "stages": parts})
    return made


def _sums(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    likely = [row for row in found if row["probability"] is not None]
    worth = sum((Decimal(row["amount"]) for row in found), Decimal(0))
    weighted = sum((Decimal(row["amount"]) * Decimal(row["probability"]) for row in likely), Decimal(0))
    return {
        "count": len(found),
        "amount": amount(units(worth)),
        "likely": len(likely),
        "weighted": format(shown(weighted), "f"),
    }


@lru_cache(maxsize=8192)
def amount(whole: int) -> str:
    """Return ten-thousandths as the decimal text of the amount."""
    return format(from_units(whole), "f")


@view(
    "pipeline",
    title="Pipeline",
    about="A row an open opportunity, the first to close first.",
    example="sales pipeline --group g1 --as-of 2024-02-18",
    needs=("pipeline", "organisation"),
    key=("id",),
)
class Pipeline(View):
    """Show the open opportunities, the first to close first: as of any day, as it was known on any day."""

    owner: Login | None = given("Only opportunities of this owner.", default=None)
    group: GroupCode | None = given("Only opportunities of this group and those below it.", default=None)
    stage: str | None = given("Only opportunities in this stage.", default=None)
    customer: Customer | None = given("Only opportunities of this customer.", default=None)

    COLUMNS = (
        COMPANY._replace(meaning="The customer's name then."),
        Column("name", "About", missing="", meaning="What it is about."),
        Column("stage", "Stage", meaning="The stage it was moved to; null before."),
        Column("amount", "Amount", "amount", meaning="Expected, in `currency`."),
        Column("currency", "Currency", meaning="Of the amount."),
        Column("close_date", "Closes", "date", meaning="Expected closing day."),
        Column("probability", "Probability", "ratio", meaning="How likely, as it was forecast."),
        Column(
            "owner",
            "Owner",
            missing="nobody",
            meaning="Who owns the customer that it was opened for; null for nobody.",
            form="login",
        ),
        GROUP,
        Column("opened", "Opened", "time", meaning="When it was opened."),
        Column("changed", "Changed", "time", meaning="When something last happened to it."),
        Column("id", "Id", meaning="The opportunity's id."),
        only_json("customer", "text", "The customer's id; of a merged lead's opportunity that of the survivor."),
        only_json("status", "text", "open."),
    )
    DIGEST = (
        *("id", "name", "customer", "company", "owner", "group", "stage", "status", "amount", "currency"),
        *("close_date", "probability", "opened", "changed"),
    )
    CHART = "months"

    def rows(self, q: Query) -> list[dict[str, Any]]:
        wanted = {"owner": self.owner, "group": self.group, "stage": self.stage, "customer": self.customer}
        found = rows(q.ask, q.moments, q.organisation, currency=q.currency, wanted=wanted)
        if not q.explain:
            return found
        from projections.views.pipeline_events import of_opportunities

        behind = of_opportunities(q.ask, q.moments, [row["id"] for row in found])
        return [{**row, "events": behind.get(row["id"], [])} for row in found]

    def totals(self, rows: Rows) -> list[dict[str, Any]]:
        return totals(rows)

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        for line in totals:
            yield Note(
                "{count} open, {amount} {currency}; weighted by probability {weighted} (of {likely}).",
                {**line, "amount": Money(line["amount"]), "weighted": Money(line["weighted"])},
            )
