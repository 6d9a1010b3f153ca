"""The facts that one customer's history makes: leads, follow-ups, deals, new customers, key-account intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from domain.kernel.types import OWNING
from projections.engine.corrections import in_business_order
from projections.engine.projection import OPEN, Seen
from projections.read_models.contract_facts import MEASURES, ContractCourse, courses
from projections.read_models.ownership import Credit, Owners, dated

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
"""(measure, day, customer, source, since) -> (owner, ends, amount, currency, by_day)"""

NEVER = 1_000_000
"""More months than any window has: what stands for no earlier contract at all."""


def facts_of(customer: str, events: Sequence[Seen], elsewhere: Sequence[Seen], entity: str) -> Rows:
    """Return the facts of a customer from its effective events in recorded order.

    `elsewhere` are the effective events of the leads merged with it: after their contracts it is no new customer. `entity`
    is the one that all of them were merged into, itself if none: only its grade makes a key account, of all their contracts.
    """
    rows: Rows = {}
    ordered = in_business_order(events)
    owners = Owners(ordered)
    _leads(customer, ordered, owners, rows)
    if customer == entity:
        _key_accounts(customer, ordered, owners, rows)
    found, deals = courses(events)
    for deal in deals:
        if deal.measure not in MEASURES:
            continue
        credit = _credited(found[deal.contract], deal.seen, owners)
        place = (deal.measure, deal.seen.day.toordinal(), customer, deal.seen.position, deal.seen.moment)
        rows[place] = (credit.owner, OPEN, deal.amount, deal.currency, credit.before)
    others, _ = courses(elsewhere)
    _signings((customer, entity), found, others, owners, rows)
    return rows


def follow_up(customer: str, seen: Seen) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the place and content of a follow-up's fact: it is credited to who did it."""
    place = ("follow-ups", seen.day.toordinal(), customer, seen.position, seen.moment)
    return place, (seen.actor, OPEN, 1, "", None)


def _leads(customer: str, ordered: Sequence[Seen], owners: Owners, rows: Rows) -> None:
    """Write the follow-ups, the lead, and the intervals in which it was a valid one."""
    captured = next((seen for seen in ordered if seen.name == "customer.lead_captured"), None)
    for seen in ordered:
        if seen.name == "customer.followed_up":
            place, content = follow_up(customer, seen)
            rows[place] = content
    if captured is None:
        return
    day, credit = captured.day.toordinal(), owners.of(captured)

    def lead(ends: int) -> tuple[Any, ...]:
        return credit.owner, ends, 1, "", credit.before

    rows["leads", day, customer, captured.position, captured.moment] = lead(OPEN)
    since: int | None = None
    for moment, valid in _validity(captured, ordered):
        if valid and since is None:
            since = moment
        elif not valid and since is not None:
            if moment > since:
                rows["valid-leads", day, customer, captured.position, since] = lead(moment)
            since = None
    if since is not None:
        rows["valid-leads", day, customer, captured.position, since] = lead(OPEN)


def _validity(captured: Seen, ordered: Sequence[Seen]) -> Iterator[tuple[int, bool]]:
    """Yield from when on the lead was valid or not: not invalid, nor merged into another, nor taken for a duplicate."""
    invalid = merged = False
    flagged = set(captured.data.get("duplicates") or ())
    unnamed = max((captured.data.get("duplicate_count") or 0) - len(flagged), 0)
    yield captured.moment, not flagged
    for seen in sorted(ordered, key=lambda each: (max(each.moment, captured.moment), each.position)):
        match seen.name:
            case "customer.lead_invalidated":
                invalid = True
            case "customer.lead_validated":
                invalid = False
                if seen.data.get("distinct"):
                    flagged, unnamed = set(), 0
            case "customer.leads_merged":
                if seen.data["duplicate"] in flagged:
                    flagged.discard(seen.data["duplicate"])
                else:
                    unnamed = max(unnamed - 1, 0)
            case "customer.merged_into":
                merged = True
            case _:
                continue
        yield max(seen.moment, captured.moment), not (invalid or merged or flagged or unnamed)


def _key_accounts(customer: str, ordered: Sequence[Seen], owners: Owners, rows: Rows) -> None:
    """Write an interval for each time that the customer was graded key, split where its owner changed.

    As with its validity, nothing is reckoned before the capture.
    """
    captured = next((seen for seen in ordered if seen.name == "customer.lead_captured"), None)
    if captured is None:
        return
    first = captured.moment
    graded: Seen | None = None
    cuts: list[tuple[int, Seen, Seen, bool]] = []
    for seen in sorted(ordered, key=lambda each: (max(each.moment, first), each.position)):
        if seen.name == "customer.graded":
            graded = seen if seen.data["grade"] == "key" else None
        elif seen.name not in OWNING[1:] or graded is None:
            continue
        cuts.append(
            (max(seen.moment, first), seen if seen.moment >= first else captured, graded or seen, graded is not None)
        )
    for n, (moment, since, source, key) in enumerate(cuts):
        end = cuts[n + 1][0] if n + 1 < len(cuts) else OPEN
        if key and end > moment:
            place = ("key-account", since.day.toordinal(), customer, source.position, moment)
            credit = owners.of(since)
            rows[place] = (credit.owner, end, 0, "", credit.before)


def _credited(course: ContractCourse, seen: Seen, owners: Owners) -> Credit:
    """Return to whom a contract's delta is credited: who owned it then, else who was to have it from its signing on."""
    by_day = course.handed_to(day=seen.day)
    handed = by_day if dated(seen) else course.handed_to(moment=seen.moment)
    if course.drafted_for:
        own = Credit(course.drafted_for, course.drafted_for)
    else:
        own = owners.of(course.signed or seen)
    return Credit(handed or own.owner, by_day or own.by_day)


def _signings(
    whose: tuple[str, str],
    own: Mapping[str, ContractCourse],
    elsewhere: Mapping[str, ContractCourse],
    owners: Owners,
    rows: Rows,
) -> None:
    customer, entity = whose
    """Write what makes contracts effective, and how long after the one before: signings, and orders under a framework."""
    sales = sorted(
        ((sale.day, sale.position, sale, c) for c in (*own.values(), *elsewhere.values()) for sale in c.sales),
        key=lambda each: each[:2],
    )
    for n, (day, position, sale, course) in enumerate(sales):
        if course.stream not in own:
            continue
        credit = _credited(course, sale, owners)
        ends = course.ended.moment if course.ended else OPEN
        rows["contract", day.toordinal(), entity, position, sale.moment] = (credit.owner, ends, 0, "", credit.before)
        before = [d for d, _, _, c in sales[:n] if not (c.ended and c.ended.moment <= sale.moment)]
        months = months_since(before[-1], day) if before else NEVER
        place = ("new-customers", day.toordinal(), customer, position, sale.moment)
        rows[place] = (credit.owner, OPEN, months, "", credit.before)


def months_since(earlier: date, day: date) -> int:
    """Return the least number of months that, counted back from `day`, reach `earlier`."""
    months = (day.year - earlier.year) * 12 + day.month - earlier.month
    return months if months_before(day, months) <= earlier else months + 1


def months_before(day: date, months: int) -> date:
    """Return the same day `months` earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
