"""Whose a customer was on a day, who was in which group, and which policy was in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from tests.year.reckoning.book import Act, Book, pair

Change = tuple[date, int, str | None]
"""A day, a line's place, and the owner from then on."""
PASSING = (
    "lead.capture",
    "lead.assign",
    "customer.assign",
    "customer.claim",
    "customer.rule",
    "customer.recall",
    "customer.release",
)
CODES = ("股份有限公司", "有限公司", " ")


@cache
def passings(book: Book) -> dict[str, list[tuple[date, int, str | None]]]:
    """Return by customer each time it got an owner or lost it: the day, the line's place, the owner."""
    found: dict[str, list[tuple[date, int, str | None]]] = {}
    captured: list[tuple[str, str | None, str]] = []
    for act in book.standing:
        if act.action in PASSING:
            customer = book.customer(act)
            owner = named(act, book)
            if act.action == "lead.capture":
                owner = entitled(act, owner, captured, found)
                captured.append((customer, act.data.get("credit_code"), bare(act.data["company"])))
            found.setdefault(customer, []).append((act.day, act.n, owner))
        elif act.action == "customer.change" and "credit_code" in act.data:
            captured = [(c, act.data["credit_code"] if c == act.subject else code, n) for c, code, n in captured]
        elif act.action == "person.hand-over":
            gone = {duplicate for _, duplicate in merged_before(book, act)}
            for customer, changes in found.items():
                if customer not in gone and max(changes)[2] == act.subject:
                    changes.append((act.day, act.n, act.data["to"]))
    return found


def named(act: Act, book: Book) -> str | None:
    """Return the owner that an act gives a customer; None for nobody."""
    if act.action == "lead.capture":
        return act.data.get("owner") or (act.actor if role(book, act.actor, act.n) == "rep" else None)
    if act.action == "customer.claim":
        return act.actor
    return act.data.get("owner")


def entitled(
    act: Act,
    owner: str | None,
    captured: list[tuple[str, str | None, str]],
    found: Mapping[str, list[tuple[date, int, str | None]]],
) -> str | None:
    """Return who owns a lead: whoever has the company already, by the order of entry."""
    code, name = act.data.get("credit_code"), bare(act.data["company"])
    for customer, other, company in captured:
        holder = max(found[customer])[2]
        if holder and (company == name or (code and code == other)):
            return holder
    return owner


def bare(company: str) -> str:
    """Return a company's name without spaces and legal suffix."""
    for each in CODES:
        company = company.replace(each, "")
    return company


def merged_before(book: Book, act: Act) -> list[tuple[str, str]]:
    """Return who had been merged into whom when a line was entered, as it is known now."""
    return [pair(each) for each in book.standing if each.action == "lead.merge" and each.n < act.n]


@cache
def owner(book: Book, customer: str, day: date) -> str | None:
    """Return who owned a customer at the end of a day."""
    changes = [change for change in passings(book).get(customer, []) if change[0] <= day]
    return max(changes)[2] if changes else None


def owner_of(book: Book, customer: str, act: Act) -> str | None:
    """Return who owned a customer at an act's moment; of one that says its day alone, at the end of that."""
    return (
        owner(book, customer, act.day) if whole_day(act) else last(before(book, passings(book).get(customer, []), act))
    )


def whole_day(act: Act) -> bool:
    """Say whether an act names no time of its day."""
    return act.moment.time() == time()


def before(book: Book, changes: list[Change], act: Act) -> list[Change]:
    """Return those of the changes that had been made by an act's moment."""
    return [change for change in changes if moments(book)[change[1]] <= act.moment]


def last(changes: list[Change]) -> str | None:
    return max(changes)[2] if changes else None


@cache
def moments(book: Book) -> dict[int, datetime]:
    """Return the business time of each line by its place."""
    return {act.n: act.moment for act in book.standing}


@cache
def survivors(book: Book) -> dict[str, str]:
    """Return who was merged into whom by the day asked about."""
    return {duplicate: survivor for survivor, duplicate in (pair(act) for act in book.of("lead.merge"))}


def shown_as(book: Book, customer: str) -> str:
    """Return the customer under which one is shown."""
    return survivors(book).get(customer, customer)


@cache
def house(book: Book) -> list[Act]:
    """Return what was told of people, groups and policies, in the order of entry."""
    return [act for act in book.standing if act.action.startswith(("person.", "group.", "policy."))]


def members(book: Book) -> list[str]:
    """Return the logins of everybody."""
    return [act.data["login"] for act in house(book) if act.action == "person.register"]


def role(book: Book, login: str, n: int) -> str | None:
    """Return a person's role when line `n` was entered."""
    found = None
    for act in house(book):
        if act.n <= n and act.action == "person.register" and act.data["login"] == login:
            found = act.data["role"]
        if act.n <= n and act.action == "person.change-role" and act.subject == login:
            found = act.data["role"]
    return found


@cache
def group(book: Book, login: str | None, day: date) -> str | None:
    """Return the group that a person was in on a day."""
    found, since = None, ""
    for act in house(book):
        if (
            act.action in ("person.join", "person.leave")
            and act.subject == login
            and since <= act.data["from"] <= day.isoformat()
        ):
            since, found = act.data["from"], act.data.get("group")
    return found


@cache
def groups(book: Book, login: str | None, day: date) -> tuple[str, ...]:
    """Return the group that a person was in on a day, and those above it."""
    above = {act.data["code"]: act.data.get("parent") for act in house(book) if act.action == "group.form"}
    found, code = [], group(book, login, day)
    while code:
        found.append(code)
        code = above[code]
    return tuple(found)


DEFAULTS: dict[str, dict[str, Any]] = {
    "cadence": {
        "key": {"touches": 2, "weeks": 1, "channels": ["call", "visit"]},
        "high": {"touches": 1, "weeks": 1},
        "initial": {"touches": 1, "weeks": 2},
    },
    "entry-deadline": {"working_days": 1},
    "file-completeness": {"share": "0.75"},
    "hand-over": {"working_days": 5},
    "new-customer-window": {"months": 12},
    "pool": {"recall_after": 15, "protection_days": 15, "wait_days": 5},
    "report-days": {"working_days": None},
    "satisfaction": {"satisfied_from": 8},
    "scorecard": {
        "weights": {
            "sales": "0.4", "collected": "0.2", "new-customers": "0.1", "cadence": "0.1", "entry": "0.1", "file": "0.1",
        },
        "caps": {},
    },
    "signals": {"working_days": 3},
}  # fmt: skip
"""What holds until a policy is adopted, as its page in the reference says."""


def policy(book: Book, name: str, day: date) -> tuple[str | None, dict[str, Any]]:
    """Return since when the policy of a day is in force, and its values."""
    since, values = None, DEFAULTS[name]
    for act in house(book):
        if (
            act.action == "policy.adopt"
            and act.data["name"] == name
            and (since or "") <= act.data["from"] <= day.isoformat()
        ):
            filled = DEFAULTS[name] if name == "pool" else {}
            since, values = act.data["from"], {**filled, **act.data["values"]}
    return since, values
