"""Questions to the tracking table: its rows as of a moment, as they were known at another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.action import given
from domain.kernel.money import ratio, text_of, units_text
from domain.kernel.types import GroupCode, Login
from projections.engine.as_of import AsOf
from projections.engine.json import reader
from projections.engine.projection import Ask
from projections.queries.groups import Groups
from projections.queries.organisation import Organisation
from projections.views.column import Column
from projections.views.columns import COMPANY, GROUP, OWNER
from projections.views.parameters import CUSTOMERS_GROUP, CUSTOMERS_OWNER, Grade
from projections.views.spec import Query, View, view

if TYPE_CHECKING:
    from domain.calendar.work_calendar import WorkCalendar

ROWS: Final = """
SELECT c.customer, f.company, f.industry, f.size, f.contact, f.pain_points, t.stage, f.channel, f.campaign, t.grade,
       t.owner, t.last_contact, t.next_actions, t.objections, t.amounts, f.filled, f.fields
FROM {tracked} c CROSS JOIN {tracking} t CROSS JOIN {tracking_once} f
WHERE t.number = c.number
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = c.number AND r.since <= ?
                AND r.known_from <= ? AND r.known_to > ? ORDER BY r.since DESC LIMIT 1)
 AND t.known_from <= ? AND t.known_to > ?
 AND f.number = c.number AND f.once = t.once
 AND c.number <= ? AND t.stage <> ''
