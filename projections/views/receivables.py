"""What customers owe: each signed contract's instalments with what is due, invoiced, received, overdue and promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import plain
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.contract_scope import WHOSE, Condition, Wanted, found, under_others, whose
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation
from projections.queries.rows import by_owner
from projections.views.column import Column, Money, Note, Rows
from projections.views.columns import COMPANY, CURRENCY, CUSTOMER_ID, GROUP
from projections.views.contracts import GROUPS, ONE_CONTRACT, OWNERS, PROJECTIONS, explained, surplus_of, too_much
from projections.views.parameters import Subject
from projections.views.spec import Query, View, view

BUCKETS: Final = ("not-due", "0-30", "31-60", "61-90", "90+")
NOTHING: Final = Decimal(0)
SILENT: Final = frozenset(
    "contract.submitted contract.reviewed contract.approved contract.returned contract.archived contract.handed_over".split()
)
"""What bears on no number here."""
PARTS: Final = " AND p.begun = c.begun AND p.since = c.parts AND p.known_from <= ? AND p.known_to > ?"
KEYS: Final = (
    *("contract", "number", "customer", "company", "owner", "group", "part", "instalment", "due", "amount"),
    *("invoiced", "received", "outstanding", "overpaid", "currency", "days_overdue", "ageing", "promise"),
    *("promised", "promise_due"),
)
ROWS: Final = f"""
{WHOSE}, c.currency, p.part, p.instalment, p.due, p.amount, p.invoiced, p.received, p.outstanding, p.overpaid, p.owed,
p.promised, p.promise_due, p.kept
"""
ORDER: Final = " ORDER BY COALESCE(p.due, '9999'), c.currency <> ?, c.currency, c.number, p.turn, k.begun"
UNSETTLED: Final = Condition(" AND c.owed <> 0 AND p.owed <> 0")


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    currency: str,
    period: Period | None = None,
    owner: str | None = None,
    group: str | None = None,
    subjects: Sequence[str] | None = None,
    overdue: bool = False,
    settled: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return what is outstanding, the longest overdue first; asks contracts, progress, tracking, pipeline, organisation.

    `period` keeps what is due in it, `subjects` contracts and the contracts of customers, `settled` also what has come in
    whole. A surplus is what has come in beyond what a contract is worth: nothing of it is outstanding, it is overpaid. The rows of one due
    day begin with those in `currency`.
    """
    wanted, today = Wanted(owner, group, subjects), moments.day.isoformat()
    conditions = [Condition(PARTS, (moments.position, moments.position)), whose(ask, moments, organisation, wanted)]
    if not settled:
        conditions.append(UNSETTLED)
    if overdue:
        conditions.append(Condition(" AND p.owed > 0 AND p.due < ?", (today,)))
    if period is not None:
        within = Condition(" AND p.due BETWEEN ? AND ?", (period.first.isoformat(), period.last.isoformat()))
        conditions.append(within)
    select = f"{ROWS}, c.sources" if explain else ROWS
    beside = "CROSS JOIN {contract_parts} p"
    told = found(ask, moments, select, *conditions, Condition(ORDER, (currency,)), beside=beside)
    groups = Groups(organisation, moments.day)
    shown = _shown(told, groups, moments.day)
    under_others(ask, moments, shown, told, groups)
    if explain:
        loads = reader(len(told))
        _explain(ask, moments, shown, {row["contract"]: loads(s[-1]) for row, s in zip(shown, told, strict=True)})
    return wanted.narrowed(shown, organisation, "contract")


def _shown(told: Sequence[Sequence[Any]], groups: Mapping[str | None, str | None], day: date) -> list[dict[str, Any]]:
    """Return what the stored parts show on a day."""
    late, today, blank = _Late(day), day.isoformat(), dict.fromkeys(KEYS)
    shown: list[dict[str, Any]] = []
    for (
        contract, number, customer, company, owner, _, currency, part,
        instalment, due, amount, invoiced, received, outstanding, overpaid, owed, promised, promise_due, kept, *_sources,
    ) in told:  # fmt: skip
        row: dict[str, Any] = blank.copy()  # quicker than setting every key
        row["contract"] = contract
        row["number"] = number
        row["customer"] = customer
        row["company"] = company
        row["owner"] = owner
        row["group"] = groups[owner]
        row["part"] = part
        row["instalment"] = instalment
        row["due"] = due
        row["amount"] = amount
        row["invoiced"] = invoiced
        row["received"] = received
        row["outstanding"] = outstanding
        row["overpaid"] = overpaid
        row["currency"] = currency
        if owed > 0:
            row["days_overdue"], row["ageing"] = late[due]
        if kept is not None:
            row["promise"] = "kept" if kept else "open" if today <= promise_due else "broken"
            row["promised"] = promised
            row["promise_due"] = promise_due
        shown.append(row)
    return shown


def _explain(ask: Ask, moments: AsOf, shown: list[dict[str, Any]], sources: Mapping[str, Sequence[int]]) -> None:
    """Name in each row the events behind what is owed, what corrects them included."""
    explained(ask, moments, shown, "contract", sources)
    for row in shown:
        row["events"] = [each for each in row["events"] if each["name"] not in SILENT]


class _Late(dict[str | None, tuple[int | None, str]]):
    """By how many days something is overdue that was due on a day, and its class of age; reckoned once for each day."""

    def __init__(self, day: date) -> None:
        super().__init__({None: (None, BUCKETS[0])})
        self._day = day

    def __missing__(self, due: str | None) -> tuple[int | None, str]:
        days = max((self._day - date.fromisoformat(due or "")).days, 0)
        told = self[due] = (days, bucket(days))
        return told


