"""Progress against targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.core.command import command
from cli.core.options import not_among, option
from cli.views.common import (
    asking,
    by_policies,
    chosen_period,
    explained,
    present_period,
    structured,
    told,
    worth_their_width,
)
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from domain.calendar.period import Period
    from infra.formats.grid import Grid
    from projections.engine.as_of import Moments
    from projections.queries.organisation import Organisation

_ = translate.translate

LEVELS: Final = ("company", "group", "person")
METRIC: Final = option(
    "--metric", metavar="METRIC", help=marked("Only this metric, also one that the team has defined.")
)
LAST: Final = 4
"""How many missed steps of a key action are named under the table; `sales plans` shows them all."""
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


@command(
    present_period(),
    METRIC,
    option("--level", choices=LEVELS, help=marked("Only this level.")),
    option("--owner", metavar="OWNER", help=marked("Only this owner: company, a group's code or a login.")),
    option("--all", flag=True, help=marked("Also the lines that have neither target nor actual.")),
    example="sales progress --period 2024Q1 --as-of 2024-02-18",
)
def progress(
    session: Session, period: str | None, metric: str | None, level: str | None, owner: str | None, all: bool | None
) -> None:
    """Show the progress against targets: by company, group and person, each figure with its basis."""
    from projections.views.plans.existing import any_plan
    from projections.views.progress import view as question

    store = session.store()
    with asking(session, "progress", "organisation", "records") as (ask, moments, organisation):
        chosen = chosen_period(session, period, moments)
        must_be_metric(metric, organisation)
        rows = question.rows(
            ask, chosen, moments, organisation, currency=store.currency, metric=metric, level=level, owner=owner
        )
        planned = any_plan(ask)
        used = ("new-customer-window", *(["metrics"] if organisation.policies("metrics") else ()))
        policies = organisation.in_force(moments.day, *used)
        if session.explain:
            from projections.views.progress.events import explain

            rows = explain(ask, rows, chosen, moments, organisation)
    actions = key_actions(session, moments, chosen, level, owner) if planned else []
    if not structured(session):
        kept = rows if all or session.output in ("plain", "csv") else worth_showing(rows)
        rows = [with_readings(row, exact=session.output in ("csv", "xlsx")) for row in kept]
    columns = worth_their_width(explained(PROGRESS, session), rows, session)
    meta = {**told(moments), "period": chosen.name, "policies": policies, "key_actions": actions}
    session.show(Result("progress", columns, rows, meta, marked("Progress table"), drawn))
    if session.output == "table" and rows:
        elapsed, days = rows[0]["elapsed_days"], rows[0]["working_days"]
        share = f"{100 * elapsed / days:.1f} %" if days else "-"
        line = _("{period}: {elapsed} of {days} working days elapsed ({share}), as of {day}.")
        session.say(line.format(period=chosen.name, elapsed=elapsed, days=days, share=share, day=moments.day))
        if any(row["metric"] == "new-customers" for row in rows):
            by_policies(session, policies)
    for action in actions if session.output == "table" else ():
        session.say(stepped(action))


def must_be_metric(metric: str | None, organisation: Organisation) -> None:
    """Raise Problem if a view is asked for a metric that is none of the house and was never defined."""
    from domain.policy.metrics import BUILT_IN, known

    if metric is None or metric in BUILT_IN:
        return
    metrics = known(values for _day, values in organisation.policies("metrics"))
    if metric not in metrics:
        raise not_among("--metric", metric, metrics, help=METRIC.help)


def key_actions(
    session: Session, moments: Moments, period: Period, level: str | None, owner: str | None
) -> list[dict[str, Any]]:
    """Return the key actions of the period's plans, each with how many of its steps were met and missed, and which."""
    store = session.store()
    from cli.views.plans import PROJECTIONS
    from projections.queries.organisation import Organisation
    from projections.views.plans import view as question
    from projections.views.plans.tree import in_short

    with store.view(*PROJECTIONS) as ask:
        organisation = Organisation(ask, moments.position)
        lines = question.rows(ask, moments, organisation, period, owner=owner, fiscal_month=store.fiscal_month)
    return in_short(line for line in lines if level in (None, line["level"]))


def stepped(action: Mapping[str, Any]) -> str:
    """Return a key action's line: how many of its steps were met and missed, and which were missed."""
    from cli.views.plans import worded

    said = {"owner": action["owner"], "action": worded(action), "met": action["met"], "missed": action["missed"]}
    missed = [
        f"{step['step']} {step['done']}/{step['demanded']}" for step in action["steps"] if step["result"] == "missed"
    ]
    if not missed:
        return _("{owner}: {action}: met {met}, missed {missed}.").format(**said)
    which = ", ".join(["..."] * (len(missed) > LAST) + missed[-LAST:])
    return _("{owner}: {action}: met {met}, missed {missed} ({which}).").format(**said, which=which)


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


def drawn(rows: Sequence[Mapping[str, Any]]) -> Iterator[Grid]:
    """Yield what a workbook draws: targets against actuals."""
    from infra.formats.charts import targets_against_actuals

    return targets_against_actuals(rows)


def with_readings(row: Mapping[str, Any], *, exact: bool = False) -> dict[str, Any]:
    """Add what a reader wants beside the figures: whether it is met, and the attainment of the original target.

    A rate shows of what it is one, unless the figures are to stay `exact`.
    """
    from decimal import Decimal

    from domain.kernel.money import ratio
    from projections.views.progress.view import met

    reached = met(row)
    original = row["original_target"]
    revised = original is not None and original != row["target"]
    of_original = ratio(Decimal(row["actual"]), Decimal(original)) if revised and row["actual"] is not None else None
    rate = row["metric"] == "repurchase-rate" and row["denominator"] and not exact
    return {
        **row,
        "original_target": original if revised else None,
        "original_attainment": None if of_original is None else format(of_original, "f"),
        "met": None if reached is None else _("yes") if reached else _("no"),
        "actual": f"{row['actual']} ({row['numerator']}/{row['denominator']})" if rate else row["actual"],
    }
