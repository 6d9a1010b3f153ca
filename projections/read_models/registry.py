"""Which projections there are, in which version, with which tables; light, so that a read command needs no fold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

HOMES: Final = {
    "organisation": "projections.read_models.organisation.projection",
    "tracking": "projections.read_models.tracking.projection",
    "progress": "projections.read_models.progress.projection",
    "audit": "projections.read_models.audit.projection",
    "objections": "projections.read_models.objections.projection",
    "pipeline": "projections.read_models.pipeline.projection",
    "records": "projections.read_models.records.projection",
    "holdings": "projections.read_models.holdings.projection",
    "duplicates": "projections.read_models.duplicates.projection",
    "contracts": "projections.read_models.contracts.projection",
}
VERSIONS: Final = {
    "organisation": 1,
    "tracking": 4,
    "progress": 3,
    "audit": 2,
    "objections": 1,
    "pipeline": 3,
    "records": 4,
    "holdings": 1,
    "duplicates": 1,
    "contracts": 2,
}
ON_DEMAND: Final = ("duplicates",)
"""The projections that are brought in step for a view that asks them and by `sales work`: nobody else pays for them."""
SHOWING: Final = ("tracking", "objections", "records")
"""The projections whose tables show a person's data in the clear."""
TABLES: Final = {
    "organisation": ("persons", "memberships", "groups_known", "calendars", "policies"),
    "tracking": ("tracking", "tracking_once", "tracked", "graded", "files"),
    "progress": ("facts", "targets"),
    "audit": ("audit_entries", "audit_entered", "audit_named", "audit_corrections"),
    "objections": ("objections",),
    "pipeline": ("opportunities", "merges", "survivors"),
    "records": ("records",),
    "holdings": ("holdings", "gradings"),
    "duplicates": ("name_forms", "names_told", "alike", "identities"),
    "contracts": ("contracts", "contracted", "contract_names", "contract_parts", "contract_orders"),
}


def wanted(asked: Collection[str] = ()) -> dict[str, int]:
    """Return the projections, with their versions, that have to be in step for a question that asks these."""
    return {name: version for name, version in VERSIONS.items() if name not in ON_DEMAND or name in asked}
