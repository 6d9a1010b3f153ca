"""A view that nobody has: declared as any other is, to see that nothing else is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from domain.kernel.action import given
from domain.kernel.types import Login
from projections.views.column import Column, Money, Note, Rows, Summary, only_json
from projections.views.columns import COMPANY, CUSTOMER_ID
from projections.views.spec import Query, View, view

CUSTOMERS = """
SELECT DISTINCT t.customer, f.company, s.owner FROM {tracked} t JOIN {tracking} s ON s.number = t.number
JOIN {tracking_once} f ON f.number = t.number ORDER BY t.customer
"""


def of_all(rows: Rows) -> list[dict[str, Any]]:
    """Return how many customers there are."""
    return [{"many": len({row["customer"] for row in rows})}]


@view(
    "toys",
    title="Toys of customers",
    about="A row a customer.",
    example="sales toys --owner zhang.san",
    needs=("tracking", "organisation"),
    key=("customer", "owner"),
    period="any",
    period_help="Only toys of this period.",
)
class Toys(View):
    """Show who plays with which toy."""

    toy: Literal["robot", "kite"] | None = given("Only this toy.", default=None)
    owner: Login | None = given("Only toys of this owner.", default=None)
    broken: bool = given("Only toys that are broken.", default=False)

    COLUMNS = (
        COMPANY,
        Column("toy", "Toy", meaning="robot or kite.", text=lambda row: Note("a {toy}", {"toy": row["toy"]})),
        Column("price", "Price of a toy", "amount", meaning="What it costs, in the house's currency."),
        Column("broken", "Broken?", "flag", missing="", meaning="Whether it is broken."),
        Column("owner", "Owner", meaning="Whose it is.", form="login", missing="nobody"),
        CUSTOMER_ID._replace(wide=True),
        only_json("known", "count", "How much of the log is known."),
    )
    SUMMARY = Summary(
        "How many instead.",
        "Toys in all",
        (Column("many", "How many toys", "count", meaning="How many."),),
        of_all,
        about="One row.",
        asked="sales toys --summary --json",
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        found = [
            {
                "customer": customer,
                "company": company,
                "owner": owner,
                "toy": "kite" if len(company) % 2 else "robot",
                "price": "1200.00",
                "broken": owner is None,
                "known": q.moments.position,
            }
            for customer, company, owner in q.ask(CUSTOMERS, ())
        ]
        wanted = [row for row in found if self.toy in (None, row["toy"]) and self.owner in (None, row["owner"])]
        return [row for row in wanted if row["broken"] or not self.broken]

    def totals(self, rows: Rows) -> Any:
        return {"count": len(rows)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield Note("{count} toys, {worth} each.", {**totals, "worth": Money("1200")})
