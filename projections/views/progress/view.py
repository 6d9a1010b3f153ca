"""Questions about progress: for each owner and metric the target, the actual, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from domain.calendar.period import Period
from domain.kernel.action import given
from domain.kernel.money import from_units, ratio, shown, text_of
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.membership import COMPANY
from projections.queries.organisation import Organisation
from projections.queries.targets import Allocations, TargetRow, targets
from projections.views.column import Column, Note, Row, Rows, only_json
from projections.views.parameters import Metric, Owner
from projections.views.plans.existing import PROJECTIONS, any_plan, worded
from projections.views.progress import custom_metrics
from projections.views.progress.actuals import Actual, Actuals, Place, actuals, lines, repurchases
from projections.views.spec import Query, View, by_policies, view

LAST: Final = 4
"""How many missed steps of a key action are named under the table; `sales plans` shows them all."""


class Pace(NamedTuple):
    """The period's working days, those elapsed by the as-of day (which counts), and those left."""

    working: int
    elapsed: int

    @property
    def left(self) -> int:
        return self.working - self.elapsed


def pace(period: Period, moments: AsOf, organisation: Organisation) -> Pace:
    """Return the pace of a period as of a moment, by the calendar known then."""
    calendar = organisation.calendar()
    working = calendar.working_days(period.first, period.last)
    return Pace(working, calendar.working_days(period.first, min(period.last, moments.day)))


def rows(
    ask: Ask,
    period: Period,
    moments: AsOf,
    organisation: Organisation,
    *,
    currency: str,
    metric: str | None = None,
    level: str | None = None,
    owner: str | None = None,
    aimed: Sequence[TargetRow] | None = None,
) -> list[dict[str, Any]]:
    """Return the progress rows of a period: company, groups, persons, and what belongs to nobody; by metric and basis.

    With `aimed`, which are all targets of the period, the rows are those of what has a target alone, and what is shared out of
    it is not looked for. Asks progress, and records where metrics are defined.
    """
    everything = targets(ask, moments) if aimed is None else aimed
    shares = Allocations(everything)
    standing = (t for t in everything if t.period == period.name and t.owner and t.state not in ("", "withdrawn"))
    mine = {(t.metric, t.basis, t.owner): t for t in standing}
    targeted = {(name, basis) for name, basis, _ in mine}
    own = custom_metrics.names(organisation, period, {name for name, _ in targeted})
    shown_lines, known = lines(targeted, own), lines(targeted)
    if aimed is not None:
        named = {name for name, _ in targeted}
        shown_lines, known = (tuple(line for line in some if line[0] in named) for some in (shown_lines, known))
    rated = metric in (None, "repurchase-rate") and any(name == "repurchase-rate" for name, _, _ in shown_lines)
    rates = repurchases(ask, period, moments, organisation) if rated else {}
    found = actuals(ask, period, moments, organisation, sorted({m for *_, m in known if m}))
    for each in custom_metrics.counted(ask, period, moments, organisation, metric) if own else ():
        group = organisation.group_of(each.owner, each.day) if each.owner else None
        found.credit(custom_metrics.measure_of(each.metric), each.owner, group, each.currency, each.number)
    currencies: dict[tuple[str, Place], list[str]] = {}
    for measured, of, unit in found.sums:
        currencies.setdefault((measured, of), []).append(unit)
    money = {"sales", *(custom_metrics.sums(organisation, period) if own else ())}
    speed = pace(period, moments, organisation)
    shown_rows = []
    for place in _places(organisation, found, rates, mine):
        if (level and place.level != level) or (owner and place.owner != owner):
            continue
        for name, basis, measure in shown_lines:
            if metric and name != metric:
                continue
            target = mine.get((name, basis, place.owner)) or (
                mine.get((name, "signed", place.owner)) if basis == "collected" else None
            )
            if target is None and aimed is not None:
                continue
            first = ((target.currency if target else None) or currency) if name in money else None
            for actual, shown_unit in _actuals_of(place, name, measure, found, currencies, rates, target, first):
                shown_rows.append(_row(place, name, basis, period, target, actual, shown_unit, speed, shares))
    return shown_rows


