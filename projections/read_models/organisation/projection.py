"""Folding persons, groups, calendars and policies into their tables; there are few of them, each folded whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import Any, Final

from domain.kernel.json_form import revive
from domain.organisation.person import Person, evolve
from projections.engine.corrections import effective
from projections.engine.projection import BitemporalRows, ChangeSet, Load, Seen, Table

KNOWN: Final = (("known_from", "integer"), ("known_to", "integer"))
PERSONS: Final = Table(
    "persons",
    (("login", "text"), *KNOWN, ("name", "text"), ("role", "text"), ("departed", "text")),
    ("login", "known_from"),
    closes=("login",),
)
MEMBERSHIPS: Final = Table(
    "memberships",
    (("login", "text"), ("first", "integer"), *KNOWN, ("last", "integer"), ("groups", "text")),
    ("login", "first", "known_from"),
    closes=("login", "first"),
)
GROUPS: Final = Table(
    "groups_known",
    (("code", "text"), *KNOWN, ("name", "text"), ("parent", "text")),
    ("code", "known_from"),
    closes=("code",),
)
CALENDARS: Final = Table(
    "calendars",
    (("year", "integer"), *KNOWN, ("holidays", "text"), ("make_up_days", "text")),
    ("year", "known_from"),
    closes=("year",),
)
POLICIES: Final = Table(
    "policies",
    (("name", "text"), ("first", "text"), *KNOWN, ("content", "text")),
    ("name", "first", "known_from"),
    closes=("name", "first"),
)
FOREVER: Final = date.max.toordinal()

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


def person_rows(events: Sequence[Seen]) -> tuple[Rows, Rows]:
    """Return the rows of a person and of their memberships."""
    person = Person()
    for seen in events:
        evolve(person, revive(seen.name, seen.data))
    persons: Rows = {}
    if person.login:
        departed = person.departed.isoformat() if person.departed else None
        persons[(person.login,)] = (person.name, person.role, departed)
    days = sorted({day for day, _ in person.groups})
    memberships: Rows = {}
    for n, day in enumerate(days):
        last = days[n + 1].toordinal() - 1 if n + 1 < len(days) else FOREVER
        group = person.group_on(day)
        if group:
            memberships[person.login, day.toordinal()] = (last, group)
    return persons, memberships


def group_rows(events: Sequence[Seen]) -> Rows:
    """Return the row of a group."""
    return {(s.data["code"],): (s.data["name"], s.data.get("parent")) for s in events if s.name == "group.formed"}


def calendar_rows(events: Sequence[Seen]) -> Rows:
    """Return the row of a year's calendar, as it was published last."""
    return {
        (s.data["year"],): (json.dumps(s.data.get("holidays", [])), json.dumps(s.data.get("make_up_days", [])))
        for s in events
    }


def policy_rows(events: Sequence[Seen]) -> Rows:
    """Return a row for each day from which a policy was adopted."""
    return {(s.data["name"], s.data["from"]): (json.dumps(s.data["values"], ensure_ascii=False),) for s in events}


class Organisation:
    """The organisation projection."""

    name = "organisation"
    version = 1
    tables = (PERSONS, MEMBERSHIPS, GROUPS, CALENDARS, POLICIES)

    def __init__(self, load: Load, zone: tzinfo) -> None:
        self._load, self._zone = load, zone
        self._believed: dict[tuple[str, str], BitemporalRows] = {}

    def forget(self) -> None:
        self._believed.clear()

    def fold(self, batch: Sequence[Seen], to: ChangeSet) -> None:
        for seen in batch:
            rows = ROWS.get(seen.stream[:4])
            if rows is None:
                continue
            history = [each for each in self._load(seen.stream, seen.position) if each.stream == seen.stream]
            before = effective(history[:-1], self._zone)
            now = effective(history, self._zone)
            for (table, later), (_, earlier) in zip(rows(now), rows(before), strict=True):
                believed = self._at_hand(table, seen.stream, earlier)
                believed.become(table, later, seen.position, to)

    def _at_hand(self, table: str, stream: str, rows: Rows) -> BitemporalRows:
        believed = self._believed.get((table, stream))
        if believed is None:
            believed = self._believed[table, stream] = BitemporalRows()
            believed.rows = {place: (-1, content) for place, content in rows.items()}
        return believed


ROWS: Final[dict[str, Callable[[Sequence[Seen]], list[tuple[str, Rows]]]]] = {
    "per_": lambda events: list(zip(("persons", "memberships"), person_rows(events), strict=True)),
    "grp_": lambda events: [("groups_known", group_rows(events))],
    "cal_": lambda events: [("calendars", calendar_rows(events))],
    "pol_": lambda events: [("policies", policy_rows(events))],
}


def make(load: Load, zone: tzinfo) -> Organisation:
    """Return the projection, with nothing at hand yet."""
    return Organisation(load, zone)
