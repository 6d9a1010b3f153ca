"""How many windows each owner's customers were met in, and how many were missed: counted without a row for each."""

from __future__ import annotations

from collections.abc import Sequence

from domain.calendar.period import Period
from projections.engine.as_of import AsOf
from projections.engine.projection import Ask
from projections.queries.organisation import Organisation
from projections.views.cadence.evaluation import Asked
from projections.views.cadence.grade_spans import Piece, Wanted
from projections.views.cadence.touches import kept

Counts = dict[str, tuple[int, int]]
"""By owner: windows that were met, and those that are over and were not."""


def counted(
    ask: Ask,
    organisation: Organisation,
    parts: Sequence[tuple[Period, AsOf]],
    owner: str | None = None,
    among: Sequence[str] | None = None,
) -> list[Counts]:
    """Return what each part of a period counts, as it was known at its own end: the one period, or one week after another.

    `parts` go with the moments as of which each is asked; they follow upon each other without a gap.
    Only customers that were ever one of those `among` are looked at.
    """
    (first, _), (last, moments) = parts[0], parts[-1]
    whole = Period.of_days(first.first, last.last)
    weeks = parts if len(parts) > 1 else ()
    asked = Asked(ask, moments, organisation, whole, Wanted(owner=owner, among=among), weeks)
    counts: dict[str, tuple[list[int], list[int]]] = {}
    alike: dict[tuple[str, int], list[Piece]] = {}
    for piece in asked.pieces:
        if piece.owner is None:
            continue
        beside = asked.followed.beside(piece)
        if beside is None:  # most are met in none of their windows, and have the same ones as many others
            alike.setdefault((piece.owner, id(piece.spans)), []).append(piece)
            continue
        met, missed = _of(counts, piece.owner, len(parts))
        for span, some in beside:
            state = kept(span, some, asked.grid).state if some else span.kept.state
            if state == "met":
                met[span.part] += 1
            elif state == "missed":
                missed[span.part] += 1
    for (who, _), several in alike.items():
        _, missed = _of(counts, who, len(parts))
        for span in several[0].spans:
            if span.missed:
                missed[span.part] += len(several)
    return [
        {who: (met[n], missed[n]) for who, (met, missed) in counts.items() if met[n] or missed[n]}
        for n in range(len(parts))
    ]


def _of(counts: dict[str, tuple[list[int], list[int]]], owner: str, parts: int) -> tuple[list[int], list[int]]:
    return counts.get(owner) or counts.setdefault(owner, ([0] * parts, [0] * parts))
