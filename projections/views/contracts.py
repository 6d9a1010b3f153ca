"""The contract ledger: each contract as it stood, with what is collected, invoiced and delivered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import units, units_text
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.contract_scope import WHOSE, Condition, Wanted, found, signed_in, under_others, whose
from projections.queries.events import named
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation
from projections.views.column import Column, Money, Note, Row, Rows
from projections.views.columns import COMPANY, CURRENCY, CUSTOMER_ID, GROUP
from projections.views.parameters import Subject
from projections.views.spec import Query, View, view

PROJECTIONS: Final = ("contracts", "progress", "tracking", "pipeline", "organisation")
State = Literal["draft", "submitted", "approved", "returned", "signed", "completed", "cancelled"]
KEYS: Final = (
    *("id", "number", "customer", "company", "kind", "state", "signed_on", "owner", "group", "amount", "value"),
    *("currency", "approved_by", "reviews", "place", "collected", "collected_share", "outstanding", "overpaid"),
    *("invoiced", "delivered", "accepted", "deliveries", "not_accepted", "orders"),
)
ROWS: Final = f"""
{WHOSE}, k.begun, c.kind, c.state, c.signed_on, c.amount, c.value, c.currency, c.approved_by, c.reviews, c.place,
c.collected, c.collected_share, c.outstanding, c.overpaid, c.invoiced, c.delivered, c.accepted, c.deliveries, c.not_accepted
"""
ORDERS: Final = """
SELECT o.begun, o.item, o.number, o.amount, o.date FROM {contract_orders} o
WHERE o.since <= ? AND o.known_from <= ? AND o.known_to > ? AND o.begun BETWEEN ? AND ? ORDER BY o.begun, o.placed
"""
ORDER: Final = ("item", "number", "amount", "date")
BEGUN: Final = 6
SUMMED: Final = ("value", "collected", "outstanding", "overpaid", "invoiced", "delivered")


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    currency: str,
    period: Period | None = None,
    state: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    subjects: Sequence[str] | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the contracts, the first drafted first; asks contracts, progress, tracking, pipeline and organisation.

    `period` keeps those signed in it, `group` those of a group and the groups below it, `subjects` contracts and the
    contracts of customers. `currency` is the store's.
    """
    wanted = Wanted(owner, group, subjects)
    conditions = [whose(ask, moments, organisation, wanted)]
    if period is not None:
        conditions.append(signed_in(period, moments))
    if state is not None:
        conditions.append(Condition(" AND c.state = ?", (state,)))
    told = found(ask, moments, f"{ROWS}, c.sources" if explain else ROWS, *conditions, Condition(" ORDER BY k.begun"))
    loads, groups = reader(len(told)), Groups(organisation, moments.day)
    shown = _shown(told, groups, loads, _orders(ask, moments, told))
    under_others(ask, moments, shown, told, groups)
    if explain:
        behind = {row["id"]: loads(stored[-1]) for row, stored in zip(shown, told, strict=True)}
        explained(ask, moments, shown, "id", behind)
    return wanted.narrowed(shown, organisation, "id")


def _orders(ask: Ask, moments: AsOf, told: Sequence[Sequence[Any]]) -> dict[int, list[dict[str, Any]]]:
    """Return what was ordered under contracts, by their beginnings."""
    placed: dict[int, list[dict[str, Any]]] = {}
    if told:
        params = (moments.micros, moments.position, moments.position, told[0][BEGUN], told[-1][BEGUN])
        for contract, *order in ask(ORDERS, params):
            placed.setdefault(contract, []).append(dict(zip(ORDER, order, strict=True)))
    return placed