def _places(
    organisation: Organisation,
    found: Actuals,
    rates: Mapping[Place, Any],
    mine: Mapping[tuple[str, str | None, str | None], TargetRow],
) -> list[Place]:
    persons = [p.login for p in organisation.persons()]
    places = [Place("company", COMPANY)]
    places += (Place("group", code) for code in organisation.groups())
    places += (Place("person", login) for login in persons)
    known = set(places)
    for place in sorted({key[1] for key in found.sums} | set(rates), key=lambda p: (p.owner is None, p.owner or "")):
        if place not in known and (place.owner is not None or place.level == "person"):
            places.append(place)
    return places


def _actuals_of(
    place: Place,
    metric: str,
    measure: str | None,
    found: Actuals,
    currencies: Mapping[tuple[str, Place], Sequence[str]],
    rates: Mapping[Place, tuple[int, int]],
    target: TargetRow | None,
    currency: str | None,
) -> Iterator[tuple[Actual | None, str | None]]:
    """Yield the actual of a place, for money one for each unit that occurs; `currency` is the first, None for a count."""
    if metric == "repurchase-rate":
        numerator, denominator = rates.get(place, (0, 0))
        value = ratio(numerator, denominator)
        yield (None if value is None else Actual(value, numerator, denominator)), None
        return
    wanted = currency or ""
    used = sorted(unit for unit in currencies.get((measure or "", place), ()) if unit != wanted)
    for unit in [wanted, *used] if (target or not used or (measure, place, wanted) in found.sums) else used:
        reached = found.sums.get((measure or "", place, unit), 0)
        yield Actual(from_units(reached) if unit else Decimal(reached)), unit or None


def _row(
    place: Place,
    metric: str,
    basis: str | None,
    period: Period,
    target: TargetRow | None,
    actual: Actual | None,
    currency: str | None,
    speed: Pace,
    shares: Allocations,
) -> dict[str, Any]:
    if target and currency and target.currency != currency:
        target = None
    value = target.value if target else None
    reached = actual.value if actual else None
    gap = value - reached if value is not None and reached is not None else None
    shared = shares.of(target) if target and value is not None else None
    rate = metric == "repurchase-rate"
    return {
        "level": place.level,
        "owner": place.owner,
        "metric": metric,
        "basis": basis,
        "period": period.name,
        "state": target.state if target else None,
        "target": text_of(value),
        "original_target": text_of(target.original if target else None),
        "actual": text_of(reached),
        "numerator": actual.numerator if actual else (0 if rate else None),
        "denominator": actual.denominator if actual else (0 if rate else None),
        "attainment": text_of(_attained(actual, value)),
        "gap": text_of(gap),
        "working_days": speed.working,
        "elapsed_days": speed.elapsed,
        "daily_need": None if rate else _daily(gap, speed.left, money=currency is not None),
        "allocated": text_of(shared),
        "unallocated": text_of(value - shared) if value is not None and shared is not None else None,
        "currency": currency,
    }


def _attained(actual: Actual | None, value: Decimal | None) -> Decimal | None:
    if actual is None or value is None:
        return None
    if actual.denominator is not None and actual.numerator is not None:
        return ratio(Decimal(actual.numerator), value * actual.denominator)
    return ratio(actual.value, value)


def _daily(gap: Decimal | None, left: int, *, money: bool) -> str | None:
    if gap is None:
        return None
    if gap <= 0:
        return "0"
    if left <= 0:
        return None
    return text_of(shown(gap / left) if money else ratio(gap, left))


def met(row: Mapping[str, Any]) -> bool | None:
    """Say whether a row's target is met, compared exactly; None where there is no target or nothing to compare."""
    if row["target"] is None or row["actual"] is None:
        return None
    target = Decimal(row["target"])
    if row["denominator"]:
        return bool(row["numerator"] >= target * row["denominator"])
    return Decimal(row["actual"]) >= target


