"""What norms are asked by, and the policies that set them."""

from __future__ import annotations

from typing import Any, Final, Literal

from domain.kernel.action import given
from projections.views.norms.measures import NORMS
from projections.views.spec import Query

Norm = Literal["entry", "cadence", "file", "report", "pool", "hand-over"]
ONE_NORM: Final = given("Only this norm.", default=None)
WEEKS: Final = "The weeks that begin in this period; the present week unless given."


def policies_of(norm: str | None, q: Query) -> list[dict[str, Any]]:
    """Return the policies that set the norms, or the one that sets the given one."""
    return q.organisation.in_force(q.moments.day, *(NORMS[name].policy for name in ([norm] if norm else NORMS)))
