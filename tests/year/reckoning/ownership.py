"""The pool, who is due for it, disputes, duplicates, and the grades that customers have had."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.year.reckoning import tracking, whose
from tests.year.reckoning.book import Act, Book


def pool(book: Book) -> list[dict[str, Any]]:
    """Return the customers that nobody owns."""
    rows = []
    for row in unique(book):
        if row["owner"] is None and row["stage"] != "invalid":
            changes = sorted(change for change in whose.passings(book)[row["customer"]] if change[0] <= book.as_of)
            owners = [owner for _, _, owner in changes if owner]
            last = next((a for a in reversed(tracking.histories(book)[row["customer"]])
                         if a.action in ("customer.recall", "customer.release")), None)  # fmt: skip
            why = {None: "unassigned", "customer.recall": "recalled", "customer.release": "released"}
            former = owners[-1] if owners else None
            since = changes[-1][0]
            wait = whose.policy(book, "pool", book.as_of)[1]["wait_days"]
            found: dict[str, Any] = {
                "why": why[last.action if last else None],
                "former": former,
                "days": (book.as_of - since).days,
            }
            found["former_from"] = book.workdays.deadline(since, wait) if former else None
            rows.append(found | {"grade": row["grade"]})
    return rows


def unique(book: Book) -> list[dict[str, Any]]:
    """Return a row for each customer, whatever currencies it has."""
    return list({row["customer"]: row for row in tracking.rows(book)}.values())


def due(book: Book, within: int) -> list[dict[str, Any]]:
    """Return the customers that are to be recalled within so many working days."""
    values = whose.policy(book, "pool", book.as_of)[1]
    rows = []
    for row in unique(book):
        if row["owner"] is None or row["stage"] in ("signed", "performing", "completed", "invalid"):
            continue
        acts = tracking.histories(book)[row["customer"]]
        since, protected = taken(book, row["customer"]), protection(book, acts, row["customer"])
        touched = max([act.day for act in acts if tracking.is_touch(act)] + [since])
        day = book.workdays.deadline(touched, values["recall_after"])
        if protected:
            day = max(day, book.workdays.deadline(protected, 1))
        left = book.workdays.after(book.as_of, day)
        if left <= within:
            rows.append({"owner": row["owner"], "days_left": left, "disputed": disputed(acts), "due": day})
    return rows


def taken(book: Book, customer: str) -> date:
    """Return since when a customer belongs to whose it is; a ruling gives the whole time anew."""
    changes = sorted(change for change in whose.passings(book)[customer] if change[0] <= book.as_of)
    return changes[-1][0]


def protection(book: Book, acts: list[Act], customer: str) -> date | None:
    """Return the last day of a protection, which ends with the ownership that it was given for."""
    found, owner = None, None
    changes = {n: who for _, n, who in whose.passings(book)[customer]}
    for act in acts:
        if act.n in changes:
            if changes[act.n] != owner:
                found = None
            owner = changes[act.n]
        values = whose.policy(book, "pool", act.day)[1]
        if act.action == "customer.claim":
            found = book.workdays_at(act).deadline(act.day, values["protection_days"])
        if act.action == "customer.protect":
            found = book.workdays_at(act).deadline(act.day, act.data["working_days"])
    handed = [(day, who) for day, n, who in whose.passings(book)[customer] if n not in {a.n for a in acts}]
    return None if any(day <= book.as_of and who != owner for day, who in handed) else found


def disputed(acts: list[Act]) -> bool:
    return sum(1 for a in acts if a.action == "customer.dispute") > sum(1 for a in acts if a.action == "customer.rule")


def disputes(book: Book) -> list[dict[str, Any]]:
    """Return the disputes; each is ruled on by the next ruling."""
    rows = []
    for act in book.of("customer.dispute"):
        ruled = [a for a in book.of("customer.rule") if a.subject == act.subject]
        before = act.day - timedelta(days=1)
        owner = whose.owner(book, act.subject, before)
        row: dict[str, Any] = {"state": "ruled" if ruled else "open", "owner": owner, "claimant": act.actor}
        row["awarded"] = ruled[0].data["owner"] if ruled else None
        rows.append(row | {"moved": row["awarded"] != owner if ruled else None})
    return rows


def duplicates(book: Book) -> list[dict[str, Any]]:
    """Return each customer of whom another has the registration number or the name, if not said to be distinct nor invalid."""
    found: dict[str, set[str]] = {}
    shown = [row for row in unique(book) if row["stage"] != "invalid"]
    distinct = {act.subject for act in book.of("lead.validate") if act.data.get("distinct")}
    names, codes = {}, {}
    for act in book.acts:
        if act.data.get("company"):
            names[act.subject] = whose.bare(act.data["company"])
        if act.data.get("credit_code"):
            codes[act.subject] = act.data["credit_code"]
    keys = [row["customer"] for row in shown]
    for number, one in enumerate(keys):
        for other in keys[number + 1 :]:
            how = "credit-code" if one in codes and codes[one] == codes.get(other) else ""
            how = how or ("name" if names[one] == names[other] else "")
            if how and not distinct & {one, other}:
                for customer in (one, other):
                    found.setdefault(customer, set()).add(how)
    return [{"how": min(how)} for how in found.values()]


def grades(book: Book) -> list[dict[str, Any]]:
    """Return the intervals in which customers had a grade."""
    rows = []
    for customer in tracking.histories(book):
        given = [act for act in book.of("lead.grade") if act.subject == customer]
        turns = [act for n, act in enumerate(given) if n == 0 or act.data["grade"] != given[n - 1].data["grade"]]
        for number, act in enumerate(turns):
            until = turns[number + 1].day - timedelta(days=1) if number + 1 < len(turns) else None
            last = until or book.as_of
            row = {"grade": act.data["grade"], "days": (last - act.day).days + 1, "by": act.actor}
            row |= {"working_days": book.workdays.count(act.day, last), "current": until is None}
            rows.append(row | {"override": bool(act.data.get("override"))})
    return rows
