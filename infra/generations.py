"""Which projections there are, in which version, with which tables; light, so that a read command needs no fold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

HOMES: Final = {
    "organisation": "projections.organisation.fold",
    "tracking": "projections.tracking.fold",
    "progress": "projections.progress.fold",
    "audit": "projections.audit.fold",
    "objections": "projections.objections.fold",
    "pipeline": "projections.pipeline.fold",
    "records": "projections.records.fold",
    "holdings": "projections.holdings.fold",
    "duplicates": "projections.duplicates.fold",
    "contracts": "projections.contracts.fold",
}
VERSIONS: Final = {
    "organisation": 1,
    "tracking": 3,
    "progress": 2,
    "audit": 2,
    "objections": 1,
    "pipeline": 1,
    "records": 4,
    "holdings": 1,
    "duplicates": 1,
    "contracts": 1,
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
