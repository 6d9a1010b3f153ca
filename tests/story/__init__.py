"""One short history in which every action is recorded and every event happens: what completeness is measured on.

Each part tells its lines after those of the parts before it, and what of its actions is refused in the end.
"""

from __future__ import annotations

from typing import Final

from tests.given import Line
from tests.story import contracts, customers, deals, offers, organisation, owners, plans, reviews, targets
from tests.story.people import DIRECTOR, MANAGER, OTHER, REP

__all__ = ["DIRECTOR", "MANAGER", "OTHER", "REFUSED", "REP", "story"]

PARTS: Final = (
    organisation,
    targets,
    plans,
    customers,
    offers,
    deals,
    owners,
    reviews,
    contracts,
)
REFUSED: Final[list[tuple[Line, str]]] = [refused for part in PARTS for refused in part.REFUSED]


def story() -> list[Line]:
    """Return the whole history, in the order in which it was recorded."""
    return [said for part in PARTS for said in part.LINES]
