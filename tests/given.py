"""The fixture behind the scenarios: a fresh store that a history is played into, and the questions asked of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar.period import Period
from infra.commands import batch
from infra.commands.request import request
from infra.commands.unit_of_work import CommandResult
from infra.errors.problem import Problem
from infra.store.open import create_store, open_store
from infra.store.store import Store
from projections.queries.organisation import Organisation
from projections.views import audit, tracking
from projections.views.progress import view as progress

ZONE = ZoneInfo("Asia/Shanghai")
DIRECTOR = "lin.zong"

Line = dict[str, Any]
Row = dict[str, Any]


def line(
    action: str,
    subject: str | None = None,
    *,
    by: str | None = None,
    at: str | None = None,
    key: str | None = None,
    entered: str | None = None,
    entered_by: str | None = None,
    reason: str | None = None,
    **data: Any,
) -> Line:
    """Return one line of a batch file; `entered` is its recorded time, and a field like `from` is given as `from_`."""
    envelope = {
        "action": action,
        "subject": subject,
        "key": key,
        "actor": by,
        "recorder": entered_by,
        "at": at,
        "recorded": entered,
        "reason": reason,
    }
    fields = {name.rstrip("_"): value for name, value in data.items()}
    return {name: value for name, value in envelope.items() if value is not None} | ({"data": fields} if data else {})


class Given:
    """A store that knows what it is told with the recorded times it is told them.

    A line without `recorded` was entered at its business time, or with the line before it where that is later. The clock
    stands still at `today`.
    """

    def __init__(
        self, url: str, today: str = "2024-12-31T18:00:00+08:00", settings: Mapping[str, str] | None = None
    ) -> None:
        self.url, self.today = url, datetime.fromisoformat(today)
        self.store = create_store(url, first_actor=None, clock=lambda: self.today, settings=settings)[0]
        self.ledger = self.store.ledger(DIRECTOR, source="batch", migrating=True)
        self.last = datetime(2024, 1, 1, 8, tzinfo=ZONE)

    def reopened(self) -> Store:
        """Return the store as another process sees it, with nothing kept in memory."""
        self.store.close()
        self.store = open_store(self.url, clock=lambda: self.today)
        self.ledger = self.store.ledger(DIRECTOR, source="batch", migrating=True)
        return self.store

    def answers(self, *lines: Line) -> list[CommandResult | Problem]:
        """Apply the lines as a file and return what became of each."""
        written = [json.dumps(self._timed(each), ensure_ascii=False).encode() for each in lines]
        return [done.answer for done in batch.apply(self.ledger, batch.read(written))]

    def happened(self, *lines: Line) -> list[CommandResult]:
        """Apply the lines, all of which must hold, and return the answers."""
        done: list[CommandResult] = []
        for said, answer in zip(lines, self.answers(*lines), strict=True):
            assert isinstance(answer, CommandResult), f"{answer.code} {answer.facts} {said}"
            done.append(answer)
        return done

    def refused(self, said: Line) -> str:
        """Apply a line that must be refused without a trace, and return the refusal's code."""
        return self.refusal(said).code

    def refusal(self, said: Line) -> Problem:
        """Apply a line that must be refused without a trace, and return the refusal."""
        before = self.store.reader.head()
        (answer,) = self.answers(said)
        assert isinstance(answer, Problem), f"recorded: {answer.names}"
        assert self.store.reader.head() == before
        return answer

    def live(self, said: Line, actor: str = DIRECTOR) -> CommandResult | Problem:
        """Record a line at the present moment of the clock."""
        return self.store.ledger(actor).record([request(said)])[0]

    def tracking(self, as_of: str | None = None, known_at: str | None = None, **wanted: str | None) -> list[Row]:
        """Return the rows of the tracking table."""
        with self.store.view("tracking", "organisation") as ask:
            moments = self.store.moments(as_of, known_at)
            organisation = Organisation(ask, moments.position)
            return tracking.rows(ask, moments, organisation, currency=self.store.currency, wanted=wanted)

    def customer(self, key: str, as_of: str | None = None, known_at: str | None = None) -> Row:
        """Return the tracking row of the customer that the line under `key` made."""
        stream = self.subject(key)
        (row,) = [row for row in self.tracking(as_of, known_at) if row["id"] == stream]
        return row

    def subject(self, key: str) -> str:
        """Return the id of the subject that the line under `key` made."""
        return self.store.reader.keyed([key])[key].stream

    def progress(
        self, period: str = "2024Q1", as_of: str | None = None, known_at: str | None = None, **wanted: Any
    ) -> list[Row]:
        """Return the rows of progress in a period."""
        with self.store.view("progress", "records", "organisation") as ask:
            moments = self.store.moments(as_of, known_at)
            organisation = Organisation(ask, moments.position)
            meant = Period.parse(period, self.store.fiscal_month)
            return progress.rows(ask, meant, moments, organisation, currency=self.store.currency, **wanted)

    def figure(
        self,
        owner: str | None,
        metric: str = "sales",
        basis: str | None = None,
        period: str = "2024Q1",
        as_of: str | None = None,
        known_at: str | None = None,
    ) -> Row:
        """Return the one progress row of an owner and a metric, sales by signing unless another basis is named."""
        basis = basis or ("signed" if metric == "sales" else None)
        rows = self.progress(period, as_of, known_at, metric=metric)
        (row,) = [row for row in rows if (row["owner"], row["basis"]) == (owner, basis)]
        return row

    def audit(self, key: str | None = None, known_at: str | None = None, **wanted: Any) -> list[Row]:
        """Return the rows of the audit: of the subject that the line under `key` made, or as `wanted`."""
        with self.store.view("audit", "organisation") as ask:
            moments = self.store.moments(known_at=known_at)
            organisation = Organisation(ask, moments.position)
            if key:
                wanted["subject"] = self.subject(key)
            return audit.rows(ask, moments, organisation, **wanted)

    def close(self) -> None:
        self.store.close()

    def _timed(self, said: Mapping[str, Any]) -> Line:
        self.last = max(self.last, self._moment(said))
        return {**said, "recorded": self.last.isoformat()}

    def _moment(self, said: Mapping[str, Any]) -> datetime:
        text = said.get("recorded") or said.get("data", {}).get("date") or said.get("at")
        if text is None:
            return self.last
        moment = datetime.fromisoformat(f"{text}T18:00:00" if len(text) == 10 else text)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def company() -> list[Line]:
    """Return the people that the scenarios speak of: a director, two managers, five reps of g1, two of g2, marketing."""
    people = [
        ("lin.zong", "林总", "director"),
        ("chen.jing", "陈静", "manager"),
        ("he.ping", "何平", "manager"),
        ("zhang.san", "张三", "rep"),
        ("li.si", "李四", "rep"),
        ("wang.wu", "王五", "rep"),
        ("zhao.liu", "赵六", "rep"),
        ("sun.qi", "孙七", "rep"),
        ("zhou.ba", "周八", "rep"),
        ("wu.jiu", "吴九", "rep"),
        ("ma.qiao", "马俏", "marketing"),
    ]
    registered = [
        line("person.register", by="lin.zong", at="2024-01-01T08:00:00+08:00", login=login, name=name, role=role)
        for login, name, role in people
    ]
    groups = [line("group.form", code="g1", name="一组"), line("group.form", code="g2", name="二组")]
    return [*registered, *groups, *joined("g1", "chen.jing zhang.san li.si wang.wu zhao.liu sun.qi"),
            *joined("g2", "he.ping zhou.ba wu.jiu")]  # fmt: skip


