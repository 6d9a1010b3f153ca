"""Questions about norms: which are in force, and who kept each in which week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from domain.money import ratio, text_of
from domain.period import Period
from projections.moments import Moments
from projections.norms.kept import NORMS
from projections.organisation.ask import Organisation
from projections.projection import Ask
from projections.scorecard.ask import within
from projections.scorecard.measures import Question
from projections.scorecard.shared import Shared

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
    shown = []
    owners = [owner] if owner is not None else organisation.ever_in([group]) if group is not None else None
    shared = Shared(ask, moments, owners)
    for week in weeks(period, moments):
        until = within(moments, week)
        question = Question(ask, week, until, organisation, currency, explain, owner, shared)
        for name, rule in NORMS.items():
            if norm not in (None, name):
                continue
            for login, measured in sorted(rule.kept(question).items()):
                team = organisation.group_of(login, until.day)
                kept = measured.numerator == measured.denominator
                if owner in (None, login) and group in (None, team) and not (broken and kept):
                    row = {
                        "norm": name,
                        "policy": rule.policy,
                        "week": week.name,
                        "owner": login,
                        "group": team,
                        "numerator": measured.numerator,
                        "denominator": measured.denominator,
                        "ratio": text_of(ratio(measured.numerator, measured.denominator)),
                        "kept": kept,
                    }
                    shown.append({**row, "events": list(measured.events)} if explain else row)
    return shown
