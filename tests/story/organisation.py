"""Persons, groups, the calendar and a policy."""

from __future__ import annotations

from typing import Final

from tests.given import Line, line
from tests.story.people import DIRECTOR, MANAGER, OTHER, REP

PEOPLE: Final = ((DIRECTOR, "director"), (MANAGER, "manager"), (REP, "rep"), (OTHER, "rep"), ("wang.wu", "rep"))
LINES: Final[list[Line]] = [
    *(line("person.register", by=DIRECTOR, at="2024-01-01", login=p, name=p, role=role) for p, role in PEOPLE),
    line("group.form", by=DIRECTOR, code="g1", name="一组"),
    line("group.form", by=DIRECTOR, code="g2", name="二组", parent="g1"),
    line("person.join", REP, by=DIRECTOR, group="g1", from_="2024-01-01"),
    line("person.join", OTHER, by=DIRECTOR, group="g2", from_="2024-01-01"),
    line("person.join", REP, by=DIRECTOR, group="g2", from_="2024-02-19"),
    line("person.leave", OTHER, by=DIRECTOR, from_="2024-03-01"),
    line("person.change-role", OTHER, by=DIRECTOR, role="manager"),
    line("calendar.publish", by=DIRECTOR, year=2024, holidays=["2024-01-01", "2024-03-01"]),
    line("policy.adopt", by=DIRECTOR, name="new-customer-window", values={"months": 18}, from_="2024-02-01"),
]

REFUSED: Final[list[tuple[Line, str]]] = [
    (line("person.register", by=DIRECTOR, login=REP, name="张三"), "person.exists"),
    (line("person.join", "wang.wu", by=DIRECTOR, group="g1"), "person.departed"),
    (line("person.leave", DIRECTOR, by=DIRECTOR), "person.not_in_group"),
    (line("person.change-role", "nobody", by=DIRECTOR, role="rep"), "person.unknown"),
    (line("person.depart", "wang.wu", by=DIRECTOR), "person.departed"),
    (line("person.hand-over", REP, by=DIRECTOR, to="wang.wu"), "person.departed"),
    (line("group.form", by=DIRECTOR, code="g1", name="一组"), "group.exists"),
    (line("calendar.publish", by=DIRECTOR, year=2024, holidays=["2025-01-01"]), "calendar.not_the_year"),
    (line("policy.adopt", by=REP, name="sales-basis", values={"basis": "signed"}), "right.role"),
]
"""What is refused when the whole story has happened."""
