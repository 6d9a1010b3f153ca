"""Questions about norms: which are in force, and who kept each in which week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from domain.calendar.period import Period
from domain.kernel.money import ratio, text_of
from projections.engine.as_of import Moments
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.norms.measures import NORMS
from projections.views.scorecard.inputs import Shared
from projections.views.scorecard.measures import Question
from projections.views.scorecard.view import within

NEEDS: Final = ("progress", "tracking", "pipeline", "audit", "records", "organisation")


def weeks(period: Period, moments: Moments) -> Iterator[Period]:
    """Yield the ISO weeks that begin in a period and have begun by the day asked about."""
    for day in period.days():
        if day.isoweekday() == 1 and day <= moments.day:
            yield Period.week_of(day)


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    period: Period,
    *,
    currency: str = "",
    norm: str | None = None,
    owner: str | None = None,
    group: str | None = None,
    broken: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return for each norm, week and person whom it concerned in how many cases it was kept, the earliest week first.

    A norm is kept in a week if it was kept in all its cases; of a week that is not over, those so far.
    """
    shown: list[dict[str, Any]] = []
    parts = [(week, within(moments, week)) for week in weeks(period, moments)]
    if not parts:
        return shown
    among = organisation.ever_in([group]) if group is not None else None
    shared = Shared(ask, organisation, parts, owner, among)
    shares: dict[tuple[Any, Any], str | None] = {}
    for week, until in parts:
        question = Question(ask, week, until, organisation, currency, explain, shared, owner)
        teams: dict[str, str | None] = {}
        for name, rule in NORMS.items():
            if norm not in (None, name):
                continue
            for login, measured in sorted(rule.kept(question).items()):
                if login not in teams:
                    teams[login] = organisation.group_of(login, until.day)
                kept = measured.numerator == measured.denominator
                if owner in (None, login) and group in (None, teams[login]) and not (broken and kept):
                    share = measured.numerator, measured.denominator
                    if share not in shares:
                        shares[share] = text_of(ratio(*share))
                    row = {
                        "norm": name,
                        "policy": rule.policy,
                        "week": week.name,
                        "owner": login,
                        "group": teams[login],
                        "numerator": measured.numerator,
                        "denominator": measured.denominator,
                        "ratio": shares[share],
                        "kept": kept,
                    }
                    shown.append({**row, "events": list(measured.events)} if explain else row)
    return shown
