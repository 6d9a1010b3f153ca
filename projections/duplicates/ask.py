"""The question which customers may be one company: of one registration number, of one name, or of names that are near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.customer.names import normalised
from domain.money import ratio
from projections.customers import STOOD, as_it_stood, stood_at
from projections.duplicates.likeness import NEAR, likeness, near_pairs
from projections.moments import Moments
from projections.organisation.ask import Organisation
from projections.organisation.groups import Groups
from projections.ownership.acts import acts
from projections.projection import Ask

NEEDS: Final = ("tracking", "duplicates", "audit", "organisation")
TELLING: Final = ("customer.lead_captured", "customer.details_changed", "customer.lead_validated")
HOW: Final = ("credit-code", "name", "near")
"""How two customers may be one, the surest first."""


def _side(c: str, t: str, f: str, number: str) -> str:
    """Return what is asked of a customer as it stood, under these names; its parameters are those of `stood_at`."""
    return f"{c}.number = {number} AND {as_it_stood(t, f, f'{c}.number')} AND {t}.stage <> 'invalid'"


def _both(likeness: str, pairs: str, one: str, other: str) -> str:
    """Return the question for pairs of customers as they stood, by the columns that hold their numbers."""
    return f"""
SELECT c.number, c.customer, f.company, t.owner, d.number, d.customer, g.company, u.owner, {likeness}
FROM {pairs} CROSS JOIN {{tracked}} c CROSS JOIN {{tracking}} t CROSS JOIN {{tracking_once}} f
CROSS JOIN {{tracked}} d CROSS JOIN {{tracking}} u CROSS JOIN {{tracking_once}} g
WHERE {_side("c", "t", "f", one)} AND {_side("d", "u", "g", other)}"""


def _held(identity: str) -> str:
    return " AND ".join(f"{identity}.{bound} ?" for bound in ("since <=", "ends >", "known_from <=", "known_to >"))


ALIKE: Final = (
    _both("p.likeness", "{alike} p CROSS JOIN {names_told} m CROSS JOIN {names_told} n", "m.number", "n.number")
    + """
 AND p.other <= ? AND m.form = p.one AND n.form = p.other AND f.company = m.company AND g.company = n.company
 AND m.number <> n.number AND (p.one <> p.other OR m.number < n.number)