def _shown(
    told: Sequence[Sequence[Any]],
    groups: Mapping[str | None, str | None],
    loads: Callable[[str], Any],
    orders: Mapping[int, list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """Return what the stored rows show."""
    blank = dict.fromkeys(KEYS)
    shown: list[dict[str, Any]] = []
    for (
        contract, number, customer, company, owner, _, begun, kind, state, signed_on, amount, value, currency,
        approved_by, reviews, place, collected, share, outstanding, overpaid, invoiced, delivered, accepted, deliveries,
        waiting, *_sources,
    ) in told:  # fmt: skip
        row: dict[str, Any] = blank.copy()  # quicker than setting every key
        row["id"] = contract
        row["number"] = number
        row["customer"] = customer
        row["company"] = company
        row["kind"] = kind
        row["state"] = state
        row["signed_on"] = signed_on
        row["owner"] = owner
        row["group"] = groups[owner]
        row["amount"] = amount
        row["value"] = value
        row["currency"] = currency
        row["approved_by"] = approved_by
        row["reviews"] = loads(reviews) if reviews else []
        row["place"] = place
        row["collected"] = collected
        row["collected_share"] = share
        row["outstanding"] = outstanding
        row["overpaid"] = overpaid
        row["invoiced"] = invoiced
        row["delivered"] = delivered
        row["accepted"] = accepted
        row["deliveries"] = deliveries
        row["not_accepted"] = loads(waiting) if waiting else []
        row["orders"] = orders.get(begun) or []
        shown.append(row)
    return shown


def explained(
    ask: Ask, moments: AsOf, shown: Sequence[dict[str, Any]], contract: str, sources: Mapping[str, Sequence[int]]
) -> None:
    """Name in each row the events behind it, which are at these positions by the contract that it is of."""
    behind = named(ask, {position for positions in sources.values() for position in positions}, moments)
    for row in shown:
        row["events"] = [behind[position][0] for position in sources[row[contract]]]


def totals(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sums of the signed contracts' rows by currency; what came in before a signing is among what is overpaid."""
    made = []
    for currency in sorted(
        {each["currency"] for each in found if each["value"] is not None or each["overpaid"] != "0"}
    ):
        whole = [each for each in found if each["currency"] == currency]
        mine = [each for each in whole if each["value"] is not None]
        sums = {name: total(whole if name == "overpaid" else mine, name) for name in SUMMED}
        made.append({"currency": currency, "count": len(mine), **sums})
    return made


def total(found: Sequence[Mapping[str, Any]], name: str) -> str:
    """Return the sum of an amount of the rows."""
    return units_text(units(sum((Decimal(each[name]) for each in found if each[name] is not None), Decimal(0))))


def opinions(row: Row) -> list[str] | None:
    """Return the last opinion of each department that still holds."""
    latest = {review["department"]: review for review in row["reviews"] if review["holds"]}
    return [f"{name} {review['opinion']}" for name, review in latest.items()] or None


def placed(row: Row) -> list[str] | None:
    """Return the orders under a framework, each with its amount."""
    return [f"{order['number']} {order['amount']}" for order in row["orders"]] or None


def surplus_of(row: Row) -> str | None:
    """Return what is overpaid, nothing where that is 0."""
    return None if row["overpaid"] == "0" else row["overpaid"]


def too_much(line: Mapping[str, Any]) -> Iterator[Note]:
    """Yield a note on what came in beyond the worth of contracts in a currency, if anything did."""
    if line["overpaid"] != "0":
        facts = {"currency": line["currency"], "overpaid": Money(line["overpaid"])}
        yield Note("{currency}: overpaid {overpaid}, until it is refunded.", facts)


ONE_CONTRACT: Final = given(
    "Only this contract, or those of this customer: number, id, key or name.", positional=True, default=None
)
OWNERS: Final = given("Only contracts of this owner.", default=None)
GROUPS: Final = given("Only contracts of this group and those below it.", default=None)


@view(
    "contracts",
    title="Contract ledger",
    about="A row a contract, the first drafted first.",
    asked="sales contracts --period 2024Q1 --json",
    example="sales contracts --period 2024Q1",
    needs=PROJECTIONS,
    key=("id",),
    period="any",
    period_help="Only contracts signed in this period.",
)
class Contracts(View):
    """Show the contract ledger: what each is worth, who approved it, where it is kept, what was paid and delivered."""

    subject: Subject | None = ONE_CONTRACT
    state: State | None = given("Only contracts in this state.", default=None)
    owner: Login | None = OWNERS
    group: GroupCode | None = GROUPS

    COLUMNS = (
        Column("number", "Contract no.", meaning="Its number."),
        COMPANY,
        Column("state", "State", meaning="draft, submitted, approved, returned, signed, completed or cancelled."),
        Column("signed_on", "Signed on", "date", meaning="When it was signed."),
        Column(
            "value", "Worth", "amount",
            meaning="What is signed now: amendments, orders and the cancellation included; null before the signing.",
        ),
        Column("collected", "Collected", "amount", meaning="What came in, less what was refunded."),
        Column(
            "outstanding", "Outstanding", "amount", meaning="value minus collected; 0 where more came in than it is worth."
        ),
        Column(
            "overpaid", "Overpaid", "amount", missing="", eye=surplus_of,
            meaning="What came in beyond what it is worth, until it is refunded; before the signing all that came in.",
        ),
        Column(
            "owner", "Owner", missing="nobody", form="login",
            meaning="Who owns it on the as-of day: the draft's, a hand-over's, else the customer's at the signing.",
        ),
        Column(
            "collected_share", "Share", "ratio",
            meaning="collected / value, half-up to six places; null where the value is 0.",
        ),
        Column("invoiced", "Invoiced", "amount", meaning="The sum of its invoices."),
        Column("delivered", "Delivered so far", "amount", meaning="What its deliveries are worth, as far as they say."),
        Column("accepted", "Accepted", "amount", meaning="What of that the customer accepted."),
        Column(
            "approved_by", "Approved by", form="login",
            meaning="Who approved it as it reads now; null without an approval that holds.",
        ),
        Column(
            "reviews", "Reviews", "list", text=opinions,
            meaning="What departments said: `item`, `department`, `opinion`, `by`, and whether it `holds`: an edit asks for"
            " another.",
        ),
        Column("place", "Kept at", meaning="Where it is kept."),
        Column(
            "amount", "As drafted", "amount",
            meaning="As drafted and changed before the signing, in `currency`; of a framework the limit of its orders.",
        ),
        Column("kind", "Kind", meaning="sale, service, ...; a framework counts 0 and its orders count."),
        CURRENCY,
        GROUP._replace(wide=True),
        Column("deliveries", "Deliveries", "count", wide=True, meaning="How many milestones were delivered."),
        Column(
            "not_accepted", "Not accepted", "list", wide=True, form="list of text",
            text=lambda row: row["not_accepted"] or None, meaning="Those that wait to be accepted.",
        ),
        Column(
            "orders", "Orders", "list", wide=True, text=placed,
            meaning="Of a framework: each order's `item`, `number`, `amount` and `date`.",
        ),
        CUSTOMER_ID._replace(title="Customer", wide=True),
        Column("id", "Id", wide=True, meaning="The contract's id."),
    )  # fmt: skip
    DIGEST = (
        *("id", "number", "customer", "company", "kind", "state", "signed_on", "owner", "group", "amount", "value"),
        *("currency", "approved_by", "collected", "outstanding", "invoiced", "delivered", "accepted", "orders"),
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(
            q.ask, q.moments, q.organisation, currency=q.currency, period=q.period, state=self.state, owner=self.owner,
            group=self.group, subjects=[self.subject] if self.subject else None, explain=q.explain,
        )  # fmt: skip

    def totals(self, rows: Rows) -> list[dict[str, Any]]:
        return totals(rows)

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        for line in totals:
            amounts = {name: Money(line[name]) for name in ("value", "collected", "outstanding")}
            yield Note(
                "{count} signed, worth {value} {currency}; collected {collected}, outstanding {outstanding}.",
                {"count": line["count"], "currency": line["currency"], **amounts},
            )
            yield from too_much(line)
