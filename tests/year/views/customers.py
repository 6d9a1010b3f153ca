"""The views of customers: where they stand, how they are looked after, whose they are."""

from __future__ import annotations

from typing import Final

from tests.year.asked import Moment, view
from tests.year.reckoning import cadence, contacts, funnel, offers, ownership, requests, tracking
from tests.year.reckoning.book import Book
from tests.year.reckoning.periods import within
from tests.year.totals import laid_out, totalled
from tests.year.views.comparing import Compared, Pair, quarter


def of_tracking(store: str, moment: Moment, book: Book) -> Pair:
    count, sums = ("stage", "grade", "owner", "group", "channel", "completeness"), ("expected", "signed", "collected")
    shown = view(store, moment, "tracking")["rows"]
    mine = tracking.rows(book)
    extra = [
        {
            "objections": sum(len(row["open_objections"]) for row in shown),
            "touched": sum(1 for row in shown if row["last_contact"]),
            **{f"due {row['next_due']}": 0 for row in shown},
        },
        {
            "objections": sum(row["objections"] for row in mine),
            "touched": sum(1 for row in mine if row["touched"]),
            **{f"due {row['next_due']}": 0 for row in mine},
        },
    ]
    return totalled(shown, count, sums) | extra[0], totalled(mine, count, sums) | extra[1]


def of_funnel(store: str, moment: Moment, book: Book) -> Pair:
    period = quarter(moment.as_of)
    shown = view(store, moment, "funnel", "--period", period, "--by", "channel")["rows"]
    return laid_out(shown, ("name",), funnel.STEPS), laid_out(funnel.rows(book, period), ("name",), funnel.STEPS)


def of_follow_ups(store: str, moment: Moment, book: Book) -> Pair:
    period = quarter(moment.as_of)
    count = ("channel", "reached", "touch", "actor", "group", "breaks_norm", "owner", "late_days", "agreed")
    shown = view(store, moment, "follow-ups", "--period", period)["rows"]
    shown = [{**row, "agreed": len(row["next_actions"])} for row in shown]
    return totalled(shown, count), totalled(contacts.follow_ups(book, period), count)


def of_agenda(store: str, moment: Moment, book: Book) -> Pair:
    count = ("kind", "when", "days_over", "owner")
    return totalled(view(store, moment, "agenda")["rows"], count), totalled(contacts.agenda(book), count)


def of_cadence(store: str, moment: Moment, book: Book) -> Pair:
    period = quarter(moment.as_of)
    count = (
        "grade",
        "owner",
        "group",
        "to",
        "working_days",
        "needed",
        "done",
        "state",
        "missing",
        "deliverables",
        "policy_from",
    )
    shown = view(store, moment, "cadence", "--period", period)["rows"]
    shown = [
        {**row, "missing": len(row["missing"]), "deliverables": len(row["deliverables"]), "done": row["done"]}
        for row in shown
    ]
    mine = [window for window in cadence.windows(book) if within(window["to"], period)]
    (whole,) = [
        row for row in view(store, moment, "cadence", "--period", period, "--summary")["rows"] if row["level"] == "all"
    ]
    sums = {
        state: sum(1 for row in mine if row["state"] == state) for state in ("met", "missed", "open", "cut", "free")
    }
    sums |= {"needed": sum(row["needed"] for row in mine), "done": sum(min(row["needed"], row["done"]) for row in mine)}
    return totalled(shown, count) | {name: whole[name] for name in sums}, totalled(mine, count) | sums


def of_signals(store: str, moment: Moment, book: Book) -> Pair:
    count = ("kind", "due", "state", "waited", "owner", "policy_from")
    return totalled(view(store, moment, "signals")["rows"], count), totalled(contacts.signals(book), count)


