"""The lines as they are believed: those known by a moment, corrected, without the withdrawn, up to a day of business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from typing import Any, NamedTuple

from tests.year.reckoning.workdays import Workdays

DATED = ("contract.", "payment.", "delivery.")
"""Acts whose own `date` is their day; what is promised and due by a date is none of them."""


class Act(NamedTuple):
    """A line: `n` is its place among the lines, `day` and `moment` its business time."""

    n: int
    action: str
    subject: str
    key: str
    actor: str
    recorder: str
    day: date
    moment: datetime
    recorded: datetime
    reason: str | None
    data: Mapping[str, Any]


def read(lines: Iterable[Mapping[str, Any]]) -> list[Act]:
    """Return the acts that lines tell of, in the order in which they were entered; a subject made is named by its key."""
    acts = []
    for n, line in enumerate(lines, start=1):
        data = dict(line.get("data", {}))
        told = datetime.fromisoformat(line["at"])
        subject = line.get("subject") or line["key"]
        acts.append(
            Act(n, line["action"], subject, line["key"], line["actor"], line["recorder"], told.date(), told,
                datetime.fromisoformat(line["recorded"]), line.get("reason"), data)
        )  # fmt: skip
    return [dated(act) for act in acts]


def dated(act: Act) -> Act:
    """Return an act on the plain date that it names, which begins the day."""
    if not act.action.startswith(DATED) or act.action == "payment.promise" or "date" not in act.data:
        return act
    day = date.fromisoformat(act.data["date"])
    return act._replace(day=day, moment=datetime.combine(day, time(), act.moment.tzinfo))


class Book:
    """What is believed of the year: asked as of the end of a day, known at the end of another (None: all)."""

    def __init__(self, acts: list[Act], as_of: date, known_at: date | None = None) -> None:
        self.as_of, self.known_at, self._all = as_of, known_at, acts
        self.known = [act for act in acts if known_at is None or act.recorded.date() <= known_at]
        self.standing = self._standing()
        self._published = [act for act in self.known if act.action == "calendar.publish"]
        self.workdays = Workdays(act.data for act in self._published)
        self._by_key = {act.key: act for act in acts}

    def workdays_at(self, act: Act | None) -> Workdays:
        """Return the calendar as it was known when a line was entered; without one as it is known."""
        told = [each for each in self._published if act is None or each.n < act.n]
        return self.workdays if len(told) == len(self._published) else Workdays(each.data for each in told)

    def at(self, day: date) -> Book:
        """Return what is believed by the same knowledge, asked as of another day."""
        return self if day == self.as_of else Book(self._all, day, self.known_at)

    def _standing(self) -> list[Act]:
        """Return what stands of the known, whenever it was, in the order in which it was entered."""
        stand: dict[str, Act] = {}
        for act in self.known:
            if act.action == "event.void":
                stand.pop(act.subject, None)
            elif act.action == "event.correct":
                original = stand[act.subject]
                stand[act.subject] = dated(original._replace(data={**original.data, **act.data["values"]}))
            elif act.action == "lead.unmerge":
                gone = [
                    key for key, merge in stand.items() if merge.action == "lead.merge" and act.subject in pair(merge)
                ]
                for key in gone:
                    del stand[key]
                stand[act.key] = act
            else:
                stand[act.key] = act
        return list(stand.values())

    @cached_property
    def acts(self) -> list[Act]:
        """What happened up to the day asked about, in the order in which it happened."""
        past = [act for act in self.standing if act.day <= self.as_of]
        return sorted(past, key=lambda act: (act.moment, act.n))

    def of(self, *actions: str) -> list[Act]:
        """Return the acts of these names up to the day asked about, in the order in which they happened."""
        if len(actions) == 1:
            return self._by_action.get(actions[0], [])
        return [act for act in self.acts if act.action in actions]

    @cached_property
    def _by_action(self) -> dict[str, list[Act]]:
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            found.setdefault(act.action, []).append(act)
        return found

    def about(self, prefix: str) -> list[Act]:
        """Return the acts of a noun, likewise."""
        return [act for act in self.acts if act.action.startswith(f"{prefix}.")]

    def root(self, act: Act) -> Act:
        """Return the line that made what an act is about: itself, or what its subject leads to."""
        while act.subject != act.key and act.subject in self._by_key:
            act = self._by_key[act.subject]
        return act

    def customer(self, act: Act) -> str:
        """Return the key of the customer whom an act concerns: the subject's, or the one that the subject was made for."""
        root = self.root(act)
        return str(root.data["customer"]) if "customer" in root.data else root.key

    @property
    def zone(self) -> tzinfo | None:
        return self.known[0].moment.tzinfo


def pair(merge: Act) -> tuple[str, str]:
    """Return the survivor and the duplicate of a merge."""
    if "into" in merge.data:
        return merge.data["into"], merge.subject
    return merge.subject, merge.data["duplicate"]
