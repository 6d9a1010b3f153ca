"""Rows of a view beside its rows at another moment: what changed, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from projections.views.digest import VIEWS
from projections.views.registry import view_class

Row = Mapping[str, Any]

PASSING: Final = ("elapsed_days", "conversions", "days_open", "depth")
"""What changes by the passing of days alone, so that no event stands behind it, or only follows from other fields."""
NUMBERS: Final = frozenset(
    "target original_target actual numerator denominator attainment gap daily_need allocated unallocated working_days "
    "expected signed collected completeness amount probability late_days value original share_of_parent revisions "
    "captured valid graded contacted opportunities median_days ratio cap weight counted points "
    "outstanding invoiced delivered accepted received promised".split()
)
RATIOS: Final = frozenset("attainment completeness probability share_of_parent ratio".split())
MONEY: Final = ("expected", "signed", "collected")
LEDGER: Final = ("contracts", "receivables")
"""The views whose rows say more than figures: what is compared of them is what a closing's digest covers."""
NOTHING: Final[tuple[Any, ...]] = (None, 0, "0", "", [], ())


class Difference(NamedTuple):
    """A field that differs: the row's key (column -> value), what stood there before and what after."""

    view: str
    key: Mapping[str, Any]
    field: str
    before: Any
    after: Any
    rows: tuple[Row | None, Row | None]


def compared(view: str, key: Sequence[str], before: Iterable[Row], after: Iterable[Row]) -> Iterator[Difference]:
    """Yield the differences of a view's rows, row by row in their order. A row that is missing holds nothing."""
    if view == "tracking":
        yield from _of_customers(list(before), list(after))
    elif view == "audit":
        yield from _of_events(before, after)
    else:
        yield from _of_rows(view, key, before, after, _covered(view) if view in LEDGER else None)


def _covered(view: str) -> list[str]:
    """Return the figures of a view that a closing's digest covers."""
    return [name for name in view_class(view).DIGEST if name not in VIEWS[view].key]


def _of_rows(
    view: str, key: Sequence[str], before: Iterable[Row], after: Iterable[Row], fields: Sequence[str] | None = None
) -> Iterator[Difference]:
    old = {tuple(row[name] for name in key): row for row in before}
    new = {tuple(row[name] for name in key): row for row in after}
    for place in dict.fromkeys((*old, *new)):
        one, other = old.get(place), new.get(place)
        if one == other:
            continue
        named = dict(zip(key, place, strict=True))
        for field in fields or [name for name in (one or other or {}) if name not in key]:
            was, now = (row.get(field) if row else None for row in (one, other))
            if was == now or ((one is None or other is None) and was in NOTHING and now in NOTHING):
                continue
            if field not in PASSING and not _passes(field, one, other):
                yield Difference(view, named, field, was, now, (one, other))


def _passes(field: str, one: Row | None, other: Row | None) -> bool:
    """Say whether a field only follows from the row's being there, or a daily need from the passing of days."""
    if field == "currency" and any(row is not None and row.get("id", "") is None for row in (one, other)):
        return True  # the tree shows a member without a target of its own under some currency
    if one is None or other is None:
        return field in ("period", "working_days")
    if field == "promise":
        return {one[field], other[field]} == {"open", "broken"}
    return field == "daily_need" and all(one[name] == other[name] for name in ("gap", "working_days"))


def _of_customers(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Difference]:
    """Yield the differences of customers: of the file once a customer, of the amounts once a currency."""
    files = [{row["id"]: row for row in reversed(rows)} for rows in (before, after)]
    money = [{(row["id"], row["currency"]): row for row in rows} for rows in (before, after)]
    currencies: dict[str, dict[str, None]] = {}
    for customer, currency in (*money[0], *money[1]):
        currencies.setdefault(customer, {})[currency] = None
    for customer, used in currencies.items():
        one, other = (rows.get(customer) for rows in files)
        if one == other and len(used) == 1:
            continue
        plain = [name for name in one or other or {} if name not in ("id", "currency", *MONEY)]
        yield from _of_rows("tracking", ("id",), [one] if one else [], [other] if other else [], plain)
        for currency in used:
            was, now = ([rows[customer, currency]] if (customer, currency) in rows else [] for rows in money)
            yield from _of_rows("tracking", ("id", "currency"), was, now, MONEY)


def _of_events(before: Iterable[Row], after: Iterable[Row]) -> Iterator[Difference]:
    """Yield the events that came or are corrected by then; nothing else of an event changes, but how late it was."""
    old = {row["position"]: row for row in before}
    new = {row["position"]: row for row in after}
    for position in dict.fromkeys((*old, *new)):
        one, other = old.get(position), new.get(position)
        for field in ("name",) if one is None or other is None else ("corrected_by", "late_days"):
            was, now = (row[field] if row else None for row in (one, other))
            if was != now:
                yield Difference("audit", {"position": position}, field, was, now, (one, other))


def delta(field: str, before: Any, after: Any) -> str | None:
    """Return by how much a number differs; what is missing counts 0, a ratio that is missing differs by nothing known."""
    if field not in NUMBERS or (field in RATIOS and (before is None or after is None)):
        return None
    return format(Decimal(str(after or 0)) - Decimal(str(before or 0)), "f")
