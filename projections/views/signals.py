"""Questions about buying signals: which there were, what answered each, and which nobody has answered in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.customer_records import Held, Wanted, behind, held
from projections.queries.dates import iso_of
from projections.queries.events import named
from projections.queries.organisation import Organisation
from projections.queries.policies import Version, on, used, versions
from projections.queries.signal_answers import Answer, answered, untouched, within
from projections.views.column import Column, Note, Rows, only_json
from projections.views.columns import COMPANY, CUSTOMER_ID, GROUP, ITEM, OWNER, PROVISIONAL
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER
from projections.views.spec import Query, View, by_policies, view

PROJECTIONS: Final = ("records", "audit", "pipeline", "tracking", "organisation")


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    period: Period | None = None,
    *,
    currency: str = "",
    kind: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    customer: str | None = None,
    waiting: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return the signals of a period (all without one), the first logged first, as they stood.

    `waiting` keeps those that nothing has answered; they are `unanswered` from the n-th working day on, `open` before.
    """
    wanted = Wanted(owner=owner, group=group, customer=customer, opened=period, more=within(moments))
    if waiting:
        wanted = wanted._replace(only=untouched(moments))
    every = held(ask, moments, organisation, "signal", wanted=wanted)
    signals = [each for each in every if kind in (None, each.said["kind"])]
    found = answered(ask, moments, signals, waiting=waiting)
    shown = [(each, answer) for each, answer in zip(signals, found, strict=True) if not (waiting and answer)]
    reckoned = _Reckoned(organisation, moments.day)
    made = [_row(each, answer, reckoned) for each, answer in shown]
    return _explained(ask, moments, shown, made) if explain else made


def _explained(
    ask: Ask, moments: AsOf, shown: Sequence[tuple[Held, Answer | None]], made: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows with the events behind each and the one that answered it."""
    told = named(ask, (answer.position for _, answer in shown if answer), moments)
    several = behind(ask, moments, (each for each, _ in shown))
    for row, events, (_, answer) in zip(made, several, shown, strict=True):
        row["events"] = [*events, *(told[answer.position][:1] if answer else ())]
    return made


class _Reckoned:
    """What days alone say of a signal, reckoned once: (due, provisional, first day of the policy), and days waited."""

    def __init__(self, organisation: Organisation, today: date) -> None:
        self._organisation, self.today = organisation, today
        self._versions: list[Version] = list(versions(organisation, "signals"))
        self._due: dict[tuple[date, str], tuple[date, bool, str | None]] = {}
        self._waited: dict[tuple[date, date], int] = {}

    def due(self, logged: date, kind: str) -> tuple[date, bool, str | None]:
        if (logged, kind) not in self._due:
            calendar = self._organisation.calendar()
            first, values = on(logged, self._versions)
            due = calendar.deadline(logged, values.get("kinds", {}).get(kind, values["working_days"]))
            provisional = any(calendar.provisional(day) for day in (logged, due))
            self._due[logged, kind] = due, provisional, None if first == date.min else first.isoformat()
        return self._due[logged, kind]

    def waited(self, logged: date, until: date) -> int:
        if (logged, until) not in self._waited:
            days = self._organisation.calendar().working_days(logged + timedelta(1), until)
            self._waited[logged, until] = days
        return self._waited[logged, until]


def _row(each: Held, answer: Answer | None, reckoned: _Reckoned) -> dict[str, Any]:
    kind, today = each.said["kind"], reckoned.today
    due, provisional, policy_from = reckoned.due(each.opened, kind)
    return {
        "customer": each.customer,
        "company": each.company,
        "item": each.number,
        "grade": each.grade,
        "kind": kind,
        "words": each.said.get("words"),
        "logged": iso_of(each.opened),
        "by": each.actor,
        "due": iso_of(due),
        "provisional": provisional,
        "state": "answered" if answer else "unanswered" if today >= due else "open",
        "answered": iso_of(answer.day) if answer else None,
        "answered_by": answer.kind if answer else None,
        "waited": reckoned.waited(each.opened, answer.day if answer else today),
        "owner": each.owner,
        "group": each.group,
        "policy_from": policy_from,
    }


def policies(organisation: Organisation, rows: Iterable[Mapping[str, Any]], moments: AsOf) -> list[dict[str, Any]]:
    """Return the values of the policy by which rows were judged; without any, those in force."""
    several = versions(organisation, "signals")
    days = [date.fromisoformat(row["logged"]) for row in rows] or [moments.day]
    return used("signals", (on(day, several) for day in days))


@view(
    "signals",
    title="Buying signals",
    about="A row a signal, the first logged first.",
    example="sales signals --unanswered --owner zhang.san",
    needs=PROJECTIONS,
    key=("customer", "item"),
    period="any",
    period_help="Only signals logged in this period.",
)
class Signals(View):
    """Show what customers asked for, and whether it was answered in time.

    A touch on a later day answers a signal. So does, from its own day on, what fits its kind: a quote or a contract
    for asks-for-quotation, a contract for asks-for-contract-details, nothing else for asks-for-visit; a proposal, a quote or
    a contract for any other kind; of a contract its draft, or its signing. After its working days without an answer it is unanswered.
    """

    kind: str | None = given("Only signals of this kind, as asks-for-quotation.", default=None)
    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    unanswered: bool = given("Only those that waited for their working days in vain.", default=False)

    COLUMNS = (
        COMPANY,
        Column("kind", "Kind", meaning="What they asked for, as asks-for-quotation."),
        Column("logged", "Logged", "date", meaning="When."),
        Column("due", "Due", "date", meaning="The last of the working days that the policy `signals` gives it."),
        Column(
            "state", "State",
            meaning="open, answered, or unanswered: nothing has answered it by the end of the due day.",
        ),
        Column(
            "waited", "Waited", "count",
            meaning="Working days from the day after it to the answer, or to the as-of day.",
        ),
        OWNER,
        Column(
            "answered_by", "Answered through",
            meaning="touch (on a later day), or from its own day on what fits its kind: quote or contract (drafted or signed) for"
            " asks-for-quotation, contract for asks-for-contract-details, proposal, quote or contract for asks-for-proposal and"
            " for kinds of the team's own; nothing else answers asks-for-visit.",
        ),
        Column("answered", "Answered on", "date", meaning="When it was answered first."),
        Column("words", "In their words", meaning="In their words."),
        GROUP,
        PROVISIONAL,
        Column("by", "Logged by", wide=True, meaning="Who logged it.", form="login"),
        Column("grade", "Grade", wide=True, meaning="The customer's grade."),
        ITEM._replace(wide=True),
        CUSTOMER_ID._replace(wide=True),
        only_json(
            "policy_from", "date", "Since when the policy is in force that decides about it; null for the default."
        ),
    )  # fmt: skip

    def rows(self, q: Query) -> list[dict[str, Any]]:
        found = rows(
            q.ask, q.moments, q.organisation, q.period, kind=self.kind, owner=self.owner, group=self.group,
            explain=q.explain,
        )  # fmt: skip
        return [row for row in found if row["state"] == "unanswered"] if self.unanswered else found

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        return {"policies": policies(q.organisation, rows, q.moments)}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        yield by_policies(policies(q.organisation, rows, q.moments))
