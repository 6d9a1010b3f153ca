"""The views of money: targets and what was reached, opportunities, contracts, what is owed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.year.asked import Moment, said, view
from tests.year.reckoning import history, ledger, pipeline, progress, shares, targets
from tests.year.reckoning.book import Book
from tests.year.reckoning.periods import span
from tests.year.totals import laid_out, totalled
from tests.year.views.comparing import Compared, Pair, quarter


def of_progress(store: str, moment: Moment, book: Book) -> Pair:
    period = quarter(moment.as_of)
    by = ("level", "owner", "metric", "basis", "currency")
    columns = (
        *("state", "target", "original_target", "actual", "numerator", "denominator", "attainment", "gap"),
        *("working_days", "elapsed_days", "daily_need", "allocated", "unallocated"),
    )
    shown = view(store, moment, "progress", "--period", period)["rows"]
    return laid_out(shown, by, columns), laid_out(progress.rows(book, period), by, columns)


def of_targets(store: str, moment: Moment, book: Book) -> Pair:
    period = quarter(moment.as_of)
    by = ("metric", "basis", "owner")
    columns = ("state", "value", "original", "currency", "allocated", "unallocated", "over_allocated", "revisions")
    shown = view(store, moment, "targets", "--period", period)["rows"]
    shown = [row for row in shown if row["id"] and row["level"] != "key-action"]
    return laid_out(shown, by, columns), laid_out(targets.tree(book, period), by, columns)


def of_movers_targets(store: str, moment: Moment, book: Book) -> Pair:
    period, by = quarter(moment.as_of), ("owner", "metric", "day")
    columns = ("working_days_left", "working_days", "target_value", "value")
    shown = view(store, moment, "target", "suggest", "--period", period)["rows"]
    return laid_out(shown, by, columns), laid_out(shares.moved(book, period), by, columns)


def of_pipeline(store: str, moment: Moment, book: Book) -> Pair:
    count, sums = ("owner", "group", "stage", "probability"), ("amount",)
    answer = view(store, moment, "pipeline")
    shown = totalled(answer["rows"], count, sums)
    for each in answer["totals"]:
        shown |= {f"{name} {each['currency']}": each[name] for name in ("count", "amount", "likely", "weighted")}
    mine = {f"{name} {currency}": amount for (currency, name), amount in pipeline.totals(book).items()}
    return shown, totalled(pipeline.rows(book), count, sums) | mine


def of_waterfall(store: str, moment: Moment, book: Book) -> Pair:
    start = span(quarter(moment.as_of))[0] - timedelta(days=1)
    known = ["--known-at", moment.known_at.isoformat()] if moment.known_at else []
    words = ("waterfall", "--from", start.isoformat(), "--to", moment.as_of.isoformat(), *known)
    shown = {f"{row['currency']} {row['bar']}": row["amount"] for row in said(store, *words)["rows"]}
    mine = {f"{currency} {bar}": amount for (currency, bar), amount in pipeline.waterfall(book, start).items()}
    return {name: amount for name, amount in shown.items() if Decimal(amount)}, mine


def of_contracts(store: str, moment: Moment, book: Book) -> Pair:
    count = ("state", "kind", "signed_on", "owner", "group", "deliveries", "waiting", "orders", "place", "reviews")
    sums = ("value", "collected", "outstanding", "overpaid", "invoiced", "delivered", "accepted")
    answer = view(store, moment, "contracts")
    shown = [
        {
            **row,
            "waiting": len(row["not_accepted"]),
            "orders": len(row["orders"] or ()),
            "reviews": len(row["reviews"]),
        }
        for row in answer["rows"]
    ]
    mine = ledger.rows(book)
    signed = [row for row in mine if row["value"] is not None]
    found = totalled(shown, count, sums)
    for each in answer["totals"]:
        found |= {f"total {name} {each['currency']}": each[name] for name in ("count", *sums[:6])}
    reckoned = totalled(mine, count, sums)
    for currency in {row["currency"] for row in signed}:
        of_it = [row for row in signed if row["currency"] == currency]
        reckoned[f"total count {currency}"] = len(of_it)
        reckoned |= {f"total {name} {currency}": sum(row[name] for row in of_it) for name in sums[:6]}
    return found, reckoned


def of_receivables(store: str, moment: Moment, book: Book) -> Pair:
    count = ("part", "due", "owner", "days_overdue", "ageing", "promise")
    sums = ("amount", "received", "outstanding", "overpaid")
    answer = view(store, moment, "receivables")
    shown, mine = totalled(answer["rows"], count, sums), ledger.receivables(book)
    for each in answer["totals"]:
        of = each["currency"]
        shown |= {f"total {name} {of}": each[name] for name in ("outstanding", "overdue", "overpaid")}
        shown |= {f"aged {age} {of}": amount for age, amount in each["ageing"].items() if Decimal(amount)}
    reckoned = totalled(mine, count, sums)
    for of in {row["currency"] for row in mine}:
        rows = [row for row in mine if row["currency"] == of]
        owed = [row for row in rows if row["outstanding"] > 0]
        reckoned[f"total outstanding {of}"] = sum(row["outstanding"] for row in owed)
        reckoned[f"total overdue {of}"] = sum(row["outstanding"] for row in owed if row["days_overdue"])
        reckoned[f"total overpaid {of}"] = sum(row["overpaid"] for row in rows)
        for age in {row["ageing"] for row in owed}:
            reckoned[f"aged {age} {of}"] = sum(row["outstanding"] for row in owed if row["ageing"] == age)
    return shown, reckoned


def of_movers(store: str, moment: Moment, book: Book) -> Pair:
    period, count = quarter(moment.as_of), ("measure", "owner", "day", "late_days")
    shown = view(store, moment, "movers", "--period", period, "--count", "1000")["rows"]
    shown = [{**row, "currency": f"{row['measure']} {row['currency']}"} for row in shown]
    return totalled(shown, count, ("amount",)), totalled(history.movers(book, period), count, ("amount",))


COMPARED: Final[dict[str, Compared]] = {
    "progress": of_progress,
    "targets": of_targets,
    "target suggest": of_movers_targets,
    "pipeline": of_pipeline,
    "waterfall": of_waterfall,
    "contracts": of_contracts,
    "receivables": of_receivables,
    "movers": of_movers,
}
