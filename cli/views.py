"""The views: tracking, progress, audit, the log itself, and one subject on a screen."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from cli import text
from cli.frame import command
from cli.options import argument, option
from cli.text import marked
from cli.view import Column, View
from infra.problem import Problem

if TYPE_CHECKING:
    from cli.session import Session
    from domain.period import Period
    from infra.store import Store
    from projections.moments import Moments

_ = text.translate

LEVELS: Final = ("company", "group", "person")
METRICS: Final = ("sales", "new-customers", "repurchase-rate", "leads", "valid-leads", "follow-ups")

TRACKING: Final = (
    Column("company", marked("Company")),
    Column("stage", marked("Stage")),
    Column("grade", marked("Grade")),
    Column("owner", marked("Owner")),
    Column("group", marked("Group")),
    Column("channel", marked("Channel")),
    Column("last_contact", marked("Last contact"), "date"),
    Column("next_action", marked("Next action")),
    Column("next_due", marked("Due"), "date"),
    Column("open_objections", marked("Open objections"), "list"),
    Column("expected", marked("Expected"), "amount"),
    Column("signed", marked("Signed"), "amount"),
    Column("collected", marked("Collected"), "amount"),
    Column("currency", marked("Currency")),
    Column("completeness", marked("File"), "ratio"),
    Column("id", marked("Id")),
)
TRACKING_MORE: Final = (
    Column("industry", marked("Industry")),
    Column("size", marked("Size")),
    Column("contact", marked("Contact")),
    Column("pain_points", marked("Pain points"), "list"),
    Column("campaign", marked("Campaign")),
)
PROGRESS: Final = (
    Column("level", marked("Level")),
    Column("owner", marked("Owner"), missing=marked("nobody")),
    Column("metric", marked("Metric")),
    Column("basis", marked("Basis"), missing=""),
    Column("target", marked("Target"), "amount", missing=marked("not set")),
    Column("original_target", marked("Original"), "amount", missing=""),
    Column("actual", marked("Actual"), "amount", missing=marked("n/a")),
    Column("attainment", marked("Attainment"), "ratio", missing=marked("n/a")),
    Column("original_attainment", marked("Of original"), "ratio", missing=""),
    Column("met", marked("Met"), missing=""),
    Column("gap", marked("Gap"), "amount"),
    Column("daily_need", marked("Daily need"), "amount"),
    Column("allocated", marked("Allocated"), "amount", missing=""),
    Column("unallocated", marked("Unallocated"), "amount", missing=""),
    Column("state", marked("State"), missing=""),
    Column("currency", marked("Currency"), missing=""),
)
AUDIT: Final = (
    Column("position", marked("No."), "count"),
    Column("occurred", marked("Occurred"), "time"),
    Column("recorded", marked("Recorded"), "time"),
    Column("late_days", marked("Late"), "count"),
    Column("name", marked("Event")),
    Column("actor", marked("Actor")),
    Column("recorder", marked("Recorder")),
    Column("source", marked("Source")),
    Column("changes", marked("Changes"), "list"),
    Column("reason", marked("Reason"), missing=""),
    Column("corrects", marked("Corrects"), "count", missing=""),
    Column("corrected_by", marked("Corrected by"), "count", missing=""),
)


def told(moments: Moments) -> dict[str, Any]:
    """Return what a view says of its two times: as_of, known_at, and the log position that it knows."""
    return {
        "as_of": moments.as_of.isoformat(timespec="seconds"),
        "known_at": moments.known_at.isoformat(timespec="seconds"),
        "position": moments.position,
    }


def period_of(named: str, store: Store) -> Period:
    """Return the period that `named` writes. Raises Problem."""
    from domain.period import Period

    try:
        return Period.parse(named, store.fiscal_month)
    except ValueError as wrong:
        raise Problem("usage.bad_period", value=named[:80], why=str(wrong)) from None


def structured(session: Session) -> bool:
    """Say whether the rows are printed as JSON, with the keys of the contract and no others."""
    return session.output in ("json", "jsonl")


@command(
    option("--stage", help=marked("Only customers in this stage.")),
    option("--grade", choices=("initial", "high", "key"), help=marked("Only customers of this grade.")),
    option("--owner", metavar="LOGIN", help=marked("Only customers of this owner.")),
    option("--group", metavar="CODE", help=marked("Only customers of this group.")),
    option("--channel", help=marked("Only customers who came through this channel.")),
    option("--wide", flag=True, help=marked("All columns of the file.")),
    example="sales tracking --as-of 2024-02-18 --known-at 2024-02-20",
)
def tracking(
    session: Session,
    stage: str | None,
    grade: str | None,
    owner: str | None,
    group: str | None,
    channel: str | None,
    wide: bool | None,
) -> None:
    """Show the customer tracking table: a row a customer, as of any day, as it was known on any day."""
    from projections.organisation.ask import Organisation
    from projections.tracking import ask as question

    store = session.store()
    given = {"stage": stage, "grade": grade, "owner": owner, "group": group, "channel": channel}
    wanted = {name: value for name, value in given.items() if value is not None}
    with store.view("tracking", "organisation", *(["audit"] if session.explain else [])) as ask:
        moments = store.moments(session.as_of, session.known_at)
        organisation = Organisation(ask, moments.position)
        rows = question.rows(ask, moments, organisation, currency=store.currency, wanted=wanted)
        if session.explain:
            from projections.audit.behind import of_customers

            behind = of_customers(ask, moments, [row["id"] for row in rows])
            rows = [{**row, "events": behind.get(row["id"], [])} for row in rows]
    columns = (*TRACKING, *TRACKING_MORE) if wide or session.output in ("csv", "xlsx", "html") else TRACKING
    session.show(View("tracking", explained(columns, session), rows, told(moments)))


def explained(columns: tuple[Column, ...], session: Session) -> tuple[Column, ...]:
    """Return the columns with one more for the events behind a row, if they are asked for."""
    return (*columns, Column("events", marked("Events"), "list")) if session.explain else columns


@command(
    option(
        "--period",
        "-p",
        metavar="PERIOD",
        help=marked("2024Q1, 2024-02, 2024-W07, 2024; the present quarter unless given."),
    ),
    option("--metric", choices=METRICS, help=marked("Only this metric.")),
    option("--level", choices=LEVELS, help=marked("Only this level.")),
    option("--owner", metavar="OWNER", help=marked("Only this owner: company, a group's code or a login.")),
    option("--all", flag=True, help=marked("Also the lines that have neither target nor actual.")),
    example="sales progress --period 2024Q1 --as-of 2024-02-18",
)
def progress(
    session: Session, period: str | None, metric: str | None, level: str | None, owner: str | None, all: bool | None
) -> None:
    """Show the progress against targets: by company, group and person, each figure with its basis."""
    from projections.organisation.ask import Organisation
    from projections.progress import ask as question

    store = session.store()
    with store.view("progress", "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        chosen = (
            period_of(period or f"{moments.day.year}Q{(moments.day.month + 2) // 3}", store)
            if (period or store.fiscal_month == 1)
            else quarter_of(moments, store)
        )
        organisation = Organisation(ask, moments.position)
        rows = question.rows(
            ask, chosen, moments, organisation, currency=store.currency, metric=metric, level=level, owner=owner
        )
        if session.explain:
            from projections.progress.behind import explain

            rows = explain(ask, rows, chosen, moments, organisation)
    if not structured(session):
        kept = rows if all or session.output != "table" else worth_showing(rows)
        rows = [with_readings(row) for row in kept]
    columns = explained(PROGRESS, session)
    session.show(View("progress", columns, rows, {**told(moments), "period": chosen.name}))
    if session.output == "table" and rows:
        elapsed, days = rows[0]["elapsed_days"], rows[0]["working_days"]
        share = f"{100 * elapsed / days:.1f} %" if days else "-"
        line = _("{period}: {elapsed} of {days} working days elapsed ({share}), as of {day}.")
        session.say(line.format(period=chosen.name, elapsed=elapsed, days=days, share=share, day=moments.day))


def quarter_of(moments: Moments, store: Store) -> Period:
    """Return the fiscal quarter in which the question's day lies."""
    for year in (moments.day.year - 1, moments.day.year, moments.day.year + 1):
        for quarter in range(1, 5):
            period = period_of(f"{year}Q{quarter}", store)
            if period.contains(moments.day):
                return period
    raise Problem("usage.bad_period", value=str(moments.day), why="no quarter holds this day")


