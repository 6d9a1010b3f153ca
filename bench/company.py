"""The standard log: the lines of a plausible company from a seed, in the batch form, as many as are asked for.

The company works five years (fewer for a short log). Its lines come in the order in which they were entered; about
one in twenty tells of what happened days before, and about one in a hundred corrects an earlier one.
"""

from __future__ import annotations

import argparse
import heapq
import json
import sys
from collections.abc import Iterator
from datetime import UTC, timedelta
from itertools import count, islice
from random import Random

from bench import office
from bench.customer import Telling, person_name
from bench.model import DAY, Line, Told
from bench.selling import FIRST_DAY

LINES_OF_A_CUSTOMER = 15.1
BOSS = "boss"


class Team:
    """Who works there: groups of ten under a manager each."""

    def __init__(self, size: int, chance: Random) -> None:
        self.chance = chance
        self.groups = [f"g{n:02d}" for n in range(1, max(1, size // 10) + 1)]
        self.managers = {group: f"m{group[1:]}" for group in self.groups}
        self.group_of = {f"r{n:03d}": self.groups[n % len(self.groups)] for n in range(size)}
        self.reps = list(self.group_of)

    def formed(self) -> Iterator[Line]:
        for group, manager in self.managers.items():
            yield _line("group.form", "", {"code": group, "name": f"{group}组"}, key=f"p-{group}")
            data = {"login": manager, "name": person_name(self.chance), "role": "manager"}
            yield _line("person.register", "", data, key=f"p-{manager}")
            yield _line("person.join", manager, {"group": group, "from": "2021-01-01"}, key=f"p-{manager}-join")
        for rep, group in self.group_of.items():
            data = {"login": rep, "name": person_name(self.chance), "role": "rep"}
            yield _line("person.register", "", data, key=f"p-{rep}")
            yield _line("person.join", rep, {"group": group, "from": "2021-01-01"}, key=f"p-{rep}-join")

    def moved(self, n: int, day: str) -> Iterator[Line]:
        """Move one person to another group."""
        rep, group = self.chance.choice(self.reps), self.chance.choice(self.groups)
        if self.group_of[rep] != group:
            self.group_of[rep] = group
            yield _line("person.join", rep, {"group": group, "from": day}, key=f"move-{n}")

    def aims(self, quarter: str) -> Iterator[Line]:
        """Set the quarter's targets, from the company down to the persons, and file them."""
        yield from self._aim(f"t-{quarter}", quarter, "company", 400_000 * len(self.reps), None)
        for group in self.groups:
            own = [rep for rep in self.reps if self.group_of[rep] == group]
            share = 400_000 * len(own)
            yield from self._aim(f"t-{quarter}-{group}", quarter, group, share, f"t-{quarter}")
            data = {"child": f"t-{quarter}-{group}", "value": str(share)}
            yield _line("target.allocate", f"t-{quarter}", data, key=f"t-{quarter}-{group}-share")
            for n, rep in enumerate(own):
                yield from self._aim(f"t-{quarter}-{rep}", quarter, rep, 400_000, f"t-{quarter}-{group}", filed=False)
                if n % 3 == 0:
                    yield from self._plan(f"p-{quarter}-{rep}", f"t-{quarter}-{rep}", rep)

    def _aim(
        self, key: str, quarter: str, owner: str, value: int, parent: str | None, filed: bool = True
    ) -> Iterator[Line]:
        data = {"metric": "sales", "value": str(value), "period": quarter, "owner": owner, "rationale": "按人均业绩"}
        if parent:
            data["parent"] = parent
        yield _line("target.set", "", data, key=key)
        if filed:
            manager = self.managers[self.groups[0]]
            yield _line("target.submit", key, {}, key=f"{key}-submit", actor=manager)
            yield _line("target.approve", key, {}, key=f"{key}-approve")
            yield _line("target.file", key, {}, key=f"{key}-file")

    def _plan(self, key: str, target: str, rep: str) -> Iterator[Line]:
        """Draft a rep's action plan for a target, with two key actions, and have it approved and filed."""
        manager = self.managers[self.group_of[rep]]
        yield _line("plan.draft", "", {"target": target}, key=key, actor=rep)
        for kind, per, times in (("touches", "day", 2), ("leads", "week", 2)):
            data = {"kind": kind, "per": per, "count": times}
            yield _line("plan.commit", key, data, key=f"{key}-{kind}", actor=rep)
        yield _line("plan.submit", key, {}, key=f"{key}-submit", actor=rep)
        for step in ("approve", "file"):
            yield _line(f"plan.{step}", key, {}, key=f"{key}-{step}", actor=manager)


def _line(action: str, subject: str, data: Line, *, key: str, actor: str = BOSS) -> Line:
    line: Line = {"action": action, "key": key, "actor": actor}
    if subject:
        line["subject"] = subject
    return {**line, "data": data} if data else line


def company(lines: int, *, seed: int = 1, recorded: bool = False) -> Iterator[Line]:
    """Yield exactly `lines` lines, for a store that BOSS has made.

    With `recorded` each says when it was entered, as a migration into an empty store needs it, and BOSS comes first.
    """
    chance, beside = Random(seed), Random(seed + 1)
    team = Team(max(6, min(150, lines // 600)), chance)
    days = 365 * (5 if lines >= 50_000 else 2)
    waiting: list[tuple[int, int, Told]] = []
    turn = count()

    def entered() -> Iterator[Told]:
        if recorded:
            yield Told(
                0, 0, _line("person.register", "", {"login": BOSS, "name": "总监", "role": "director"}, key="p-boss")
            )
        for n, line in enumerate(team.formed()):
            yield Told(n, 0, line)
        customers, rate = count(), lines / LINES_OF_A_CUSTOMER / days * 7 / 5
        for day in range(days):
            for told in (*_office(team, day), *_beside(team, beside, day)):
                heapq.heappush(waiting, (told.entered, next(turn), told))
            date = FIRST_DAY + timedelta(days=day)
            born = int(rate) + (chance.random() < rate % 1) if date.weekday() < 5 else 0
            for _ in range(born):
                rep, other = chance.choice(team.reps), chance.choice(team.reps)
                key, manager = f"c{next(customers)}", team.managers[team.group_of[rep]]
                life = Telling(chance, key, rep, manager, other, day * DAY + chance.randint(9, 17) * 3600).told()
                argued = _disputed(team, beside, key, (rep, other), manager, day)
                for told in (*life, *argued):
                    heapq.heappush(waiting, (told.entered, next(turn), told))
            while waiting and waiting[0][0] < (day + 1) * DAY:
                yield heapq.heappop(waiting)[2]
        while waiting:
            yield heapq.heappop(waiting)[2]

    return islice(_dated(entered(), recorded), lines)


def _office(team: Team, day: int) -> Iterator[Told]:
    """Tell what the company does on that day beside its customers: targets each quarter, a move each month."""
    date = FIRST_DAY + timedelta(days=day)
    at = day * DAY + 9 * 3600
    if day == 0 or (date.day == 1 and date.month in (1, 4, 7, 10)):
        for n, line in enumerate(team.aims(f"{date.year}Q{(date.month + 2) // 3}")):
            yield Told(at + n, 0, line)
    elif date.day == 15:
        for line in team.moved(day, date.date().isoformat()):
            yield Told(at, 0, line)


def _beside(team: Team, chance: Random, day: int) -> Iterator[Told]:
    """Tell what is asked of other departments as a quarter begins, and what the one before it is reviewed for."""
    date = FIRST_DAY + timedelta(days=day)
    if date.day != 2 or date.month not in (1, 4, 7, 10):
        return
    quarters = [f"{each.year}Q{(each.month + 2) // 3}" for each in (date, date - timedelta(days=30))]
    acts: list[office.Act] = []
    for group, manager in team.managers.items():
        rep = next((rep for rep in team.reps if team.group_of[rep] == group), manager)
        acts += office.asked_for(chance, quarters[0], rep, manager, date)
        acts += office.reviewed(chance, quarters[1], group, manager, rep, date)
    for n, (action, subject, data, key, actor) in enumerate(acts):
        yield Told(day * DAY + 10 * 3600 + n, 0, _line(action, subject, data, key=key, actor=actor))


def _disputed(team: Team, chance: Random, key: str, owners: tuple[str, str], manager: str, day: int) -> Iterator[Told]:
    """Tell now and then that a third rep claims a customer in the evening after its capture, and how it is ruled."""
    others = [rep for rep in team.reps if rep not in owners]
    if chance.random() < 0.01:
        acts = office.disputed(key, owners[0], chance.choice(others), manager)
        for n, (action, subject, data, own, actor) in enumerate(acts):
            line = _line(action, subject, data, key=own, actor=actor)
            yield Told(day * DAY + 19 * 3600 + n * 60, 0, {**line, "reason": "先登记"} if n else line)


def _dated(entered: Iterator[Told], recorded: bool) -> Iterator[Line]:
    """Give each line its business time, and its entry time if that is asked for; a correction happens as entered."""
    for told in entered:
        at = FIRST_DAY + timedelta(seconds=told.entered - told.before)
        line = {**told.line, "at": at.isoformat()}
        if recorded:
            moment = (FIRST_DAY + timedelta(seconds=told.entered)).astimezone(UTC)
            line["recorded"] = moment.isoformat()
        yield line


def main() -> None:
    """Write the standard log to stdout as JSON Lines."""
    parser = argparse.ArgumentParser(prog="python -m bench.company", description=__doc__)
    parser.add_argument("lines", type=int, help="how many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recorded", action="store_true", help="say when each was entered")
    asked = parser.parse_args()
    for line in company(asked.lines, seed=asked.seed, recorded=asked.recorded):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
