"""The first figures of a report, and the sentence that answers how the period stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from infra.formats.grid import Behind, Grid, Row, behind
from infra.formats.text_table import amount, counted, percent
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from infra.report.question import Question
from projections.views.column import Column

_ = translate.translate

FIGURES: Final = (
    Column("figure", marked("Figure")),
    Column("value", marked("Actual"), "amount", missing=marked("n/a")),
    Column("beside", marked("Target")),
)
COUNTS: Final = (
    ("new-customers", marked("New customers")),
    ("leads", marked("Leads captured")),
    ("valid-leads", marked("Valid leads")),
    ("follow-ups", marked("Follow-ups")),
)


def of_company(q: Question, metric: str, basis: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the company's rows of progress of a metric, one for each currency."""
    for row in q.progress:
        if row["level"] == "company" and row["metric"] == metric and row["basis"] == basis:
            yield row


def parted(row: Mapping[str, Any]) -> tuple[Behind, Behind]:
    """Return the events behind a row's actual, and those of its target."""
    of_target = [event for event in row["events"] if event["name"].startswith("target.")]
    others = [event for event in row["events"] if not event["name"].startswith("target.")]
    return behind(others), behind(of_target)


def answer(q: Question) -> str:
    """Return how the period stands, in one sentence; each currency apart."""
    return " ".join(_answered(q, row) for row in of_company(q, "sales", "signed"))


def _answered(q: Question, row: Mapping[str, Any]) -> str:
    facts: dict[str, Any] = {"signed": amount(row["actual"]), "currency": row["currency"], "period": q.period.name}
    if row["target"] is None:
        return filled(marked("{period}: {currency} {signed} signed; no target was set."), facts)
    facts |= {"target": amount(row["target"]), "attainment": percent(row["attainment"] or 0)}
    elapsed, days = row["elapsed_days"], row["working_days"]
    if elapsed >= days:
        line = marked("{period}: {currency} {signed} signed of a target of {target}, {attainment}.")
        return filled(line, facts)
    pace = Decimal(row["target"]) * elapsed / days if days else Decimal(0)
    ahead = Decimal(row["actual"]) - pace
    facts |= {"elapsed": elapsed, "days": days, "difference": amount(round(abs(ahead)))}
    line = marked(
        "{period}: {currency} {signed} signed of a target of {target}, {attainment}, after {elapsed} of {days} "
        "working days: {difference} behind the pace."
    )
    if ahead >= 0:
        line = marked(
            "{period}: {currency} {signed} signed of a target of {target}, {attainment}, after {elapsed} of {days} "
            "working days: {difference} ahead of the pace."
        )
    return filled(line, facts)


def figures(q: Question, pipelines: Sequence[Grid]) -> Grid:
    """Return the first figures: money signed and collected, customers and leads, the open pipeline, the days."""
    rows = [*_money(q), *_counts(q), *_open(pipelines), _days(q)]
    return Grid("figures", _("Figures"), FIGURES, rows, ("figure",), q.command("progress"))


def _money(q: Question) -> Iterator[Row]:
    of_target = {row["currency"]: parted(row)[1] for row in of_company(q, "sales", "signed")}
    for basis, title in (("signed", marked("Signed, {currency}")), ("collected", marked("Collected, {currency}"))):
        for row in of_company(q, "sales", basis):
            figure = _figure(filled(title, row), row)
            beside = figure.behind["beside"] or of_target.get(row["currency"], ())
            yield figure._replace(behind={**figure.behind, "beside": beside})


def _counts(q: Question) -> Iterator[Row]:
    for metric, title in COUNTS:
        for row in of_company(q, metric):
            yield _figure(_(title), row)


def _figure(title: str, row: Mapping[str, Any]) -> Row:
    facts, of_target = parted(row)
    beside = None
    if row["target"] is not None and row["attainment"] is not None:
        reached = {"share": percent(row["attainment"]), "count": amount(row["target"])}
        beside = filled(marked("{share} of {count}"), reached)
    return Row({"figure": title, "value": row["actual"], "beside": beside}, {"value": facts, "beside": of_target})


def _open(pipelines: Sequence[Grid]) -> Iterator[Row]:
    for row in (row for grid in pipelines for row in grid.rows):
        if row.values["kind"] == "closing":
            title = filled(marked("Open pipeline, {currency}"), row.values)
            beside = filled(marked("opportunities: {count}"), {"count": counted(row.values["count"])})
            events = row.behind.get("amount", ())
            yield Row({"figure": title, "value": row.values["amount"], "beside": beside}, {"value": events})


def _days(q: Question) -> Row:
    from projections.views.progress.view import pace

    days = pace(q.period, q.moments, q.organisation)
    share = percent(Decimal(days.elapsed) / days.working) if days.working else _("n/a")
    beside = filled(marked("{share} of {count}"), {"share": share, "count": days.working})
    return Row({"figure": _("Working days elapsed"), "value": str(days.elapsed), "beside": beside})