"""
SHOWN: Final = (
    *("id", "company", "industry", "size", "contact", "pain_points", "stage", "channel", "campaign", "grade", "owner"),
    *("group", "last_contact", "next_action", "next_due", "open_objections", "expected", "signed", "collected"),
    *("currency", "completeness"),
)
MONEY: Final = ("expected", "signed", "collected", "currency")
COLUMNS: Final = {"stage": "t", "grade": "t", "channel": "f", "campaign": "f", "industry": "f"}
OF_OWNERS: Final = """ AND t.owner IN ({marks})
 AND c.number IN (SELECT o.number FROM {{tracking}} o WHERE o.owner IN ({marks}))"""


def rows(
    ask: Ask,
    moments: AsOf,
    organisation: Organisation,
    *,
    currency: str,
    wanted: Mapping[str, str | None] | None = None,
    customer: str | None = None,
) -> list[dict[str, Any]]:
    """Return the tracking rows, the customer first captured first.

    `wanted` keeps the rows whose value equals the given one (stage, grade, owner, group, channel, ...); `customer` asks
    for a single one. A customer with contracts in several currencies has a row for each.
    """
    known = (moments.position, moments.position)
    asked = dict(wanted or {})
    sql, params = _narrowed(asked, moments, organisation)
    if customer:
        sql, params = f"{sql} AND c.customer = ?", [*params, customer]
    found = ask(f"{ROWS}{sql} ORDER BY c.number", (moments.micros, *known, *known, moments.position, *params))
    shown = _shown(found, organisation, moments.day, currency)
    return shown if not asked else [row for row in shown if all(row.get(n) == v for n, v in asked.items())]


def open_objections(ask: Ask, moments: AsOf, customer: str) -> list[tuple[str, str]]:
    """Return the open objections of a customer, each with what it is about."""
    known = (moments.position, moments.position)
    found = ask(f"{ROWS} AND c.customer = ?", (moments.micros, *known, *known, moments.position, customer))
    return [(item, kind) for row in found if row[13] for item, kind, _since in json.loads(row[13])]


def _narrowed(asked: dict[str, str | None], moments: AsOf, organisation: Organisation) -> tuple[str, list[Any]]:
    """Return the conditions that the database can answer, with their parameters, and take them out of `asked`."""
    sql, params = "", []
    for name, table in COLUMNS.items():
        if asked.get(name) is not None:
            sql += f" AND {table}.{name} = ?"
            params.append(asked.pop(name))
    owners: Sequence[str | None] | None = [asked.pop("owner")] if asked.get("owner") is not None else None
    if owners is None and asked.get("group") is not None:
        owners = organisation.members(str(asked["group"]), moments.day)
    if owners:
        sql += OF_OWNERS.format(marks=", ".join("?" * len(owners)))
        params += [*owners, *owners]
    return sql, params


class _Sums(dict[str, list[dict[str, str]]]):
    """What stored amounts show, by currency, read once for each text."""

    def __init__(self, loads: Callable[[str], Any], currency: str) -> None:
        super().__init__()
        self._loads, self._currency = loads, currency

    def __missing__(self, stored: str) -> list[dict[str, str]]:
        sums = self._loads(stored)
        ordered = sorted(sums, key=lambda each: (each != self._currency, each))
        shown = self[stored] = [dict(zip(MONEY, (*map(units_text, sums[each]), each), strict=True)) for each in ordered]
        return shown


class _Shares(dict[tuple[int, int], str | None]):
    """The share of a file that is filled, reckoned once for each pair of numbers."""

    def __missing__(self, filled: tuple[int, int]) -> str | None:
        share = self[filled] = text_of(ratio(*filled))
        return share


def _shown(found: list[tuple[Any, ...]], organisation: Organisation, day: date, currency: str) -> list[dict[str, Any]]:
    """Return what the stored rows show; most have neither money, nor open actions, nor objections."""
    loads = reader(len(found))
    deadlines, groups, shares = Deadlines(organisation.calendar), Groups(organisation, day), _Shares()
    sums = _Sums(loads, currency)
    blank = {**dict.fromkeys(SHOWN), "expected": "0", "signed": "0", "collected": "0", "currency": currency}
    shown: list[dict[str, Any]] = []
    for (
        customer, company, industry, size, contact, pains, stage, channel, campaign, grade,
        owner, contacted, actions, objections, amounts, filled, fields,
    ) in found:  # fmt: skip
        row = blank.copy()  # quicker than setting every key
        row["id"] = customer
        row["company"] = company
        row["industry"] = industry
        row["size"] = size
        row["contact"] = contact
        row["pain_points"] = loads(pains) if pains else []
        row["stage"] = stage
        row["channel"] = channel
        row["campaign"] = campaign
        row["grade"] = grade
        row["owner"] = owner
        row["group"] = groups[owner]
        row["last_contact"] = contacted
        if actions:
            row["next_action"], row["next_due"] = next_of(loads(actions), deadlines)
        row["open_objections"] = _open(loads(objections)) if objections else []
        row["completeness"] = shares[filled, fields]
        shown.append(row)
        if amounts:
            several = sums[amounts]
            row.update(several[0])
            if len(several) > 1:
                shown += [row | each for each in several[1:]]
    return shown


def next_of(actions: list[list[Any]], deadlines: Deadlines) -> tuple[str, str]:
    """Return what is to be done next, and by when; of several due on one day the one that was set first."""
    what = when = ""
    for _, said, fixed, working_days, counted_from in actions:
        due = fixed or deadlines[counted_from, working_days]
        if not when or due < when:
            what, when = said, due
    return what, when


def _open(objections: list[list[Any]]) -> list[dict[str, Any]]:
    return [{"item": item, "kind": kind, "since": since} for item, kind, since in objections]


class Deadlines(dict[tuple[str, int], str]):
    """The n-th working day after a day, reckoned once; the calendar is read only if some deadline needs it."""

    def __init__(self, calendar: Callable[[], WorkCalendar]) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, counted: tuple[str, int]) -> str:
        day, n = counted
        due = self[counted] = self._calendar().deadline(date.fromisoformat(day), n).isoformat()
        return due


@view(
    "tracking",
    title="Tracking table",
    about="A row a customer, the first captured first.",
    example="sales tracking --as-of 2024-02-18 --known-at 2024-02-20",
    needs=("tracking", "organisation"),
    key=("id", "currency"),
)
class Tracking(View):
    """Show the customer tracking table: a row a customer, as of any day, as it was known on any day."""

    stage: str | None = given("Only customers in this stage.", default=None)
    grade: Grade | None = given("Only customers of this grade.", default=None)
    owner: Login | None = CUSTOMERS_OWNER
    group: GroupCode | None = CUSTOMERS_GROUP
    channel: str | None = given("Only customers who came through this channel.", default=None)
    wide: bool = given("All columns of the file.", default=False)

    COLUMNS = (
        COMPANY._replace(meaning="Name of the company."),
        Column(
            "stage", "Stage",
            meaning="captured, valid, graded, contacted, need-identified, proposed, negotiating, signed, performing, completed,"
            " lost or invalid.",
        ),
        Column("grade", "Grade", meaning="initial, high or key."),
        OWNER,
        GROUP,
        Column("expected", "Expected", "amount", meaning="Open opportunities, in `currency`."),
        Column(
            "signed", "Signed", "amount",
            meaning="Signed in all, orders, amendments and cancellations included, in `currency`.",
        ),
        Column(
            "collected", "Collected", "amount", meaning="Received in all, less what was refunded, in `currency`."
        ),
        Column(
            "last_contact", "Last contact", "time",
            meaning="The last touch: somebody was reached by call, visit, e-mail, message or meeting.",
        ),
        Column("next_action", "Next action", meaning="The open next action that is due first."),
        Column("next_due", "Due", "date", meaning="When it is due, overdue or not."),
        Column(
            "open_objections", "Open objections", "list",
            meaning="Objections not yet resolved: each `item`, `kind` and `since`.",
            text=lambda row: [each["kind"] for each in row["open_objections"]],
        ),
        Column("channel", "Channel", meaning="Where the lead came from."),
        Column("completeness", "File", "ratio", meaning="Filled fields of the file / all eight."),
        Column("currency", "Currency", meaning="A customer with several currencies has a row for each."),
        Column("id", "Id", meaning="The customer's id."),
        Column("industry", "Industry", wide=True, meaning="Industry."),
        Column("size", "Size", wide=True, meaning="Size of the company."),
        Column("contact", "Contact", wide=True, meaning="The first contact's name."),
        Column(
            "pain_points", "Pain points", "list", wide=True, form="list of text",
            meaning="Pain points in the customer's words.",
        ),
        Column("campaign", "Campaign", wide=True, meaning="The campaign or exhibition."),
    )  # fmt: skip
    EXPLAINED_BY = ("audit",)
    DIGEST = (
        *("id", "company", "industry", "size", "stage", "channel", "campaign", "grade", "owner", "group"),
        *("last_contact", "next_due", "open_objections", "expected", "signed", "collected", "currency"),
        "completeness",
    )

    def columns(self, output: str) -> tuple[Column, ...]:
        wide = self.wide or output in ("csv", "xlsx", "html")
        return tuple(column for column in self.COLUMNS if wide or not column.wide)

    def rows(self, q: Query) -> list[dict[str, Any]]:
        given = {name: getattr(self, name) for name in ("stage", "grade", "owner", "group", "channel")}
        wanted = {name: value for name, value in given.items() if value is not None}
        found = rows(q.ask, q.moments, q.organisation, currency=q.currency, wanted=wanted)
        if not q.explain:
            return found
        from projections.queries.audit_events import of_customers
        from projections.views.tracking_events import with_fields

        behind = with_fields(q.ask, of_customers(q.ask, q.moments, [row["id"] for row in found]))
        return [{**row, "events": behind.get(row["id"], [])} for row in found]