"""
)
NUMBERED: Final = _both(
    "NULL",
    "(SELECT i.number AS one, j.number AS other FROM {identities} i JOIN {identities} j ON j.code = i.code"
    f" WHERE i.number < j.number AND {_held('i')} AND {_held('j')}) p",
    *("p.one", "p.other"),
)
TOLD_APART: Final = f"SELECT i.number, i.apart FROM {{identities}} i WHERE i.apart > 0 AND {_held('i')}"
STANDING: Final = f"SELECT c.number, c.customer, f.company, t.owner FROM {{tracked}} c {STOOD} AND t.stage <> 'invalid'"


class Pair(NamedTuple):
    """Two customers as they stood, by the positions of their captures; how like their names are, and how they may be one."""

    one: int
    customer: str
    company: str
    owner: str | None
    other: int
    other_customer: str
    other_company: str
    other_owner: str | None
    like: Decimal
    how: str


def rows(
    ask: Ask,
    moments: Moments,
    organisation: Organisation,
    *,
    owner: str | None = None,
    group: str | None = None,
    least: Decimal = NEAR,
    settled: bool = False,
    explain: bool = False,
) -> list[dict[str, Any]]:
    """Return each two customers that may be one company, the surest first, then the likest; asks what NEEDS names.

    `owner` and `group` keep those with one of theirs; `settled` takes in those that were said to be distinct. Whoever is invalid,
    or merged into another, is no duplicate any more.
    """
    held = (moments.micros, moments.micros, moments.position, moments.position)
    apart: dict[int, int] = dict(ask(TOLD_APART, held))
    groups, shares = Groups(organisation, moments.day), _Shares()
    shown: list[tuple[int, Decimal, int, int, dict[str, Any]]] = []
    for pair in _pairs(ask, moments, least):
        one, customer, company, holder, other, other_customer, other_company, other_holder, like, how = pair
        # The later capture is when the two could first be taken for one.
        distinct = max(apart.get(one, 0), apart.get(other, 0)) > other
        if (owner and owner not in (holder, other_holder)) or (distinct and not settled):
            continue
        if group and group not in (groups[holder], groups[other_holder]):
            continue
        told = {
            "customer": customer,
            "company": company,
            "owner": holder,
            "other": other_customer,
            "other_company": other_company,
            "other_owner": other_holder,
            "how": how,
            "likeness": shares[like],
            "distinct": distinct,
        }
        shown.append((HOW.index(how), -like, one, other, told))
    shown.sort(key=lambda each: each[:4])
    lines = [told for *_, told in shown]
    return _explained(ask, moments, lines) if explain else lines


class _Shares(dict[Decimal, str]):
    """How a likeness is shown, reckoned once for each."""

    def __missing__(self, like: Decimal) -> str:
        told = self[like] = str(ratio(like, 1))
        return told


def _pairs(ask: Ask, moments: Moments, least: Decimal) -> Iterator[Pair]:
    """Yield each two customers that may be of one company, once: by number, by name, or by a name that is near."""
    seen: set[tuple[int, int]] = set()
    stood = stood_at(moments)
    held = (moments.micros, moments.micros, moments.position, moments.position)
    for row in ask(NUMBERED, (*held, *held, *stood, *stood)):
        seen.add((row[0], row[4]))
        yield Pair._make((*row[:8], likeness(row[2], row[6]), HOW[0]))
    if least < NEAR:
        several = _compared(ask, moments, least)
    else:
        numbers = _Numbers()
        several = (_ordered(row, numbers[row[8]]) for row in ask(ALIKE, (*stood, *stood, moments.position)))
    for pair in several:
        if (pair.one, pair.other) not in seen and pair.like >= least:
            yield pair


def _ordered(row: tuple[Any, ...], like: Decimal) -> Pair:
    """Return two customers of alike names, the one captured first as the first: a name may be older than its bearer."""
    how = HOW[1] if like == 1 else HOW[2]
    if row[0] < row[4]:
        return Pair._make((*row[:8], like, how))
    return Pair._make((*row[4:8], *row[:4], like, how))


class _Numbers(dict[str, Decimal]):
    """The number that a text stands for, read once for each."""

    def __missing__(self, text: str) -> Decimal:
        number = self[text] = Decimal(text)
        return number


def _compared(ask: Ask, moments: Moments, least: Decimal) -> Iterator[Pair]:
    """Yield whose names are the same or near, from a lower likeness on than the table knows: all are compared."""
    files = ask(f"{STANDING} ORDER BY c.number", stood_at(moments))
    names = [file[2] for file in files]
    same: dict[str, list[int]] = {}
    for n, name in enumerate(names):
        same.setdefault(normalised(name), []).append(n)
    for several in same.values():
        for at, n in enumerate(several):
            yield from (Pair._make((*files[n], *files[m], Decimal(1), HOW[1])) for m in several[at + 1 :])
    for n, m, like in near_pairs(names, least):
        yield Pair._make((*files[n], *files[m], like, HOW[2]))


def _explained(ask: Ask, moments: Moments, shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the events that say who the two are, those of the first one first."""
    wanted = dict.fromkeys(row[side] for row in shown for side in ("customer", "other"))
    done = {
        customer: sorted(several, key=lambda act: act.position)
        for customer, several in acts(ask, moments, wanted, TELLING).items()
    }
    return [
        {**row, "events": [e for side in ("customer", "other") for act in done.get(row[side], ()) for e in act.events]}
        for row in shown
    ]
