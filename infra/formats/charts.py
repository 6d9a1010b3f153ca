"""What the workbook of a view draws: from the view's rows to small tables with a native chart beside each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from infra.formats.grid import Grid, Row
from infra.i18n import translate
from infra.i18n.codes import listed, word
from infra.i18n.translate import filled, marked
from projections.views.column import Column, Kind

_ = translate.translate

Rows = Sequence[Mapping[str, Any]]

MOST: Final = 40
"""So many bars side by side can be read."""


def targets_against_actuals(rows: Rows) -> Iterator[Grid]:
    """Yield for each metric with a target what was to be reached and what was, by owner.

    The company, whose bars would dwarf the others, is left out where at least two others have a target.
    """
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["target"] is not None and row["actual"] is not None:
            found.setdefault((row["metric"], row["basis"], row["currency"]), []).append(row)
    for (metric, basis, currency), mine in found.items():
        parts = [row for row in mine if row["level"] != "company"]
        drawn = parts if len(parts) > 1 else mine
        kind: Kind = "ratio" if metric == "repurchase-rate" else "amount"
        columns = (
            Column("owner", marked("Owner")),
            Column("target", marked("Target"), kind),
            Column("actual", marked("Actual"), kind),
        )
        title = listed(word(metric), word(basis), currency)
        yield Grid(f"against-{metric}-{basis}", title, columns, _rows(drawn[:MOST]), (), "", chart="against")


def _rows(rows: Rows) -> list[Row]:
    return [Row({**row, "owner": _("company") if row["level"] == "company" else row["owner"]}) for row in rows]


def months(rows: Rows) -> Iterator[Grid]:
    """Yield for each currency what closes in which month, as it is and weighted by its probability."""
    by_currency: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in rows:
        if row["close_date"] is not None and row["amount"] is not None:
            by_currency.setdefault(row["currency"], {}).setdefault(str(row["close_date"])[:7], []).append(row)
    columns = (
        Column("month", marked("Month")),
        Column("count", marked("Opportunities"), "count"),
        Column("amount", marked("Amount"), "amount"),
        Column("weighted", marked("Weighted"), "amount"),
    )
    for currency, found in sorted(by_currency.items()):
        made = [Row({"month": month, "currency": currency, **_sums(found[month])}) for month in sorted(found)]
        title = filled(marked("By month, {currency}"), {"currency": currency})
        yield Grid(f"months-{currency}", title, columns, made, (), "", chart="months")


def _sums(rows: Rows) -> dict[str, Any]:
    amount = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
    likely = (Decimal(row["amount"]) * Decimal(row["probability"]) for row in rows if row["probability"] is not None)
    weighted = sum(likely, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {"count": len(rows), "amount": amount, "weighted": weighted}


def steps(rows: Rows) -> Iterator[Grid]:
    """Yield the steps of a funnel, all together where it isn't told by anything."""
    from projections.views.funnel.columns import COUNTS

    parts = [row for row in rows if row["level"] != "all"] or rows
    made = [Row({**row, "name": _name(row)}) for row in parts[:MOST]]
    yield Grid("funnel", _("Chart"), (Column("name", marked("Leads")), *COUNTS), made, (), "", chart="funnel")


def _name(row: Mapping[str, Any]) -> str:
    return _("all") if row["level"] == "all" else str(word(row["name"]) or _("none"))


def bars(rows: Rows) -> Iterator[Grid]:
    """Yield for each currency the bars of a waterfall."""
    from infra.formats.waterfall_table import bars_of, table_of

    by_currency: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_currency.setdefault(row["currency"], []).append(row)
    for currency, mine in by_currency.items():
        yield bars_of(table_of(currency, mine, ""))


CHARTS: Final[Mapping[str, Callable[[Rows], Iterator[Grid]]]] = {
    "months": months,
    "against": targets_against_actuals,
    "bars": bars,
    "funnel": steps,
}
"""What draws a view's workbook, by the name that the view gives it."""
