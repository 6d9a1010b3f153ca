"""Looking in the store for what a word that is being typed may become; tables that lag far behind are not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from infra.queries import prefix_search

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.store.store import Store

Found = list[tuple[str, str]]
"""Candidates, each with what is said beside it."""

FEW: Final = 500
"""How many events the tables may lie behind and still be brought in step for a completion."""


class Looking:
    """One completion: the store, opened when it is needed, and the words typed so far."""

    def __init__(self, session: Session, noun: str, typed: Mapping[str, Any]) -> None:
        self.session, self.noun, self.typed = session, noun, typed
        self._store: Store | None = None

    def __enter__(self) -> Looking:
        return self

    def __exit__(self, *failed: object) -> None:
        if self._store is not None:
            self._store.close()

    @property
    def store(self) -> Store:
        """The store that the line names; raises Problem where there is none."""
        if self._store is None:
            from infra.store.open import open_store

            self._store = open_store(self.session.store_url, places=self.session.places)
        return self._store

    @property
    def subject(self) -> str | None:
        """The id of what the line acts on, as far as it is typed."""
        bare = self.typed.get("subject") or self.typed.get("bare") or ()
        named = bare if isinstance(bare, str) else next(iter(bare), None)
        return self.store.subject(named) if named else None

    @property
    def fresh(self) -> bool:
        """Say whether the tables know nearly all of the log."""
        from infra.read_models.tables import standings

        head, _ = self.store.reader.head()
        return all(head - at.position <= FEW for at in standings(self.store.db).values())


def claimed(kind: str, prefix: str) -> Callable[[Looking, str], Found]:
    """Return how values of a kind of claim are found, and ids once their prefix is typed."""

    def find(looking: Looking, start: str) -> Found:
        if start.startswith(prefix):
            return [(stream, "") for stream in prefix_search.begun(looking.store.db, prefix, start)]
        found: dict[str, str] = {}
        for value, stream in prefix_search.claimed(looking.store.db, kind, start):
            found.setdefault(value, stream)
        return list(found.items())

    return find


def identified(prefix: str) -> Callable[[Looking, str], Found]:
    """Return how subjects are found whose id is made of a name: logins, codes of groups."""

    def find(looking: Looking, start: str) -> Found:
        return [
            (each.removeprefix(prefix), "") for each in prefix_search.begun(looking.store.db, prefix, prefix + start)
        ]

    return find


def opportunities(looking: Looking, start: str) -> Found:
    """Find opportunities, those of the customer that the line names where it names one."""
    store, named = looking.store, looking.typed.get("customer")
    if named:
        ids = prefix_search.of_subject(store.db, store.subject(named), "opp_", start)
    else:
        ids = prefix_search.begun(store.db, "opp_", start)
    said: dict[str, str] = {}
    if ids and looking.fresh:
        from projections.views.pipeline import described

        with store.view("pipeline") as ask:
            said = described(ask, ids)
    return [(each, said.get(each, "")) for each in ids]


def targets(looking: Looking, start: str) -> Found:
    """Find targets, each with what it is of."""
    store = looking.store
    ids = prefix_search.begun(store.db, "tgt_", start)
    if not ids or not looking.fresh:
        return [(each, "") for each in ids]
    from projections.queries.targets import targets as standing

    with store.view("progress") as ask:
        told = {
            each.target: " ".join(filter(None, (each.period, each.metric, each.owner, each.state)))
            for each in standing(ask, store.moments())
        }
    return [(each, told.get(each, "")) for each in ids]


def items(looking: Looking, start: str) -> Found:
    """Find what is open of the subject that the line names: next actions, objections, and any other record."""
    store, subject, noun = looking.store, looking.subject, looking.noun
    if not subject or not looking.fresh:
        return []
    if noun == "objection":
        from projections.views.tracking import open_objections

        with store.view("tracking") as ask:
            return [(item, kind) for item, kind in open_objections(ask, store.moments(), subject)]
    from projections.engine.lifecycles import BY_KIND
    from projections.queries.record_events import found

    if noun not in BY_KIND:
        return []
    with store.view("records", "audit", "pipeline") as ask:
        rows = found(ask, store.moments(), noun, still_open=True, subjects=[subject])
    return [(row.number, summary(row.content)) for row in rows]


def summary(content: Mapping[str, Any]) -> str:
    """Return a few words of what a record says."""
    return " ".join(str(value) for name, value in content.items() if name != "item" and value)[:60]