def of_objections(store: str, moment: Moment, book: Book) -> Pair:
    count = ("kind", "state", "days_open", "owner")
    mine = contacts.objections(book)
    shown = totalled(view(store, moment, "objections")["rows"], count)
    for row in view(store, moment, "objections", "--summary")["rows"]:
        shown |= {f"{row['kind']} {state}": row[state] for state in ("open", "answered", "resolved")}
    kinds = {row["kind"] for row in mine}
    sums = {f"{kind} {state}": sum(1 for row in mine if (row["kind"], row["state"]) == (kind, state))
            for kind in kinds for state in ("open", "answered", "resolved")}  # fmt: skip
    return shown, totalled(mine, count) | sums


def of_proposals(store: str, moment: Moment, book: Book) -> Pair:
    count = ("state", "due", "late_days", "version", "owner")
    return totalled(view(store, moment, "proposals")["rows"], count), totalled(offers.proposals(book), count)


def of_quotes(store: str, moment: Moment, book: Book) -> Pair:
    count, sums = ("state", "days_left", "owner"), ("amount",)
    return totalled(view(store, moment, "quotes")["rows"], count, sums), totalled(offers.quotes(book), count, sums)


def of_stages(store: str, moment: Moment, book: Book) -> Pair:
    period = quarter(moment.as_of)
    columns = ("entered", "here", "went_on", "went_back", "won", "lost", "median_days")
    shown = view(store, moment, "stages", "--period", period)["rows"]
    return laid_out(shown, ("stage",), columns), laid_out(offers.stages(book, period), ("stage",), columns)


def of_pool(store: str, moment: Moment, book: Book) -> Pair:
    count = ("why", "former", "days", "former_from", "grade")
    soon = ("owner", "days_left", "disputed", "due")
    shown = totalled(view(store, moment, "pool")["rows"], count)
    shown |= {
        f"due: {k}": v
        for k, v in totalled(view(store, moment, "pool", "--due", "--within", "10")["rows"], soon).items()
    }
    mine = totalled(ownership.pool(book), count)
    return shown, mine | {f"due: {k}": v for k, v in totalled(ownership.due(book, 10), soon).items()}


def of_disputes(store: str, moment: Moment, book: Book) -> Pair:
    count = ("state", "owner", "claimant", "awarded", "moved")
    return totalled(view(store, moment, "disputes")["rows"], count), totalled(ownership.disputes(book), count)


def of_duplicates(store: str, moment: Moment, book: Book) -> Pair:
    rows = view(store, moment, "duplicates")["rows"]
    return totalled([row for row in rows if row["how"] != "near"], ("how",)), totalled(
        ownership.duplicates(book), ("how",)
    )


def of_grades(store: str, moment: Moment, book: Book) -> Pair:
    count = ("grade", "days", "working_days", "by", "override", "current")
    shown = [{**row, "current": row["to"] is None} for row in view(store, moment, "grades")["rows"]]
    return totalled(shown, count), totalled(ownership.grades(book), count)


def of_collaborations(store: str, moment: Moment, book: Book) -> Pair:
    count = ("department", "state", "due", "late_days", "overdue", "in_time", "owner")
    return totalled(view(store, moment, "collaborations")["rows"], count), totalled(
        requests.collaborations(book), count
    )


def of_after_sales(store: str, moment: Moment, book: Book) -> Pair:
    count = ("record", "state", "score", "overdue", "late_days", "days_open", "owner")
    shown = totalled(view(store, moment, "after-sales")["rows"], count)
    rows = requests.after_sales(book)
    care = requests.care(book) if rows else {}
    whole = [row for row in view(store, moment, "after-sales", "--summary")["rows"] if row["level"] == "company"]
    return shown | {name: row[name] for row in whole for name in care}, totalled(rows, count) | care


COMPARED: Final[dict[str, Compared]] = {
    "tracking": of_tracking,
    "funnel": of_funnel,
    "follow-ups": of_follow_ups,
    "agenda": of_agenda,
    "cadence": of_cadence,
    "signals": of_signals,
    "objections": of_objections,
    "proposals": of_proposals,
    "quotes": of_quotes,
    "stages": of_stages,
    "pool": of_pool,
    "disputes": of_disputes,
    "duplicates": of_duplicates,
    "grades": of_grades,
    "collaborations": of_collaborations,
    "after-sales": of_after_sales,
}
