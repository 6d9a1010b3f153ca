"""The columns of the funnel: its steps, the share of each that took the next and the days between them, and what was signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any, Final

from projections.views.column import Column, Money, Note, Row, only_json
from projections.views.columns import LEVEL, PLACES


def conversion(row: Row, step: str, of: str) -> Mapping[str, Any]:
    """Return how many of those who took one step took another too, and after how many days."""
    found: Mapping[str, Any] = next(each for each in row["conversions"] if (each["step"], each["of"]) == (step, of))
    return found


def share_of(row: Row, step: str, of: str) -> str | None:
    """Return the share of those who took one step that took another too."""
    share: str | None = conversion(row, step, of)["ratio"]
    return share


def days_of(row: Row, step: str, of: str) -> str | None:
    """Return the days from one step to another, the middle one."""
    days: str | None = conversion(row, step, of)["median_days"]
    return days


def share(step: str, of: str, title: str, missing: str = "—") -> Column:
    """Return the column of a share, for readers."""
    return Column(f"{step}_of_{of}", title, "ratio", missing=missing, text=partial(share_of, step=step, of=of))


def days(step: str, of: str, title: str) -> Column:
    """Return the column of the days between two steps, for readers."""
    return Column(f"{step}_after_{of}", title, "count", text=partial(days_of, step=step, of=of), wide=True)


def told(row: Row, step: str, of: str, *, times: bool) -> Any:
    """Return a step's count with the share of the step before that took it, or how many days later."""
    count = f"{row[step]:,}"
    if times:
        later = days_of(row, step, of) if of != "captured" else None
        return (
            count
            if later is None
            else Note("{count} ({days})", {"count": count, "days": Note("{days} d", {"days": later})})
        )
    part = share_of(row, step, of)
    return count if part is None else f"{count} ({Decimal(part):.0%})"


def captured(row: Row) -> str:
    """Return how many were captured: there is no step before."""
    return f"{row['captured']:,}"


def for_the_eye(*, times: bool) -> tuple[Column, ...]:
    """Return the columns of the steps as a table for the eye has them."""
    before = {step.key: of.key for of, step in pairwise(COUNTS)}
    return tuple(
        column._replace(kind="text", align="right", eye=_eye(column.key, before.get(column.key), times=times))
        for column in COUNTS
    )


def _eye(step: str, of: str | None, *, times: bool) -> Callable[[Row], Any]:
    return partial(told, step=step, of=of, times=times) if of else captured


def sums(row: Row) -> list[str]:
    """Return what was signed, each currency apart."""
    return [f"{each['amount']} {each['currency']}" for each in row["signed_amounts"]]


def sums_in_unit(row: Row) -> list[Note]:
    """Return what was signed, each currency apart, in the unit that was asked for."""
    return [Note("{amount} {currency}", {**each, "amount": Money(each["amount"])}) for each in row["signed_amounts"]]


NAME: Final = PLACES[None]._replace(meaning="Which of them, as at the capture; null for none, and in the row of all.")
COUNTS: Final = (
    Column("captured", "Captured", "count", meaning="Leads captured in the period, as progress counts them."),
    Column(
        "valid", "Valid", "count",
        meaning="Those neither invalid, nor merged into another, nor an unsettled duplicate.",
    ),
    Column("graded", "Graded", "count", meaning="Valid ones that have a grade."),
    Column("contacted", "Contacted", "count", meaning="Valid ones of whom somebody was reached."),
    Column("opportunities", "Opportunities", "count", meaning="Valid ones that have had an opportunity."),
    Column("signed", "Signed", "count", meaning="Valid ones with a signed contract that was not cancelled."),
)  # fmt: skip
BETWEEN: Final = (
    share("valid", "captured", "Valid of captured")._replace(wide=True),
    share("graded", "valid", "Graded of valid")._replace(wide=True),
    share("contacted", "graded", "Contacted of graded")._replace(wide=True),
    share("opportunities", "contacted", "Opportunities of contacted")._replace(wide=True),
    share("signed", "opportunities", "Signed of opportunities")._replace(wide=True),
    days("graded", "valid", "Days to grade"),
    days("contacted", "graded", "Days to contact"),
    days("opportunities", "contacted", "Days to opportunity"),
    days("signed", "opportunities", "Days to signing"),
)
"""What files have beside the steps; a table for the eye has it in them."""
SUMS: Final = (
    share("signed", "captured", "Of captured", missing="n/a"),
    Column(
        "signed_amounts", "Signed amount", "list", align="right", text=sums, eye=sums_in_unit,
        meaning="What these have signed: `amount` in each `currency`.",
    ),
    Column(
        "median_days", "Median days", "count", form="number",
        meaning="Days from capture to the first signing, the middle one.",
    ),
)  # fmt: skip
COLUMNS: Final = (
    NAME,
    LEVEL._replace(wide=True, meaning="channel, campaign, owner or group, as --by says; `all` in the last row."),
    *COUNTS,
    *BETWEEN,
    *SUMS,
    only_json("period", "text", "The period, as 2024Q1."),
    only_json(
        "conversions",
        "list",
        "Each `step` `of` another: `ratio` is `numerator`, who of them took it, / `denominator`. `median_days` is the time in"
        " the stage: the middle one of the days from the one step to the other, each the first time; 0 where the later one came"
        " first, null where nobody took both. A valid lead is valid from its capture on.",
    ),
)