def worth_showing(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out lines without target and actual, but keep a group's beside others that have a target."""
    targeted = {(row["metric"], row["basis"]) for row in rows if row["target"] is not None}
    return [
        row
        for row in rows
        if row["target"] is not None
        or row["actual"] not in (None, "0")
        or (row["level"] != "person" and (row["metric"], row["basis"]) in targeted)
    ]


def with_readings(row: Mapping[str, Any]) -> dict[str, Any]:
    """Add what a reader wants beside the figures: whether it is met, and the attainment of the original target."""
    from decimal import Decimal

    from domain.money import ratio
    from projections.progress.ask import met

    reached = met(row)
    original = row["original_target"]
    revised = original is not None and original != row["target"]
    of_original = ratio(Decimal(row["actual"]), Decimal(original)) if revised and row["actual"] is not None else None
    rate = row["metric"] == "repurchase-rate" and row["denominator"]
    return {
        **row,
        "original_target": original if revised else None,
        "original_attainment": None if of_original is None else format(of_original, "f"),
        "met": None if reached is None else _("yes") if reached else _("no"),
        "actual": f"{row['actual']} ({row['numerator']}/{row['denominator']})" if rate else row["actual"],
    }


@command(
    argument("subject", required=False, help=marked("The subject: id, key, exact name, login or group code.")),
    option("--period", "-p", metavar="PERIOD", help=marked("Only events that happened in this period.")),
    option("--source", choices=("cli", "batch", "import", "system"), help=marked("Only events that came in this way.")),
    option("--name", metavar="EVENT", help=marked("Only events of this name, as customer.lead_captured.")),
    option("--by", metavar="LOGIN", help=marked("Only acts of this person (also --actor).")),
    example="sales audit 某某科技有限公司",
)
def audit(
    session: Session, subject: str | None, period: str | None, source: str | None, name: str | None, by: str | None
) -> None:
    """Show the audit history: every event with both times, who did and who entered it, and what it changed."""
    from projections.audit import ask as question
    from projections.organisation.ask import Organisation

    store = session.store()
    with store.view("audit", "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        rows = question.rows(
            ask,
            moments,
            Organisation(ask, moments.position),
            subject=store.subject(subject) if subject else None,
            actor=by or session.config.flags.get("actor"),
            period=period_of(period, store) if period else None,
            source=source,
            name=name,
        )
    if session.explain:
        rows = [
            {**row, "events": [{"position": row["position"], "event": row["event"], "name": row["name"]}]}
            for row in rows
        ]
    session.show(View("audit", explained(AUDIT, session), rows, told(moments)))


@command(
    argument("subject", help=marked("The subject: id, key, exact name, login or group code.")),
    example="sales show 某某科技有限公司",
)
def show(session: Session, subject: str) -> int:
    """Show one subject on a screen: a customer's row and history, or the history of anything else."""
    from projections.audit import ask as question
    from projections.organisation.ask import Organisation
    from projections.tracking import ask as customers

    store = session.store()
    stream = store.subject(subject)
    with store.view("tracking", "audit", "organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        organisation = Organisation(ask, moments.position)
        file: list[dict[str, Any]] = []
        if stream.startswith("cus_"):
            file = customers.rows(ask, moments, organisation, currency=store.currency, customer=stream)
        history = question.rows(ask, moments, organisation, subject=stream)
    if structured(session):
        session.answer(
            {"schema": 1, "view": "show", "subject": stream, **told(moments), "file": file, "history": history}
        )
        return 0
    if file:
        session.show(View("tracking", FILE, list(sheet(file[0])), told(moments)))
        print()
    session.show(View("audit", AUDIT, history, told(moments)))
    return 0


FILE: Final = (Column("field", marked("Field")), Column("value", marked("Value")))


def sheet(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a customer's row as lines of field and value."""
    from cli.output import cell

    for column in (*TRACKING, *TRACKING_MORE):
        yield {"field": _(column.title), "value": cell(row.get(column.key), column)}


LOG: Final = AUDIT[:1] + (
    Column("recorded", marked("Recorded"), "time"),
    Column("occurred", marked("Occurred"), "time"),
    Column("name", marked("Event")),
    Column("subject", marked("Subject")),
    Column("actor", marked("Actor")),
    Column("recorder", marked("Recorder")),
    Column("source", marked("Source")),
    Column("key", marked("Key"), missing=""),
)


@command(
    option("--follow", "-f", flag=True, help=marked("Go on with what is recorded from now on; end with Ctrl-C.")),
    option("--limit", "-n", metavar="N", help=marked("How many of the last events; 20 unless given.")),
    example="sales log --follow",
    shows="none",
)
def log(session: Session, follow: bool | None, limit: str | None) -> None:
    """Show the last events of the log in the order in which they were recorded."""
    store = session.store()
    many = count_of(limit, 20)
    head, _time = store.reader.head()
    at = max(head - many, 0)
    records = store.reader.read(at, many)
    session.show(View("log", LOG, [line(record, store) for record in records], {"position": head}))
    at = head
    while follow:
        time.sleep(0.5)
        fresh = store.reader.read(at, 1000)
        if fresh:
            session.show(View("log", LOG, [line(record, store) for record in fresh], {"position": fresh[-1].position}))
            at = fresh[-1].position


def count_of(text: str | None, default: int) -> int:
    """Return a number of things that was typed. Raises Problem."""
    if text is None:
        return default
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:
        raise Problem("usage.bad_value", field="limit", value=text[:80], why="a whole number is expected", help="")
    return int(text)


def line(record: Any, store: Store) -> dict[str, Any]:
    """Return a record of the log as a row, without its data."""
    from domain.moment import local_text

    return {
        "position": record.position,
        "recorded": local_text(record.recorded, store.zone),
        "occurred": local_text(record.occurred, store.zone),
        "name": record.name,
        "subject": record.stream,
        "actor": record.actor,
        "recorder": record.recorder,
        "source": record.source,
        "key": record.key,
    }


POLICY: Final = (
    Column("policy", marked("Policy")),
    Column("from", marked("In force from"), missing=marked("always")),
    Column("values", marked("Values")),
)


@command(
    argument("name", required=False, help=marked("Which policy; all unless given.")),
    example="sales policy show approval-tiers --as-of 2024-06-30",
    name="show",
)
def policy_show(session: Session, name: str | None) -> None:
    """Show the policies in force: the values adopted, or the default that holds until one is."""
    import json

    from domain.policy import DEFAULTS
    from projections.organisation.ask import Organisation

    if name is not None and name not in DEFAULTS:
        raise Problem("policy.unknown", name=name, known=", ".join(DEFAULTS))
    store = session.store()
    with store.view("organisation") as ask:
        moments = store.moments(session.as_of, session.known_at)
        organisation = Organisation(ask, moments.position)
        rows = []
        for each in [name] if name else DEFAULTS:
            since, values = organisation.policy_since(each, moments.day) or (None, DEFAULTS[each])
            said = values if structured(session) else json.dumps(values, ensure_ascii=False)
            rows.append({"policy": each, "from": since, "values": said})
    session.show(View("policy", POLICY, rows, told(moments)))
