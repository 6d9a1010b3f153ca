"""Fifty people and their groups: who joins, moves, leaves, takes another role, and which rules the company adopts when."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tests.year.company.diary import FIRST, HOLIDAYS, MAKE_UP_DAYS, Diary

DIRECTOR: Final = "dir"
GROUPS: Final[dict[str, str | None]] = {"north": None, "north-2": "north", "south": None, "east": None}
MANAGERS: Final = {"north": "m1", "north-2": "m2", "south": "m3", "east": "m4"}
SPARE: Final = "m5"
REPS: Final = [f"r{n:02d}" for n in range(1, 34)]
MARKETING: Final = ["mk1", "mk2", "mk3"]
TECHNICAL: Final = ["te1", "te2", "te3"]
AFTER_SALES: Final = ["as1", "as2", "as3", "as4"]
HOMES: Final = {rep: list(GROUPS)[n % 4] for n, rep in enumerate(REPS)}
"""The group that each rep begins in."""

MOVES: Final = [
    ("r03", "north", date(2024, 2, 19)),
    ("r10", "east", date(2024, 8, 19)),
    ("r03", "east", date(2024, 9, 2)),
]
LEAVES: Final = {"r20": date(2024, 9, 2)}
DEPARTS: Final = {"r15": (date(2024, 6, 27), "r16"), "r25": (date(2024, 11, 14), "r26")}
"""Who goes: on which day, with whom for a successor."""

TEAM_DAYS: Final = ["2024-05-31", "2024-10-08"]
"""Days off that the company adds to the calendar in the course of the year."""

POLICIES: Final[list[tuple[date, str, dict[str, Any]]]] = [
    (date(2024, 1, 1), "entry-deadline", {"working_days": 2}),
    (date(2024, 1, 1), "capability", {"weights": {"r01": "1.3", "r02": "0.7"}}),
    (date(2024, 1, 1), "report-days", {"working_days": 2}),
    (date(2024, 4, 1), "pool", {"recall_after": 20, "wait_days": 3, "protection_days": 10}),
    (date(2024, 4, 1), "approval-tiers", {"tiers": [{"up_to": "500000", "roles": ["manager", "director"]},
                                                    {"up_to": None, "roles": ["director"]}]}),
    (date(2024, 4, 1), "contract-review", {"departments": ["legal"]}),
    (date(2024, 7, 1), "entry-deadline", {"working_days": 1}),
    (date(2024, 7, 1), "new-customer-window", {"months": 3}),
    (date(2024, 7, 1), "signals", {"working_days": 4, "kinds": {"asks-for-visit": 2}}),
    (date(2024, 7, 1), "cadence", {"key": {"touches": 2, "weeks": 1, "channels": ["visit"]},
                                   "high": {"touches": 1, "weeks": 1}, "initial": {"touches": 1, "weeks": 3}}),
    (date(2024, 7, 1), "satisfaction", {"satisfied_from": 7}),
    (date(2024, 7, 1), "file-completeness", {"share": "0.5"}),
    (date(2024, 7, 1), "grading", {"initial": {}, "high": {"need_fit": "clear"}, "key": {"team": True}}),
    (date(2024, 10, 1), "hand-over", {"working_days": 8}),
    (date(2024, 10, 1), "sales-basis", {"basis": "signed"}),
    (date(2024, 10, 1), "scorecard", {"weights": {"sales": "0.5", "collected": "0.2", "entry": "0.2", "file": "0.1"},
                                      "caps": {"sales": "1.5"}}),
]  # fmt: skip


def home_manager(rep: str) -> str:
    """Return the manager of the group that a rep begins in."""
    return MANAGERS[HOMES[rep]]


def tell(diary: Diary) -> None:
    """Tell all of it."""
    roles = [
        (DIRECTOR, "director"),
        *((m, "manager") for m in (*MANAGERS.values(), SPARE)),
        *((r, "rep") for r in REPS),
    ]
    roles += [(each, "marketing") for each in MARKETING] + [(each, "technical") for each in TECHNICAL]
    roles += [(each, "after-sales") for each in AFTER_SALES] + [("aud", "auditor")]
    for login, role in roles:
        diary.tell("person.register", by=DIRECTOR, on=FIRST, key=login, login=login, name=f"员工{login}", role=role)
    for code, parent in GROUPS.items():
        diary.tell("group.form", by=DIRECTOR, on=FIRST, key=code, code=code, name=f"{code}组", parent=parent)
    for login, group in {**{m: g for g, m in MANAGERS.items()}, **HOMES}.items():
        diary.tell("person.join", login, by=DIRECTOR, on=FIRST, group=group, from_="2024-01-01")
    for year in (2024, 2025):
        days = {"holidays": HOLIDAYS[year], "make_up_days": MAKE_UP_DAYS[year]}
        diary.tell("calendar.publish", by=DIRECTOR, on=FIRST, year=year, fields=days)
    more = {"holidays": [*HOLIDAYS[2024], *TEAM_DAYS], "make_up_days": MAKE_UP_DAYS[2024]}
    diary.tell("calendar.publish", by=DIRECTOR, on=date(2024, 5, 20), year=2024, fields=more)
    for day, name, values in POLICIES:
        diary.tell("policy.adopt", by=DIRECTOR, on=day, name=name, values=values, from_=day.isoformat())
    for rep, group, day in MOVES:
        diary.tell("person.join", rep, by=DIRECTOR, on=day, group=group, from_=day.isoformat())
    for rep, day in LEAVES.items():
        diary.tell("person.leave", rep, by=DIRECTOR, on=day, from_=day.isoformat())
    diary.tell("person.join", "r30", by=DIRECTOR, on=date(2024, 9, 20), group="south", from_="2024-09-02")
    diary.tell("person.change-role", "r05", by=DIRECTOR, on=date(2024, 10, 8), role="manager")


def part(diary: Diary) -> None:
    """Tell of those who go, after whatever they did on their last day."""
    for rep, (day, successor) in DEPARTS.items():
        diary.tell("person.hand-over", rep, by=DIRECTOR, on=day, to=successor)
        diary.tell("person.depart", rep, by=DIRECTOR, on=day, date=day.isoformat())