def bucket(late: int | None) -> str:
    """Return in which class of age something is: not-due until the day after it was due."""
    if not late:
        return BUCKETS[0]
    return BUCKETS[min((late - 1) // 30, 3) + 1]


def totals(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sums of rows by currency, and under `owners` those of each owner: outstanding, overdue, and by age."""
    made = []
    for currency in sorted({row["currency"] for row in found}):
        mine = [row for row in found if row["currency"] == currency]
        parted = [{"owner": owner, **_sums(some)} for owner, some in by_owner(mine)]
        made.append({"currency": currency, **_sums(mine), "owners": parted})
    return made


def _sums(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    def total(*ages: str) -> str:
        return _text(sum((Decimal(row["outstanding"]) for row in found if row["ageing"] in ages), NOTHING))

    overpaid = _text(sum((Decimal(row["overpaid"]) for row in found), NOTHING))
    return {
        "outstanding": total(*BUCKETS),
        "overdue": total(*BUCKETS[1:]),
        "ageing": {name: total(name) for name in BUCKETS},
        "overpaid": overpaid,
        "surplus": overpaid,
    }


@lru_cache(maxsize=8192)
def _text(value: Decimal) -> str:
    return format(plain(value), "f")


@view(
    "receivables",
    title="Receivables",
    about="A row for each part of a signed contract that is outstanding, the first due first; with --all also those paid.",
    asked="sales receivables --overdue --json",
    example="sales receivables --overdue --group g1",
    needs=PROJECTIONS,
    key=("contract", "part", "instalment"),
    period="any",
    period_help="Only what is due in this period.",
)
class Receivables(View):
    """Show what is outstanding by contract and instalment: due, invoiced, received, overdue, and what was promised."""

    subject: Subject | None = ONE_CONTRACT
    owner: Login | None = OWNERS
    group: GroupCode | None = GROUPS
    overdue: bool = given("Only what is overdue.", default=False)
    all: bool = given("Also what has come in whole.", default=False)

    COLUMNS = (
        Column("number", "Contract no.", meaning="Its number."),
        COMPANY,
        Column(
            "instalment", "Instalment", missing="", form="count",
            meaning="Its number in the schedule; null for the others.",
        ),
        Column(
            "due", "Due", "date",
            meaning="When it is due; null while what it is counted from has not happened, and without a schedule.",
        ),
        Column("outstanding", "Outstanding", "amount", meaning="amount minus received; 0 of a surplus."),
        Column(
            "overpaid", "Overpaid", "amount", missing="", eye=surplus_of,
            meaning="Of a surplus what came in beyond the contract's worth, until it is refunded; else 0.",
        ),
        Column(
            "days_overdue", "Overdue by", "count",
            meaning="Days since it was due; 0 before, null without a due day or once it is paid.",
        ),
        Column("promise", "Promise", meaning="What became of the customer's last promise: open, kept or broken."),
        Column("promise_due", "Promised by", "date", meaning="By when."),
        Column("owner", "Owner", missing="nobody", meaning="Who owns the contract on the as-of day.", form="login"),
        Column(
            "amount", "Amount", "amount",
            meaning="What is to come in, in `currency`. A contract's loss is taken from its last instalments first.",
        ),
        Column(
            "received", "Received", "amount",
            meaning="What of it came in; a receipt without an instalment fills the oldest open one first.",
        ),
        Column("ageing", "Ageing", meaning="not-due, 0-30, 31-60, 61-90 or 90+ days overdue; null once it is paid."),
        Column("promised", "Promised", "amount", meaning="How much was promised."),
        Column(
            "invoiced", "Invoiced", "amount",
            meaning="What of it was invoiced; an invoice without an instalment fills the oldest first.",
        ),
        Column(
            "part", "Portion",
            meaning="instalment; rest: what no schedule speaks of; surplus: what came in beyond what the contract is worth.",
        ),
        CURRENCY._replace(meaning="Of the amounts; those of different currencies are never summed."),
        GROUP._replace(wide=True),
        CUSTOMER_ID._replace(title="Customer", wide=True),
        Column("contract", "Contract", wide=True, meaning="The contract's id."),
    )  # fmt: skip
    DIGEST = (
        *("contract", "number", "customer", "company", "owner", "group", "part", "instalment", "due", "amount"),
        *("invoiced", "received", "outstanding", "currency", "promise", "promised", "promise_due"),
    )

    def rows(self, q: Query) -> list[dict[str, Any]]:
        return rows(
            q.ask, q.moments, q.organisation, currency=q.currency, period=q.period, owner=self.owner, group=self.group,
            subjects=[self.subject] if self.subject else None, overdue=self.overdue, settled=self.all, explain=q.explain,
        )  # fmt: skip

    def totals(self, rows: Rows) -> list[dict[str, Any]]:
        return totals(rows)

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        for line in totals:
            yield from by_age(line)
            yield from too_much(line)


def by_age(line: Mapping[str, Any]) -> Iterator[Note]:
    """Yield notes on what is outstanding in a currency, by age, and how much of it each owner is to collect."""
    ages = {f"age{n}": Money(part) for n, part in enumerate(line["ageing"].values())}
    yield Note(
        "{currency}: outstanding {outstanding}, overdue {overdue} (0-30 days {age1}, 31-60 {age2}, 61-90 {age3}, 90+ {age4}).",
        {"currency": line["currency"], **owed(line), **ages},
    )
    for part in line["owners"] if len(line["owners"]) > 1 else ():
        facts = {"owner": part["owner"] or Note("nobody"), "currency": line["currency"], **owed(part)}
        yield Note("{owner}: outstanding {outstanding}, overdue {overdue} {currency}.", facts)


def owed(line: Mapping[str, Any]) -> dict[str, Money]:
    """Return what is outstanding, and what of it is overdue, for a sentence."""
    return {name: Money(line[name]) for name in ("outstanding", "overdue")}