def worth_showing(found: Rows) -> Rows:
    """Leave out lines without target and actual, but keep a group's beside others that have a target."""
    targeted = {(row["metric"], row["basis"]) for row in found if row["target"] is not None}
    return [
        row
        for row in found
        if row["target"] is not None
        or row["actual"] not in (None, "0")
        or (row["level"] != "person" and (row["metric"], row["basis"]) in targeted)
    ]


def before_revision(row: Row) -> str | None:
    """Return the value of a target before it was revised, None where it never was."""
    original: str | None = row["original_target"]
    return original if original != row["target"] else None


def of_original(row: Row) -> str | None:
    """Return the attainment of the target as it was before it was revised."""
    original = before_revision(row)
    return text_of(ratio(Decimal(row["actual"]), Decimal(original))) if original and row["actual"] is not None else None


def yes_or_no(row: Row) -> Note | None:
    """Return whether a row's target is met."""
    reached = met(row)
    return None if reached is None else Note("yes") if reached else Note("no")


def with_fraction(row: Row) -> Any:
    """Return what was reached; a rate shows of what it is one."""
    rate = row["metric"] == "repurchase-rate" and row["denominator"]
    return f"{row['actual']} ({row['numerator']}/{row['denominator']})" if rate else row["actual"]


def stepped(action: Mapping[str, Any]) -> Note:
    """Return a key action's line: how many of its steps were met and missed, and which were missed."""
    said = {"owner": action["owner"], "action": worded(action), "met": action["met"], "missed": action["missed"]}
    missed = [
        f"{step['step']} {step['done']}/{step['demanded']}" for step in action["steps"] if step["result"] == "missed"
    ]
    if not missed:
        return Note("{owner}: {action}: met {met}, missed {missed}.", said)
    which = ", ".join(["..."] * (len(missed) > LAST) + missed[-LAST:])
    return Note("{owner}: {action}: met {met}, missed {missed} ({which}).", {**said, "which": which})


