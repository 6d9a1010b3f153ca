"""The tables of the audit: what each event changed and who did and entered it, whom it names, and what corrects it."""

from __future__ import annotations

from typing import Final

from projections.engine.projection import Table

ENTRIES: Final = Table(
    name="audit_entries",
    columns=(
        ("position", "integer"),
        ("day", "integer"),
        ("moment", "integer"),
        ("subject", "text"),
        ("actor", "text"),
        ("changes", "text"),
    ),
    key=("position",),
    indexes=(("day",), ("actor", "position")),
)
ENTERED: Final = Table(
    name="audit_entered",
    columns=(("recorder", "text"), ("position", "integer")),
    key=("recorder", "position"),
)
"""What somebody entered of what another one did."""
NAMED: Final = Table(
    name="audit_named",
    columns=(("subject", "text"), ("position", "integer")),
    key=("subject", "position"),
)
CORRECTIONS: Final = Table(
    name="audit_corrections",
    columns=(("corrected", "integer"), ("position", "integer")),
    key=("corrected", "position"),
    indexes=(("position",),),
)
