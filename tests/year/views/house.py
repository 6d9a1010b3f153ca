"""The views of the house: plans, resources, norms, reviews, and the log itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.year.asked import Moment, view
from tests.year.reckoning import capacity, contacts, history, norms, plans, progress, requests, whose
from tests.year.reckoning.book import Book
from tests.year.reckoning.periods import span
from tests.year.totals import laid_out, totalled
from tests.year.views.comparing import Compared, Pair, quarter


def of_plans(store: str, moment: Moment, book: Book) -> Pair:
    period = quarter(moment.as_of)
    by, columns = (
        ("owner", "kind", "channel", "per", "step"),
        ("state", "count", "working_days", "demanded", "done", "result"),
    )
    shown = view(store, moment, "plans", "--period", period)["rows"]
    return laid_out(shown, by, columns), laid_out(plans.rows(book, period), by, columns)


def of_capacity(store: str, moment: Moment, book: Book) -> Pair:
    period, by = quarter(moment.as_of), ("owner", "week")
    columns = ("working_days", "key", "high", "initial", "needed", "planned", "result")
    shown = view(store, moment, "capacity", "--period", period)["rows"]
    shown = [{**row, **{name: round(Decimal(row[name]), 2) for name in ("needed", "planned")}} for row in shown]
    return laid_out(shown, by, columns), laid_out(capacity.rows(book, period), by, columns)


def of_resources(store: str, moment: Moment, book: Book) -> Pair:
    count = ("department", "state", "overdue", "days_overdue", "requested_by")
    return totalled(view(store, moment, "resources")["rows"], count), totalled(requests.resources(book), count)


def of_reviews(store: str, moment: Moment, book: Book) -> Pair:
    count = ("part", "kind", "state", "owner", "overdue", "late_days")
    return totalled(view(store, moment, "reviews")["rows"], count), totalled(requests.reviews(book), count)


def of_playbook(store: str, moment: Moment, book: Book) -> Pair:
    count = ("kind", "state", "used", "resolved")
    return totalled(view(store, moment, "playbook", "--retired")["rows"], count), totalled(
        contacts.practices(book), count
    )


def of_scorecard(store: str, moment: Moment, book: Book) -> Pair:
    period, by = quarter(moment.as_of), ("owner", "measure")
    shown = view(store, moment, "scorecard", "--period", period, "--restated")["rows"]
    shown = [row for row in shown if Decimal(row["counted"] or 0)]
    columns = ("numerator", "denominator")
    mine = [{**row, "numerator": progress.rounded(row["numerator"])} for row in norms.scorecard(book, period)]
    return laid_out(shown, by, columns), laid_out(mine, by, columns)


def of_norms(store: str, moment: Moment, book: Book) -> Pair:
    period, by = quarter(moment.as_of), ("norm", "week", "owner")
    columns = ("numerator", "denominator")
    first = span(period)[0]
    ends = {min(first + timedelta(days=n), moment.as_of) for n in range(98)}
    books = {day: book.at(day) for day in ends if day == moment.as_of or day.isoweekday() == 7}
    shown = view(store, moment, "norms", "--period", period)["rows"]
    return laid_out(shown, by, columns), laid_out(norms.rows(book, period, books), by, columns)


def of_audit(store: str, moment: Moment, book: Book) -> Pair:
    period, count = quarter(moment.as_of), ("actor", "recorder", "late_days")
    answer = view(store, moment, "audit", "--period", period)
    known = {"position": answer["position"]}
    reckoned = totalled(history.of_period(book, period), count) | {"position": len(history.events(book))}
    return totalled(answer["rows"], count) | known, reckoned


def of_late_entries(store: str, moment: Moment, book: Book) -> Pair:
    period, count = quarter(moment.as_of), ("late_days", "norm_days", "breaks_norm", "actor")
    return totalled(view(store, moment, "late-entries", "--period", period)["rows"], count), totalled(
        history.late(book, period), count
    )


def of_corrections(store: str, moment: Moment, book: Book) -> Pair:
    period, count = quarter(moment.as_of), ("name", "by", "corrected_by", "corrected_day")
    shown = view(store, moment, "corrections", "--period", period)["rows"]
    return totalled(shown, count), totalled(history.corrections(book, period), count)


def of_calendar(store: str, moment: Moment, book: Book) -> Pair:
    shown = view(store, moment, "calendar", "show", "2024")["rows"]
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    return {row["month"]: row["working_days"] for row in shown}, {
        each: book.workdays.count(*span(each)) for each in months
    }


def of_policies(store: str, moment: Moment, book: Book) -> Pair:
    shown = view(store, moment, "policy", "show")["rows"]
    adopted = {act.data["name"] for act in book.of("policy.adopt")}
    names = sorted(adopted & set(whose.DEFAULTS))
    mine = {name: whose.policy(book, name, moment.as_of) for name in names}
    found = {row["policy"]: (row["from"], row["values"]) for row in shown if row["from"]}
    wanted = {name: str(since) for name, (since, _) in mine.items()}
    return {name: str(found[name][0]) for name in wanted} | {"adopted": len(found)}, wanted | {"adopted": len(adopted)}


COMPARED: Final[dict[str, Compared]] = {
    "plans": of_plans,
    "capacity": of_capacity,
    "resources": of_resources,
    "reviews": of_reviews,
    "playbook": of_playbook,
    "scorecard": of_scorecard,
    "norms": of_norms,
    "audit": of_audit,
    "late-entries": of_late_entries,
    "corrections": of_corrections,
    "calendar show": of_calendar,
    "policy show": of_policies,
}
