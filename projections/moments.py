"""The two times of a question: as of when in business, and as known at which position of the log."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import NamedTuple


class Moments(NamedTuple):
    """`as_of` is a moment in the store's zone and `day` its day; `position` is the last event known then."""

    as_of: datetime
    day: date
    micros: int
    known_at: datetime
    position: int
    zone: tzinfo
