"""Everything that a report says, build_report once, in one state of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from infra.formats.grid import Grid, Row
from infra.i18n import translate
from infra.i18n.codes import capital, word
from infra.report.model import Head, Section
from infra.report.question import Question, head
from infra.report.sections import (
    corrections,
    curve,
    figures,
    funnel,
    late_entries,
    movers,
    objections,
    targets,
    waterfall,
)
from projections.engine.projection import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable


_ = translate.translate

CHUNK: Final = 500
"""So many events are asked for in one question."""


class Report(NamedTuple):
    """What a report says: its head, its first figures, its sections, and what is to be told of events."""

    head: Head
    figures: Grid
    sections: Sequence[Section]
    told: Callable[[Sequence[int]], Sequence[Row]]


def build_report(q: Question) -> Report:
    """Ask everything that the report says."""
    largest = movers.movers_of(q)
    pipeline = waterfall.section(q)
    sections = [
        targets.section(q),
        curve.section(q, movers.dots(q, largest)),
        pipeline,
        funnel.section(q),
        objections.section(q),
        movers.section(q, largest),
        late_entries.section(q),
        corrections.section(q),
    ]
    first = figures.figures(q, pipeline.grids)
    return Report(head(q, figures.answer(q)), first, sections, lambda positions: told(q, positions))


def told(q: Question, positions: Iterable[int]) -> list[Row]:
    """Return what is to be told of events, and of those that correct them or that they correct.

    What corrects an event of the period may lie after the report's business time, where it was known all the same.
    """
    from projections.views.audit import rows

    whenever = q.moments._replace(micros=OPEN - 1)
    found: dict[int, dict[str, Any]] = {}
    asked: set[int] = set()
    wanted = set(positions)
    while wanted:
        asked |= wanted
        several = sorted(wanted)
        for first in range(0, len(several), CHUNK):
            for row in rows(q.ask, whenever, q.organisation, positions=several[first : first + CHUNK]):
                found[row["position"]] = row
        wanted = {row[key] for row in found.values() for key in ("corrects", "corrected_by") if row[key]} - asked
    names = of_targets(q) | companies(q, {row["subject"] for row in found.values()})
    return [Row({**row, "named": names.get(row["subject"])}) for row in (found[position] for position in sorted(found))]


def companies(q: Question, subjects: set[str]) -> dict[str, str]:
    """Return the company of each customer, and of each customer's contract or opportunity, as it was known."""
    from projections.queries.customers import belonging

    home, known = belonging(q.ask, q.moments, subjects)
    return {subject: known[customer].company for subject, customer in home.items() if customer in known}


def of_targets(q: Question) -> dict[str, str]:
    """Return for each target its metric and its owner."""
    from projections.queries.targets import targets as every

    return {t.target: f"{capital(str(word(t.metric)))} · {t.owner or _('nobody')}" for t in every(q.ask, q.moments)}
