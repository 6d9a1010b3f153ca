"""What the tables say of a person's customers and contracts, and of a period, for the decisions that ask them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from infra.access import session_role
from infra.errors.problem import Problem
from projections.queries.organisation import Organisation

if TYPE_CHECKING:
    from domain.calendar.period import Period
    from domain.kernel.context import Figures
    from infra.read_models.source import Source


class TableLookups:
    """Asks the tables of a store, brought in step with its log before; `figures` are given."""

    def __init__(self, source: Source, figures: Callable[[Period], Figures]) -> None:
        self._source, self.figures = source, figures

    def owned(self, login: str) -> Sequence[str]:
        """Return the customers that `login` owns as of now, first captured first."""
        return list(self._stages(login))

    def holding(self, login: str) -> Sequence[str]:
        """Return those of them that count for a holding cap: none that stays with its owner whatever happens."""
        from domain.customer.tenure import KEPT

        return [customer for customer, stage in self._stages(login).items() if stage not in KEPT]

    def sold(self, login: str) -> Sequence[str]:
        """Return the contracts in which `login` is named, or whose signing is credited to them, the first drafted first."""
        from projections.queries.customers import sold

        self._source.must_be_fresh()
        with self._source.view("progress", "audit") as ask:
            return sold(ask, login)

    def _stages(self, login: str) -> Mapping[str, str]:
        """Return the customers that `login` owns as of now, first captured first, each with its stage."""
        from projections.views import tracking

        source = self._source
        if not session_role.sees(source.db, login):
            raise Problem("right.whole", what=login)
        source.must_be_fresh()
        with source.view("tracking", "organisation") as ask:
            moments = source.moments()
            organisation = Organisation(ask, moments.position)
            rows = tracking.rows(ask, moments, organisation, currency=source.currency, wanted={"owner": login})
        return {row["id"]: row["stage"] for row in rows}
