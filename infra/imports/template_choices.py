"""The names that a store knows, for the drop-downs of a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from domain.kernel.registry import SUBJECTS
from infra.i18n import translate

if TYPE_CHECKING:
    from infra.read_models.source import Source
    from projections.engine.as_of import AsOf

_ = translate.translate

MOST: Final = 5_000
"""So many names a drop-down offers."""

Names = Mapping[str, Sequence[str]]
"""The names by what they name: person, group, customer, contract, target, or owner for any owner of a target."""


def names(store: Source) -> Names:
    """Return the names that the store knows now."""
    from projections.queries.organisation import Organisation

    found: dict[str, list[str]] = {}
    for noun, kind in SUBJECTS.items():
        if kind.named_by:
            found[noun] = store.reader.claimed(kind.named_by, MOST)
    with store.view("organisation", "progress") as ask:
        moments = store.moments()
        organisation = Organisation(ask, moments.position)
        found["person"] = [person.login for person in organisation.persons() if person.departed is None]
        found["group"] = list(organisation.groups())
        found["target"] = targets(ask, moments)
    found["owner"] = [_("company"), *found["group"], *found["person"]]
    return found


def targets(ask: Any, moments: AsOf) -> list[str]:
    """Return the targets by their ids, with words by which one knows them; the import takes the id alone."""
    from projections.queries.targets import targets as known

    return [
        " ".join(filter(None, (row.target, row.owner, row.metric, row.basis, row.period)))
        for row in known(ask, moments)
        if row.state not in ("", "withdrawn")
    ][:MOST]
