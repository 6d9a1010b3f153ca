"""Which values of a policy hold on which days: those adopted, as they were known, and before them the default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.policy.defaults import DEFAULTS
from projections.queries.organisation import Organisation

Version = tuple[date, Mapping[str, Any]]


def versions(organisation: Organisation, name: str) -> list[Version]:
    """Return the values of a policy with the first day of each, the default first, from date.min on."""
    return [(date.min, DEFAULTS[name]), *organisation.policies(name)]


def on(day: date, several: Sequence[Version]) -> Version:
    """Return the version in force on a day."""
    return next(each for each in reversed(several) if each[0] <= day)


def used(name: str, several: Iterable[Version]) -> list[dict[str, Any]]:
    """Return what a view says of the versions that it used, each once, the earliest first: name, from, values."""
    by_day = dict(several)
    return [
        {"name": name, "from": None if first == date.min else first.isoformat(), "values": by_day[first]}
        for first in sorted(by_day)
    ]
