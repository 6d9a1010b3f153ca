"""Which projections there are, in which version, with which tables; light, so that a read command needs no fold."""

from __future__ import annotations

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
    "contracts": "projections.contracts.fold",
}
VERSIONS: Final = {
    "organisation": 1,
    "tracking": 3,
    "progress": 2,
    "audit": 2,
    "objections": 1,
    "pipeline": 1,
    "records": 3,
    "holdings": 1,
    "contracts": 1,
}
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
    "contracts": ("contracts", "contracted", "contract_names", "contract_parts", "contract_orders"),
}