def joined(group: str, logins: str, from_: str = "2024-01-01") -> Iterable[Line]:
    """Return the lines by which persons join a group."""
    return [line("person.join", login, group=group, from_=from_) for login in logins.split()]


def lead(key: str, company: str = "", *, by: str = "zhang.san", at: str = "2024-01-08", **data: Any) -> Line:
    """Return the line by which a lead is captured, from the web unless a channel is given."""
    envelope = {name: data.pop(name) for name in ("entered", "entered_by") if name in data}
    fields = {"company": company or f"{key}制造有限公司", "channel": "online", **data}
    return line("lead.capture", by=by, at=at, key=key, **envelope, **fields)


def signed(
    key: str, customer: str, amount: str, date: str, *, by: str = "zhang.san", approver: str = "lin.zong", **data: Any
) -> list[Line]:
    """Return the lines that lead a contract to its signing on `date`."""
    return [
        line("contract.draft", by=by, at=date, key=key, number=f"HT-{key}", customer=customer, amount=amount, **data),
        line("contract.submit", key, by=by, at=date),
        line("contract.approve", key, by=approver, at=date),
        line("contract.sign", key, by=by, date=date, key=f"{key}/signed"),
    ]


def filed(key: str, owner: str, value: str, *, at: str = "2024-01-02", **data: Any) -> list[Line]:
    """Return the lines that set a target and bring it into force."""
    said = {"metric": "sales", "period": "2024Q1", "rationale": "去年业绩", **data}
    return [
        line("target.set", by="chen.jing", at=at, key=key, owner=owner, value=value, **said),
        line("target.submit", key, by="chen.jing", at=at),
        line("target.approve", key, by="lin.zong", at=at),
        line("target.file", key, by="lin.zong", at=at),
    ]
