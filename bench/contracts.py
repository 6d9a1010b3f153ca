"""The contract ledger and the receivables, with the floor of each as plain SQL on the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import projections.views.contracts as contracts
import projections.views.receivables as receivables
from bench.asking import MEMBERS, MERGES

if TYPE_CHECKING:
    from bench.model import Ours, Question
    from infra.read_models.connection import ReadConnection
    from infra.store.store import Store
    from projections.engine.as_of import AsOf
    from projections.queries.organisation import Organisation

OF_CONTRACTS = """
FROM {contracted} k CROSS JOIN {contracts} c
LEFT JOIN {facts} g ON c.owner IS NULL AND g.measure = 'signed' AND g.day = c.signed_day AND g.customer = c.customer
 AND g.source = c.signing AND g.since <= :micros AND g.known_from <= :known AND g.known_to > :known
LEFT JOIN {tracked} n ON n.customer = c.customer
LEFT JOIN {tracking} t ON t.number = n.number AND t.stage <> '' AND t.known_from <= :known AND t.known_to > :known
 AND t.since = (SELECT r.since FROM {tracking} r WHERE r.number = n.number AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
LEFT JOIN {tracking_once} f ON f.number = t.number AND f.once = t.once%s
WHERE k.begun <= :known AND c.begun = k.begun AND c.known_from <= :known AND c.known_to > :known
 AND c.since = (SELECT r.since FROM {contracts} r WHERE r.begun = k.begun AND r.since <= :micros
                AND r.known_from <= :known AND r.known_to > :known ORDER BY r.since DESC LIMIT 1)
"""
WHOSE = "COALESCE(c.owner, CASE WHEN c.signing IS NULL THEN t.owner ELSE NULLIF(g.owner, '') END)"
LEDGER = f"""
SELECT k.contract, c.number, c.customer, f.company, c.kind, c.state, c.signed_on, {WHOSE},
 c.amount, c.value, c.currency, c.approved_by, c.reviews, c.place, c.collected, c.collected_share, c.outstanding,
 c.overpaid, c.invoiced, c.delivered, c.accepted, c.deliveries, c.not_accepted
{OF_CONTRACTS % ""}"""
PLACED = """
SELECT o.begun, o.item, o.number, o.amount, o.date FROM {contract_orders} o
WHERE o.since <= :micros AND o.known_from <= :known AND o.known_to > :known ORDER BY o.begun, o.placed
"""
SIGNED = """ AND c.signed_day BETWEEN :first AND :last AND k.begun IN (
 SELECT b.begun FROM {facts} s CROSS JOIN {contract_names} b
 WHERE s.measure = 'signed' AND s.day BETWEEN :first AND :last AND b.subject = s.customer)"""
OUTSTANDING = f"""
SELECT k.contract, c.number, c.customer, f.company, {WHOSE}, p.part, p.instalment, p.due, p.amount,
 p.invoiced, p.received, p.outstanding, p.overpaid, c.currency,
 CASE WHEN p.owed > 0 AND p.due IS NOT NULL THEN MAX(julianday(:today) - julianday(p.due), 0) END, p.kept, p.promised, p.promise_due
{OF_CONTRACTS % " CROSS JOIN {contract_parts} p"}
 AND p.begun = c.begun AND p.since = c.parts AND p.known_from <= :known AND p.known_to > :known
 AND c.owed <> 0 AND p.owed <> 0"""
OF_ONE = f""" AND {WHOSE} = :owner AND k.begun IN (
 SELECT b.begun FROM {{contract_names}} b WHERE b.subject = 'per_' || :owner
 UNION SELECT b.begun FROM {{facts}} s CROSS JOIN {{contract_names}} b
  WHERE s.measure = 'signed' AND s.owner = :owner AND b.subject = s.customer
 UNION SELECT b.begun FROM (SELECT DISTINCT t.number FROM {{tracking}} t WHERE t.owner = :owner) o
  CROSS JOIN {{tracked}} w CROSS JOIN {{contract_names}} b WHERE w.number = o.number AND b.subject = w.customer)"""
BY_NUMBER = " ORDER BY k.begun"
BY_DUE = " ORDER BY COALESCE(p.due, '9999'), c.currency <> 'CNY', c.currency, c.number, p.turn, k.begun"


def _ledger(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, _: Question) -> object:
    return contracts.rows(ask, at, them, currency=store.currency)


def _contracts(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return contracts.rows(ask, at, them, currency=store.currency, period=asked.period)


def _receivables(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return receivables.rows(ask, at, them, currency=store.currency)


def _owed(store: Store, ask: ReadConnection, at: AsOf, them: Organisation, asked: Question) -> object:
    return receivables.rows(ask, at, them, currency=store.currency, owner=asked.owner)


VIEWS: tuple[tuple[str, Ours, tuple[str, ...]], ...] = (
    ("contracts of a quarter", _contracts, (LEDGER + SIGNED + BY_NUMBER, PLACED, MEMBERS, MERGES)),
    ("contracts, the whole ledger", _ledger, (LEDGER + BY_NUMBER, PLACED, MEMBERS, MERGES)),
    ("receivables, one owner", _owed, (OUTSTANDING + OF_ONE + BY_DUE, MEMBERS, MERGES)),
    ("receivables, everybody", _receivables, (OUTSTANDING + BY_DUE, MEMBERS, MERGES)),
)
