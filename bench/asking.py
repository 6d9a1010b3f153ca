"""What the questions of the bench share: how a customer stood as plain SQL, and asking a view of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.views import Ours, Question
    from infra.asking import Tables
    from infra.store import Store
    from projections.moments import Moments
    from projections.organisation.ask import Organisation

SIDE = """
{c}.number = {number} AND {t}.number = {c}.number AND {f}.number = {c}.number AND {f}.once = {t}.once
 AND {t}.since = (SELECT r.since FROM {{tracking}} r WHERE r.number = {c}.number AND r.since <= :micros
                  AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
 AND {t}.known_from <= :known AND {t}.known_to > :known AND {t}.stage <> ''
"""
STOOD = "CROSS JOIN {tracking} t CROSS JOIN {tracking_once} f WHERE " + SIDE.format(
    c="c", t="t", f="f", number="c.number"
)
HELD = "{r}.since <= :micros AND {r}.ends > :micros AND {r}.known_from <= :known AND {r}.known_to > :known"


def asked_of(rows: Any, *, period: bool = False, currency: bool = False, **more: Any) -> Ours:
    """Return what asks a view of everybody: of the period of a question where that is wanted, in the store's currency."""

    def ours(store: Store, ask: Tables, at: Moments, them: Organisation, asked: Question) -> object:
        named = (asked.period,) if period else ()
        return rows(ask, at, them, *named, **({"currency": store.currency} if currency else {}), **more)

    return ours
