"""Days by their ordinals and as texts: a few thousand are asked for again and again."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

day_of: Final = cache(date.fromordinal)
iso_of: Final = cache(date.isoformat)
