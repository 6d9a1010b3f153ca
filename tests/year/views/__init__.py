"""Each view's totals, as they are shown and as they are reckoned from the lines."""

from __future__ import annotations

from typing import Final

from tests.year.views import customers, house, money
from tests.year.views.comparing import Compared

COMPARED: Final[dict[str, Compared]] = {**customers.COMPARED, **money.COMPARED, **house.COMPARED}
"""By the words of its command."""