@view(
    "progress",
    title="Progress table",
    about="A row for each owner, metric and basis: the company, groups, persons, and what belongs to nobody.",
    asked="sales progress --period 2024Q1 --json",
    example="sales progress --period 2024Q1 --as-of 2024-02-18",
    needs=("progress", "organisation", "records"),
    key=("level", "owner", "metric", "basis", "currency"),
    period="present",
)
class Progress(View):
    """Show the progress against targets: by company, group and person, each figure with its basis."""

    metric: Metric | None = given("Only this metric, also one that the team has defined.", default=None)
    level: Literal["company", "group", "person"] | None = given("Only this level.", default=None)
    owner: Owner | None = given("Only this owner: company, a group's code or a login.", default=None)
    all: bool = given("Also the lines that have neither target nor actual.", default=False)

    COLUMNS = (
        Column("level", "Level", meaning="company, group or person."),
        Column(
            "owner", "Owner", missing="nobody",
            meaning="`company`, a group's code or a login; null for what belongs to nobody.",
        ),
        Column(
            "metric", "Metric", meaning="sales, new-customers, repurchase-rate, leads, valid-leads or follow-ups."
        ),
        Column(
            "basis", "Basis", missing="",
            meaning="signed or collected, for sales, and invoiced or delivered where a target stands on it; else null.",
        ),
        Column(
            "target", "Target", "amount", missing="not set", form="number",
            meaning="The value in force: the filed one, else the one set.",
        ),
        Column(
            "original_target", "Original", "amount", missing="", form="number", text=before_revision,
            meaning="The value before any revision.",
        ),
        Column(
            "actual", "Actual", "amount", missing="n/a", form="number", text=with_fraction,
            meaning="What was reached by the as-of day: an amount in `currency`, a count, or a ratio.",
        ),
        Column(
            "attainment", "Attainment", "ratio", missing="n/a",
            meaning="actual / target, half-up to six places.",
        ),
        Column("original_attainment", "Of original", "ratio", missing="", text=of_original),
        Column("met", "Met", missing="", text=yes_or_no),
        Column("gap", "Gap", "amount", form="number", meaning="target minus actual; negative when exceeded."),
        Column(
            "daily_need", "Daily need", "amount", form="number",
            meaning="gap / remaining working days; 0 when reached, null when none is left.",
        ),
        Column(
            "allocated", "Allocated", "amount", missing="", form="number",
            meaning="What the target's children hold together.",
        ),
        Column(
            "unallocated", "Unallocated", "amount", missing="", form="number", meaning="target minus allocated."
        ),
        Column(
            "state", "State", missing="",
            meaning="The target's: draft, submitted, approved, returned or filed; null without a target.",
        ),
        Column("currency", "Currency", missing="", meaning="Of the amounts; null for what is no money."),
        only_json("period", "text", "The period, as 2024Q1."),
        only_json("numerator", "count", "repurchase-rate: who bought again."),
        only_json("denominator", "count", "repurchase-rate: who could have; 0 makes the rate null."),
        only_json("working_days", "count", "Working days of the period."),
        only_json("elapsed_days", "count", "Those up to the as-of day, which counts."),
    )  # fmt: skip
    DIGEST = (
        *("level", "owner", "metric", "basis", "period", "state", "target", "original_target", "actual"),
        *("numerator", "denominator", "attainment", "gap", "working_days", "elapsed_days", "daily_need"),
        *("allocated", "unallocated", "currency"),
    )
    CHART = "against"

    def columns(self, output: str) -> tuple[Column, ...]:
        exact = output in ("csv", "xlsx")
        columns = View.columns(self, output)
        return tuple(c._replace(text=None) if exact and c.key == "actual" else c for c in columns)

    def readable(self, rows: Rows, output: str) -> Rows:
        return rows if self.all or output in ("plain", "csv") else worth_showing(rows)

    def rows(self, q: Query) -> list[dict[str, Any]]:
        asked: Any = {"metric": self.metric, "level": self.level, "owner": self.owner}
        found = rows(q.ask, q.in_period, q.moments, q.organisation, currency=q.currency, **asked)
        if not q.explain:
            return found
        from projections.views.progress.events import explain

        return explain(q.ask, found, q.in_period, q.moments, q.organisation)

    def meta(self, q: Query, rows: Rows) -> dict[str, Any]:
        used = ("new-customer-window", *(["metrics"] if q.organisation.policies("metrics") else ()))
        return {"policies": q.organisation.in_force(q.moments.day, *used), "key_actions": []}

    def then(self, q: Query) -> tuple[str, ...]:
        return PROJECTIONS if any_plan(q.ask) else ()

    def beside(self, q: Query) -> dict[str, Any]:
        """Return the key actions of the period's plans, each with how many of its steps were met and missed, and which."""
        from projections.views.plans import view as plans
        from projections.views.plans.tree import in_short

        asked: Any = {"owner": self.owner, "fiscal_month": q.fiscal_month}
        lines = plans.rows(q.ask, q.moments, q.organisation, q.in_period, **asked)
        return {"key_actions": in_short(line for line in lines if self.level in (None, line["level"]))}

    def notes(self, q: Query, rows: Rows, totals: Any) -> Iterator[Note]:
        shown = self.readable(rows, "table")
        if shown:
            elapsed, days = shown[0]["elapsed_days"], shown[0]["working_days"]
            facts = {
                "period": q.in_period.name,
                "elapsed": elapsed,
                "days": days,
                "share": f"{100 * elapsed / days:.1f} %" if days else "-",
                "day": q.moments.day,
            }
            yield Note("{period}: {elapsed} of {days} working days elapsed ({share}), as of {day}.", facts)
        if any(row["metric"] == "new-customers" for row in shown):
            yield by_policies(q.said["policies"])
        yield from map(stepped, q.said["key_actions"])
