"""The surroundings of a decision, kept in memory: what was told of each subject, and what decisions look up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domain.calendar.period import Period
from domain.calendar.work_calendar import WorkCalendar, shipped
from domain.kernel.action import Action, On
from domain.kernel.context import Figures
from domain.kernel.event import Event
from domain.kernel.json_form import plain
from domain.kernel.recorded_event import Told
from domain.kernel.refusal import Refused
from domain.kernel.refusal_texts import text_of
from domain.kernel.registry import SUBJECTS, fold_of, subject_of
from domain.policy.defaults import DEFAULTS

ROLES = {"lin.zong": "director", "chen.jing": "manager", "zhang.san": "rep", "li.si": "rep", "ma.qiao": "marketing"}


class Heard(NamedTuple):
    """An event as it stands in the log of the tests."""

    position: int
    event_id: str
    stream: str
    version: int
    name: str
    actor: str
    occurred: str
    data: Mapping[str, Any]


class Around:
    """A context in which what comes `after` has happened before; the actor is a rep on a working day of February 2024."""

    def __init__(self, actor: str = "zhang.san", *, reason: str | None = None, item: str | None = None) -> None:
        self.actor, self.recorder, self.role = actor, actor, ROLES[actor]
        self.reason, self.item = reason, item
        self.at, self.day, self.today = "2024-02-19", dt.date(2024, 2, 19), dt.date(2024, 2, 20)
        self.subject, self.currency, self.fiscal_month = "", "CNY", 1
        self.policies: dict[str, Mapping[str, Any]] = {}
        self._heard: list[Heard] = []
        self._states: dict[str, Any] = {}
        self._claims: dict[tuple[str, str], list[str]] = {}
        self.together: dict[tuple[str, str], Sequence[tuple[int, str]]] = {}
        self._fresh = 0

    def after(self, stream: str, *events: Event, by: str = "zhang.san") -> Around:
        """Let events have happened in a stream."""
        kind = subject_of(stream)
        assert kind is not None
        _, evolve = fold_of(kind)
        for happened in events:
            version = 1 + sum(1 for each in self._heard if each.stream == stream)
            position = len(self._heard) + 1
            self._heard.append(
                Heard(position, f"e{position}", stream, version, happened.NAME, by, self.at, plain(happened))
            )
            self._states[stream] = evolve(self.state(stream), happened)
            claims = getattr(happened, "claims", None)
            for claim in claims() if claims else ():
                self._claims.setdefault((claim.kind, claim.value), []).append(stream)
        return self

    def state(self, stream: str) -> Any:
        """Return the state of a subject, fresh if nothing has happened to it; every customer has been captured."""
        kind = subject_of(stream)
        assert kind is not None
        state = self._states.get(stream)
        if state is None:
            state = fold_of(kind)[0]()
            if kind.noun == "customer":
                state.known = True
        return state

    def heard(self, name: str) -> Heard:
        """Return the last event of that name."""
        return next(each for each in reversed(self._heard) if each.name == name)

    @property
    def calendar(self) -> WorkCalendar:
        return shipped("cn")

    def person(self, login: str) -> Any:
        return self._named("person", login, "login") or (self.state("per_x") if login in ROLES else None)

    def group(self, code: str) -> Any:
        return self._named("group", code, "code")

    def _named(self, noun: str, name: str, field: str) -> Any:
        state = self.state(SUBJECTS[noun].prefix + name)
        return state if getattr(state, field) else None

    def load(self, subject: str) -> Any:
        return self.state(subject)

    def policy(self, name: str, day: dt.date | None = None) -> Mapping[str, Any]:
        return self.policies.get(name, DEFAULTS[name])

    def day_of(self, told: Told) -> dt.date:
        return dt.date.fromisoformat(told.occurred[:10])

    def fresh(self, noun: str) -> str:
        self._fresh += 1
        return f"{SUBJECTS[noun].prefix}new{self._fresh}"

    def holders(self, kind: str, value: str) -> Sequence[str]:
        return self._claims.get((kind, value), ())

    def owned(self, login: str) -> Sequence[str]:
        return [stream for stream in self._states if stream.startswith("cus_") and self._states[stream].owner == login]

    def holding(self, login: str) -> Sequence[str]:
        return self.owned(login)

    def sold(self, login: str) -> Sequence[str]:
        return [stream for stream in self._states if stream.startswith("con_") and self._states[stream].owner == login]

    def figures(self, period: str) -> Figures:
        return Figures(len(self._heard), {"progress": f"digest of {period}"})

    def closed_period(self, told: Told) -> str | None:
        day = dt.date.fromisoformat(told.occurred[:10])
        closed = (Period.parse(s.removeprefix("prd_")) for s in self._states if s.startswith("prd_"))
        return next((each.name for each in closed if each.contains(day)), None)

    def naming(self, subject: str) -> Sequence[str]:
        others = (s for s in self._states if s.startswith(("con_", "opp_")))
        return [stream for stream in others if self._states[stream].customer == subject]

    def contracts_of(self, customer: str) -> Sequence[str]:
        contracts = (stream for stream in self._states if stream.startswith("con_"))
        return [stream for stream in contracts if self._states[stream].customer == customer]

    def sealed_together(self, customer: str, contact: str) -> Sequence[tuple[int, str]]:
        return self.together.get((customer, contact), ())

    def told(self, reference: str) -> Heard | None:
        return next((each for each in self._heard if reference in (each.event_id, str(each.position))), None)

    def history(self, stream: str) -> Sequence[Heard]:
        return [each for each in self._heard if each.stream == stream]


def decide(action: Action, on: str | Heard, around: Around) -> Refused | list[tuple[str, Event]]:
    """Return the refusal, or the events that the action makes, each with its stream."""
    stream = on if isinstance(on, str) else on.stream
    around.subject = stream
    decision = action.decide(around.state(stream) if isinstance(on, str) else on, around)
    if isinstance(decision, Refused):
        text = text_of(decision.code)
        assert text is not None, decision.code
        for template in (text.message, text.hint):
            template.format_map(decision.facts)
        return decision
    events = [decision] if isinstance(decision, Event) else decision
    return [(each.stream, each.event) if isinstance(each, On) else (stream, each) for each in events]


def events(action: Action, on: str | Heard, around: Around) -> list[Event]:
    """Return the events that the action makes; it must not be refused."""
    decision = decide(action, on, around)
    assert not isinstance(decision, Refused), decision
    return [happened for _, happened in decision]


def refusal(action: Action, on: str | Heard, around: Around) -> str:
    """Return the code with which the action is refused."""
    decision = decide(action, on, around)
    assert isinstance(decision, Refused), decision
    return decision.code
